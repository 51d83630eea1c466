//! The errors that a call creates itself, and the effect of a refusal on later calls.

use super::Call;
use crate::call::quota::{Blocks, Refused};
use crate::error::{Error, ErrorKind, Origin};

impl Call {
    /// Turns the error of a token source into an error of this call.
    pub(super) fn token_error(&self, mut error: Error, failures: u32) -> Error {
        error.name_call(self.session.transport().vendor.name, self.label.clone());
        let parts = error.parts_mut();
        // These kinds describe the token; for the call they would be misleading.
        if matches!(parts.kind, ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::InvalidParameter) {
            parts.kind = if parts.code.is_some() { ErrorKind::Auth } else { ErrorKind::Other };
        }
        parts.attempts = parts.attempts.min(1) * failures;
        error
    }

    /// Holds further calls back while the vendor blocks them.
    pub(super) fn hold_back(&self, error: &Error) {
        let Some(wait) = error.retry_after().filter(|_| error.kind() == ErrorKind::RateLimited) else { return };
        let vendor = self.session.transport().vendor;
        let (quotas, tenant) = (self.session.quotas(), self.session.identity().tenant());
        if error.code().is_some_and(|code| vendor.bans.contains(&code)) {
            quotas.block(self.operation, tenant, wait, Blocks::Everything);
        } else if !std::ptr::eq(self.operation, vendor.custom) {
            // Custom requests share one operation and may call any API.
            quotas.block(self.operation, tenant, wait, Blocks::Operation);
        }
    }

    pub(super) fn quota_error(&self, refused: Refused, sent: u32) -> Error {
        let mut error = self.error(ErrorKind::RateLimited, refused.reason());
        error.parts_mut().retry_after = Some(refused.wait);
        error.parts_mut().attempts = sent;
        error
    }

    pub(super) fn error(&self, kind: ErrorKind, reason: &str) -> Error {
        let mut error = Error::new(self.session.transport().vendor.name, self.label.clone(), kind, reason);
        error.parts_mut().origin = Origin::Local;
        error
    }
}
