//! A scalar as text, with its form on the wire.

use std::fmt;

use serde::{Serialize, Serializer};

use super::decimal;
use super::received::Received;

/// A scalar as text, and whether it is written in quotes.
#[derive(Clone)]
pub(super) struct Scalar {
    text: Box<str>,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Quoted,
    Integer,
    Float,
    Boolean,
}

impl Scalar {
    /// Creates a scalar that is written in quotes.
    #[inline]
    pub(super) fn quoted(text: impl Into<Box<str>>) -> Self {
        Self { text: text.into(), form: Form::Quoted }
    }

    /// Creates a scalar from a received one; `None` for `null`.
    #[inline]
    pub(super) fn from_received(received: Received<'_>) -> Option<Self> {
        match received {
            Received::Null => None,
            Received::Text(text) => Some(Self::quoted(text)),
            Received::Boolean(value) => Some(Self::from(value)),
            Received::Integer(value) => Some(Self::from(value)),
            Received::Unsigned(value) => Some(Self::bare(value, Form::Integer)),
            Received::Float(value) => Some(Self::from(value)),
        }
    }

    fn bare(value: impl fmt::Display, form: Form) -> Self {
        Self { text: value.to_string().into(), form }
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn into_string(self) -> String {
        self.text.into()
    }

    pub(super) fn is_quoted(&self) -> bool {
        self.form == Form::Quoted
    }

    /// Returns the integer that the scalar stands for; booleans count as 0 and 1.
    pub(super) fn as_i64(&self) -> Option<i64> {
        match self.form {
            Form::Quoted | Form::Integer => decimal::integer(&self.text),
            // The text is not used, because it has only the digits that distinguish floats.
            Form::Float => decimal::integer_of_float(self.text.parse().ok()?),
            Form::Boolean => Some(i64::from(&*self.text == "true")),
        }
    }
}

impl From<i64> for Scalar {
    fn from(value: i64) -> Self {
        Self::bare(value, Form::Integer)
    }
}

impl From<f64> for Scalar {
    fn from(value: f64) -> Self {
        Self::bare(value, Form::Float)
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::bare(value, Form::Boolean)
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            Form::Quoted => fmt::Debug::fmt(&self.text, f),
            _ => f.write_str(&self.text),
        }
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.form {
            Form::Quoted => serializer.serialize_str(&self.text),
            Form::Boolean => serializer.serialize_bool(&*self.text == "true"),
            Form::Integer => {
                if let Ok(value) = self.text.parse::<i64>() {
                    serializer.serialize_i64(value)
                } else if let Ok(value) = self.text.parse::<u64>() {
                    serializer.serialize_u64(value)
                } else {
                    serializer.serialize_str(&self.text)
                }
            }
            Form::Float => match self.text.parse::<f64>() {
                Ok(value) => serializer.serialize_f64(value),
                Err(_) => serializer.serialize_str(&self.text),
            },
        }
    }
}

/// Implements the traits of a type that keeps a scalar as text, whatever its form.
macro_rules! scalar_text_traits {
    ($name:ident, $expected:literal, empty_is_none: $empty_is_none:literal) => {
        /// Compares the texts and ignores quotes.
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.as_str() == other.0.as_str()
            }
        }

        impl Eq for $name {}

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.0.as_str().hash(state);
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self($crate::wire::scalar::Scalar::quoted(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self($crate::wire::scalar::Scalar::quoted(text))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl $crate::wire::received::FromReceived for $name {
            const EXPECTED: &'static str = $expected;
            const EMPTY_IS_NONE: bool = $empty_is_none;

            #[inline]
            fn from_received(received: $crate::wire::received::Received<'_>) -> Result<Self, $crate::wire::ValueError> {
                match $crate::wire::scalar::Scalar::from_received(received) {
                    Some(scalar) => Ok(Self(scalar)),
                    None => Err($crate::wire::ValueError::new(&$crate::wire::received::Received::Null, Self::EXPECTED)),
                }
            }
        }

        $crate::wire::received::deserialize_from_received!($name);
    };
}
pub(super) use scalar_text_traits;

/// Implements the traits of a scalar text that is not secret.
macro_rules! shown_text_traits {
    ($name:ident) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.0).finish()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.0.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0.as_str() == *other
            }
        }
    };
}
pub(super) use shown_text_traits;
