//! The error that a vendor's refusal becomes, and how codes are classified.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::redact;

/// What a failure means for the caller, whatever the vendor's code is.
///
/// ```
/// use huiyi_core::ErrorKind;
///
/// /// What to tell one's own caller.
/// fn advice(kind: ErrorKind) -> &'static str {
///     match kind {
///         ErrorKind::NotFound => "the meeting is gone",
///         ErrorKind::RateLimited | ErrorKind::Unavailable => "try again later",
///         ErrorKind::Auth | ErrorKind::Permission => "ask the administrator",
///         _ => "look into the log",
///     }
/// }
/// # assert_eq!(advice(ErrorKind::NotFound), "the meeting is gone");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Token, secret or signature missing, wrong or expired. Check the credentials and the clock.
    Auth,
    /// The app or the user may not do this: scope, plan, caller IP, ownership.
    Permission,
    /// The thing does not exist, or not any more.
    NotFound,
    /// The request must be changed before it is sent again.
    InvalidParameter,
    /// Too many requests; the same call works later. See [`ApiError::retry_after`].
    RateLimited,
    /// A budget is used up: calls per month, accounts, capacity. Waiting a moment does not help.
    QuotaExhausted,
    /// The thing is in another state than the call needs, or exists already.
    Conflict,
    /// The vendor's fault, or not ready yet.
    Unavailable,
    /// None of the above: a code that this version does not know, or a page of somebody else's that says that
    /// there is nothing.
    Other,
}

impl ErrorKind {
    /// The HTTP status that means the same.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Auth => StatusCode::UNAUTHORIZED,
            Self::Permission | Self::QuotaExhausted => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::InvalidParameter => StatusCode::BAD_REQUEST,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Other => StatusCode::BAD_REQUEST,
        }
    }

    /// What an HTTP status means where the code is unknown.
    pub fn from_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Auth,
            402 | 403 | 407 | 451 => Self::Permission,
            404 | 410 => Self::NotFound,
            409 | 412 | 423 => Self::Conflict,
            429 => Self::RateLimited,
            400..=499 => Self::InvalidParameter,
            500..=599 => Self::Unavailable,
            _ => Self::Other,
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Auth => "not authenticated",
            Self::Permission => "not permitted",
            Self::NotFound => "not found",
            Self::InvalidParameter => "invalid request",
            Self::RateLimited => "rate limited",
            Self::QuotaExhausted => "quota exhausted",
            Self::Conflict => "conflict",
            Self::Unavailable => "unavailable",
            Self::Other => "failed",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe())
    }
}

/// What the runtime may do about a code by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing: the caller decides.
    None,
    /// Fetch a new token and send once more.
    Refresh,
    /// Wait and send again.
    Backoff,
}

/// One row of a vendor's error table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code as text; numbers in decimal.
    pub code: &'static str,
    /// What it means for the caller.
    pub kind: ErrorKind,
    /// What the runtime may do about it.
    pub action: Action,
    /// What it means, in a few words.
    pub meaning: &'static str,
}

impl ErrorCode {
    /// Finds a code in a table that is sorted by `code`.
    pub fn find(table: &'static [ErrorCode], code: &str) -> Option<&'static ErrorCode> {
        let position = table.binary_search_by(|row| row.code.cmp(code)).ok()?;
        table.get(position)
    }
}

/// A call that did not succeed: the vendor refused it, or no usable answer came.
///
/// `Display` is one line that a person can act on: the operation, what went wrong, the vendor's
/// code and message, the request id and the vendor's help link. It never holds a secret, a
/// query string or a whole body.
///
/// ```
/// use huiyi_core::{ApiError, ErrorKind};
///
/// fn advice(error: &ApiError) -> &'static str {
///     match error.kind() {
///         ErrorKind::Permission => "ask the administrator for the scope",
///         ErrorKind::RateLimited => "slow down",
///         _ => "see the message",
///     }
/// }
/// ```
#[derive(Clone)]
pub struct ApiError(Box<Parts>);

#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) vendor: &'static str,
    pub(crate) operation: &'static str,
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
    /// The vendor may have done what was asked.
    pub(crate) uncertain: bool,
}

/// Where a failure arose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The vendor answered the call with an error.
    Answer,
    /// No token could be obtained: the vendor refused to issue one, or did not answer.
    Token,
    /// The answer was a success that cannot be read.
    Unreadable,
    /// Nothing was sent.
    Local,
}

impl ApiError {
    pub(crate) fn new(
        vendor: &'static str,
        operation: &'static str,
        kind: ErrorKind,
        message: impl Into<String>,
    ) -> Self {
        Self(Box::new(Parts {
            vendor,
            operation,
            kind,
            action: Action::None,
            code: None,
            message: message.into(),
            meaning: None,
            request_id: None,
            help: None,
            received: None,
            retry_after: None,
            attempts: 0,
            origin: Origin::Answer,
            uncertain: false,
        }))
    }

    /// The error of a [`TokenSource`](crate::TokenSource) of yours that has no token to give.
    ///
    /// The kind decides what the call does: [`ErrorKind::Unavailable`] and
    /// [`ErrorKind::RateLimited`] are tried again as the retry policy says, all others end it.
    ///
    /// ```
    /// use huiyi_core::{ApiError, ErrorKind};
    ///
    /// let error = ApiError::no_token(ErrorKind::Unavailable, "the vault is sealed");
    /// assert!(error.is_token_refusal());
    /// ```
    pub fn no_token(kind: ErrorKind, reason: impl Into<String>) -> Self {
        let mut error = Self::new("", "", kind, reason);
        error.parts_mut().origin = Origin::Token;
        error
    }

    /// Names the call of an error that does not know it yet.
    pub(crate) fn name_call(&mut self, vendor: &'static str, operation: &'static str) {
        let parts = self.parts_mut();
        if parts.vendor.is_empty() {
            parts.vendor = vendor;
            parts.operation = operation;
        }
    }

    /// Takes a secret out of all texts, should the vendor or a proxy have sent it back to us.
    pub(crate) fn hide(&mut self, secret: &str) {
        let parts = self.parts_mut();
        let optional = [&mut parts.code, &mut parts.request_id, &mut parts.help];
        for text in optional.into_iter().flatten().chain([&mut parts.message]) {
            if let Some(clean) = redact::without(text, secret) {
                *text = clean;
            }
        }
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }

    pub(crate) fn parts_mut(&mut self) -> &mut Parts {
        &mut self.0
    }

    /// What the failure means for the caller.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The vendor's code as text, if the answer had one.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The vendor's message, or what went wrong on our side.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The id by which the vendor's support finds the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The help page that the vendor named in its answer.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// The HTTP status that was really received; `None` if no answer came.
    ///
    /// The generated [`Error::status`](crate::Error::status) answers the status that the [kind](Self::kind)
    /// stands for where none was received, or another one came with the failure.
    pub fn http_status(&self) -> Option<StatusCode> {
        self.0.received
    }

    /// How long the vendor, or the client's own quota, asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The vendor: `feishu`, `wecom`, `dingtalk` or `tencent`.
    pub fn vendor(&self) -> &'static str {
        self.0.vendor
    }

    /// The operation that failed, for instance `get_meeting`.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// How many times the request was sent; if [no token](Self::is_token_refusal) could be obtained, the
    /// request for it.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the vendor reported success but its answer could not be read.
    ///
    /// The call **has taken effect**: look before sending it again.
    pub fn is_unreadable_success(&self) -> bool {
        self.0.origin == Origin::Unreadable
    }

    /// Whether the vendor may have done what was asked although the call failed: an answer was lost, broke off
    /// or cannot be read, or a server failed.
    ///
    /// Look before sending a call again that must not happen twice.
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.uncertain || self.is_unreadable_success()
    }

    /// Whether no token could be obtained, so that the call itself was not sent.
    pub fn is_token_refusal(&self) -> bool {
        self.0.origin == Origin::Token
    }

    /// The status under which the generated client sees the failure.
    pub(crate) fn meant_status(&self) -> StatusCode {
        match self.0.received {
            Some(status) if (status.is_client_error() || status.is_server_error()) && self.0.meaning.is_none() => {
                status
            }
            _ => self.0.kind.status(),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &*self.0;
        if !parts.vendor.is_empty() {
            write!(f, "{} {}: ", parts.vendor, parts.operation)?;
        }
        match parts.origin {
            Origin::Answer | Origin::Local => write!(f, "{}", parts.kind)?,
            Origin::Token if parts.code.is_some() => f.write_str("token request refused")?,
            Origin::Token if parts.received.is_some() => f.write_str("token request failed")?,
            Origin::Token => f.write_str("no token could be obtained")?,
            Origin::Unreadable => f.write_str("the call succeeded but its answer cannot be read")?,
        }
        f.write_str(": ")?;
        if let Some(code) = &parts.code {
            write!(f, "code {}, ", OneLine(code))?;
        }
        write!(f, "{}", OneLine(&parts.message))?;
        if let Some(meaning) = parts.meaning {
            write!(f, " ({meaning})")?;
        }
        if let (None, Some(status)) = (&parts.code, parts.received) {
            write!(f, " (HTTP {})", status.as_u16())?;
        }
        if let Some(wait) = parts.retry_after {
            write!(f, "; retry after {:.1} s", wait.as_secs_f64())?;
        }
        if let Some(id) = &parts.request_id {
            write!(f, "; request id {}", OneLine(id))?;
        }
        if let Some(help) = &parts.help {
            write!(f, "; see {}", OneLine(help))?;
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &*self.0;
        f.debug_struct("ApiError")
            .field("vendor", &parts.vendor)
            .field("operation", &parts.operation)
            .field("kind", &parts.kind)
            .field("code", &parts.code)
            .field("message", &parts.message)
            .field("http_status", &parts.received)
            .field("request_id", &parts.request_id)
            .field("retry_after", &parts.retry_after)
            .field("attempts", &parts.attempts)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ApiError {}

/// Text of unknown origin on one line: control characters become spaces.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for character in self.0.chars() {
            f.write_char(if character.is_control() { ' ' } else { character })?;
        }
        Ok(())
    }
}
