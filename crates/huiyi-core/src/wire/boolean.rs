//! Booleans that may arrive as numbers or strings.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::received::{FromReceived, Received, deserialize_from_received};
use super::scalar::Scalar;
use super::value_error::ValueError;

/// A boolean that some answers send as 0 or 1, or in quotes.
///
/// It accepts `true`, `false`, 0, 1 and the same in quotes, in upper or lower case, and writes back the received
/// form. A value created here is a bare `true` or `false`.
///
/// ```
/// use huiyi_core::wire::LenientBool;
///
/// let muted: LenientBool = serde_json::from_str(r#""1""#)?;
/// assert!(muted.get());
/// assert_eq!(serde_json::to_string(&muted)?, r#""1""#);
/// assert_eq!(serde_json::to_string(&LenientBool::from(true))?, "true");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct LenientBool(Form);

#[derive(Clone)]
enum Form {
    /// `true`
    Bare(bool),
    /// `1`
    Number(bool),
    /// `"true"`
    Word(bool),
    /// `"1"`
    Digit(bool),
    /// Any other spelling: `"True"`, `1.0`. Boxed, to keep the common forms small.
    Other(Box<(bool, Scalar)>),
}

impl LenientBool {
    /// Returns the value.
    #[must_use]
    pub fn get(&self) -> bool {
        match &self.0 {
            Form::Bare(value) | Form::Number(value) | Form::Word(value) | Form::Digit(value) => *value,
            Form::Other(other) => other.0,
        }
    }

    /// Returns its text on the wire, without quotes.
    fn spelling(&self) -> &str {
        match &self.0 {
            Form::Bare(true) | Form::Word(true) => "true",
            Form::Bare(false) | Form::Word(false) => "false",
            Form::Number(true) | Form::Digit(true) => "1",
            Form::Number(false) | Form::Digit(false) => "0",
            Form::Other(other) => other.1.as_str(),
        }
    }
}

/// Returns the boolean that a scalar stands for.
#[inline]
pub(super) fn boolean_of(received: &Received<'_>) -> Option<bool> {
    match received {
        Received::Boolean(value) => Some(*value),
        Received::Integer(0) => Some(false),
        Received::Integer(1) => Some(true),
        Received::Float(value) if *value == 0.0 => Some(false),
        Received::Float(value) if *value == 1.0 => Some(true),
        Received::Text(text) => {
            let text = text.trim_ascii();
            if text == "1" || text.eq_ignore_ascii_case("true") {
                Some(true)
            } else if text == "0" || text.eq_ignore_ascii_case("false") {
                Some(false)
            } else {
                None
            }
        }
        _ => None,
    }
}

/// What a boolean type expects, for error messages.
pub(super) const EXPECTED_BOOLEAN: &str = "a boolean, as true, false, 0 or 1";

impl FromReceived for LenientBool {
    const EXPECTED: &'static str = EXPECTED_BOOLEAN;
    const EMPTY_IS_NONE: bool = true;

    #[inline]
    fn from_received(received: Received<'_>) -> Result<Self, ValueError> {
        let Some(value) = boolean_of(&received) else {
            return Err(ValueError::new(&received, EXPECTED_BOOLEAN));
        };
        let form = match &received {
            Received::Boolean(_) => Form::Bare(value),
            Received::Integer(_) => Form::Number(value),
            Received::Text(text) => match &**text {
                "true" | "false" => Form::Word(value),
                "1" | "0" => Form::Digit(value),
                text => Form::Other(Box::new((value, Scalar::quoted(text)))),
            },
            _ => match Scalar::from_received(received) {
                Some(scalar) => Form::Other(Box::new((value, scalar))),
                None => Form::Bare(value),
            },
        };
        Ok(Self(form))
    }
}

deserialize_from_received!(LenientBool);

impl Serialize for LenientBool {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Bare(value) => serializer.serialize_bool(*value),
            Form::Number(value) => serializer.serialize_i64(i64::from(*value)),
            Form::Word(_) | Form::Digit(_) => serializer.serialize_str(self.spelling()),
            Form::Other(other) => other.1.serialize(serializer),
        }
    }
}

/// Written as `true` or `false`.
impl From<bool> for LenientBool {
    fn from(value: bool) -> Self {
        Self(Form::Bare(value))
    }
}

/// Accepts 0 or 1; written as `true` or `false`.
impl TryFrom<i64> for LenientBool {
    type Error = ValueError;

    fn try_from(value: i64) -> Result<Self, Self::Error> {
        Ok(Self::from(Self::from_received(Received::Integer(value))?.get()))
    }
}

/// Parses a string; written as `true` or `false`.
impl TryFrom<&str> for LenientBool {
    type Error = ValueError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Parses a string; written as `true` or `false`.
impl TryFrom<String> for LenientBool {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Parses a string; written as `true` or `false`.
impl FromStr for LenientBool {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(Self::from_received(Received::Text(text.into()))?.get()))
    }
}

/// Compares the values and ignores the form.
impl PartialEq for LenientBool {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for LenientBool {}

impl Hash for LenientBool {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.get().hash(state);
    }
}

/// Formats the value as on the wire, without quotes.
impl fmt::Display for LenientBool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.spelling())
    }
}

impl fmt::Debug for LenientBool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Word(_) | Form::Digit(_) => write!(f, "LenientBool({:?})", self.spelling()),
            Form::Other(other) => write!(f, "LenientBool({:?})", other.1),
            _ => write!(f, "LenientBool({})", self.spelling()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn every_form_comes_back_as_it_was() {
        for (json, expected) in [
            ("true", true),
            ("false", false),
            ("1", true),
            ("0", false),
            ("1.0", true),
            ("0.0", false),
            (r#""1""#, true),
            (r#""0""#, false),
            (r#""true""#, true),
            (r#""False""#, false),
        ] {
            let value: LenientBool = serde_json::from_str(json).unwrap();
            assert_eq!(value.get(), expected);
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
    }

    #[test]
    fn other_numbers_are_no_truth() {
        for json in ["2", "-1", "0.5", r#""yes""#, r#""""#, "null"] {
            let error = serde_json::from_str::<LenientBool>(json).unwrap_err();
            assert!(error.to_string().contains("expected a boolean"), "{error}");
        }
    }

    #[test]
    fn values_made_here_are_bare() {
        for value in [LenientBool::from(true), "1".parse().unwrap(), 1.try_into().unwrap()] {
            assert_eq!(serde_json::to_string(&value).unwrap(), "true");
        }
    }
}
