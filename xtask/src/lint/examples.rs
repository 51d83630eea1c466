//! Checks of examples: they must fit their schemas, field by field, as strictly as the wire types are.
//!
//! A field that the schema does not have, or a value of another type, would not survive a round trip through Rust.

use indexmap::IndexMap;
use serde_json::Value;

use super::Lint;
use crate::document::{Trail, array, below, object, operations, parameters, resolve};
use crate::envelope::without_text;
use crate::wire::{Wire, classify};

/// Checks all examples of bodies, answers and parameters.
pub fn check(lint: &mut Lint<'_>) {
    let root = lint.root();
    for operation in operations(root) {
        let place = operation.trail();
        if let Some(body) = operation.value.get("requestBody") {
            check_content(lint, &below(&place, &["requestBody"]), body, true);
        }
        for (status, response) in operation.value.get("responses").and_then(Value::as_object).into_iter().flatten() {
            if status.starts_with('2') {
                check_content(lint, &below(&place, &["responses", status]), response, false);
            }
        }
        for (place, parameter) in parameters(root, &operation) {
            let (Some(schema), Some(example)) = (parameter.get("schema"), parameter.get("example")) else { continue };
            for fault in faults(root, schema, example, true) {
                lint.complain(&place, format!("example: {fault}"), "copy the page's value, or mend the schema");
            }
        }
    }
}

fn check_content(lint: &mut Lint<'_>, place: &Trail, holder: &Value, sent: bool) {
    for (media, value) in object(holder, "content") {
        let Some(schema) = value.get("schema").filter(|_| media == "application/json") else { continue };
        let place = below(place, &["content", media]);
        if value.get("example").is_some() {
            lint.complain(&place, "`example` instead of `examples`", "write `examples: {page: {value: ..}}`");
        }
        for (name, example) in object(value, "examples") {
            let Some(example) = example.get("value") else {
                lint.complain(&place, format!("the example {name} has no `value`"), "write `page: {value: ..}`");
                continue;
            };
            for fault in faults(lint.root(), schema, example, sent) {
                let place = below(&place, &["examples", name]);
                lint.complain(&place, fault, "mend the schema, or the example and say so in x-page-defects");
            }
        }
    }
}

/// Lists what does not fit. `sent` examples must have the required fields.
pub fn faults(root: &Value, schema: &Value, value: &Value, sent: bool) -> Vec<String> {
    let mut found = Vec::new();
    Checker { root, sent, depth: 0 }.value(schema, value, "$", &mut found);
    found
}

struct Checker<'a> {
    root: &'a Value,
    sent: bool,
    depth: usize,
}

impl Checker<'_> {
    fn value(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let schema = resolve(self.root, without_text(resolve(self.root, schema)));
        if value.is_null() || self.depth > 60 {
            return;
        }
        match classify(schema) {
            Some(Wire::Scalar(name)) => return self.wire(name, schema, value, at, found),
            Some(_) => return self.alternatives(schema, value, at, found),
            None => {}
        }
        if schema.get("allOf").is_some() {
            return self.object(schema, value, at, found);
        }
        let kind = schema.get("type").and_then(Value::as_str).unwrap_or_default();
        let fits = match kind {
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "array" => return self.array(schema, value, at, found),
            "object" => return self.object(schema, value, at, found),
            _ => true,
        };
        if !fits {
            let help = if kind == "string" || value.is_string() { " (if both occur, write oneOf)" } else { "" };
            found.push(format!("{at} is {}, the schema says {kind}{help}", describe(value)));
        }
    }

    /// Checks the form of a value. A wire type keeps the form in which a value came in, but does not accept every form.
    fn wire(&self, name: &str, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let decimal = |text: &str| text.is_empty() || text.parse::<i64>().is_ok();
        let fits = match (name, value) {
            ("StringOrNumber", value) => value.is_string() || value.is_number() || value.is_boolean(),
            (
                "Int64Text" | "UnixSeconds" | "UnixSecondsText" | "UnixMillis" | "UnixMillisText" | "LenientInt",
                value,
            ) => {
                let other = name == "LenientInt" && value.is_boolean();
                value.is_i64() || value.as_str().is_some_and(decimal) || other
            }
            ("LenientNumber", value) => {
                value.is_number() || value.as_str().is_some_and(|text| text.parse::<f64>().is_ok())
            }
            ("LenientBool", value) => value.is_boolean() || value.is_i64() || value.is_string(),
            (_, value) => value.is_string(),
        };
        if !fits {
            let kind = schema.get("type").and_then(Value::as_str).unwrap_or("one of several scalars");
            found.push(format!("{at} is {}, the schema says {kind} ({name})", describe(value)));
        }
    }

    fn alternatives(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let mut best: Option<Vec<String>> = None;
        for branch in array(schema, "oneOf") {
            let mut faults = Vec::new();
            self.value(branch, value, at, &mut faults);
            if faults.is_empty() {
                return;
            }
            if best.as_ref().is_none_or(|best| faults.len() < best.len()) {
                best = Some(faults);
            }
        }
        found.extend(best.into_iter().flatten());
    }

    fn array(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let Some(items) = value.as_array() else {
            return found.push(format!("{at} is {}, the schema says array", describe(value)));
        };
        let Some(schema) = schema.get("items") else { return };
        for (index, item) in items.iter().enumerate() {
            let deeper = Checker { root: self.root, sent: self.sent, depth: self.depth + 1 };
            deeper.value(schema, item, &format!("{at}[{index}]"), found);
        }
    }

    fn object(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let Some(map) = value.as_object() else {
            return found.push(format!("{at} is {}, the schema says object", describe(value)));
        };
        let fields = Fields::of(self.root, schema);
        let deeper = Checker { root: self.root, sent: self.sent, depth: self.depth + 1 };
        for (name, member) in map {
            let at = format!("{at}.{name}");
            match (fields.properties.get(name.as_str()), fields.rest) {
                (Some(property), _) => deeper.value(property, member, &at, found),
                (None, Rest::Schema(values)) => deeper.value(values, member, &at, found),
                (None, Rest::Any) => {}
                // `data: {}` of an envelope without data.
                (None, Rest::None) if name == "data" && is_nothing(member) => {}
                (None, Rest::None) => found.push(format!("{at} is not in the schema")),
            }
        }
        if self.sent {
            for name in fields.required.iter().filter(|name| !map.contains_key(**name)) {
                found.push(format!("{at} lacks the required field {name}"));
            }
        }
    }
}

/// What members an object may have besides its properties.
#[derive(Clone, Copy, Debug)]
pub enum Rest<'a> {
    /// None that we know of.
    None,
    /// Anything.
    Any,
    /// Values of this schema: a map.
    Schema(&'a Value),
}

/// All properties of an object, including those of its compositions.
#[derive(Debug)]
pub struct Fields<'a> {
    /// Property schemas by name, in order.
    pub properties: IndexMap<&'a str, &'a Value>,
    /// Names that must be there.
    pub required: Vec<&'a str>,
    /// Other members.
    pub rest: Rest<'a>,
}

impl<'a> Fields<'a> {
    /// Collects the fields of an object schema.
    pub fn of(root: &'a Value, schema: &'a Value) -> Self {
        let mut fields = Self { properties: IndexMap::new(), required: Vec::new(), rest: Rest::None };
        fields.add(root, schema, 0);
        let free = fields.properties.is_empty() && matches!(fields.rest, Rest::None);
        if free && resolve(root, schema).get("additionalProperties") == Some(&Value::Bool(true)) {
            fields.rest = Rest::Any;
        }
        fields
    }

    fn add(&mut self, root: &'a Value, schema: &'a Value, depth: usize) {
        let schema = resolve(root, schema);
        if depth > 8 {
            return;
        }
        for part in array(schema, "allOf") {
            self.add(root, part, depth + 1);
        }
        self.properties.extend(object(schema, "properties").map(|(name, property)| (name.as_str(), property)));
        for key in ["required", crate::bundle::required::KEY] {
            self.required.extend(array(schema, key).filter_map(Value::as_str));
        }
        match schema.get("additionalProperties") {
            Some(Value::Bool(true)) => self.rest = Rest::Any,
            Some(values) if values.is_object() => self.rest = Rest::Schema(values),
            _ => {}
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn describe(value: &Value) -> String {
    let text = value.to_string();
    let short: String = text.chars().take(40).collect();
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "the boolean",
        Value::Number(_) => "the number",
        Value::String(_) => "the text",
        Value::Array(_) => "the list",
        Value::Object(_) => "the object",
    };
    if short.len() < text.len() { format!("{kind} {short}..") } else { format!("{kind} {short}") }
}
