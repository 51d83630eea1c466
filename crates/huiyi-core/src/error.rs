//! The one error type of all calls, what its kinds mean, and the vendors' error tables.
//!
//! Every failure of a call is an [`Error`]: the vendor's refusal, an answer that cannot be read, a broken
//! connection, a misuse by the program. `answer` turns an answer into an error; `call` decides on retries.

mod builder;
mod display;
pub(crate) mod excerpt;
mod kind;
pub(crate) mod redact;
mod table;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

pub use builder::ErrorBuilder;
pub use kind::ErrorKind;
pub use table::{Action, ErrorCode};

/// Longest message, in characters: one line of a log.
pub(crate) const MESSAGE: usize = 1024;

/// Longest code, in characters.
const CODE: usize = 128;

/// Longest request id, in characters.
pub(crate) const REQUEST_ID: usize = 256;

/// Longest URL of a help page, in characters.
const HELP: usize = 2048;

/// Longest text that is kept at all; the rest is dropped before the search for secrets.
const RAW: usize = 16 << 10;

/// A failed call.
///
/// `Display` is one line that tells a person what to do: vendor and operation, what went wrong and why, the vendor's
/// code and message, the request id and the vendor's help link. It never contains a secret, a query string or a
/// whole body. The line is complete, so [`source`](std::error::Error::source) returns `None`: reports that print the
/// chain of causes do not repeat the cause. [`transport_error`](Self::transport_error) returns the cause of a failed
/// connection.
///
/// ```
/// use huiyi_core::{Error, ErrorKind};
///
/// fn advice(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::Permission => "ask the administrator for the scope",
///         ErrorKind::RateLimited => "slow down",
///         _ => "see the message",
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Error(Box<Parts>);

#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) vendor: &'static str,
    pub(crate) operation: Cow<'static, str>,
    pub(crate) kind: ErrorKind,
    pub(crate) action: Action,
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) meaning: Option<&'static str>,
    pub(crate) request_id: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) received: Option<StatusCode>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) attempts: u32,
    pub(crate) origin: Origin,
    /// Whether the vendor may have carried out the call.
    pub(crate) uncertain: bool,
    pub(crate) transport: Option<Arc<reqwest::Error>>,
}

/// The origin of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The vendor answered the call with an error.
    Answer,
    /// No token could be obtained: the vendor refused to issue one, or did not answer.
    Token,
    /// The answer was a success, but cannot be read.
    Unreadable,
    /// Nothing was sent.
    Local,
}

impl Error {
    pub(crate) fn new(
        vendor: &'static str,
        operation: impl Into<Cow<'static, str>>,
        kind: ErrorKind,
        message: impl Into<String>,
    ) -> Self {
        Self(Box::new(Parts {
            vendor,
            operation: operation.into(),
            kind,
            action: Action::None,
            code: None,
            message: beginning(message.into()),
            meaning: None,
            request_id: None,
            help: None,
            received: None,
            retry_after: None,
            attempts: 0,
            origin: Origin::Answer,
            uncertain: false,
            transport: None,
        }))
    }

    /// Builds an error, for tests of programs that handle errors of calls.
    ///
    /// ```
    /// use huiyi_core::{Error, ErrorKind};
    ///
    /// let error = Error::builder(ErrorKind::NotFound).code("121004").message("data not exist").build();
    /// assert_eq!(error.kind(), ErrorKind::NotFound);
    /// ```
    pub fn builder(kind: ErrorKind) -> ErrorBuilder {
        ErrorBuilder::new(kind)
    }

    /// Creates the error for a misuse by the program: nothing was sent.
    pub(crate) fn misuse(
        vendor: &'static str,
        operation: impl Into<Cow<'static, str>>,
        reason: impl Into<String>,
    ) -> Self {
        let mut error = Self::new(vendor, operation, ErrorKind::Misuse, reason);
        error.parts_mut().origin = Origin::Local;
        error
    }

    /// Creates the error of your own [`TokenSource`](crate::TokenSource) that has no token.
    ///
    /// The kind decides how the call continues: [`ErrorKind::Unavailable`] and [`ErrorKind::RateLimited`] are
    /// retried according to the retry policy, all others end the call.
    ///
    /// ```
    /// use huiyi_core::{Error, ErrorKind};
    ///
    /// let error = Error::no_token(ErrorKind::Unavailable, "the vault is sealed");
    /// assert!(error.is_token_refusal());
    /// ```
    pub fn no_token(kind: ErrorKind, reason: impl Into<String>) -> Self {
        let mut error = Self::new("", "", kind, reason);
        error.parts_mut().origin = Origin::Token;
        error
    }

    /// Adds the call to an error that does not name one yet.
    pub(crate) fn name_call(&mut self, vendor: &'static str, operation: Cow<'static, str>) {
        let parts = self.parts_mut();
        if parts.vendor.is_empty() {
            parts.vendor = vendor;
            parts.operation = operation;
        }
    }

    /// Removes a secret from all texts, in case the vendor or a proxy sent it back.
    pub(crate) fn hide(&mut self, secret: &str) {
        let parts = self.parts_mut();
        let optional = [&mut parts.code, &mut parts.request_id, &mut parts.help];
        for text in optional.into_iter().flatten().chain([&mut parts.message]) {
            if let Some(clean) = redact::without(text, secret) {
                *text = clean;
            }
        }
    }

    /// Cuts the texts from outside to a length that fits into a log. Must be called after [`hide`](Self::hide),
    /// because half a secret would not be recognised.
    pub(crate) fn shorten(&mut self) {
        let parts = self.parts_mut();
        let cut = |text: &mut String, longest| {
            if let Cow::Owned(short) = excerpt::shortened(text, longest) {
                *text = short;
            }
        };
        cut(&mut parts.message, MESSAGE);
        let others = [(&mut parts.code, CODE), (&mut parts.request_id, REQUEST_ID), (&mut parts.help, HELP)];
        others.into_iter().for_each(|(text, longest)| text.iter_mut().for_each(|text| cut(text, longest)));
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }

    pub(crate) fn parts_mut(&mut self) -> &mut Parts {
        &mut self.0
    }

    /// Returns the kind of the failure, which tells the caller what to do.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the vendor's code as text, if the answer had one.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the vendor's message, or the reason if the failure is in the client.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns what the vendor's error table says about the code, in a few words.
    pub fn meaning(&self) -> Option<&'static str> {
        self.0.meaning
    }

    /// Returns the vendor's request id, which its support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns the help page that the vendor named in its answer.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// Returns the HTTP status as received; `None` if no answer came.
    ///
    /// [`ErrorKind::status`] returns the status that matches the kind: several vendors refuse with status 200.
    pub fn http_status(&self) -> Option<StatusCode> {
        self.0.received
    }

    /// Returns how long the vendor, or the client's own quota, asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the vendor: `feishu`, `wecom`, `dingtalk` or `tencent`.
    pub fn vendor(&self) -> &'static str {
        self.0.vendor
    }

    /// Returns the operation that failed, for instance `get_meeting`.
    pub fn operation(&self) -> &str {
        &self.0.operation
    }

    /// Returns how many times the request was sent. If [no token](Self::is_token_refusal) could be obtained, returns
    /// how many times the token was requested.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the HTTP client's error if the connection failed, without the URL.
    pub fn transport_error(&self) -> Option<&reqwest::Error> {
        self.0.transport.as_deref()
    }

    /// Returns whether the same call may succeed later without a change, see [`ErrorKind::is_transient`].
    pub fn is_transient(&self) -> bool {
        self.0.kind.is_transient()
    }

    /// Returns whether the vendor reported success but its answer could not be read.
    ///
    /// The call **has taken effect**: check its result before you send it again.
    pub fn is_unreadable_success(&self) -> bool {
        self.0.origin == Origin::Unreadable
    }

    /// Returns whether the call may have taken effect although it failed: the answer was lost, incomplete or
    /// unreadable, or a server failed.
    ///
    /// Check the result before you resend a call that must not happen twice, for instance one that books a meeting.
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.uncertain || self.is_unreadable_success()
    }

    /// Returns whether no token could be obtained for the last attempt. That attempt was not sent; an earlier one may
    /// have been, see [`may_have_taken_effect`](Self::may_have_taken_effect).
    pub fn is_token_refusal(&self) -> bool {
        self.0.origin == Origin::Token
    }
}

impl std::error::Error for Error {}

/// Returns the beginning of a long text, cut at the end of a word so that no secret is cut in two.
fn beginning(text: String) -> String {
    match excerpt::shortened(&text, RAW) {
        Cow::Borrowed(_) => text,
        Cow::Owned(short) => match short.rfind(char::is_whitespace) {
            Some(end) if end > RAW / 2 => short.get(..end).unwrap_or_default().to_owned(),
            _ => short,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_from_outside_are_cut_after_secrets_are_hidden() {
        let secret = "s3cr3t".repeat(50);
        let text = format!("{}{secret} {}", "x".repeat(1000), "y ".repeat(15 << 20));
        let mut error = Error::new("vendor", "call", ErrorKind::Other, text);
        error.parts_mut().code = Some("7".repeat(1 << 20));
        error.parts_mut().request_id = Some("议".repeat(1 << 20));
        error.parts_mut().help = Some("h".repeat(1 << 20));
        error.hide(&secret);

        error.shorten();

        assert!(error.message().starts_with("xxx") && !error.message().contains("s3c"), "{error}");
        assert_eq!(error.message().chars().count(), MESSAGE + 1);
        assert!(error.to_string().chars().count() < 4000);
    }

    #[test]
    fn a_long_text_is_cut_at_the_end_of_a_word() {
        let text = beginning(format!("{} {}", "x".repeat(RAW - 10), "y".repeat(RAW)));

        assert_eq!(text, "x".repeat(RAW - 10));
        assert_eq!(beginning("议".repeat(2 * RAW)).chars().count(), RAW + 1);
    }
}
