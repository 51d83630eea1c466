//! A list that some answers replace with its only item, or with a text that contains the list.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

/// A list that some answers replace with its only item, or with a text that contains the list as JSON.
///
/// It is written in the form in which it arrived: a single item is written without a list as long as it is the only
/// one. `null` is an empty list; a `null` item is skipped. A value created here is always written as a list.
///
/// ```
/// use huiyi_core::wire::OneOrMany;
///
/// let rooms: OneOrMany<u32> = serde_json::from_str("7")?;
/// assert_eq!(rooms.to_vec(), [7]);
/// assert_eq!(serde_json::to_string(&rooms)?, "7");
/// assert_eq!(serde_json::to_string(&OneOrMany::from(7))?, "[7]");
///
/// let labels: OneOrMany<u32> = serde_json::from_str(r#""[3,5]""#)?;
/// assert_eq!(labels.to_vec(), [3, 5]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct OneOrMany<T> {
    items: Vec<T>,
    form: Form,
}

/// How the items arrived.
#[derive(Clone, Copy, Debug)]
enum Form {
    List,
    Alone,
    Text,
}

impl<T> OneOrMany<T> {
    /// Creates an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self { items: Vec::new(), form: Form::List }
    }

    /// Returns whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Appends an item.
    pub fn push(&mut self, item: T) {
        self.items.push(item);
    }

    /// Returns the items as a `Vec`.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Compares the items and ignores the form.
impl<T: PartialEq> PartialEq for OneOrMany<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<T: Eq> Eq for OneOrMany<T> {}

impl<T: std::hash::Hash> std::hash::Hash for OneOrMany<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.items.hash(state);
    }
}

impl<T> Deref for OneOrMany<T> {
    type Target = [T];

    fn deref(&self) -> &Self::Target {
        &self.items
    }
}

impl<T> DerefMut for OneOrMany<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.items
    }
}

impl<T> From<Vec<T>> for OneOrMany<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, form: Form::List }
    }
}

/// Creates a list of one item.
impl<T> From<T> for OneOrMany<T> {
    fn from(item: T) -> Self {
        Self::from(vec![item])
    }
}

impl<T> From<OneOrMany<T>> for Vec<T> {
    fn from(list: OneOrMany<T>) -> Self {
        list.items
    }
}

impl<T> FromIterator<T> for OneOrMany<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::from(Vec::from_iter(items))
    }
}

impl<T> Extend<T> for OneOrMany<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.items.extend(items);
    }
}

impl<T> IntoIterator for OneOrMany<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a OneOrMany<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut OneOrMany<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter_mut()
    }
}

impl<T: Serialize> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.form, &*self.items) {
            (Form::Alone, [item]) => item.serialize(serializer),
            (Form::Text, items) => {
                serializer.serialize_str(&serde_json::to_string(items).map_err(serde::ser::Error::custom)?)
            }
            (_, items) => items.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor(PhantomData))
    }
}

struct OneOrManyVisitor<T>(PhantomData<T>);

impl<T: DeserializeOwned> OneOrManyVisitor<T> {
    /// Reads the only item directly from the input, so its errors keep their position.
    fn one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OneOrMany<T>, D::Error> {
        let items = vec![T::deserialize(deserializer)?];
        Ok(OneOrMany { items, form: Form::Alone })
    }

    /// Reads a text that contains a list; `None` if it does not.
    fn list(text: &str) -> Option<OneOrMany<T>> {
        let is_list = text.trim_ascii_start().starts_with('[');
        let list: OneOrMany<T> = is_list.then(|| serde_json::from_str(text).ok()).flatten()?;
        Some(OneOrMany { form: Form::Text, ..list })
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for OneOrManyVisitor<T> {
    type Value = OneOrMany<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list, its only item, or a text that contains the list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = OneOrMany::new();
        while let Some(item) = items.next_element::<Option<T>>()? {
            list.extend(item);
        }
        Ok(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Self::one(MapAccessDeserializer::new(map))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(OneOrMany::new())
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(OneOrMany::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Self::one(value.into_deserializer())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Self::one(value.into_deserializer())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Self::one(value.into_deserializer())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Self::one(value.into_deserializer())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match Self::list(text) {
            Some(list) => Ok(list),
            None => Self::one(StrDeserializer::new(text)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::answer::json_path;

    #[derive(Debug, PartialEq, Serialize, serde::Deserialize)]
    struct Room {
        id: i64,
    }

    #[test]
    fn a_list_and_a_lone_item_come_back_as_they_were() {
        for json in ["[]", r#"[{"id":1}]"#, r#"[{"id":1},{"id":2}]"#, r#"{"id":1}"#] {
            let rooms: OneOrMany<Room> = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&rooms).unwrap(), json);
        }
        for json in [r#""a""#, r#"["a"]"#, r#""a\n""#] {
            let names: OneOrMany<String> = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&names).unwrap(), json);
        }
    }

    #[test]
    fn a_text_that_contains_a_list_is_the_list_and_stays_a_text() {
        for (json, items) in [(r#""[3,5]""#, &[3, 5][..]), (r#""[]""#, &[]), (r#""[7]""#, &[7])] {
            let labels: OneOrMany<i64> = serde_json::from_str(json).unwrap();
            assert_eq!(*labels, *items);
            assert_eq!(serde_json::to_string(&labels).unwrap(), json);
        }
        let room = r#""[{\"id\":1}]""#;
        let rooms: OneOrMany<Room> = serde_json::from_str(room).unwrap();
        assert_eq!((&*rooms, &*serde_json::to_string(&rooms).unwrap()), (&[Room { id: 1 }][..], room));
    }

    #[test]
    fn a_text_without_a_list_is_an_item() {
        for json in [r#""[3,5""#, r#""[x]""#, r#""""#] {
            let names: OneOrMany<String> = serde_json::from_str(json).unwrap();
            assert_eq!(names.len(), 1);
            assert_eq!(serde_json::to_string(&names).unwrap(), json);
            assert!(serde_json::from_str::<OneOrMany<i64>>(json).is_err());
        }
    }

    #[test]
    fn null_is_an_empty_list() {
        let rooms: OneOrMany<Room> = serde_json::from_str("null").unwrap();
        assert!(rooms.is_empty());
    }

    #[test]
    fn null_within_a_list_is_skipped() {
        let rooms: OneOrMany<Room> = serde_json::from_str(r#"[null,{"id":1},null]"#).unwrap();
        assert_eq!(rooms.into_vec(), [Room { id: 1 }]);
    }

    #[test]
    fn a_lone_item_that_gets_company_is_a_list() {
        let mut rooms: OneOrMany<Room> = serde_json::from_str(r#"{"id":1}"#).unwrap();
        rooms.push(Room { id: 2 });

        assert_eq!(serde_json::to_string(&rooms).unwrap(), r#"[{"id":1},{"id":2}]"#);
    }

    #[test]
    fn an_error_inside_the_item_keeps_its_path() {
        for (json, path) in [(r#"{"id":"x"}"#, "id"), (r#"[{"id":1},{"id":"x"}]"#, "[1].id")] {
            let error = serde_json::from_str::<OneOrMany<Room>>(json).unwrap_err();
            assert_eq!(json_path::text(&json_path::of(json, &error)), path);
        }
    }
}
