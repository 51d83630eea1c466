//! Answers and bodies with every documented field, made from the schemas, because the pages' examples show only some.

use serde_json::{Map, Value};

use crate::examples::Spec;

/// No answer nests deeper. Recursive schemas are cut off here.
const DEEPEST: usize = 12;

impl Spec {
    /// Returns the schema of an operation's JSON answer, with the envelope.
    pub fn answer_schema(&self, operation: &str) -> Option<&Value> {
        self.operation(operation)?.pointer("/responses/200/content/application~1json/schema")
    }

    /// Returns an answer of an operation with every documented field.
    pub fn complete_answer(&self, operation: &str) -> Option<Value> {
        self.answer_schema(operation).map(|schema| self.complete(schema, 0))
    }

    /// Returns a JSON body of an operation with every documented field.
    pub fn complete_body(&self, operation: &str) -> Option<Value> {
        let schema = self.operation(operation)?.pointer("/requestBody/content/application~1json/schema")?;
        Some(self.complete(schema, 0))
    }

    fn complete(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if let Some(first) = schema.get("oneOf").and_then(|branches| branches.get(0)) {
            return self.complete(first, depth + 1);
        }
        if let Some(branches) = schema.get("allOf").and_then(Value::as_array) {
            let mut parts: Vec<Value> = branches.iter().map(|branch| self.complete(branch, depth + 1)).collect();
            if parts.iter().all(Value::is_object) {
                return Value::Object(
                    parts.into_iter().filter_map(|part| part.as_object().cloned()).flatten().collect(),
                );
            }
            return parts.swap_remove(0);
        }
        if let Some(items) = schema.get("items") {
            return if depth < DEEPEST {
                Value::Array(vec![self.complete(items, depth + 1)])
            } else {
                Value::Array(Vec::new())
            };
        }
        if schema.get("properties").is_some() || schema.get("type").is_some_and(|kind| kind == "object") {
            return self.complete_object(schema, depth);
        }
        self.scalar(schema)
    }

    fn complete_object(&self, schema: &Value, depth: usize) -> Value {
        let mut object = Map::new();
        if depth >= DEEPEST {
            return Value::Object(object);
        }
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            object.insert(name.clone(), self.complete(property, depth + 1));
        }
        match schema.get("additionalProperties") {
            Some(Value::Bool(true)) => drop(object.insert("anything".to_owned(), Value::from("at all"))),
            Some(values) if values.is_object() => {
                drop(object.insert("key".to_owned(), self.complete(values, depth + 1)))
            }
            _ => {}
        }
        Value::Object(object)
    }

    fn scalar(&self, schema: &Value) -> Value {
        if let Some(value) = schema.get("example").or_else(|| schema.pointer("/enum/0")) {
            return value.clone();
        }
        match (schema.get("type").and_then(Value::as_str), schema.get("format").and_then(Value::as_str)) {
            (Some("integer"), _) => Value::from(7),
            (Some("number"), _) => Value::from(7.5),
            (Some("boolean"), _) => Value::from(true),
            (_, Some("int64" | "unix-seconds" | "unix-millis")) => Value::from("7"),
            (_, Some("date-time")) => Value::from("2024-06-17T12:00:00+08:00"),
            (_, Some("byte")) => Value::from("aHVpeWk="),
            _ => Value::from("text"),
        }
    }
}
