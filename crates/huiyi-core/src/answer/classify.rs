//! Turns what the vendor said into an [`Error`] with a kind.

#![expect(clippy::ptr_arg, reason = "the name of a documented operation is kept by the error without a copy")]

use std::borrow::Cow;

use http::{HeaderMap, StatusCode};
use reqwest::Url;

use crate::error::excerpt;
use crate::error::{Action, Error, ErrorCode, ErrorKind, Origin};
use crate::transport::retry_after;
use crate::transport::{Whole, is_page};
use crate::vendor::{Failure, Received, Vendor, Verdict};

/// Most details that fit into a message.
const MOST_DETAILS: usize = 100;

/// Returns the error that an answer stands for; `None` if the call succeeded.
pub(crate) fn refusal(
    vendor: &'static Vendor,
    operation: &Cow<'static, str>,
    deviations: &'static [ErrorCode],
    answer: &Received<'_>,
    reading: Verdict,
) -> Option<Error> {
    let mut error = match reading {
        Verdict::Success { .. } => return None,
        Verdict::Failure(failure) => from_failure(vendor, operation, deviations, answer, failure),
        Verdict::Malformed(reason) => from_malformed(vendor, operation, answer, &reason),
    };
    add_head(&mut error, vendor, answer.status, answer.headers);
    Some(error)
}

/// Returns the error for an answer that is not text, for instance a proxy's page in another encoding.
pub(crate) fn not_text(
    vendor: &'static Vendor,
    operation: &Cow<'static, str>,
    received: &Whole,
    reason: &str,
) -> Error {
    let answer = Received { operation: None, status: received.status, headers: &received.headers, body: "" };
    let mut error = from_malformed(vendor, operation, &answer, reason);
    add_head(&mut error, vendor, received.status, &received.headers);
    if received.status.is_success() && !is_page(&received.headers) {
        error.parts_mut().kind = ErrorKind::Other;
        error.parts_mut().origin = Origin::Unreadable;
    }
    error
}

/// Returns the kind for the status of an answer that is not from the vendor. A 404 from somebody else, for
/// instance because the base URL is wrong, does not mean that the meeting does not exist.
fn kind_from_status(status: StatusCode) -> ErrorKind {
    match ErrorKind::from_status(status) {
        ErrorKind::NotFound | ErrorKind::Conflict => ErrorKind::Other,
        _ if !status.is_client_error() => ErrorKind::Unavailable,
        kind => kind,
    }
}

/// Returns the error for an answer that is incomplete or cannot be read.
pub(crate) fn unusable(
    vendor: &'static Vendor,
    operation: &Cow<'static, str>,
    reason: String,
    received: Option<(StatusCode, HeaderMap)>,
    kind: ErrorKind,
) -> Error {
    let mut error = Error::new(vendor.name, operation.clone(), kind, reason);
    if kind == ErrorKind::Unavailable {
        error.parts_mut().action = Action::Backoff;
    }
    let Some((status, headers)) = received else {
        return error;
    };
    add_head(&mut error, vendor, status, &headers);
    let page = is_page(&headers);
    let parts = error.parts_mut();
    match kind {
        ErrorKind::Other if status.is_success() && !page => parts.origin = Origin::Unreadable,
        ErrorKind::Other => {
            parts.kind = kind_from_status(status);
            parts.action = action_of_status(status);
        }
        _ => {}
    }
    error
}

/// Adds what status and headers say, whatever the body is.
fn add_head(error: &mut Error, vendor: &'static Vendor, status: StatusCode, headers: &HeaderMap) {
    let parts = error.parts_mut();
    parts.received = Some(status);
    if parts.request_id.is_none() {
        parts.request_id = vendor.request_id(headers);
    }
    parts.retry_after = (vendor.wait_hint)(headers).or_else(|| retry_after::read(headers)).or(parts.retry_after);
}

fn from_failure(
    vendor: &'static Vendor,
    operation: &Cow<'static, str>,
    deviations: &'static [ErrorCode],
    answer: &Received<'_>,
    mut failure: Failure,
) -> Error {
    let row = failure
        .code
        .as_deref()
        .and_then(|code| ErrorCode::find(deviations, code).or_else(|| ErrorCode::find(vendor.errors, code)));
    let kind = failure.kind.or(row.map(|row| row.kind)).unwrap_or_else(|| ErrorKind::from_status(answer.status));
    // A refusal may name many wrong fields. The message is shortened anyway, so the rest is not needed.
    failure.details.truncate(MOST_DETAILS);
    failure.details.insert(0, failure.message);
    failure.details.retain(|text| !text.is_empty());
    let mut error = Error::new(vendor.name, operation.clone(), kind, failure.details.join("; "));
    let parts = error.parts_mut();
    parts.action = match (row.filter(|row| row.kind == kind), failure.kind) {
        (Some(row), _) => row.action,
        (None, Some(kind)) if kind.is_transient() => Action::Backoff,
        (None, Some(_)) => Action::None,
        (None, None) => action_of_status(answer.status),
    };
    parts.meaning = row.map(|row| row.meaning).filter(|meaning| !meaning.is_empty());
    parts.code = failure.code;
    parts.request_id = failure.request_id;
    parts.help = failure.help;
    parts.retry_after = failure.retry_after;
    error
}

/// Returns the error for a body that is not the vendor's JSON: a proxy's page, a login page, an IP ban.
fn from_malformed(
    vendor: &'static Vendor,
    operation: &Cow<'static, str>,
    answer: &Received<'_>,
    reason: &str,
) -> Error {
    let kind = kind_from_status(answer.status);
    let excerpt = excerpt::excerpt(answer.body);
    let message = match redirection(answer) {
        Some(message) => message,
        None if excerpt.is_empty() => reason.to_owned(),
        None => format!("{reason}: \"{excerpt}\""),
    };
    let mut error = Error::new(vendor.name, operation.clone(), kind, message);
    error.parts_mut().action = action_of_status(answer.status);
    error
}

/// Describes a redirection. Only the host of the new address is named, because the rest may hold a token.
fn redirection(answer: &Received<'_>) -> Option<String> {
    if !answer.status.is_redirection() {
        return None;
    }
    let location = answer.headers.get(http::header::LOCATION)?.to_str().ok()?;
    let host = Url::parse(location).ok().and_then(|url| url.host_str().map(str::to_owned));
    let target = host.map_or_else(|| "another path".to_owned(), |host| format!("the host `{host}`"));
    Some(format!("the answer redirects to {target}; redirects are not followed, they would carry credentials along"))
}

fn action_of_status(status: StatusCode) -> Action {
    match status.as_u16() {
        401 => Action::Refresh,
        429 | 502 | 503 | 504 => Action::Backoff,
        _ => Action::None,
    }
}
