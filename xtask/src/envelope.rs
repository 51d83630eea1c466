//! The shape of an answer without the vendor's envelope.

use serde_json::{Map, Value, json};

use crate::document::{resolve, schema_name};

/// The part of an answer that callers care about.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Envelope with a `data` member of this schema.
    Data(Value),
    /// The whole body (beside the envelope's own fields) has this schema.
    Flat(Value),
    /// Nothing: an envelope alone, or an object without fields.
    Empty,
}

impl Shape {
    /// Returns the schema, if there is one.
    pub fn schema(&self) -> Option<&Value> {
        match self {
            Self::Data(schema) | Self::Flat(schema) => Some(schema),
            Self::Empty => None,
        }
    }
}

/// Removes the envelope from the schema of a JSON answer.
pub fn unwrap(root: &Value, schema: &Value) -> Shape {
    if is_envelope(schema) {
        return Shape::Empty;
    }
    let body = resolve(root, schema);
    let parts = body.get("allOf").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if !parts.iter().any(is_envelope) {
        return if is_empty_object(root, schema) { Shape::Empty } else { Shape::Flat(schema.clone()) };
    }
    let rest: Vec<&Value> = parts.iter().filter(|part| !is_envelope(part)).collect();
    let Some((first, others)) = rest.split_first() else { return Shape::Empty };
    if !others.is_empty() {
        return Shape::Flat(json!({ "allOf": rest }));
    }
    let data = only_data(resolve(root, first));
    match data {
        Some(data) if is_empty_object(root, data) => Shape::Empty,
        Some(data) => Shape::Data(without_text(data).clone()),
        None if is_empty_object(root, first) => Shape::Empty,
        None => Shape::Flat((*first).clone()),
    }
}

/// Returns whether the schema of an answer includes the envelope.
pub fn is_wrapped(root: &Value, schema: &Value) -> bool {
    let parts = resolve(root, schema).get("allOf").and_then(Value::as_array);
    is_envelope(schema) || parts.is_some_and(|parts| parts.iter().any(is_envelope))
}

fn is_envelope(schema: &Value) -> bool {
    schema_name(schema) == Some("Envelope")
}

/// `data`, if it is the only property.
fn only_data(part: &Value) -> Option<&Value> {
    let properties = part.get("properties")?.as_object()?;
    if properties.len() == 1 { properties.get("data") } else { None }
}

/// Reads `allOf: [{$ref}]` with a description as the plain reference.
pub fn without_text(schema: &Value) -> &Value {
    match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) if schema.get("properties").is_none() => only,
        _ => schema,
    }
}

fn is_empty_object(root: &Value, schema: &Value) -> bool {
    let schema = resolve(root, without_text(schema));
    let no_fields = schema.get("properties").and_then(Value::as_object).is_none_or(Map::is_empty);
    let is_object = schema.get("type").and_then(Value::as_str) == Some("object");
    let open = schema.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false));
    is_object && no_fields && !open && schema.get("allOf").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> Value {
        json!({"components": {"schemas": {
            "Envelope": {"type": "object", "properties": {"code": {"type": "integer"}}},
            "Room": {"type": "object", "properties": {"id": {"type": "string"}}},
            "Nothing": {"type": "object"},
        }}})
    }

    const ENVELOPE: &str = "#/components/schemas/Envelope";
    const ROOM: &str = "#/components/schemas/Room";

    #[test]
    fn data_is_taken_out() {
        let schema = json!({"allOf": [{"$ref": ENVELOPE}, {"type": "object", "properties": {"data": {"$ref": ROOM}}}]});

        assert_eq!(unwrap(&root(), &schema), Shape::Data(json!({"$ref": ROOM})));
    }

    #[test]
    fn fields_beside_the_envelope_are_the_answer() {
        let fields = json!({"type": "object", "properties": {"userid": {"type": "string"}}});
        let schema = json!({"allOf": [{"$ref": ENVELOPE}, fields]});

        assert_eq!(unwrap(&root(), &schema), Shape::Flat(fields));
    }

    #[test]
    fn an_envelope_alone_is_no_answer() {
        assert_eq!(unwrap(&root(), &json!({"$ref": ENVELOPE})), Shape::Empty);
        let empty =
            json!({"allOf": [{"$ref": ENVELOPE}, {"type": "object", "properties": {"data": {"type": "object"}}}]});
        assert_eq!(unwrap(&root(), &empty), Shape::Empty);
    }

    #[test]
    fn a_body_without_envelope_is_flat() {
        assert_eq!(unwrap(&root(), &json!({"$ref": ROOM})), Shape::Flat(json!({"$ref": ROOM})));
        assert_eq!(unwrap(&root(), &json!({"$ref": "#/components/schemas/Nothing"})), Shape::Empty);
    }
}
