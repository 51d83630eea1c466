//! From the body of an answer to a typed value.
//!
//! The body is checked for UTF-8 once and parsed from text into the type, with no detour over
//! untyped JSON. Only when that fails is it parsed again to say at which JSON path.

use std::fmt;

use http::{HeaderMap, StatusCode};
use progenitor_client::{Error, ResponseValue};
use serde::de::DeserializeOwned;

use crate::error::{ApiError, ErrorKind, Origin};
use crate::vendor::Vendor;

/// Reads `T` from the `data` member of the answer.
///
/// # Errors
///
/// [`ApiError::is_unreadable_success`] if the body does not fit `T`.
#[doc(hidden)]
pub async fn data<T, E>(response: reqwest::Response) -> Result<ResponseValue<T>, Error<E>>
where
    T: DeserializeOwned,
    E: From<ApiError>,
{
    read(response, data_from_str).await
}

/// Reads `T` from the whole answer.
///
/// # Errors
///
/// [`ApiError::is_unreadable_success`] if the body does not fit `T`.
#[doc(hidden)]
pub async fn flat<T, E>(response: reqwest::Response) -> Result<ResponseValue<T>, Error<E>>
where
    T: DeserializeOwned,
    E: From<ApiError>,
{
    read(response, flat_from_str).await
}

/// Accepts a success in whose body nothing is of interest.
///
/// # Errors
///
/// None at present; the signature is that of its siblings.
#[doc(hidden)]
pub async fn empty<E>(response: reqwest::Response) -> Result<ResponseValue<()>, Error<E>> {
    Ok(ResponseValue::empty(response))
}

/// Takes the error that the pipeline left in the response.
///
/// # Errors
///
/// None at present; the signature is that of its siblings.
#[doc(hidden)]
pub async fn error<E>(mut response: reqwest::Response) -> Result<ResponseValue<ApiError>, Error<E>> {
    let status = response.status();
    let error = response.extensions_mut().remove::<ApiError>().unwrap_or_else(|| {
        ApiError::new("huiyi", "unknown", ErrorKind::from_status(status), "the answer did not pass through the runtime")
    });
    Ok(ResponseValue::new(error, status, response.headers().clone()))
}

async fn read<T, E>(
    mut response: reqwest::Response,
    parse: fn(&str) -> Result<T, DecodeError>,
) -> Result<ResponseValue<T>, Error<E>>
where
    E: From<ApiError>,
{
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let passed = response.extensions_mut().remove::<Passed>();
    let body = response.bytes().await.map_err(Error::ResponseBodyError)?;
    let parsed = std::str::from_utf8(&body).map_err(DecodeError::not_text).and_then(parse);
    match parsed {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(reason) => {
            let error = unreadable(passed, &headers, reason.to_string());
            Err(Error::ErrorResponse(ResponseValue::new(E::from(error), status, headers)))
        }
    }
}

/// What is to be said of a success that the pipeline passes on and that cannot be read.
#[derive(Clone, Copy)]
pub(crate) struct Passed {
    pub(crate) vendor: &'static Vendor,
    pub(crate) operation: &'static str,
    pub(crate) received: StatusCode,
    pub(crate) attempts: u32,
}

fn unreadable(passed: Option<Passed>, headers: &HeaderMap, reason: String) -> ApiError {
    let (vendor, operation) = passed.map_or(("huiyi", "unknown"), |passed| (passed.vendor.name, passed.operation));
    let mut error = ApiError::new(vendor, operation, ErrorKind::Other, reason);
    let parts = error.parts_mut();
    parts.origin = Origin::Unreadable;
    if let Some(passed) = passed {
        parts.received = Some(passed.received);
        parts.attempts = passed.attempts;
        parts.request_id = passed.vendor.request_id(headers);
    }
    error
}

/// Parses the `data` member of a body; a missing or `null` one is read as `{}`.
///
/// # Errors
///
/// If the body is not JSON or does not fit `T`; says at which path.
pub fn data_from_str<T: DeserializeOwned>(body: &str) -> Result<T, DecodeError> {
    #[derive(serde::Deserialize)]
    #[serde(bound = "T: DeserializeOwned")]
    struct Wrapped<T> {
        data: Option<T>,
    }

    match serde_json::from_str::<Wrapped<T>>(body) {
        Ok(Wrapped { data: Some(data) }) => Ok(data),
        Ok(Wrapped { data: None }) => serde_json::from_str("{}").map_err(DecodeError::plain),
        Err(_) => Err(DecodeError::explain::<Wrapped<T>>(body)),
    }
}

/// Parses a whole body.
///
/// # Errors
///
/// If the body is not JSON or does not fit `T`; says at which path.
pub fn flat_from_str<T: DeserializeOwned>(body: &str) -> Result<T, DecodeError> {
    let body = if body.trim_ascii().is_empty() { "{}" } else { body };
    serde_json::from_str(body).map_err(|_| DecodeError::explain::<T>(body))
}

/// Why a body could not be read: the JSON path and the reason, never the body itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    reason: String,
}

impl DecodeError {
    fn plain(error: serde_json::Error) -> Self {
        Self { path: String::new(), reason: Self::reason(&error) }
    }

    fn not_text(error: std::str::Utf8Error) -> Self {
        Self { path: String::new(), reason: format!("not UTF-8 after byte {}", error.valid_up_to()) }
    }

    /// Parses once more, slowly, to find where it fails.
    fn explain<T: DeserializeOwned>(body: &str) -> Self {
        let mut deserializer = serde_json::Deserializer::from_str(body);
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Ok(_) => match deserializer.end() {
                Ok(()) => Self { path: String::new(), reason: "not readable".to_owned() },
                Err(error) => Self::plain(error),
            },
            Err(error) => Self { path: error.path().to_string(), reason: Self::reason(error.inner()) },
        }
    }

    /// serde's message quotes the offending value, which may be a password: only its kind stays.
    fn reason(error: &serde_json::Error) -> String {
        let text = error.to_string();
        let Some(quoted) = text.find("string \"") else {
            return text;
        };
        let before = text.get(..quoted).unwrap_or_default();
        let after = text.rfind("\", expected").and_then(|end| text.get(end + 1..)).unwrap_or_default();
        format!("{before}a string{after}")
    }

    /// The JSON path of the value that does not fit, for instance `data.meeting.participants[3].id`.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() || self.path == "." {
            return f.write_str(&self.reason);
        }
        write!(f, "at {}: {}", self.path, self.reason)
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::{data_from_str, flat_from_str};

    #[derive(Debug, Default, serde::Deserialize)]
    struct Meeting {
        #[serde(default)]
        participants: Vec<Participant>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "read by the derive only")]
    struct Participant {
        id: String,
    }

    #[test]
    fn a_failure_names_the_path_and_not_the_value() {
        let error =
            data_from_str::<Meeting>(r#"{"code":0,"data":{"participants":[{"id":"a"},{"id":{"secret":"s3cr3t"}}]}}"#)
                .unwrap_err();

        assert_eq!(error.path(), "data.participants[1].id");
        assert!(!error.to_string().contains("s3cr3t"));
    }

    #[test]
    fn a_quoted_value_is_left_out_of_the_reason() {
        let error = flat_from_str::<Vec<i64>>(r#"["s3cr3t"]"#).unwrap_err();

        assert!(!error.to_string().contains("s3cr3t"), "{error}");
        assert!(error.to_string().contains("expected i64"), "{error}");
    }

    #[test]
    fn missing_and_null_data_are_empty() {
        for body in [r#"{"code":0}"#, r#"{"code":0,"data":null}"#, r#"{"code":0,"data":{}}"#] {
            assert!(data_from_str::<Meeting>(body).unwrap().participants.is_empty(), "{body}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let body = "[".repeat(200_000);

        assert!(flat_from_str::<serde_json::Value>(&body).is_err());
    }
}
