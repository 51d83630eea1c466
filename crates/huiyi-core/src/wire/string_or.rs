//! An object that some answers replace with a string.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use super::received::{FromReceived, Received};

/// An object that the vendor sometimes replaces with a string, or the other way round.
///
/// It is written unchanged. A number or a boolean in its place is read as text.
///
/// ```
/// use huiyi_core::wire::StringOr;
///
/// #[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
/// struct Host {
///     name: String,
/// }
///
/// // An impl for `T` itself would overlap with the ones for texts, so each type brings its own.
/// impl From<Host> for StringOr<Host> {
///     fn from(host: Host) -> Self {
///         Self::Value(host)
///     }
/// }
///
/// let hosts: Vec<StringOr<Host>> = serde_json::from_str(r#"["Li", {"name": "Wang"}]"#)?;
/// assert_eq!(hosts[0].as_str(), Some("Li"));
/// assert_eq!(hosts[1].as_value().map(|host| &*host.name), Some("Wang"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StringOr<T> {
    /// A string.
    Text(String),
    /// The object.
    Value(T),
}

impl<T> StringOr<T> {
    /// Returns the string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Value(_) => None,
        }
    }

    /// Returns the object, if it is one.
    #[must_use]
    pub const fn as_value(&self) -> Option<&T> {
        match self {
            Self::Text(_) => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Returns the string by value, if it is one.
    #[must_use]
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Value(_) => None,
        }
    }

    /// Returns the object by value, if it is one.
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Text(_) => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T> From<&str> for StringOr<T> {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<T> From<String> for StringOr<T> {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T> FromStr for StringOr<T> {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(text))
    }
}

impl<T: Serialize> Serialize for StringOr<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for StringOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StringOrVisitor(PhantomData))
    }
}

struct StringOrVisitor<T>(PhantomData<T>);

impl<T> StringOrVisitor<T> {
    fn text<E: Error>(received: Received<'_>) -> Result<StringOr<T>, E> {
        String::from_received(received).map(StringOr::Text).map_err(E::custom)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for StringOrVisitor<T> {
    type Value = StringOr<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an object")
    }

    // Reads directly from the input without a buffer, so errors keep their position.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(StringOr::Value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(items)).map(StringOr::Value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(StringOr::from(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(StringOr::Text(text))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Self::text(Received::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Self::text(Received::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Self::text(Received::Unsigned(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Self::text(Received::Float(value))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::answer::json_path;

    #[derive(Debug, PartialEq, Serialize, serde::Deserialize)]
    struct Host {
        level: i64,
    }

    #[test]
    fn texts_and_objects_come_back_as_they_were() {
        for json in [r#""Li""#, r#""""#, r#""a\nb""#, r#"{"level":1}"#] {
            let host: StringOr<Host> = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&host).unwrap(), json);
        }
    }

    #[test]
    fn an_error_inside_the_object_keeps_its_path() {
        let json = r#"[{"level": "high"}]"#;
        let error = serde_json::from_str::<Vec<StringOr<Host>>>(json).unwrap_err();

        assert_eq!(json_path::text(&json_path::of(json, &error)), "[0].level");
        assert_eq!((error.line(), error.column()), (1, 17));
    }

    #[test]
    fn null_is_no_value() {
        assert!(serde_json::from_str::<StringOr<Host>>("null").is_err());
        assert_eq!(serde_json::from_str::<Option<StringOr<Host>>>("null").unwrap(), None);
    }
}
