//! What a refusal must become: an error with kind, code, message and request id.

use huiyi_core::ErrorKind;
use huiyi_tests::Failure;
use serde_json::Value;

use super::side::{MESSAGE, REQUEST_ID, equal};

/// An error as the caller sees it.
#[derive(Debug)]
pub(crate) struct Expected<'a> {
    pub(crate) operation: &'a str,
    pub(crate) status: u16,
    pub(crate) kind: ErrorKind,
    /// The vendor's code; `None` if the answer is not the vendor's.
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<&'static str>,
    pub(crate) message: &'static str,
}

impl<'a> Expected<'a> {
    /// Returns a refusal in the vendor's words.
    pub(crate) fn refusal(operation: &'a str, status: u16, kind: ErrorKind, code: String) -> Self {
        Self { operation, status, kind, code: Some(code), request_id: Some(REQUEST_ID), message: MESSAGE }
    }

    /// Returns the page of a proxy.
    pub(crate) fn page(operation: &'a str) -> Self {
        Self {
            operation,
            status: 502,
            kind: ErrorKind::Unavailable,
            code: None,
            request_id: None,
            message: "\"502 Bad Gateway 502 Bad Gateway\"",
        }
    }

    /// Compares the outcome of a call.
    pub(crate) fn check(&self, vendor: &str, outcome: Result<Value, Failure>) -> Result<(), String> {
        let failure = match outcome {
            Ok(answer) => return Err(format!("no error, but {answer}")),
            Err(failure) => failure,
        };
        let Some(error) = failure.api() else {
            return Err(format!("no error of the vendor's, but {failure}"));
        };
        equal("the vendor", error.vendor(), vendor)?;
        equal("the operation", error.operation(), self.operation)?;
        equal("the code", error.code(), self.code.as_deref())?;
        equal("the kind", error.kind(), self.kind)?;
        equal("the request id", error.request_id(), self.request_id)?;
        equal("the status", error.http_status().map(|status| status.as_u16()), Some(self.status))?;
        equal("the number of attempts", error.attempts(), 1)?;
        equal("whether it is a success", error.is_unreadable_success() || error.is_token_refusal(), false)?;
        if error.message().contains(self.message) {
            Ok(())
        } else {
            Err(format!("the message is {:?}", error.message()))
        }
    }
}
