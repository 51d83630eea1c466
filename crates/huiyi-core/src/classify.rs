//! From what the vendor said to an [`ApiError`] of a kind.

use std::time::Duration;

use http::HeaderMap;

use crate::envelope;
use crate::error::{Action, ApiError, ErrorCode, ErrorKind};
use crate::vendor::{Answer, Failure, Reading, Vendor};

/// The error that an answer stands for; `None` if the call succeeded.
pub(crate) fn refusal(
    vendor: &'static Vendor,
    operation: &'static str,
    deviations: &'static [ErrorCode],
    answer: &Answer<'_>,
    reading: Reading,
) -> Option<ApiError> {
    let mut error = match reading {
        Reading::Success { .. } => return None,
        Reading::Failure(failure) => from_failure(vendor, operation, deviations, answer, failure),
        Reading::Malformed(reason) => from_malformed(vendor, operation, answer, &reason),
    };
    let parts = error.parts_mut();
    parts.received = Some(answer.status);
    if parts.request_id.is_none() {
        parts.request_id = vendor.request_id(answer.headers);
    }
    parts.retry_after = (vendor.wait_hint)(answer.headers).or_else(|| retry_after(answer.headers)).or(parts.retry_after);
    Some(error)
}

fn from_failure(
    vendor: &'static Vendor,
    operation: &'static str,
    deviations: &'static [ErrorCode],
    answer: &Answer<'_>,
    failure: Failure,
) -> ApiError {
    let row = failure
        .code
        .as_deref()
        .and_then(|code| ErrorCode::find(deviations, code).or_else(|| ErrorCode::find(vendor.errors, code)));
    let by_status = ErrorKind::from_status(answer.status);
    let kind = row.map_or(by_status, |row| row.kind);
    let mut error = ApiError::new(vendor.name, operation, kind, failure.message);
    let parts = error.parts_mut();
    parts.action = row.map_or_else(|| action_of_status(answer), |row| row.action);
    parts.meaning = row.map(|row| row.meaning).filter(|meaning| !meaning.is_empty());
    parts.code = failure.code;
    parts.request_id = failure.request_id;
    parts.help = failure.help;
    parts.retry_after = failure.retry_after;
    error
}

/// Not the vendor's JSON: a proxy's page, a login page, an IP ban.
fn from_malformed(vendor: &'static Vendor, operation: &'static str, answer: &Answer<'_>, reason: &str) -> ApiError {
    let kind = if answer.status.is_client_error() { ErrorKind::from_status(answer.status) } else { ErrorKind::Unavailable };
    let excerpt = envelope::excerpt(answer.body);
    let message = if excerpt.is_empty() { reason.to_owned() } else { format!("{reason}: \"{excerpt}\"") };
    let mut error = ApiError::new(vendor.name, operation, kind, message);
    error.parts_mut().action = action_of_status(answer);
    error
}

fn action_of_status(answer: &Answer<'_>) -> Action {
    match answer.status.as_u16() {
        401 => Action::Refresh,
        429 | 502 | 503 | 504 => Action::Backoff,
        _ => Action::None,
    }
}

/// `Retry-After` in seconds. The form with a date is not used by these vendors or their proxies.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    seconds(headers, "retry-after")
}

/// Reads a header that holds a number of seconds.
pub fn seconds(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let value = headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok()?;
    Duration::try_from_secs_f64(value).ok()
}
