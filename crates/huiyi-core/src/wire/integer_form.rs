//! An integer with its form on the wire, and the traits of the types that use it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};

use super::decimal::{self, EXPECTED_INTEGER};
use super::received::Received;
use super::scalar::Scalar;
use super::value_error::ValueError;

/// An integer and its form on the wire; compared and ordered by value.
#[derive(Clone)]
pub(super) enum Integer {
    /// A bare number.
    Bare(i64),
    /// In quotes, otherwise in the format that this crate writes.
    Quoted(i64),
    /// Any other spelling: `"007"`, `"1e3"`, `5.0`, `true`. Boxed, to keep the common forms small.
    Other(Box<OtherSpelling>),
}

#[derive(Clone)]
pub(super) struct OtherSpelling {
    /// `None` only for an unchecked text of the caller that is not an integer.
    value: Option<i64>,
    spelling: Scalar,
}

impl Integer {
    #[inline]
    pub(super) fn get(&self) -> i64 {
        self.checked().unwrap_or_default()
    }

    #[inline]
    pub(super) fn checked(&self) -> Option<i64> {
        match self {
            Self::Bare(value) | Self::Quoted(value) => Some(*value),
            Self::Other(other) => other.value,
        }
    }

    #[inline]
    pub(super) fn from_received(received: Received<'_>) -> Result<Self, ValueError> {
        if let Received::Integer(value) = received {
            return Ok(Self::Bare(value));
        }
        if let Received::Text(text) = &received
            && let Some(value) = decimal::canonical(text)
        {
            return Ok(Self::Quoted(value));
        }
        Self::from_other_spelling(received)
    }

    fn from_other_spelling(received: Received<'_>) -> Result<Self, ValueError> {
        let Some(value) = decimal::integer_of(&received) else {
            return Err(ValueError::new(&received, EXPECTED_INTEGER));
        };
        Ok(match Scalar::from_received(received) {
            Some(spelling) => Self::Other(Box::new(OtherSpelling { value: Some(value), spelling })),
            None => Self::Bare(value),
        })
    }

    /// Stores a caller's text unchanged, whether it is an integer or not.
    pub(super) fn unchecked(text: Cow<'_, str>) -> Self {
        match decimal::canonical(&text) {
            Some(value) => Self::Quoted(value),
            None => {
                Self::Other(Box::new(OtherSpelling { value: decimal::integer(&text), spelling: Scalar::quoted(text) }))
            }
        }
    }

    /// Returns the text of a value without a number, so two such values can be compared.
    fn spelling_without_value(&self) -> &str {
        match self {
            Self::Other(other) if other.value.is_none() => other.spelling.as_str(),
            _ => "",
        }
    }
}

impl PartialEq for Integer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Integer {}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.checked()
            .cmp(&other.checked())
            .then_with(|| self.spelling_without_value().cmp(other.spelling_without_value()))
    }
}

impl Hash for Integer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.checked().hash(state);
        self.spelling_without_value().hash(state);
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(value) | Self::Quoted(value) => fmt::Display::fmt(value, f),
            Self::Other(other) => fmt::Display::fmt(&other.spelling, f),
        }
    }
}

impl fmt::Debug for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(value) => write!(f, "{value}"),
            Self::Quoted(value) => write!(f, "\"{value}\""),
            Self::Other(other) => fmt::Debug::fmt(&other.spelling, f),
        }
    }
}

impl Serialize for Integer {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bare(value) => serializer.serialize_i64(*value),
            Self::Quoted(value) => serializer.collect_str(value),
            Self::Other(other) => other.spelling.serialize(serializer),
        }
    }
}

/// Implements the traits that all integer types share.
macro_rules! integer_traits {
    ($name:ident) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.0).finish()
            }
        }

        /// Formats the value as on the wire, without quotes.
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl $crate::wire::received::FromReceived for $name {
            const EXPECTED: &'static str = $crate::wire::decimal::EXPECTED_INTEGER;
            const EMPTY_IS_NONE: bool = true;

            #[inline]
            fn from_received(received: $crate::wire::received::Received<'_>) -> Result<Self, $crate::wire::ValueError> {
                $crate::wire::integer_form::Integer::from_received(received).map(Self)
            }
        }

        $crate::wire::received::deserialize_from_received!($name);
    };
}

/// Implements the traits of an integer type that is documented as a string.
macro_rules! quoted_integer_traits {
    ($name:ident) => {
        $crate::wire::integer_form::integer_traits!($name);

        /// Written in quotes.
        impl From<i64> for $name {
            fn from(value: i64) -> Self {
                Self($crate::wire::integer_form::Integer::Quoted(value))
            }
        }

        /// Sent unchanged, without a check.
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self($crate::wire::integer_form::Integer::unchecked(text.into()))
            }
        }

        /// Sent unchanged, without a check.
        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self($crate::wire::integer_form::Integer::unchecked(text.into()))
            }
        }

        /// Fails if the text is not an integer in range.
        impl ::std::str::FromStr for $name {
            type Err = $crate::wire::ValueError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let received = $crate::wire::received::Received::Text(text.into());
                $crate::wire::integer_form::Integer::from_received(received).map(Self)
            }
        }
    };
}

/// Implements the traits of an integer type that is documented as a number.
macro_rules! bare_integer_traits {
    ($name:ident) => {
        $crate::wire::integer_form::integer_traits!($name);

        /// Written as a number.
        impl From<i64> for $name {
            fn from(value: i64) -> Self {
                Self($crate::wire::integer_form::Integer::Bare(value))
            }
        }

        /// Parses a decimal string; written as a number.
        impl TryFrom<&str> for $name {
            type Error = $crate::wire::ValueError;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        /// Parses a decimal string; written as a number.
        impl TryFrom<String> for $name {
            type Error = $crate::wire::ValueError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        /// Parses a decimal string; written as a number.
        impl ::std::str::FromStr for $name {
            type Err = $crate::wire::ValueError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let received = $crate::wire::received::Received::Text(text.into());
                let integer = $crate::wire::integer_form::Integer::from_received(received)?;
                Ok(Self::from(integer.get()))
            }
        }
    };
}

pub(super) use {bare_integer_traits, integer_traits, quoted_integer_traits};
