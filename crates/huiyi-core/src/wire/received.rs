//! The one visitor behind all types of this module.
//!
//! Every type first reads into [`Received`] and then decides. So the JSON parser's code for "any value" is compiled
//! once per crate instead of once per type, and the decisions are plain functions that do not use serde.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::value_error::ValueError;

/// A scalar as received.
#[derive(Clone, Debug)]
pub enum Received<'de> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer in the range of `i64`.
    Integer(i64),
    /// An integer above `i64::MAX`.
    Unsigned(u64),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// A string, borrowed from the input unless it contains escapes.
    Text(Cow<'de, str>),
}

impl<'de> Received<'de> {
    /// Reads a scalar or `null`; `expected` is part of the error for a list or an object.
    #[inline]
    pub fn read<D>(deserializer: D, expected: &'static str) -> Result<Self, D::Error>
    where
        D: Deserializer<'de>,
    {
        deserializer.deserialize_any(ReceivedVisitor { expected })
    }

    /// Returns whether this is `null` or `""`, which the vendors send for a missing number.
    #[inline]
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim_ascii().is_empty(),
            _ => false,
        }
    }
}

/// A type that can be created from some scalars.
pub trait FromReceived: Sized {
    /// The expected value, as a noun phrase for error messages.
    const EXPECTED: &'static str;

    /// Whether an empty string means that there is no value.
    const EMPTY_IS_NONE: bool;

    /// Creates a value from a received scalar.
    ///
    /// # Errors
    /// If the scalar does not fit the type; [`Received::Null`] never does.
    fn from_received(received: Received<'_>) -> Result<Self, ValueError>;
}

/// Deserialises a value through [`FromReceived`].
///
/// # Errors
/// Those of the deserializer, and those of [`FromReceived::from_received`].
#[inline]
pub fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromReceived,
{
    let received = Received::read(deserializer, T::EXPECTED)?;
    T::from_received(received).map_err(D::Error::custom)
}

/// Implements `Deserialize` for types that are created from a scalar.
macro_rules! deserialize_from_received {
    ($($name:ident),+) => {$(
        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D>(deserializer: D) -> Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                $crate::wire::received::deserialize(deserializer)
            }
        }
    )+};
}
pub(super) use deserialize_from_received;

/// An item of a list; `None` for `null` or for an empty string that means no value.
pub(super) struct Item<T>(pub(super) Option<T>);

impl<'de, T: FromReceived> Deserialize<'de> for Item<T> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        optional(deserializer).map(Item)
    }
}

/// Reads a value; `None` for `null` or for an empty string that means no value.
#[inline]
pub(super) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromReceived,
{
    match Received::read(deserializer, T::EXPECTED)? {
        Received::Null => Ok(None),
        received if T::EMPTY_IS_NONE && received.is_blank() => Ok(None),
        received => T::from_received(received).map(Some).map_err(D::Error::custom),
    }
}

#[derive(Clone, Copy)]
struct ReceivedVisitor {
    expected: &'static str,
}

impl<'de> Visitor<'de> for ReceivedVisitor {
    type Value = Received<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    #[inline]
    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Received::Boolean(value))
    }

    #[inline]
    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Received::Integer(value))
    }

    #[inline]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(match i64::try_from(value) {
            Ok(value) => Received::Integer(value),
            Err(_) => Received::Unsigned(value),
        })
    }

    #[inline]
    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Received::Float(value))
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Received::Text(Cow::Borrowed(text)))
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        self.visit_string(text.to_owned())
    }

    #[inline]
    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Received::Text(Cow::Owned(text)))
    }

    #[inline]
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Received::Null)
    }

    #[inline]
    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Received::Null)
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    #[inline]
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }
}
