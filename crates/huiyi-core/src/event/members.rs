//! The members of a JSON object, each as its original text.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::{RejectReason, text_of};
use crate::wire::UnixMillis;

/// The members of a JSON object. The last one of a repeated member counts, because some vendors repeat members.
#[allow(missing_debug_implementations, reason = "members may be secret")]
pub struct Members<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Members<'a> {
    /// Reads an object.
    ///
    /// # Errors
    ///
    /// If the text is not an object.
    pub fn of(json: &'a str) -> Result<Self, RejectReason> {
        let json = json.trim_start_matches('\u{feff}');
        serde_json::from_str(json).map(Self).map_err(|_| RejectReason::Malformed("JSON"))
    }

    /// Returns a member as its original text.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(|value| value.get())
    }

    /// Returns a member as text, if it is a non-empty string, a number or a boolean.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let raw = self.raw(name)?;
        if raw.starts_with(['{', '[']) {
            return None;
        }
        serde_json::from_str::<Value>(raw).ok().as_ref().and_then(text_of)
    }

    /// Returns a member that is an object.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<Members<'a>> {
        Members::of(self.raw(name)?).ok()
    }

    /// Returns the elements of a member that is a list; an object counts as a list of one.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<Vec<&'a str>> {
        let raw = self.raw(name)?;
        if raw.starts_with('{') {
            return Some(vec![raw]);
        }
        let list: Vec<&'a RawValue> = serde_json::from_str(raw).ok()?;
        Some(list.into_iter().map(RawValue::get).collect())
    }

    /// Returns a member that is a number of milliseconds since the Unix epoch.
    #[must_use]
    pub fn millis(&self, name: &str) -> Option<UnixMillis> {
        self.text(name)?.parse().ok().map(UnixMillis::from_millis)
    }

    /// Adds the members of another object that this one does not have.
    pub fn add_missing(&mut self, others: Members<'a>) {
        for (name, value) in others.0 {
            self.0.entry(name).or_insert(value);
        }
    }

    /// Returns the object without these members.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|name, _| !names.contains(&name.as_str()));
        self
    }

    /// Returns the object as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_in_all_their_forms() {
        let members =
            Members::of(r#"{"a":" x ","b":12345678901234567890,"c":{"d":1},"e":[{"f":1},2],"g":null,"a2":""}"#);
        let members = members.unwrap();

        assert_eq!(members.text("a").as_deref(), Some("x"));
        assert_eq!(members.text("b").as_deref(), Some("12345678901234567890"));
        assert_eq!(
            (members.text("c"), members.text("g"), members.text("a2"), members.text("h")),
            (None, None, None, None)
        );
        assert_eq!(members.object("c").unwrap().text("d").as_deref(), Some("1"));
        assert_eq!(members.list("e").unwrap(), [r#"{"f":1}"#, "2"]);
        assert_eq!(members.list("c").unwrap(), [r#"{"d":1}"#]);
        assert!(members.object("a").is_none() && members.list("a").is_none());
    }

    #[test]
    fn the_last_of_repeated_members_counts_and_values_stay_as_they_came() {
        let members = Members::of(r#"{"a":1,"b":1.50,"a":2,"c":0}"#).unwrap().without(&["c"]);

        assert_eq!(members.to_json(), r#"{"a":2,"b":1.50}"#);
    }

    #[test]
    fn what_is_not_an_object_is_refused() {
        let deep = "[".repeat(100_000);
        for text in ["", "1", "[]", "null", "{", "{}x", &deep] {
            assert_eq!(Members::of(text).err(), Some(RejectReason::Malformed("JSON")));
        }
    }
}
