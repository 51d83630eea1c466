//! Puts the envelope around answers, so no spec has to write it out.
//!
//! `x-envelope.wraps` of the document, or `x-envelope` of an operation, says how: the schema of a JSON success is
//! the member `data`, stands beside the envelope's members, or is the whole answer. A success without a schema is
//! the envelope alone.

use serde_json::{Map, Value, json};

use crate::document::METHODS;

/// The values of `wraps`.
pub const KINDS: [&str; 3] = ["data", "beside", "nothing"];

/// Puts the envelope around the JSON successes of all operations. Does nothing without `x-envelope`.
pub fn wrap(document: &Map<String, Value>, paths: &mut Map<String, Value>) {
    let Some(usual) = document.get("x-envelope").and_then(|envelope| envelope.get("wraps")) else { return };
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        for (_, operation) in item.iter_mut().filter(|(method, _)| METHODS.contains(&method.as_str())) {
            let kind = operation.get("x-envelope").unwrap_or(usual).as_str().unwrap_or_default().to_owned();
            let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
            for (status, answer) in answers.into_iter().flatten() {
                let content = answer.pointer_mut("/content/application~1json").and_then(Value::as_object_mut);
                if let (true, Some(content)) = (status.starts_with('2'), content) {
                    wrap_answer(content, &kind);
                }
            }
        }
    }
}

fn wrap_answer(content: &mut Map<String, Value>, kind: &str) {
    let envelope = json!({"$ref": "#/components/schemas/Envelope"});
    let schema = match (content.remove("schema"), kind) {
        (None, _) => envelope,
        (Some(schema), "data") => json!({"allOf": [envelope, {"type": "object", "properties": {"data": schema}}]}),
        (Some(schema), "beside") => json!({"allOf": [envelope, schema]}),
        (Some(schema), _) => schema,
    };
    let others = std::mem::take(content);
    content.insert("schema".to_owned(), schema);
    content.extend(others);
}
