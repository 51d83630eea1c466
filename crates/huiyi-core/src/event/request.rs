//! Reads the parts of a delivery's HTTP request.

use std::time::Duration;

use http::{HeaderMap, Method, Request, Uri};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::RejectReason;

/// The parts of an HTTP request that delivers an event.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "the headers and the body are not to be shown")]
pub struct Incoming<'a> {
    /// The HTTP method.
    pub method: &'a Method,
    /// The URI, including the query.
    pub uri: &'a Uri,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Incoming<'a> {
    /// Borrows the parts of a request.
    #[must_use]
    pub fn of<B: AsRef<[u8]>>(request: &'a Request<B>) -> Self {
        Self { method: request.method(), uri: request.uri(), headers: request.headers(), body: request.body().as_ref() }
    }
}

/// Returns a query parameter; `None` if it is missing.
///
/// A plus sign stays a plus sign. In forms it means a space, but these values have no spaces, and in Base64 it is a
/// digit.
///
/// # Errors
///
/// If the parameter occurs more than once, or is not UTF-8.
pub fn query(uri: &Uri, name: &'static str) -> Result<Option<String>, RejectReason> {
    let mut found = None;
    for pair in uri.query().unwrap_or_default().split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if key != name {
            continue;
        }
        let value = percent_decode_str(value).decode_utf8().map_err(|_| RejectReason::NotUtf8)?;
        if found.replace(value.into_owned()).is_some() {
            return Err(RejectReason::Repeated(name));
        }
    }
    Ok(found)
}

/// Returns the value of a header; `None` if it is missing.
///
/// # Errors
///
/// If the header occurs more than once, or is not ASCII.
pub fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, RejectReason> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(RejectReason::Repeated(name));
    }
    first.map(|value| value.to_str().map_err(|_| RejectReason::Malformed(name))).transpose()
}

/// Returns the body as text.
///
/// # Errors
///
/// If the body is too large, or is not UTF-8.
pub fn body_text(body: &[u8], largest: usize) -> Result<&str, RejectReason> {
    if body.len() > largest {
        return Err(RejectReason::TooLarge);
    }
    std::str::from_utf8(body).map_err(|_| RejectReason::NotUtf8)
}

/// Parses digits as a time in this unit since the Unix epoch.
///
/// # Errors
///
/// If the text is anything else.
pub fn time_of(digits: &str, unit: Duration) -> Result<Duration, RejectReason> {
    let malformed = RejectReason::Malformed("timestamp");
    if digits.is_empty() || digits.len() > 16 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed);
    }
    let count: u64 = digits.parse().map_err(|_| malformed)?;
    let nanos = u128::from(count) * unit.as_nanos();
    let seconds = u64::try_from(nanos / 1_000_000_000).map_err(|_| malformed)?;
    let rest = u32::try_from(nanos % 1_000_000_000).map_err(|_| malformed)?;
    Ok(Duration::new(seconds, rest))
}

/// Returns a JSON string, number or boolean as trimmed text; `None` for any other type and for an empty string.
#[must_use]
pub fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Returns a short hash that identifies a text without revealing it.
#[must_use]
pub fn hashed(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_decoded_and_keeps_its_plus_signs() {
        let uri: Uri = "/hook?a=1&echo=x+y%2Bz%2F%3D%3D&b=".parse().unwrap();

        assert_eq!(query(&uri, "echo"), Ok(Some("x+y+z/==".to_owned())));
        assert_eq!(query(&uri, "b"), Ok(Some(String::new())));
        assert_eq!(query(&uri, "c"), Ok(None));
    }

    #[test]
    fn a_repeated_or_odd_parameter_is_refused() {
        let uri: Uri = "/hook?a=1&a=2&b=%FF".parse().unwrap();

        assert_eq!(query(&uri, "a"), Err(RejectReason::Repeated("a")));
        assert_eq!(query(&uri, "b"), Err(RejectReason::NotUtf8));
    }

    #[test]
    fn a_time_is_read_in_its_unit_and_nothing_else_is() {
        assert_eq!(time_of("1764300000", Duration::from_secs(1)), Ok(Duration::from_secs(1_764_300_000)));
        assert_eq!(time_of("1764300000123", Duration::from_millis(1)), Ok(Duration::from_millis(1_764_300_000_123)));
        for odd in ["", "-1", "+1", "1.5", " 1", "1e9", "99999999999999999", "一"] {
            assert_eq!(time_of(odd, Duration::from_secs(1)), Err(RejectReason::Malformed("timestamp")), "{odd}");
        }
    }

    #[test]
    fn what_is_hashed_is_not_shown() {
        assert_eq!(hashed("ticket").len(), 32);
        assert!(hashed("ticket") != hashed("ticket2") && !hashed("ticket").contains("ticket"));
    }
}
