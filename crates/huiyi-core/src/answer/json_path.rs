//! Finds the place in a JSON text at which a value does not fit.
//!
//! serde_json reports line and column. The path is found by a second, simple scan of the text up to that
//! place. Tracking the path while parsing would compile the parsing of each answer twice in every program. An
//! error that is found only at the end of an object or array has the path of that object or array.

use std::fmt::Write as _;

/// Returns the path of the value at which an error occurred, for instance `data.participants[1].id`; empty
/// for the whole text.
pub(crate) fn of(text: &str, error: &serde_json::Error) -> Vec<Step> {
    let end = offset(text, error.line(), error.column());
    let (mut before, after) = text.as_bytes().split_at_checked(end).unwrap_or((text.as_bytes(), &[]));
    let reason = error.to_string();
    // If the last member or item does not fit, serde_json has also read the closing bracket after it.
    if error.is_data() && !reason.starts_with("missing field") {
        before = before.strip_suffix(b"}").or_else(|| before.strip_suffix(b"]")).unwrap_or(before);
    }
    let mut levels = levels(before);
    // serde_json stops before an object or array that is not an expected value. Right after an opening
    // bracket this is the first item, unless the array itself was not expected.
    if let Some(Level::Array { begun, .. }) = levels.last_mut() {
        match after.trim_ascii_start().first() {
            Some(b'{') => *begun |= reason.starts_with("invalid type: map"),
            Some(b'[') => *begun |= reason.starts_with("invalid type: sequence"),
            _ => {}
        }
    }
    let steps = levels.into_iter().filter_map(|level| match level {
        Level::Object { key } => key.map(Step::Member),
        Level::Array { item, begun } => begun.then_some(Step::Item(item)),
    });
    steps.collect()
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into a member of an object.
    Member(String),
    /// Into an item of a list.
    Item(usize),
}

/// Formats a path as text.
pub(crate) fn text(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Member(name) => {
                let dot = if path.is_empty() { "" } else { "." };
                let _ = write!(path, "{dot}{name}");
            }
            Step::Item(item) => {
                let _ = write!(path, "[{item}]");
            }
        }
    }
    path
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    before + column
}

/// An object or array that is not closed yet.
enum Level {
    Object { key: Option<String> },
    Array { item: usize, begun: bool },
}

/// Returns the objects and arrays that are open at the end of the text.
fn levels(text: &[u8]) -> Vec<Level> {
    let mut levels = Vec::new();
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if let (Some(Level::Array { begun, .. }), false) =
            (levels.last_mut(), matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b']'))
        {
            *begun = true;
        }
        match byte {
            b'{' => levels.push(Level::Object { key: None }),
            b'[' => levels.push(Level::Array { item: 0, begun: false }),
            b'}' | b']' => drop(levels.pop()),
            b',' => match levels.last_mut() {
                Some(Level::Object { key }) => *key = None,
                Some(Level::Array { item, .. }) => *item += 1,
                None => {}
            },
            b'"' => {
                let (string, after) = string(rest);
                rest = after;
                if let Some(Level::Object { key: key @ None }) = levels.last_mut() {
                    *key = Some(string);
                }
            }
            _ => {}
        }
    }
    levels
}

/// Returns the string whose opening quote has been read, and the text after it.
fn string(text: &[u8]) -> (String, &[u8]) {
    let mut escaped = false;
    let end = text.iter().position(|&byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    let end = end.unwrap_or(text.len());
    let (string, after) = text.split_at_checked(end).unwrap_or((text, &[]));
    let string = String::from_utf8_lossy(string);
    let unescaped = serde_json::from_str(&format!("\"{string}\"")).unwrap_or_else(|_| string.into_owned());
    (unescaped, after.get(1..).unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::collections::BTreeMap;

    use serde::de::DeserializeOwned;

    use super::of;

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "read by the derive only")]
    struct Meeting {
        #[serde(default)]
        id: String,
        #[serde(default)]
        rooms: Vec<Room>,
        #[serde(default)]
        names: BTreeMap<String, Vec<i64>>,
        #[serde(default)]
        host: Option<Box<Meeting>>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "read by the derive only")]
    struct Room {
        floor: i64,
    }

    fn path<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
        super::text(&of(text, &serde_json::from_str::<T>(text).unwrap_err()))
    }

    #[test]
    fn the_path_leads_to_the_value_that_does_not_fit() {
        for (text, expected) in [
            ("7", ""),
            (r#"{"id": 7}"#, "id"),
            (r#"{"id": {}}"#, "id"),
            (r#"{"id": []}"#, "id"),
            (r#"{"x": [1, {"y": "}]"}], "id": null}"#, "id"),
            ("{\n  \"host\": {\n    \"id\":\n [true]}}", "host.id"),
            (r#"{"rooms": {}}"#, "rooms"),
            (r#"{"rooms": "a"}"#, "rooms"),
            (r#"{"rooms": [7]}"#, "rooms[0]"),
            (r#"{"rooms": [{"floor": 1}, {"floor": "1"}]}"#, "rooms[1].floor"),
            (r#"{"rooms": [{"floor": {}}]}"#, "rooms[0].floor"),
            (r#"{"rooms": [{"floor": 1}, {}]}"#, "rooms[1]"),
            (r#"{"rooms": [{"floor": 1}, null]}"#, "rooms[1]"),
            (r#"{"names": {"a": [], "b\"c": [1, 2, "x"]}}"#, "names.b\"c[2]"),
            (r#"{"names": {"会议": [[1]]}}"#, "names.会议[0]"),
            (r#"{"names": {"a": [{"b": 1}]}}"#, "names.a[0]"),
            (r#"{"host": {"rooms": [{"floor": 1.5}]}}"#, "host.rooms[0].floor"),
            (r#"{"rooms": [{"floor": "soon"}]}"#, "rooms[0].floor"),
            (r#"{"names": {"a": ["x"]}}"#, "names.a[0]"),
        ] {
            assert_eq!(path::<Meeting>(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_has_a_path_too() {
        for (text, expected) in [
            ("", ""),
            ("<html>", ""),
            (r#"{"rooms": [{"floor": 1}, {"floor": "#, "rooms[1].floor"),
            (r#"{"rooms": [{"floor": 1} {"floor": 2}]}"#, "rooms[0]"),
            (r#"{"id": "abc"#, "id"),
            (r#"{"id": abc}"#, "id"),
            (r#"{"id": "a" "rooms": []}"#, "id"),
        ] {
            assert_eq!(path::<Meeting>(text), expected, "{text}");
        }
    }
}
