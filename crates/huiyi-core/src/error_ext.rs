//! Questions that one asks of any error of a call, without matching on its variants.

use std::fmt;
use std::time::Duration;

use progenitor_client::Error;

use crate::error::{ApiError, ErrorKind};

/// Answers about the error of a call in one step.
///
/// The generator's [`Error`] may gain variants; ask this trait instead of matching on it.
///
/// ```
/// use huiyi_core::{ApiError, Error, ErrorExt, ErrorKind};
///
/// fn is_gone(error: &Error<ApiError>) -> bool {
///     error.kind() == ErrorKind::NotFound
/// }
/// ```
pub trait ErrorExt {
    /// The vendor's error, if there was one.
    fn api(&self) -> Option<&ApiError>;

    /// What the failure means for the caller.
    ///
    /// A request that could not be built is [`ErrorKind::InvalidParameter`], a connection that
    /// failed is [`ErrorKind::Unavailable`].
    fn kind(&self) -> ErrorKind;

    /// The vendor's code as text.
    fn code(&self) -> Option<&str>;

    /// The id by which the vendor's support finds the request.
    fn request_id(&self) -> Option<&str>;

    /// How long to wait before the next try, if somebody said so.
    fn retry_after(&self) -> Option<Duration>;

    /// Whether the vendor may have done what was asked although the call failed.
    ///
    /// Look before sending a call again that must not happen twice, for instance one that books a meeting.
    fn may_have_taken_effect(&self) -> bool;

    /// The failure in one line, with its causes, free of headers, bodies and secrets.
    fn describe(&self) -> Description<'_>;
}

impl ErrorExt for Error<ApiError> {
    fn api(&self) -> Option<&ApiError> {
        match self {
            Error::ErrorResponse(value) => Some(value),
            _ => None,
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Error::ErrorResponse(value) => value.kind(),
            Error::InvalidRequest(_) => ErrorKind::InvalidParameter,
            Error::CommunicationError(_) | Error::ResponseBodyError(_) => ErrorKind::Unavailable,
            Error::UnexpectedResponse(response) => ErrorKind::from_status(response.status()),
            _ => ErrorKind::Other,
        }
    }

    fn code(&self) -> Option<&str> {
        self.api().and_then(ApiError::code)
    }

    fn request_id(&self) -> Option<&str> {
        self.api().and_then(ApiError::request_id)
    }

    fn retry_after(&self) -> Option<Duration> {
        self.api().and_then(ApiError::retry_after)
    }

    fn may_have_taken_effect(&self) -> bool {
        match self {
            Error::ErrorResponse(value) => value.may_have_taken_effect(),
            Error::InvalidRequest(_) => false,
            Error::CommunicationError(error) => !error.is_builder() && !error.is_connect(),
            _ => true,
        }
    }

    fn describe(&self) -> Description<'_> {
        Description(self)
    }
}

/// One line about a failed call; see [`ErrorExt::describe`].
pub struct Description<'a>(&'a Error<ApiError>);

impl fmt::Display for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Error::ErrorResponse(value) => write!(f, "{}", **value),
            Error::InvalidRequest(reason) => write!(f, "the request was not sent: {reason}"),
            Error::CommunicationError(source) => {
                f.write_str("no answer: ")?;
                causes(f, source)
            }
            Error::ResponseBodyError(source) => {
                f.write_str("the answer broke off: ")?;
                causes(f, source)
            }
            Error::UnexpectedResponse(response) => write!(f, "unexpected status {}", response.status()),
            Error::InvalidUpgrade(_) => f.write_str("the connection could not be upgraded"),
            Error::InvalidResponsePayload(_, source) => write!(f, "the answer cannot be read: {source}"),
            Error::Custom(reason) => f.write_str(reason),
        }
    }
}

impl fmt::Debug for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn causes(f: &mut fmt::Formatter<'_>, error: &reqwest::Error) -> fmt::Result {
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    if cause.is_none() {
        return write!(f, "{error}");
    }
    let mut first = true;
    while let Some(error) = cause {
        if !first {
            f.write_str(": ")?;
        }
        write!(f, "{error}")?;
        first = false;
        cause = error.source();
    }
    Ok(())
}
