//! The kinds of failure, which are the same for all vendors.

use std::fmt;

use http::StatusCode;

/// The kind of a failure, whatever the vendor's code is. It tells the caller what to do.
///
/// ```
/// use huiyi_core::ErrorKind;
///
/// /// What to tell one's own caller.
/// fn advice(kind: ErrorKind) -> &'static str {
///     match kind {
///         ErrorKind::NotFound => "the meeting is gone",
///         kind if kind.is_transient() => "try again later",
///         ErrorKind::Auth | ErrorKind::Permission => "ask the administrator",
///         _ => "look into the log",
///     }
/// }
/// # assert_eq!(advice(ErrorKind::NotFound), "the meeting is gone");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Token, secret or signature is missing, wrong or expired. Check the credentials and the clock.
    Auth,
    /// The app or the user may not do this: scope, plan, caller IP, ownership.
    Permission,
    /// The resource does not exist, or no longer exists.
    NotFound,
    /// The vendor refuses the values of the request. Change them before you send it again.
    InvalidParameter,
    /// Too many requests; the same call works later. See [`Error::retry_after`](crate::Error::retry_after).
    RateLimited,
    /// A larger quota is used up: calls per month, accounts, capacity. A short wait does not help.
    QuotaExhausted,
    /// The resource is in the wrong state for the call, or already exists.
    Conflict,
    /// Another process has renewed a user's tokens, and they cannot be read yet. The same call works in a moment,
    /// and the user does not have to log in again (that would be [`Auth`](Self::Auth)).
    Overtaken,
    /// The vendor or the connection failed, or the result is not ready yet.
    Unavailable,
    /// A misuse by the program, found before anything was sent: the client has no credential of a kind that the
    /// operation accepts, or an argument cannot be sent. Your callers cannot fix it.
    Misuse,
    /// None of the above: a code that this version does not know, a proxy's page, an answer that cannot be read.
    Other,
}

impl ErrorKind {
    /// Returns the HTTP status with the same meaning. For [`Misuse`](Self::Misuse) it is 500.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Auth => StatusCode::UNAUTHORIZED,
            Self::Permission | Self::QuotaExhausted => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::InvalidParameter | Self::Other => StatusCode::BAD_REQUEST,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Conflict | Self::Overtaken => StatusCode::CONFLICT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Misuse => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Returns the kind for an HTTP status, used if the code is unknown.
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

    /// Returns whether the same call may succeed later without a change: [`RateLimited`](Self::RateLimited),
    /// [`Unavailable`](Self::Unavailable) and [`Overtaken`](Self::Overtaken).
    ///
    /// Before you repeat a call that must not happen twice, also check
    /// [`Error::may_have_taken_effect`](crate::Error::may_have_taken_effect).
    pub fn is_transient(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable | Self::Overtaken)
    }

    /// Describes the kind for the error line.
    fn describe(self) -> &'static str {
        match self {
            Self::Auth => "not authenticated",
            Self::Permission => "not permitted",
            Self::NotFound => "not found",
            Self::InvalidParameter => "invalid request",
            Self::RateLimited => "rate limited",
            Self::QuotaExhausted => "quota exhausted",
            Self::Conflict => "conflict",
            Self::Overtaken => "overtaken by another process",
            Self::Unavailable => "unavailable",
            Self::Misuse => "not sent",
            Self::Other => "failed",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe())
    }
}
