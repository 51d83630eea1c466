//! Fields whose form on the wire varies or has a meaning, and the type of `huiyi_core::wire` for each.
//!
//! The table is the one in `specs/README.md`; the lint refuses everything else.

use serde_json::Value;

use crate::document::schema_name;

/// Scalar types of `huiyi_core::wire`, each with a `format` of ours in the lowered document.
pub const SCALARS: [&str; 12] = [
    "Int64Text",
    "LenientInt",
    "LenientNumber",
    "LenientBool",
    "StringOrNumber",
    "UnixSeconds",
    "UnixSecondsText",
    "UnixMillis",
    "UnixMillisText",
    "DateTime",
    "Base64Text",
    "Secret",
];

/// What a schema node becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wire {
    /// One of [`SCALARS`].
    Scalar(&'static str),
    /// `OneOrMany<T>`: index of the branch that is one object, or a list of them beside a text.
    OneOrMany(usize),
    /// `StringOr<T>`: index of the branch that is an object.
    StringOr(usize),
    /// A `oneOf` without a wire type.
    Unsupported,
}

/// Returns the `format` that marks a wire type in the lowered document.
pub fn format(name: &str) -> String {
    format!("huiyi-{name}")
}

/// Returns the wire type for a schema, if it is not an ordinary one.
pub fn classify(schema: &Value) -> Option<Wire> {
    if let Some(branches) = schema.get("oneOf").and_then(Value::as_array) {
        return Some(classify_one_of(branches));
    }
    if schema.get("enum").is_some() {
        return None;
    }
    let name = match (kind(schema), text(schema, "format")) {
        ("string", "int64") => "Int64Text",
        ("string", "unix-seconds") => "UnixSecondsText",
        ("string", "unix-millis") => "UnixMillisText",
        ("integer", "unix-seconds") => "UnixSeconds",
        ("integer", "unix-millis") => "UnixMillis",
        ("string", "date-time") => "DateTime",
        ("string", "byte") => "Base64Text",
        ("string", "password") => "Secret",
        _ => return None,
    };
    Some(Wire::Scalar(name))
}

fn classify_one_of(branches: &[Value]) -> Wire {
    let kinds: Vec<&str> = branches.iter().map(kind).collect();
    let formatted = branches.first().and_then(classify);
    match kinds.as_slice() {
        ["string", rest @ ..] if scalars(rest, &["integer", "number", "boolean"]) => match formatted {
            Some(Wire::Scalar(name)) if is_number(name) => Wire::Scalar(name),
            _ => Wire::Scalar("StringOrNumber"),
        },
        ["integer", rest @ ..] if scalars(rest, &["string", "boolean"]) => match formatted {
            Some(Wire::Scalar(name)) if is_number(name) => Wire::Scalar(name),
            _ => Wire::Scalar("LenientInt"),
        },
        ["number", rest @ ..] if scalars(rest, &["string"]) => Wire::Scalar("LenientNumber"),
        ["boolean", rest @ ..] if scalars(rest, &["integer", "string"]) => Wire::Scalar("LenientBool"),
        ["array", _] if items_are(&branches[0], &branches[1]) => Wire::OneOrMany(1),
        [_, "array"] if items_are(&branches[1], &branches[0]) => Wire::OneOrMany(0),
        ["array", "string"] => Wire::OneOrMany(0),
        ["object", "string"] => Wire::StringOr(0),
        ["string", "object"] => Wire::StringOr(1),
        _ => Wire::Unsupported,
    }
}

fn is_number(name: &str) -> bool {
    matches!(name, "Int64Text" | "UnixSeconds" | "UnixSecondsText" | "UnixMillis" | "UnixMillisText")
}

fn scalars(kinds: &[&str], allowed: &[&str]) -> bool {
    !kinds.is_empty() && kinds.iter().all(|kind| allowed.contains(kind))
}

fn items_are(list: &Value, one: &Value) -> bool {
    let Some(items) = list.get("items") else { return false };
    match (schema_name(items), schema_name(one)) {
        (Some(left), Some(right)) => left == right,
        (None, None) => kind(items) == kind(one),
        _ => false,
    }
}

/// The kind of a branch: its `type`, and `object` for a reference.
fn kind(schema: &Value) -> &str {
    if schema_name(schema).is_some() { "object" } else { text(schema, "type") }
}

fn text<'a>(schema: &'a Value, key: &str) -> &'a str {
    schema.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_branch_decides() {
        let text_first = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
        let number_first = json!({"oneOf": [{"type": "integer"}, {"type": "string"}]});

        assert_eq!(classify(&text_first), Some(Wire::Scalar("StringOrNumber")));
        assert_eq!(classify(&number_first), Some(Wire::Scalar("LenientInt")));
    }

    #[test]
    fn a_number_format_on_the_text_branch_makes_a_number() {
        let schema = json!({"oneOf": [{"type": "string", "format": "unix-seconds"}, {"type": "integer"}]});

        assert_eq!(classify(&schema), Some(Wire::Scalar("UnixSecondsText")));
    }

    #[test]
    fn a_list_or_one_of_its_elements_is_recognised() {
        let room = json!({"$ref": "#/components/schemas/Room"});
        let schema = json!({"oneOf": [{"type": "array", "items": room}, room]});

        assert_eq!(classify(&schema), Some(Wire::OneOrMany(1)));
    }

    #[test]
    fn a_list_or_a_text_that_contains_it_is_recognised() {
        let label = json!({"$ref": "#/components/schemas/Label"});
        let schema = json!({"oneOf": [{"type": "array", "items": label}, {"type": "string"}]});

        assert_eq!(classify(&schema), Some(Wire::OneOrMany(0)));
    }

    #[test]
    fn two_objects_are_not_supported() {
        let schema = json!({"oneOf": [{"type": "object"}, {"type": "object"}]});

        assert_eq!(classify(&schema), Some(Wire::Unsupported));
    }

    #[test]
    fn plain_scalars_are_left_alone() {
        assert_eq!(classify(&json!({"type": "string"})), None);
        assert_eq!(classify(&json!({"type": "integer", "format": "int64"})), None);
    }
}
