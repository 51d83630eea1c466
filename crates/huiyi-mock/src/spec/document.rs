//! The text of a bundled document: each line is a path or a shared part, and is parsed when it is first needed.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

/// A bundled document.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The members other than `paths` and `components`.
    top: HashMap<&'static str, Line>,
    pub(super) paths: Vec<Line>,
    /// Shared parts by kind (such as `schemas`) and name.
    parts: HashMap<(&'static str, &'static str), Line>,
}

/// A member of the document on its own line.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    text: &'static str,
    value: OnceLock<Value>,
}

impl Line {
    /// Parses the line, once.
    pub(crate) fn value(&self) -> &Value {
        self.value.get_or_init(|| serde_json::from_str(self.text).unwrap_or_default())
    }
}

impl Document {
    /// Finds the lines without parsing them.
    pub(super) fn new(text: &'static str) -> Self {
        let mut document = Self::default();
        let mut section = "";
        for line in text.lines() {
            let Some((name, text)) = line.strip_prefix('"').and_then(|line| line.split_once("\":")) else { continue };
            let line = Line { name, text: text.strip_suffix(',').unwrap_or(text), value: OnceLock::new() };
            match (section, text) {
                (_, "{") => section = name,
                ("", _) => _ = document.top.insert(name, line),
                ("paths", _) => document.paths.push(line),
                (kind, _) => _ = document.parts.insert((kind, name), line),
            }
        }
        document
    }

    /// Returns a member other than `paths` and `components`.
    pub(super) fn member(&self, name: &str) -> &Value {
        self.top.get(name).map_or(&Value::Null, Line::value)
    }

    /// Follows `$ref`s to the end.
    pub(super) fn resolve<'a>(&'a self, mut value: &'a Value) -> &'a Value {
        // The limit ends a cycle of references.
        for _ in 0..16 {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { break };
            let key = reference.strip_prefix("#/components/").and_then(|rest| rest.split_once('/'));
            value = key.and_then(|key| self.parts.get(&key)).map_or(&Value::Null, Line::value);
        }
        value
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

    use serde_json::{Value, json};

    use super::Document;

    const TEXT: &str = r##"{
"security":[{"token":[]}],
"paths":{
"/a/{b}":{"get":{"operationId":"a"}},
"/c":{"$ref":"#/components/schemas/X"}
},
"components":{
"parameters":{

},
"schemas":{
"X":{"$ref":"#/components/schemas/Y"},
"Y":{"type":"object"}
}
}
}
"##;

    #[test]
    fn each_line_is_what_the_whole_has_there() {
        let whole: Value = serde_json::from_str(TEXT).unwrap();
        let document = Document::new(TEXT);

        assert_eq!(document.member("security"), &whole["security"]);
        let paths: Vec<_> = document.paths.iter().map(|line| (line.name, line.value())).collect();
        assert_eq!(paths, [("/a/{b}", &whole["paths"]["/a/{b}"]), ("/c", &whole["paths"]["/c"])]);
    }

    #[test]
    fn references_are_followed_to_their_end() {
        let document = Document::new(TEXT);

        assert_eq!(document.resolve(document.paths[1].value()), &json!({"type": "object"}));
        assert_eq!(document.resolve(&json!({"$ref": "#/components/schemas/Z"})), &Value::Null);
    }
}
