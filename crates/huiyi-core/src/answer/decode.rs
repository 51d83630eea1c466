//! Decodes the body of an answer to a typed value.
//!
//! The body is checked for UTF-8 once and parsed directly into the type, without untyped JSON in between.
//! Only if that fails is it read again to find the JSON path.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess};

use super::json_path::{self, Step};
use crate::error::excerpt;
use crate::wire::object::{self, Object};

/// Returns a body as text.
pub(crate) fn text(body: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(body).map_err(DecodeError::not_text)
}

/// Parses the `data` member of a body; a missing or `null` member is read as `{}`.
///
/// # Errors
///
/// If the body is not JSON or does not fit `T`. The error names the path.
pub fn data_from_str<T: DeserializeOwned>(body: &str) -> Result<T, DecodeError> {
    match flat_from_str::<Wrapped<T>>(body)?.data {
        Some(data) => Ok(data),
        None => flat_from_str("{}"),
    }
}

/// An answer with its `data` member.
struct Wrapped<T> {
    data: Option<T>,
}

impl<T> Default for Wrapped<T> {
    fn default() -> Self {
        Self { data: None }
    }
}

impl<T: DeserializeOwned> Object for Wrapped<T> {
    const NAME: &'static str = "answer";

    fn position(member: &str) -> Option<usize> {
        (member == "data").then_some(0)
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, _position: usize, members: &mut A) -> Result<(), A::Error> {
        object::plain(members, &mut self.data)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Wrapped<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::deserialize(deserializer)
    }
}

/// Parses a whole body.
///
/// # Errors
///
/// If the body is not JSON or does not fit `T`. The error names the path.
pub fn flat_from_str<T: DeserializeOwned>(body: &str) -> Result<T, DecodeError> {
    let body = if body.trim_ascii().is_empty() { "{}" } else { body };
    serde_json::from_str(body).map_err(|error| DecodeError::new(body, &error))
}

/// Parses a body with `parse`, but removes or converts members that do not fit, and returns them as oddities.
///
/// # Errors
///
/// The error of `parse`, if the body is not JSON or an id is odd.
#[doc(hidden)]
pub fn tolerant<T: DeserializeOwned>(
    body: &str,
    parse: fn(&str) -> Result<T, DecodeError>,
) -> Result<(T, Vec<crate::observe::Oddity>), DecodeError> {
    super::repair::parse(body, parse)
}

/// Why a body could not be decoded: the JSON path and the reason, never the body itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    steps: Vec<Step>,
    path: String,
    reason: String,
}

impl DecodeError {
    fn new(body: &str, error: &serde_json::Error) -> Self {
        // A member name or an unknown variant may be of any length.
        let cut = |text: String, longest| excerpt::shortened(&text, longest).into_owned();
        let steps = json_path::of(body, error);
        Self { path: cut(json_path::text(&steps), 256), steps, reason: cut(Self::without_value(error), 512) }
    }

    fn not_text(error: std::str::Utf8Error) -> Self {
        Self { steps: Vec::new(), path: String::new(), reason: format!("not UTF-8 after byte {}", error.valid_up_to()) }
    }

    /// Creates an error with a reason of this crate, not serde's.
    pub(crate) fn local(reason: &str) -> Self {
        Self { steps: Vec::new(), path: String::new(), reason: reason.to_owned() }
    }

    /// serde's message quotes the offending value, which may be a password. Only the type of the value is
    /// kept.
    fn without_value(error: &serde_json::Error) -> String {
        let text = error.to_string();
        for (opening, closing, kind) in [
            ("string \"", "\", expected", "a string"),
            ("integer `", "`, expected", "an integer"),
            ("floating point `", "`, expected", "a number"),
            ("boolean `", "`, expected", "a boolean"),
        ] {
            let Some(quoted) = text.find(opening) else { continue };
            let before = text.get(..quoted).unwrap_or_default();
            let after = text.rfind(closing).and_then(|end| text.get(end + 1..)).unwrap_or_default();
            return format!("{before}{kind}{after}");
        }
        text
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(crate) fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the JSON path of the value that does not fit, for instance `data.meeting.participants[3].id`;
    /// empty for the body itself.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
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

        assert_eq!(error.to_string(), "at [0]: invalid type: a string, expected i64 at line 1 column 9");
    }

    #[test]
    fn no_value_of_any_type_is_in_the_reason() {
        for (body, kind) in [("[735912]", "an integer"), ("[7359.12]", "a number"), ("[true]", "a boolean")] {
            let error = flat_from_str::<Vec<Participant>>(body).unwrap_err().to_string();

            assert!(error.starts_with(&format!("at [0]: invalid type: {kind}, expected struct")), "{error}");
        }
    }

    #[test]
    fn a_reason_is_short_whatever_does_not_fit() {
        let body = format!(r#"{{"participants":[{{"id":"a"}}],"{0}":1,"{0}":{{"{0}":[}}}}"#, "k".repeat(1 << 20));

        let error = flat_from_str::<Meeting>(&body).unwrap_err();

        assert!(error.to_string().len() < 1024, "{}", error.to_string().len());
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
