//! Converts any scalar to the plain types of Rust.

use super::boolean::{EXPECTED_BOOLEAN, boolean_of};
use super::decimal::{EXPECTED_INTEGER, integer_of};
use super::number::{EXPECTED_NUMBER, number_of};
use super::received::{FromReceived, Received};
use super::value_error::ValueError;

impl FromReceived for String {
    const EXPECTED: &'static str = "a string";
    const EMPTY_IS_NONE: bool = false;

    #[inline]
    fn from_received(received: Received<'_>) -> Result<Self, ValueError> {
        match received {
            Received::Text(text) => Ok(text.into_owned()),
            Received::Integer(value) => Ok(value.to_string()),
            Received::Unsigned(value) => Ok(value.to_string()),
            Received::Float(value) => Ok(value.to_string()),
            Received::Boolean(value) => Ok(value.to_string()),
            Received::Null => Err(ValueError::new(&received, Self::EXPECTED)),
        }
    }
}

impl FromReceived for i64 {
    const EXPECTED: &'static str = EXPECTED_INTEGER;
    const EMPTY_IS_NONE: bool = true;

    #[inline]
    fn from_received(received: Received<'_>) -> Result<Self, ValueError> {
        integer_of(&received).ok_or_else(|| ValueError::new(&received, Self::EXPECTED))
    }
}

impl FromReceived for f64 {
    const EXPECTED: &'static str = EXPECTED_NUMBER;
    const EMPTY_IS_NONE: bool = true;

    #[inline]
    fn from_received(received: Received<'_>) -> Result<Self, ValueError> {
        number_of(&received).ok_or_else(|| ValueError::new(&received, Self::EXPECTED))
    }
}

impl FromReceived for bool {
    const EXPECTED: &'static str = EXPECTED_BOOLEAN;
    const EMPTY_IS_NONE: bool = true;

    #[inline]
    fn from_received(received: Received<'_>) -> Result<Self, ValueError> {
        boolean_of(&received).ok_or_else(|| ValueError::new(&received, Self::EXPECTED))
    }
}
