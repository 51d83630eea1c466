//! What `huiyi-mock` gets of a vendor: the document without its texts.
//!
//! The server reads paths, parameters, schemas, examples and error codes. It ships a copy of its own, since a
//! published crate cannot read the files of another.

use anyhow::Result;
use serde_json::{Map, Value};

use crate::bundle;
use crate::document::Bundle;

/// Keys whose values are data and stay as they are.
const DATA: [&str; 5] = ["default", "enum", "example", "examples", "value"];

/// Keys that the server has no use for.
const TEXTS: [&str; 10] = [
    "description",
    "summary",
    "externalDocs",
    "tags",
    "x-doc-updated",
    "x-page-defects",
    "x-rate-limit",
    "x-scopes",
    "x-source",
    "x-title-zh",
];

/// `crates/huiyi-mock/openapi/<vendor>.json`: one path or schema a line.
pub fn document(bundle: &Bundle) -> Result<String> {
    let document: Value = serde_json::from_str(&bundle::render(bundle)?)?;
    let mut sections = Vec::new();
    for key in ["security", "x-error-codes", "paths", "components"] {
        if let Some(value) = document.get(key) {
            sections.push(format!("{}:{}", Value::from(key), section(key, &bare(value))));
        }
    }
    Ok(format!("{{\n{}\n}}\n", sections.join(",\n")))
}

fn section(key: &str, value: &Value) -> String {
    match value {
        Value::Object(members) if key == "paths" => lines(members, Value::to_string),
        Value::Object(kinds) if key == "components" => {
            lines(kinds, |kind| kind.as_object().map_or_else(String::new, |members| lines(members, Value::to_string)))
        }
        other => other.to_string(),
    }
}

fn lines(members: &Map<String, Value>, write: impl Fn(&Value) -> String) -> String {
    let members = members.iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), write(value)));
    format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"))
}

/// A copy without texts. A property may be called `description` or `tags`: its value is a schema, a text's is not.
fn bare(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, value)| !is_text(name, value));
            kept.map(|(name, value)| {
                let is_data = DATA.contains(&name.as_str());
                (name.clone(), if is_data { value.clone() } else { bare(value) })
            })
            .collect()
        }
        Value::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

fn is_text(name: &str, value: &Value) -> bool {
    let is_schema =
        value.as_object().is_some_and(|members| members.contains_key("type") || members.contains_key("$ref"));
    TEXTS.contains(&name) && !is_schema
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::bare;

    #[test]
    fn properties_named_as_texts_stay() {
        let schema = json!({
            "description": "A room.",
            "properties": {"description": {"type": "string", "description": "Its text."}, "tags": {"$ref": "#/x"}},
        });

        let expected = json!({"properties": {"description": {"type": "string"}, "tags": {"$ref": "#/x"}}});
        assert_eq!(bare(&schema), expected);
    }

    #[test]
    fn examples_stay_as_they_are() {
        let content = json!({"examples": {"page": {"value": {"description": "text", "summary": "text"}}}});

        assert_eq!(bare(&content), content);
    }
}
