//! Readers for plain fields, to be named in `#[serde(deserialize_with = "..")]`.
//!
//! They accept what the vendors really send where their pages promise one kind of scalar. Plain
//! fields do not remember the form: what came as `"7"` into an `i64` goes out as `7`. Where the
//! form matters, the field has one of the types of [`wire`](super).
//!
//! A list or an object where a scalar is due stays an error, and so does a text that cannot be what
//! the field is. An empty string is no value for numbers, booleans and times; a text, a secret or a
//! string enum keeps it.
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

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::one_or_many::OneOrMany;
use super::received::{self, FromReceived, Item};
use super::string_or::StringOr;

/// Reads an optional value of any type of [`wire`](super), or an open enum.
///
/// `null` is no value. An empty string is none either where the type stands for a number, a boolean
/// or a time.
///
/// # Errors
/// If there is a value and it is not what the type stands for.
#[inline]
pub fn opt<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Optional<'de>,
{
    T::deserialize_optional(deserializer)
}

/// Reads an optional text: a string, or a number or a boolean as text.
///
/// # Errors
/// For a list or an object.
#[inline]
pub fn opt_string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    received::optional(deserializer)
}

/// Reads an optional integer: a number without a fraction, a decimal text, or a boolean as 0 or 1.
///
/// # Errors
/// For a value that is no integer or beyond the range of `i64`.
#[inline]
pub fn opt_i64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    received::optional(deserializer)
}

/// Reads an optional number: a number, a decimal text, or a boolean as 0 or 1.
///
/// # Errors
/// For a value that is no finite number.
#[inline]
pub fn opt_f64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    received::optional(deserializer)
}

/// Reads an optional boolean: `true`, `false`, 0, 1, or one of these as text.
///
/// # Errors
/// For any other value.
#[inline]
pub fn opt_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    received::optional(deserializer)
}

/// Reads a list of texts as [`opt_string`] reads each; `null` is an empty list, and is skipped
/// within one.
///
/// # Errors
/// If it is no list, or an item cannot be read.
#[inline]
pub fn vec_string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    vec(deserializer)
}

/// Reads a list of integers as [`opt_i64`] reads each; `null` is an empty list, and is skipped
/// within one.
///
/// # Errors
/// If it is no list, or an item cannot be read.
#[inline]
pub fn vec_i64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    vec(deserializer)
}

/// Reads a list of scalars as [`opt`] reads each; `null` is an empty list, and is skipped within
/// one.
///
/// # Errors
/// If it is no list, or an item cannot be read.
#[inline]
pub fn vec<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromReceived,
{
    deserializer.deserialize_option(ListVisitor(|Item(item)| item))
}

/// Reads a list of objects; `null` is an empty list, and is skipped within one.
///
/// # Errors
/// If it is no list, or those of an item.
#[inline]
pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_option(ListVisitor(|item: Option<T>| item))
}

/// Reads a map of objects; `null` is an empty map, and is skipped within one.
///
/// # Errors
/// If it is no map, or those of a value.
#[inline]
pub fn map<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_option(MapVisitor(|value: Option<T>| value))
}

/// Reads a map of texts as [`opt_string`] reads each; `null` is an empty map, and is skipped within
/// one.
///
/// # Errors
/// If it is no map, or a value cannot be read.
#[inline]
pub fn map_string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    deserializer.deserialize_option(MapVisitor(|Item(value)| value))
}

/// Reads an object, or whatever else has a default; `null` is the default.
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
    /// Reads a value, or none.
    ///
    /// # Errors
    /// If there is a value and it is not what the type stands for.
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

impl<'de, T: Deserialize<'de>> Optional<'de> for OneOrMany<T> {
    fn deserialize_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// Makes an item of what is read in its place, or nothing.
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

/// Makes a value of what is read in its place, or nothing.
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
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use serde_json::Deserializer as Json;

    use super::super::{DateTime, Secret, StringOrNumber, UnixSecondsText};
    use super::*;

    fn read<'de, T>(
        json: &'de str,
        reader: fn(&mut Json<serde_json::de::StrRead<'de>>) -> Result<T, serde_json::Error>,
    ) -> Result<T, serde_json::Error> {
        let mut deserializer = Json::from_str(json);
        let value = reader(&mut deserializer)?;
        deserializer.end()?;
        Ok(value)
    }

    #[test]
    fn a_text_may_come_as_any_scalar() {
        for (json, expected) in [
            (r#""a\n""#, Some("a\n")),
            (r#""""#, Some("")),
            ("42", Some("42")),
            ("18446744073709551615", Some("18446744073709551615")),
            ("-1.5", Some("-1.5")),
            ("true", Some("true")),
            ("null", None),
        ] {
            assert_eq!(read(json, |json| opt_string(json)).unwrap().as_deref(), expected);
        }
    }

    #[test]
    fn an_integer_may_come_as_any_scalar_that_means_one() {
        for (json, expected) in [
            ("7", Some(7)),
            ("7.0", Some(7)),
            (r#""7""#, Some(7)),
            (r#""7.0""#, Some(7)),
            ("true", Some(1)),
            ("false", Some(0)),
            (r#""""#, None),
            (r#"" ""#, None),
            ("null", None),
        ] {
            assert_eq!(read(json, |json| opt_i64(json)).unwrap(), expected, "{json}");
        }
    }

    #[test]
    fn a_number_and_a_boolean_may_come_quoted_or_empty() {
        assert_eq!(read(r#""0.5""#, |json| opt_f64(json)).unwrap(), Some(0.5));
        assert_eq!(read("3", |json| opt_f64(json)).unwrap(), Some(3.0));
        assert_eq!(read(r#""""#, |json| opt_f64(json)).unwrap(), None);
        assert_eq!(read("1", |json| opt_bool(json)).unwrap(), Some(true));
        assert_eq!(read(r#""false""#, |json| opt_bool(json)).unwrap(), Some(false));
        assert_eq!(read(r#""""#, |json| opt_bool(json)).unwrap(), None);
        assert_eq!(read("null", |json| opt_bool(json)).unwrap(), None);
    }

    #[test]
    fn another_kind_of_value_is_an_error_that_says_what_was_expected() {
        let error = read("{}", |json| opt_i64(json)).unwrap_err().to_string();
        assert!(error.contains("invalid type: map, expected an integer from"), "{error}");

        let error = read("[1]", |json| opt_string(json)).unwrap_err().to_string();
        assert!(error.contains("invalid type: sequence, expected a string"), "{error}");

        let error = read("9223372036854775808", |json| opt_i64(json)).unwrap_err().to_string();
        assert!(error.contains("number 9223372036854775808, expected an integer from"), "{error}");

        let error = read("7", |json| vec_i64(json)).unwrap_err().to_string();
        assert!(error.contains("invalid type: integer `7`, expected a list"), "{error}");
    }

    #[test]
    fn lists_read_each_item_and_skip_nulls() {
        let texts = read(r#"["a", 1, null, ""]"#, |json| vec_string(json)).unwrap();
        assert_eq!(texts, ["a", "1", ""]);

        let integers = read(r#"[1, "2", 3.0, null, ""]"#, |json| vec_i64(json)).unwrap();
        assert_eq!(integers, [1, 2, 3]);

        assert!(read("null", |json| vec_string(json)).unwrap().is_empty());
        assert!(read("[]", |json| vec_i64(json)).unwrap().is_empty());
    }

    #[test]
    fn lists_and_maps_of_objects_skip_nulls() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Room {
            name: String,
        }
        let hall = || Room { name: "hall".to_owned() };

        assert_eq!(read(r#"[null, {"name": "hall"}, null]"#, |json| list::<_, Room>(json)).unwrap(), [hall()]);
        assert!(read("null", |json| list::<_, Room>(json)).unwrap().is_empty());
        assert!(read("[]", |json| list::<_, Room>(json)).unwrap().is_empty());

        let rooms = read(r#"{"a": null, "b": {"name": "hall"}}"#, |json| map::<_, Room>(json)).unwrap();
        assert_eq!(rooms, BTreeMap::from([("b".to_owned(), hall())]));
        assert!(read("null", |json| map::<_, Room>(json)).unwrap().is_empty());

        let texts = read(r#"{"a": null, "b": 1}"#, |json| map_string(json)).unwrap();
        assert_eq!(texts, BTreeMap::from([("b".to_owned(), "1".to_owned())]));
    }

    #[test]
    fn what_is_no_list_or_map_of_objects_is_an_error() {
        assert!(read("7", |json| list::<_, Vec<i64>>(json)).is_err());
        assert!(read("[7]", |json| list::<_, Vec<i64>>(json)).is_err());
        assert!(read("[]", |json| map::<_, Vec<i64>>(json)).is_err());
        assert!(read(r#"{"a": {}}"#, |json| map_string(json)).is_err());
    }

    #[test]
    fn an_empty_string_is_no_number_or_time_but_it_is_a_text() {
        assert_eq!(read(r#""""#, |json| opt::<_, UnixSecondsText>(json)).unwrap(), None);
        assert_eq!(read(r#""""#, |json| opt::<_, DateTime>(json)).unwrap(), None);
        assert_eq!(read(r#""""#, |json| opt::<_, StringOrNumber>(json)).unwrap(), Some(StringOrNumber::from("")));
        assert_eq!(read(r#""""#, |json| opt::<_, Secret>(json)).unwrap(), Some(Secret::from("")));
        assert_eq!(read("null", |json| opt::<_, Secret>(json)).unwrap(), None);
    }

    #[test]
    fn other_deserializers_are_understood() {
        let value = serde_json::json!([{"a": "7"}, {"a": null}, {}]);

        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Row {
            #[serde(default, deserialize_with = "opt_i64")]
            a: Option<i64>,
        }
        let rows: Vec<Row> = serde_json::from_value(value).unwrap();

        assert_eq!(rows, [Row { a: Some(7) }, Row { a: None }, Row { a: None }]);
        assert_eq!(serde_urlencoded::from_str::<Row>("a=7").unwrap(), Row { a: Some(7) });
    }
}
