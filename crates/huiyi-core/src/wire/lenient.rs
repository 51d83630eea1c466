//! Deserialisers for plain fields, for use in `#[serde(deserialize_with = "..")]`.
//!
//! They accept what the vendors really send instead of the documented scalar. Plain fields do not keep the form:
//! `"7"` in an `i64` field is written as `7`. If the form matters, the field has a type of [`wire`](super).
//!
//! A list or an object instead of a scalar is an error, and so is a string that cannot be converted. An empty string
//! means no value for numbers, booleans and times; string, secret and string-enum fields keep it.
//!
//! ```
//! use huiyi_core::wire::{UnixSeconds, lenient};
//!
//! #[derive(serde::Deserialize)]
//! struct Meeting {
//!     #[serde(default, deserialize_with = "lenient::opt_string")]
//!     id: Option<String>,
//!     #[serde(default, deserialize_with = "lenient::opt_i64")]
//!     participants: Option<i64>,
//!     #[serde(default, deserialize_with = "lenient::opt")]
//!     end: Option<UnixSeconds>,
//!     #[serde(default, deserialize_with = "lenient::vec_i64")]
//!     rooms: Vec<i64>,
//! }
//!
//! let json = r#"{"id": 42, "participants": "7", "end": "", "rooms": null}"#;
//! let meeting: Meeting = serde_json::from_str(json)?;
//! assert_eq!(meeting.id.as_deref(), Some("42"));
//! assert_eq!(meeting.participants, Some(7));
//! assert_eq!(meeting.end, None);
//! assert!(meeting.rooms.is_empty());
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::one_or_many::OneOrMany;
use super::received::{self, FromReceived, Item};
use super::string_or::StringOr;

/// Reads an optional value of any type of [`wire`](super), or an open enum.
///
/// `null` means no value. For numbers, booleans and times, an empty string also means no value.
///
/// # Errors
/// If there is a value and it does not fit the type.
#[inline]
pub fn opt<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Optional<'de>,
{
    T::deserialize_optional(deserializer)
}

/// Reads an optional string. A number or a boolean becomes its text.
///
/// # Errors
/// For a list or an object.
#[inline]
pub fn opt_string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    received::optional(deserializer)
}

/// Reads an optional integer: a number without a fraction, a decimal string, or a boolean as 0 or 1.
///
/// # Errors
/// For a value that is not an integer or is out of the range of `i64`.
#[inline]
pub fn opt_i64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    received::optional(deserializer)
}

/// Reads an optional number: a number, a decimal string, or a boolean as 0 or 1.
///
/// # Errors
/// For a value that is not a finite number.
#[inline]
pub fn opt_f64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    received::optional(deserializer)
}

/// Reads an optional boolean: `true`, `false`, 0, 1, or one of these as a string.
///
/// # Errors
/// For any other value.
#[inline]
pub fn opt_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    received::optional(deserializer)
}

/// Reads a required integer in the same way as [`opt_i64`].
///
/// # Errors
/// Those of [`opt_i64`], and if there is no value.
#[inline]
pub fn i64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    opt_i64(deserializer)?.ok_or_else(|| D::Error::custom("expected an integer, got no value"))
}

/// Reads a required number in the same way as [`opt_f64`].
///
/// # Errors
/// Those of [`opt_f64`], and if there is no value.
#[inline]
pub fn f64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    opt_f64(deserializer)?.ok_or_else(|| D::Error::custom("expected a number, got no value"))
}

/// Reads a list of strings, each in the same way as [`opt_string`]. `null` is an empty list; a `null` item is
/// skipped.
///
/// # Errors
/// If it is not a list, or an item cannot be read.
#[inline]
pub fn vec_string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    vec(deserializer)
}

/// Reads a list of integers, each in the same way as [`opt_i64`]. `null` is an empty list; a `null` item is skipped.
///
/// # Errors
/// If it is not a list, or an item cannot be read.
#[inline]
pub fn vec_i64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    vec(deserializer)
}

/// Reads an optional list of integers in the same way as [`vec_i64`]; `null` is `None`.
///
/// # Errors
/// Those of [`vec_i64`].
#[inline]
pub fn opt_vec_i64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<i64>>, D::Error> {
    let list: Option<Vec<Item<i64>>> = Option::deserialize(deserializer)?;
    Ok(list.map(|items| items.into_iter().filter_map(|Item(item)| item).collect()))
}

/// Reads a list of scalars, each in the same way as [`opt`]. `null` is an empty list; a `null` item is skipped.
///
/// # Errors
/// If it is not a list, or an item cannot be read.
#[inline]
pub fn vec<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromReceived,
{
    deserializer.deserialize_option(ListVisitor(|Item(item)| item))
}

/// Reads a list of objects. `null` is an empty list; a `null` item is skipped.
///
/// # Errors
/// If it is not a list, or an item cannot be read.
#[inline]
pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_option(ListVisitor(|item: Option<T>| item))
}

/// Reads a map of objects. `null` is an empty map; a `null` value is skipped.
///
/// # Errors
/// If it is not a map, or a value cannot be read.
#[inline]
pub fn map<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_option(MapVisitor(|value: Option<T>| value))
}

/// Reads a map of strings, each in the same way as [`opt_string`]. `null` is an empty map; a `null` value is
/// skipped.
///
/// # Errors
/// If it is not a map, or a value cannot be read.
#[inline]
pub fn map_string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    deserializer.deserialize_option(MapVisitor(|Item(value)| value))
}

/// Reads an object or another type with a default; `null` gives the default.
///
/// # Errors
/// Those of the type.
#[inline]
pub fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A type that [`opt`] reads.
pub trait Optional<'de>: Sized {
    /// Reads an optional value.
    ///
    /// # Errors
    /// If there is a value and it does not fit the type.
    fn deserialize_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;
}

impl<'de, T: FromReceived> Optional<'de> for T {
    #[inline]
    fn deserialize_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        received::optional(deserializer)
    }
}

impl<'de, T: Deserialize<'de>> Optional<'de> for StringOr<T> {
    fn deserialize_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}

impl<'de, T: DeserializeOwned> Optional<'de> for OneOrMany<T> {
    fn deserialize_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// Reads a list and converts or skips each item.
struct ListVisitor<I, T>(fn(I) -> Option<T>);

impl<'de, I: Deserialize<'de>, T> Visitor<'de> for ListVisitor<I, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.extend((self.0)(item));
        }
        Ok(list)
    }
}

/// Reads a map and converts or skips each value.
struct MapVisitor<I, T>(fn(I) -> Option<T>);

impl<'de, I: Deserialize<'de>, T> Visitor<'de> for MapVisitor<I, T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(BTreeMap::new())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(BTreeMap::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((name, value)) = entries.next_entry()? {
            map.extend((self.0)(value).map(|value| (name, value)));
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests;
