//! The examples of the vendors' pages, from the bundled specs.

use serde_json::{Map, Value};

use crate::Arguments;

/// One example call: the request as the page shows it and the answer.
#[derive(Clone, Debug)]
pub struct Example {
    /// The operation.
    pub operation: String,
    /// The example's name in the spec.
    pub name: String,
    /// HTTP method in upper case.
    pub method: String,
    /// Path template.
    pub path: String,
    /// Arguments of the call.
    pub arguments: Arguments,
    /// The JSON answer; `None` if the page shows none.
    pub answer: Option<Value>,
    /// Whether the answer is a stream of bytes.
    pub raw: bool,
}

impl Example {
    /// Returns the path with its arguments, percent-encoded as on the wire.
    pub fn target(&self) -> String {
        let mut path = self.path.clone();
        for (name, value) in &self.arguments.path {
            path = path.replace(&format!("{{{name}}}"), &huiyi_core::encode_path(&text(value)));
        }
        path
    }

    /// Returns the query as on the wire: names and decoded values in the spec's order.
    pub fn query(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (name, value) in &self.arguments.query {
            match value {
                Value::Array(items) => pairs.extend(items.iter().map(|item| (name.clone(), text(item)))),
                other => pairs.push((name.clone(), text(other))),
            }
        }
        pairs
    }
}

/// Returns a scalar as it is written in a path or a query.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A bundled spec.
#[derive(Clone, Debug)]
pub struct Spec(Value);

impl Spec {
    /// Returns Feishu's spec.
    pub fn feishu() -> Self {
        Self::parse(include_str!("../../crates/huiyi-feishu/openapi.json"))
    }

    /// Returns WeCom's spec.
    pub fn wecom() -> Self {
        Self::parse(include_str!("../../crates/huiyi-wecom/openapi.json"))
    }

    /// Returns DingTalk's spec.
    pub fn dingtalk() -> Self {
        Self::parse(include_str!("../../crates/huiyi-dingtalk/openapi.json"))
    }

    /// Returns Tencent Meeting's spec.
    pub fn tencent() -> Self {
        Self::parse(include_str!("../../crates/huiyi-tencent/openapi.json"))
    }

    fn parse(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// Returns the whole document.
    pub fn document(&self) -> &Value {
        &self.0
    }

    /// Returns an operation by its `operationId`.
    pub fn operation(&self, id: &str) -> Option<&Value> {
        let operations = self.operations().into_iter().map(|(_, _, operation)| operation);
        operations.into_iter().find(|operation| operation.get("operationId").and_then(Value::as_str) == Some(id))
    }

    /// Returns the kinds of credential that an operation accepts; none if it takes no credential.
    pub fn credentials(&self, id: &str) -> Vec<&str> {
        let own = self.operation(id).and_then(|operation| operation.get("security"));
        let accepted = own.or_else(|| self.0.get("security")).and_then(Value::as_array);
        accepted.into_iter().flatten().filter_map(Value::as_object).flat_map(Map::keys).map(String::as_str).collect()
    }

    /// Returns all operations with their method and path.
    pub fn operations(&self) -> Vec<(String, String, &Value)> {
        let mut found = Vec::new();
        for (path, item) in self.0.get("paths").and_then(Value::as_object).into_iter().flatten() {
            for method in ["get", "put", "post", "delete", "patch"] {
                if let Some(operation) = item.get(method) {
                    found.push((method.to_uppercase(), path.clone(), operation));
                }
            }
        }
        found
    }

    /// Returns the examples of all operations. For an operation without one, the required arguments are made up from
    /// their types.
    pub fn examples(&self) -> Vec<Example> {
        self.operations()
            .into_iter()
            .flat_map(|(method, path, operation)| self.examples_of(&method, &path, operation))
            .collect()
    }

    fn examples_of(&self, method: &str, path: &str, operation: &Value) -> Vec<Example> {
        let content = operation.pointer("/responses/200/content");
        let raw = content.is_some_and(|content| content.get("application/json").is_none());
        let answers = named(content.and_then(|content| content.get("application/json")));
        let body_media = operation.pointer("/requestBody/content/application~1json");
        let bodies = named(body_media);
        let mut names: Vec<&String> = answers.keys().collect();
        names.extend(bodies.keys().filter(|name| !answers.contains_key(*name)));
        let placeholder = "made-up".to_owned();
        if names.is_empty() {
            names.push(&placeholder);
        }
        names
            .into_iter()
            .map(|name| {
                let made_up = || body_media.map(|media| self.made_up(media.get("schema").unwrap_or(&Value::Null), 0));
                let body = bodies.get(name).or_else(|| bodies.values().next()).cloned().or_else(made_up);
                Example {
                    operation: operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned(),
                    name: name.clone(),
                    method: method.to_owned(),
                    path: path.to_owned(),
                    arguments: self.arguments(operation, body),
                    answer: answers.get(name).cloned(),
                    raw,
                }
            })
            .collect()
    }

    fn arguments(&self, operation: &Value, body: Option<Value>) -> Arguments {
        let mut arguments = Arguments { body, ..Arguments::default() };
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let parameter = self.resolve(parameter);
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            let schema = parameter.get("schema").unwrap_or(&Value::Null);
            let required = parameter.get("required").and_then(Value::as_bool).unwrap_or_default();
            let example = parameter.get("example").or_else(|| schema.get("example")).cloned();
            let Some(value) = example.or_else(|| required.then(|| self.made_up(schema, 0))) else {
                continue;
            };
            let place = match parameter.get("in").and_then(Value::as_str) {
                Some("path") => &mut arguments.path,
                Some("query") => &mut arguments.query,
                _ => &mut arguments.header,
            };
            place.insert(name.to_owned(), value);
        }
        arguments
    }

    /// Returns a schema or parameter, with the reference to it followed.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.0.pointer(reference.trim_start_matches('#')).unwrap_or(&Value::Null),
            None => value,
        }
    }

    /// Returns the smallest value of a schema. Objects have only what is required.
    pub fn least(&self, schema: &Value) -> Value {
        self.made_up(schema, 0)
    }

    /// Makes a value of a schema: its example, otherwise its first enum value, otherwise something of its type. Objects
    /// have only what is required.
    fn made_up(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if let Some(example) = schema.get("example") {
            return example.clone();
        }
        if let Some(first) = schema.pointer("/enum/0") {
            return first.clone();
        }
        for combination in ["oneOf", "allOf"] {
            if let Some(branches) = schema.get(combination).and_then(Value::as_array) {
                let values: Vec<Value> = branches.iter().map(|branch| self.made_up(branch, depth + 1)).collect();
                if combination == "oneOf" || values.iter().any(|value| !value.is_object()) {
                    return values.into_iter().next().unwrap_or_default();
                }
                let merged = values.into_iter().filter_map(|value| value.as_object().cloned()).flatten().collect();
                return Value::Object(merged);
            }
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("integer" | "number") => Value::from(1),
            Some("boolean") => Value::from(true),
            Some("array") if depth < 8 => {
                Value::Array(vec![self.made_up(schema.get("items").unwrap_or(&Value::Null), depth + 1)])
            }
            Some("object") => self.made_up_object(schema, depth),
            Some("array") => Value::Array(Vec::new()),
            _ => match schema.get("format").and_then(Value::as_str) {
                Some("int64" | "unix-seconds" | "unix-millis") => Value::from("1"),
                _ => Value::from("a"),
            },
        }
    }

    fn made_up_object(&self, schema: &Value, depth: usize) -> Value {
        let mut object = Map::new();
        let required = ["required", "x-required-in-requests"].iter().filter_map(|key| schema.get(*key)?.as_array());
        for name in required.flatten().filter_map(Value::as_str) {
            if let Some(property) = schema.pointer(&format!("/properties/{name}")) {
                object.insert(name.to_owned(), self.made_up(property, depth + 1));
            }
        }
        Value::Object(object)
    }
}

/// Returns the examples of a media type by name.
fn named(media: Option<&Value>) -> Map<String, Value> {
    let examples = media.and_then(|media| media.get("examples")).and_then(Value::as_object);
    examples
        .into_iter()
        .flatten()
        .filter_map(|(name, example)| Some((name.clone(), example.get("value")?.clone())))
        .collect()
}

/// Removes what a round trip may lose: members that are `null`, `[]` or `{}`.
pub fn without_empties(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().map(|(name, value)| (name.clone(), without_empties(value)));
            Value::Object(kept.filter(|(_, value)| !is_empty(value)).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_empties).collect()),
        other => other.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Returns whether two JSON values mean the same: `3` equals `3.0`, and all empty values are equal.
pub fn same(one: &Value, other: &Value) -> bool {
    equal(&without_empties(one), &without_empties(other))
        || (is_empty(&without_empties(one)) && is_empty(&without_empties(other)))
}

/// Returns whether two JSON values are the same, empty members included; `3` equals `3.0`.
pub fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || (one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| equal(value, other)))
        }
        _ => one == other,
    }
}
