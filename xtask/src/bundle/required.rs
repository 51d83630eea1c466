//! Answers and events have no `required`: vendors leave out documented fields, and other tools refuse such
//! answers.
//!
//! The spec of a component that is both sent and received says what a request must have. The bundle has that list
//! under [`KEY`], which no tool applies to answers.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::document::{received_components, sent_components};

/// Replaces `required` in components that are sent and received.
pub const KEY: &str = "x-required-in-requests";

/// Renames `required` in the components that are sent and received.
pub fn rename(root: &mut Value) {
    let shared: BTreeSet<String> = {
        let sent = sent_components(root);
        received_components(root).into_iter().filter(|name| sent.contains(name)).map(str::to_owned).collect()
    };
    let Some(schemas) = root.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    for (_, schema) in schemas.iter_mut().filter(|(name, _)| shared.contains(*name)) {
        rename_in(schema);
    }
}

/// Renames the keyword of a schema and of the schemas inside it. Properties of that name stay as they are.
fn rename_in(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    *map = std::mem::take(map).into_iter().map(|(key, value)| (new_name(key, &value), value)).collect::<Map<_, _>>();
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => properties.values_mut().for_each(rename_in),
            ("allOf" | "oneOf", Value::Array(parts)) => parts.iter_mut().for_each(rename_in),
            ("items" | "additionalProperties", inner) => rename_in(inner),
            _ => {}
        }
    }
}

fn new_name(key: String, value: &Value) -> String {
    if key == "required" && value.is_array() { KEY.to_owned() } else { key }
}
