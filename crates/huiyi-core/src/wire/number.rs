//! Numbers with fractions that may arrive bare or in quotes.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::decimal;
use super::received::{FromReceived, Received, deserialize_from_received};
use super::scalar::Scalar;
use super::value_error::ValueError;

/// A number, possibly with a fraction, that some answers send in quotes.
///
/// It accepts a number, a decimal string and a boolean (as 0 or 1), and writes back the received form. A value created
/// here is a bare number.
///
/// ```
/// use huiyi_core::wire::LenientNumber;
///
/// let rate: LenientNumber = serde_json::from_str(r#""0.850""#)?;
/// assert_eq!(rate.get(), 0.85);
/// assert_eq!(serde_json::to_string(&rate)?, r#""0.850""#);
/// assert_eq!(serde_json::to_string(&LenientNumber::from(0.5))?, "0.5");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct LenientNumber(Form);

#[derive(Clone)]
enum Form {
    Integer(i64),
    Float(f64),
    /// In quotes, or out of the range of `i64`. Boxed, to keep the common forms small.
    Other(Box<(f64, Scalar)>),
}

impl LenientNumber {
    /// Returns the value; integers beyond 2^53 are rounded, see [`as_i64`](Self::as_i64).
    #[must_use]
    pub fn get(&self) -> f64 {
        match &self.0 {
            Form::Integer(value) => *value as f64,
            Form::Float(value) => *value,
            Form::Other(other) => other.0,
        }
    }

    /// Returns the value without rounding, if it is an integer in range.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Integer(value) => Some(*value),
            Form::Float(value) => decimal::integer_of_float(*value),
            Form::Other(other) => other.1.as_i64(),
        }
    }
}

/// What a number type expects, for error messages.
pub(super) const EXPECTED_NUMBER: &str = "a number";

/// Returns the number that a scalar stands for; booleans count as 0 and 1.
#[inline]
pub(super) fn number_of(received: &Received<'_>) -> Option<f64> {
    match received {
        Received::Float(value) => Some(*value),
        Received::Integer(value) => Some(*value as f64),
        Received::Unsigned(value) => Some(*value as f64),
        // The standard library also parses "inf" and "nan", which are not JSON numbers.
        Received::Text(text) => text.trim_ascii().parse().ok().filter(|value: &f64| value.is_finite()),
        Received::Boolean(value) => Some(f64::from(u8::from(*value))),
        Received::Null => None,
    }
}

impl FromReceived for LenientNumber {
    const EXPECTED: &'static str = EXPECTED_NUMBER;
    const EMPTY_IS_NONE: bool = true;

    #[inline]
    fn from_received(received: Received<'_>) -> Result<Self, ValueError> {
        match received {
            Received::Integer(value) => return Ok(Self(Form::Integer(value))),
            Received::Float(value) => return Ok(Self(Form::Float(value))),
            _ => {}
        }
        let Some(value) = number_of(&received) else {
            return Err(ValueError::new(&received, EXPECTED_NUMBER));
        };
        Ok(Self(match Scalar::from_received(received) {
            Some(scalar) => Form::Other(Box::new((value, scalar))),
            None => Form::Float(value),
        }))
    }
}

deserialize_from_received!(LenientNumber);

impl Serialize for LenientNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Integer(value) => serializer.serialize_i64(*value),
            Form::Float(value) => serializer.serialize_f64(*value),
            Form::Other(other) => other.1.serialize(serializer),
        }
    }
}

/// Written as a number.
impl From<f64> for LenientNumber {
    fn from(value: f64) -> Self {
        Self(Form::Float(value))
    }
}

/// Written as a number.
impl From<i64> for LenientNumber {
    fn from(value: i64) -> Self {
        Self(Form::Integer(value))
    }
}

/// Parses a decimal string; written as a number.
impl TryFrom<&str> for LenientNumber {
    type Error = ValueError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Parses a decimal string; written as a number.
impl TryFrom<String> for LenientNumber {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Parses a decimal string; written as a number.
impl FromStr for LenientNumber {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let received = Received::Text(text.into());
        match (decimal::integer(text), number_of(&received)) {
            (Some(integer), _) => Ok(Self::from(integer)),
            (None, Some(number)) => Ok(Self::from(number)),
            (None, None) => Err(ValueError::new(&received, EXPECTED_NUMBER)),
        }
    }
}

/// Compares the values of [`get`](Self::get).
impl PartialEq for LenientNumber {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl PartialOrd for LenientNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.get().partial_cmp(&other.get())
    }
}

/// Formats the value as on the wire, without quotes.
impl fmt::Display for LenientNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Integer(value) => fmt::Display::fmt(value, f),
            Form::Float(value) => fmt::Display::fmt(value, f),
            Form::Other(other) => fmt::Display::fmt(&other.1, f),
        }
    }
}

impl fmt::Debug for LenientNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Integer(value) => write!(f, "LenientNumber({value})"),
            Form::Float(value) => write!(f, "LenientNumber({value:?})"),
            Form::Other(other) => write!(f, "LenientNumber({:?})", other.1),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn every_form_comes_back_as_it_was() {
        for json in ["3", "3.0", "0.85", "-0.0", "1e300", "18446744073709551615", r#""0.850""#, r#""1e3""#, "true"] {
            let value: LenientNumber = serde_json::from_str(json).unwrap();

            let back: serde_json::Value = serde_json::to_value(&value).unwrap();
            assert_eq!(back, serde_json::from_str::<serde_json::Value>(json).unwrap());
        }
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for json in [r#""nan""#, r#""inf""#, r#""1e400""#, r#""""#, r#""1,5""#, "null", "[1]"] {
            assert!(serde_json::from_str::<LenientNumber>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn integers_beyond_the_precision_of_floats_are_exact() {
        let quoted: LenientNumber = serde_json::from_str(r#""9007199254740993""#).unwrap();
        let bare: LenientNumber = serde_json::from_str("9007199254740993").unwrap();

        assert_eq!(quoted.as_i64(), Some(9_007_199_254_740_993));
        assert_eq!(bare.as_i64(), Some(9_007_199_254_740_993));
        assert_eq!(LenientNumber::from(0.5).as_i64(), None);
    }

    #[test]
    fn values_made_here_are_numbers() {
        let made: [LenientNumber; 4] = [3.into(), 0.5.into(), "3".parse().unwrap(), "0.50".parse().unwrap()];
        assert_eq!(serde_json::to_string(&made).unwrap(), "[3,0.5,3,0.5]");
    }
}
