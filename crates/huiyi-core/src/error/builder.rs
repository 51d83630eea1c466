//! Builds errors for tests of programs that handle them.

use std::time::Duration;

use http::StatusCode;

use super::{Error, ErrorKind, Origin};

/// Builds an [`Error`]; see [`Error::builder`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ErrorBuilder(Error);

impl ErrorBuilder {
    pub(super) fn new(kind: ErrorKind) -> Self {
        Self(Error::new("", "", kind, ""))
    }

    /// Sets the vendor and the operation.
    pub fn call(mut self, vendor: &'static str, operation: &'static str) -> Self {
        self.0.parts_mut().vendor = vendor;
        self.0.parts_mut().operation = operation.into();
        self
    }

    /// Sets the vendor's code.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.0.parts_mut().code = Some(code.into());
        self
    }

    /// Sets the vendor's message.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.0.parts_mut().message = message.into();
        self
    }

    /// Sets the request id.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.0.parts_mut().request_id = Some(id.into());
        self
    }

    /// Sets the vendor's help page.
    pub fn help(mut self, url: impl Into<String>) -> Self {
        self.0.parts_mut().help = Some(url.into());
        self
    }

    /// Sets the HTTP status as received.
    pub fn http_status(mut self, status: StatusCode) -> Self {
        self.0.parts_mut().received = Some(status);
        self
    }

    /// Sets how long the vendor asks to wait.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.parts_mut().retry_after = Some(wait);
        self
    }

    /// Sets how many times the request was sent.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.0.parts_mut().attempts = attempts;
        self
    }

    /// Makes [`Error::may_have_taken_effect`] return `true`.
    pub fn uncertain(mut self) -> Self {
        self.0.parts_mut().uncertain = true;
        self
    }

    /// Makes [`Error::is_token_refusal`] return `true`.
    pub fn token_refusal(mut self) -> Self {
        self.0.parts_mut().origin = Origin::Token;
        self
    }

    /// Returns the error.
    pub fn build(self) -> Error {
        self.0
    }
}
