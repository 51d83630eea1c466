//! Checks of schemas: keywords, types, formats, alternatives, enums, texts.

use serde_json::Value;

use super::texts::Extent;
use super::{Lint, clashes};
use crate::bundle::required;
use crate::document::{
    Trail, array, below, components, object, operations, parameters, received_components, reference, resolve,
    sent_components, trail, webhooks,
};
use crate::names::snake;
use crate::wire::{Wire, classify};

const KEYS: [&str; 16] = [
    "type",
    "format",
    "description",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "allOf",
    "oneOf",
    "enum",
    "nullable",
    "example",
    "deprecated",
    "x-enum-varnames",
    "x-enum-descriptions",
    required::KEY,
];

/// Keywords that JSON Schema has and we do not: each with the reason.
const FORBIDDEN: [(&str, &str); 21] = [
    ("title", "it overrides type names"),
    ("discriminator", "the generator ignores it"),
    ("anyOf", "it becomes a struct of options; see the table of alternatives"),
    ("not", "the generator refuses it"),
    ("default", "say the default in the description"),
    ("pattern", "say it in the description"),
    ("minLength", "say it in the description"),
    ("maxLength", "say it in the description"),
    ("minimum", "say it in the description"),
    ("maximum", "say it in the description"),
    ("exclusiveMinimum", "say it in the description"),
    ("exclusiveMaximum", "say it in the description"),
    ("multipleOf", "say it in the description"),
    ("minItems", "say it in the description"),
    ("maxItems", "say it in the description"),
    ("uniqueItems", "say it in the description"),
    ("minProperties", "say it in the description"),
    ("maxProperties", "say it in the description"),
    ("readOnly", "use two components"),
    ("writeOnly", "use two components"),
    ("externalDocs", "link the page at the operation"),
];

/// Where a schema stands; some rules depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    /// A component.
    Component,
    /// A property of an object.
    Property,
    /// `data` of an envelope: it needs no text of its own.
    Data,
    /// The schema of a body, an answer or a parameter.
    Root,
    /// An element, an alternative, a part of a composition, the value of a map.
    Inner,
}

/// Checks every schema of the document.
pub fn check(lint: &mut Lint<'_>) {
    let root = lint.root();
    let (sent, received) = (sent_components(root), received_components(root));
    for (name, schema) in components(root, "schemas") {
        let place = trail(&["components", "schemas", name]);
        let (sent, received) = (sent.contains(name.as_str()), received.contains(name.as_str()));
        check_component(lint, &place, schema);
        Walker { lint: &mut *lint, sent, received }.schema(&place, schema, Position::Component);
    }
    for (name, parameter) in components(root, "parameters") {
        if let Some(schema) = parameter.get("schema") {
            let place = trail(&["components", "parameters", name, "schema"]);
            Walker { lint: &mut *lint, sent: true, received: false }.schema(&place, schema, Position::Root);
        }
    }
    for operation in operations(root) {
        for (place, parameter) in parameters(root, &operation) {
            if let (Some(schema), true) = (parameter.get("schema"), place[0] == "paths") {
                Walker { lint: &mut *lint, sent: true, received: false }.schema(
                    &below(&place, &["schema"]),
                    schema,
                    Position::Root,
                );
            }
        }
        let place = operation.trail();
        if let Some(body) = operation.value.get("requestBody") {
            check_content(lint, &below(&place, &["requestBody"]), body, true);
        }
        for (status, response) in operation.value.get("responses").and_then(Value::as_object).into_iter().flatten() {
            check_content(lint, &below(&place, &["responses", status]), response, false);
        }
    }
    for webhook in webhooks(root) {
        if let Some(body) = webhook.value.get("requestBody") {
            check_content(lint, &below(&webhook.trail(), &["requestBody"]), body, false);
        }
    }
}

fn check_content(lint: &mut Lint<'_>, place: &[String], holder: &Value, sent: bool) {
    for (media, value) in object(holder, "content") {
        let Some(schema) = value.get("schema") else { continue };
        let place = below(place, &["content", media, "schema"]);
        let binary = media != "application/json";
        if binary && schema.get("format").and_then(Value::as_str) == Some("binary") {
            continue;
        }
        Walker { lint: &mut *lint, sent, received: !sent }.schema(&place, schema, Position::Root);
    }
}

/// Components are objects and enums.
fn check_component(lint: &mut Lint<'_>, place: &Trail, schema: &Value) {
    let kind = schema.get("type").and_then(Value::as_str).unwrap_or_default();
    let is_map = schema.get("properties").is_none() && schema.get("additionalProperties").is_some();
    let good = schema.get("enum").is_some() || schema.get("allOf").is_some() || (kind == "object" && !is_map);
    if !good {
        lint.complain(
            place,
            "a component is neither an object nor an enum",
            "write scalars, lists, maps and oneOf inline",
        );
    }
}

struct Walker<'l, 'a> {
    lint: &'l mut Lint<'a>,
    sent: bool,
    received: bool,
}

impl Walker<'_, '_> {
    fn schema(&mut self, place: &Trail, schema: &Value, position: Position) {
        let Some(map) = schema.as_object() else {
            return self.lint.complain(place, "a schema is not a mapping", "write `type:` and so on");
        };
        if schema.get("$ref").is_some() {
            return self.reference(place, schema, position);
        }
        self.keywords(place, schema);
        let description = schema.get("description").and_then(Value::as_str);
        let name = place.last().cloned().unwrap_or_default();
        match position {
            // Bodies and answers are described at their operation.
            Position::Component if description.is_none() && is_body_name(&name) => {}
            Position::Component => self.lint.description(place, &name, description, Extent::Page),
            Position::Property => self.lint.description(place, &name, description, Extent::Paragraph),
            Position::Data | Position::Root | Position::Inner if description.is_some() => {
                self.lint.text(place, "description", description, Extent::Page);
            }
            _ => {}
        }
        self.nullable(place, schema);
        if map.contains_key("allOf") {
            self.all_of(place, schema);
        } else if map.contains_key("oneOf") {
            self.one_of(place, schema);
        } else {
            self.typed(place, schema);
        }
    }

    fn reference(&mut self, place: &Trail, schema: &Value, position: Position) {
        if schema.as_object().is_some_and(|map| map.len() > 1) {
            let help = "write `allOf: [{$ref: ..}]` and the text beside it";
            self.lint.complain(place, "there is something beside a $ref, which is dropped", help);
        }
        if position == Position::Property {
            let help = "write `allOf: [{$ref: ..}]` and `description`";
            self.lint.complain(place, "no description beside the reference", help);
        }
        let target = resolve(self.lint.root(), schema);
        if !matches!(reference(schema), Some(("schemas", _))) || reference(target).is_some() {
            let name = schema.get("$ref").and_then(Value::as_str).unwrap_or_default();
            self.lint.complain(place, format!("the reference {name} leads nowhere"), "mend the name");
        }
    }

    fn keywords(&mut self, place: &Trail, schema: &Value) {
        let keys: Vec<&String> = schema.as_object().into_iter().flat_map(|map| map.keys()).collect();
        for key in keys {
            if let Some((_, reason)) = FORBIDDEN.iter().find(|(word, _)| word == key) {
                self.lint.complain(place, format!("the keyword `{key}` is not allowed"), *reason);
            } else if !KEYS.contains(&key.as_str()) {
                let what = if key.starts_with("x-") { "unknown extension" } else { "unknown keyword" };
                self.lint.complain(place, format!("{what} `{key}`"), "specs/README.md lists what is allowed");
            }
        }
        self.required(place, schema);
        if schema.get("enum").is_none()
            && (schema.get("x-enum-varnames").is_some() || schema.get("x-enum-descriptions").is_some())
        {
            self.lint.complain(place, "names of enum values without `enum`", "write the values");
        }
    }

    /// Vendors leave out documented fields, so nothing that is received is required.
    fn required(&mut self, place: &Trail, schema: &Value) {
        if self.received && schema.get("required").is_some() {
            let help = "drop it: what is received has no required fields";
            self.lint.complain(place, "`required` in a schema that is received", help);
        }
        if schema.get(required::KEY).is_some() && !(self.sent && self.received) {
            let help = "write `required`; the bundler renames it where it must";
            self.lint.complain(place, format!("`{}` is written out", required::KEY), help);
        }
    }

    fn nullable(&mut self, place: &Trail, schema: &Value) {
        if schema.get("nullable").is_none() {
            return;
        }
        let is_list = schema.get("type").and_then(Value::as_str) == Some("array");
        if !is_list || !self.sent {
            let help = "only for a list in a request that can be cleared; answers take null everywhere";
            self.lint.complain(place, "`nullable` has no use here", help);
        }
    }

    fn all_of(&mut self, place: &Trail, schema: &Value) {
        let parts: Vec<&Value> = array(schema, "allOf").collect();
        for (index, part) in parts.iter().enumerate() {
            let below_part = below(place, &["allOf", &index.to_string()]);
            let data = parts.len() > 1 && reference(part).is_none() && self.beside_envelope(&parts);
            if data {
                self.keywords(&below_part, part);
                if part.get("type").and_then(Value::as_str) != Some("object") {
                    self.lint.complain(
                        &below_part,
                        "what stands beside the envelope is not an object",
                        "write `type: object`",
                    );
                }
                self.properties(&below_part, part, Position::Data);
            } else {
                self.schema(&below_part, part, Position::Inner);
            }
            let target = resolve(self.lint.root(), part);
            let object = target.get("properties").is_some()
                || target.get("allOf").is_some()
                || target.get("type").and_then(Value::as_str) == Some("object");
            if parts.len() > 1 && !object {
                self.lint.complain(&below_part, "a part of allOf is not an object", "compose objects only");
            }
        }
        if parts.is_empty() {
            self.lint.complain(place, "an empty allOf", "name a component");
        }
        for key in ["type", "properties", "items", "enum", "format"] {
            if schema.get(key).is_some()
                && !(key == "type" && schema.get(key).and_then(Value::as_str) == Some("object"))
            {
                self.lint.complain(place, format!("`{key}` beside allOf"), "put it into a part");
            }
        }
    }

    fn beside_envelope(&self, parts: &[&Value]) -> bool {
        parts.iter().any(|part| crate::document::schema_name(part) == Some("Envelope"))
    }

    fn one_of(&mut self, place: &Trail, schema: &Value) {
        for (index, branch) in array(schema, "oneOf").enumerate() {
            self.schema(&below(place, &["oneOf", &index.to_string()]), branch, Position::Inner);
        }
        if classify(schema) == Some(Wire::Unsupported) {
            self.lint.complain(
                place,
                "this combination of alternatives is not supported",
                "see the table in specs/README.md",
            );
        }
    }

    fn typed(&mut self, place: &Trail, schema: &Value) {
        let Some(kind) = schema.get("type").and_then(Value::as_str) else {
            return self.lint.complain(place, "no type", "write string, integer, number, boolean, array or object");
        };
        self.format(place, kind, schema);
        if schema.get("enum").is_some() {
            return super::enums::check(self.lint, place, kind, schema);
        }
        match kind {
            "string" | "integer" | "number" | "boolean" => {
                if let Some(example) = schema.get("example") {
                    for fault in super::examples::faults(self.lint.root(), schema, example, false) {
                        self.lint.complain(
                            place,
                            format!("example: {fault}"),
                            "copy the page's value, or mend the type",
                        );
                    }
                }
            }
            "array" => match schema.get("items") {
                Some(items) => self.schema(&below(place, &["items"]), items, Position::Inner),
                None => self.lint.complain(place, "a list without `items`", "say what is in it"),
            },
            "object" => self.object(place, schema),
            other => self.lint.complain(place, format!("unknown type {other}"), "see specs/README.md"),
        }
    }

    fn format(&mut self, place: &Trail, kind: &str, schema: &Value) {
        let Some(format) = schema.get("format") else { return };
        let known: &[&str] = match kind {
            "string" => &["int64", "unix-seconds", "unix-millis", "date-time", "byte", "password", "binary"],
            "integer" => &["int64", "unix-seconds", "unix-millis"],
            _ => &[],
        };
        if !format.as_str().is_some_and(|format| known.contains(&format)) {
            self.lint.complain(place, format!("the format {format} of a {kind}"), "see the table in specs/README.md");
        }
        let in_json =
            place.iter().any(|step| step == "application/json") || place.first().is_some_and(|s| s == "components");
        if format == "binary" && in_json && place.first().is_some_and(|s| s == "paths") {
            self.lint.complain(place, "binary inside JSON", "Base64 text is `format: byte`");
        }
    }

    fn object(&mut self, place: &Trail, schema: &Value) {
        self.properties(place, schema, Position::Property);
        let has_properties = schema.get("properties").is_some();
        match schema.get("additionalProperties") {
            None | Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) => {
                self.lint.complain(place, "`additionalProperties: false` breaks on every new field", "drop it");
            }
            Some(_) if has_properties => {
                self.lint.complain(
                    place,
                    "properties and a map at once",
                    "use `additionalProperties: true`, or two objects",
                );
            }
            Some(values) => self.schema(&below(place, &["additionalProperties"]), values, Position::Inner),
        }
    }

    fn properties(&mut self, place: &Trail, schema: &Value, position: Position) {
        let names: Vec<&str> = object(schema, "properties").map(|(name, _)| name.as_str()).collect();
        for (name, property) in object(schema, "properties") {
            let below_property = below(place, &["properties", name]);
            let position =
                if name == "data" && position == Position::Data { Position::Data } else { Position::Property };
            self.schema(&below_property, property, position);
        }
        for (one, other, spelt) in clashes(names.iter().copied(), snake) {
            self.lint.complain(
                place,
                format!("{one} and {other} are both called {spelt} in Rust"),
                "ask the maintainers",
            );
        }
        if let Some(required) = schema.get("required").or(schema.get(required::KEY)) {
            let listed: Option<Vec<&str>> =
                required.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
            match listed {
                None => self.lint.complain(place, "`required` is not a list of names", "it stands beside `properties`"),
                Some(listed) => {
                    for name in listed.iter().filter(|name| !names.contains(name)) {
                        self.lint.complain(
                            place,
                            format!("the required property {name} does not exist"),
                            "mend the name",
                        );
                    }
                }
            }
        }
    }
}

fn is_body_name(name: &str) -> bool {
    ["Request", "Response", "Event"].iter().any(|end| name.ends_with(end))
}
