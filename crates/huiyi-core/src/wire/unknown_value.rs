//! A value that an enum does not know.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};

use super::received::Received;
use super::scalar::Scalar;
use super::value_error::ValueError;

/// An enum value that this version of the crate does not know, as the vendor sent it.
///
/// It is written back unchanged. Do not match on its content: a value that is unknown today may become a variant in
/// a later version. Instead compare the whole enum, or use [`as_i64`](Self::as_i64) or [`as_str`](Self::as_str).
///
/// ```
/// use huiyi_core::wire::UnknownValue;
///
/// let value = UnknownValue::from("hybrid");
/// assert_eq!((value.as_str(), value.as_i64()), (Some("hybrid"), None));
/// ```
#[derive(Clone)]
pub struct UnknownValue(Form);

#[derive(Clone)]
enum Form {
    /// A number where the vendor documents a number.
    Integer(i64),
    /// Anything else. Boxed, because every enum has the size of its largest variant.
    Other(Box<Scalar>),
}

impl UnknownValue {
    /// Returns the integer, also if it is quoted; `None` if it is not an integer.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Integer(value) => Some(*value),
            Form::Other(scalar) => scalar.as_i64(),
        }
    }

    /// Returns the text; `None` only for a number where the vendor documents a number.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Form::Integer(_) => None,
            Form::Other(scalar) => Some(scalar.as_str()),
        }
    }

    /// Creates a value for an enum that is documented as a number.
    ///
    /// # Errors
    /// For `null`.
    #[doc(hidden)]
    pub fn of_integer_enum(received: Received<'_>) -> Result<Self, ValueError> {
        match received {
            Received::Integer(value) => Ok(Self::from(value)),
            received => Self::other(received, "an integer"),
        }
    }

    /// Creates a value for an enum that is documented as a string. For a number, its text is also kept.
    ///
    /// # Errors
    /// For `null`.
    #[doc(hidden)]
    pub fn of_string_enum(received: Received<'_>) -> Result<Self, ValueError> {
        Self::other(received, "a string")
    }

    fn other(received: Received<'_>, expected: &'static str) -> Result<Self, ValueError> {
        match Scalar::from_received(received) {
            Some(scalar) => Ok(Self(Form::Other(Box::new(scalar)))),
            None => Err(ValueError::new(&Received::Null, expected)),
        }
    }

    /// Returns the same value with a text.
    #[doc(hidden)]
    #[must_use]
    pub fn with_text(self) -> Self {
        match self.0 {
            Form::Integer(value) => Self(Form::Other(Box::new(Scalar::from(value)))),
            form => Self(form),
        }
    }
}

impl From<i64> for UnknownValue {
    fn from(value: i64) -> Self {
        Self(Form::Integer(value))
    }
}

impl From<&str> for UnknownValue {
    fn from(text: &str) -> Self {
        Self(Form::Other(Box::new(Scalar::quoted(text))))
    }
}

/// Compares the texts and ignores quotes.
impl PartialEq for UnknownValue {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Form::Integer(left), Form::Integer(right)) => left == right,
            (Form::Other(left), Form::Other(right)) => left.as_str() == right.as_str(),
            (Form::Integer(integer), Form::Other(scalar)) | (Form::Other(scalar), Form::Integer(integer)) => {
                scalar.as_str() == integer.to_string()
            }
        }
    }
}

impl Eq for UnknownValue {}

impl Hash for UnknownValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Form::Integer(value) => value.to_string().hash(state),
            Form::Other(scalar) => scalar.as_str().hash(state),
        }
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Integer(value) => fmt::Display::fmt(value, f),
            Form::Other(scalar) => fmt::Display::fmt(scalar, f),
        }
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Integer(value) => fmt::Debug::fmt(value, f),
            Form::Other(scalar) => fmt::Debug::fmt(scalar, f),
        }
    }
}

impl Serialize for UnknownValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Integer(value) => serializer.serialize_i64(*value),
            Form::Other(scalar) => scalar.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_enum_with_it_is_two_words() {
        assert_eq!(size_of::<Option<UnknownValue>>(), 16);
    }

    #[test]
    fn a_number_and_its_text_are_equal_and_hash_alike() {
        let set = HashSet::from([UnknownValue::from(-9), UnknownValue::from("-9")]);

        assert_eq!(set.len(), 1);
        assert_ne!(UnknownValue::from(9), UnknownValue::from("09"));
    }
}
