//! Gives a name to every object and enum: inline ones become components.
//!
//! The generator would make a closed enum of an inline enum, and would name an inline object by its place, so the
//! name would change with the place.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::plan::{EnumPlan, FieldPlan, TypePlan, VariantPlan};
use crate::document::{array, components, resolve, schema_name};
use crate::lint::examples::Fields;
use crate::names::{pascal, singular, snake};
use crate::rules::{Rule, Rules};
use crate::wire::{Wire, classify};

/// Collects types and enums while schemas are walked.
#[derive(Debug)]
pub struct Hoister<'a> {
    root: &'a Value,
    rules: &'a Rules,
    /// Structs so far.
    pub types: IndexMap<String, TypePlan>,
    /// Enums so far.
    pub enums: IndexMap<String, EnumPlan>,
    /// Schemas that have a name, to find different schemas with the same name.
    named: IndexMap<String, Value>,
    /// Names that different schemas have.
    pub clashes: Vec<String>,
}

/// The struct and field that contain an inline schema.
type Place<'p> = Option<(&'p str, &'p str)>;

impl<'a> Hoister<'a> {
    /// Starts with the document's own components.
    pub fn new(root: &'a Value, rules: &'a Rules) -> Self {
        let mut hoister = Self {
            root,
            rules,
            types: IndexMap::new(),
            enums: IndexMap::new(),
            named: IndexMap::new(),
            clashes: Vec::new(),
        };
        for (name, schema) in components(root, "schemas") {
            if is_answer_wrapper(schema) || matches!(name.as_str(), "Envelope" | "ApiError") {
                continue;
            }
            hoister.named.insert(name.clone(), schema.clone());
        }
        for (name, schema) in hoister.named.clone() {
            hoister.define(&name, &schema, None);
        }
        hoister
    }

    /// Returns the schema with references to everything that has a name. `name` is the name of the schema itself.
    pub fn place(&mut self, schema: &Value, name: &str, inside: Place<'_>) -> Value {
        if let Some(target) = schema_name(schema) {
            return if self.is_free_form(target) { free_form() } else { schema.clone() };
        }
        if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice)
            && self.rules.apply(Rule::TextBesideReference)
        {
            return self.place(only, name, inside);
        }
        if let Some(wire) = classify(schema) {
            return self.place_wire(schema, &wire, name, inside);
        }
        if schema.get("enum").is_some() && self.rules.apply(Rule::InlineEnum) {
            return self.hoist(schema, name, inside);
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("array") => self.place_array(schema, name, inside),
            Some("object") | None => self.place_object(schema, name, inside),
            Some(_) => schema.clone(),
        }
    }

    fn place_wire(&mut self, schema: &Value, wire: &Wire, name: &str, inside: Place<'_>) -> Value {
        let branches: Vec<&Value> = array(schema, "oneOf").collect();
        let (index, name) = match wire {
            Wire::OneOrMany(index) => (*index, pascal(&singular(name))),
            Wire::StringOr(index) => (*index, name.to_owned()),
            Wire::Scalar(_) | Wire::Unsupported => return schema.clone(),
        };
        let Some(branch) = branches.get(index) else { return schema.clone() };
        let item = branch.get("items").filter(|_| matches!(wire, Wire::OneOrMany(_)));
        let placed = self.place(item.unwrap_or(branch), &name, inside);
        let key = if matches!(wire, Wire::OneOrMany(_)) { "huiyi-one-or-many" } else { "huiyi-string-or" };
        json!({ key: placed })
    }

    fn place_array(&mut self, schema: &Value, name: &str, inside: Place<'_>) -> Value {
        let mut out = schema.as_object().cloned().unwrap_or_default();
        if let Some(items) = schema.get("items") {
            let element = pascal(&singular(name));
            let placed = self.place(items, &element, inside);
            out.insert("items".to_owned(), placed);
        }
        Value::Object(out)
    }

    fn place_object(&mut self, schema: &Value, name: &str, inside: Place<'_>) -> Value {
        let fields = Fields::of(self.root, schema);
        if !fields.properties.is_empty() && self.rules.apply(Rule::InlineObject) {
            return self.hoist(schema, name, inside);
        }
        match schema.get("additionalProperties") {
            Some(values) if values.is_object() => {
                let placed = self.place(values, &format!("{name}Value"), inside);
                json!({"type": "object", "additionalProperties": placed})
            }
            _ => free_form(),
        }
    }

    /// Makes a component of an inline schema.
    pub fn hoist(&mut self, schema: &Value, name: &str, inside: Place<'_>) -> Value {
        match self.named.get(name) {
            Some(other) if same(other, schema) => {}
            Some(_) => self.clashes.push(name.to_owned()),
            None => {
                self.named.insert(name.to_owned(), schema.clone());
                self.define(name, schema, inside);
            }
        }
        reference(name)
    }

    fn define(&mut self, name: &str, schema: &Value, inside: Place<'_>) {
        let description = schema.get("description").and_then(Value::as_str).map(str::to_owned);
        let inline_in = inside.map(|(parent, field)| (parent.to_owned(), field.to_owned()));
        if schema.get("enum").is_some() {
            let plan = enumeration(name, schema, description, inline_in);
            self.enums.insert(name.to_owned(), plan);
            return;
        }
        if self.is_free_form(name) {
            return;
        }
        let root = self.root;
        let copy = schema.clone();
        let fields = Fields::of(root, &copy);
        let required: Vec<String> = fields.required.iter().map(|name| (*name).to_owned()).collect();
        let properties: Vec<(String, Value)> =
            fields.properties.iter().map(|(name, schema)| ((*name).to_owned(), (*schema).clone())).collect();
        let plan = TypePlan { description, inline_in, ..TypePlan::empty(name) };
        // A struct comes before the types of its fields.
        self.types.insert(name.to_owned(), plan);
        let fields = properties.into_iter().map(|(wire, schema)| self.field(name, wire, &schema, &required)).collect();
        if let Some(plan) = self.types.get_mut(name) {
            plan.fields = fields;
        }
    }

    fn field(&mut self, parent: &str, wire: String, schema: &Value, required: &[String]) -> FieldPlan {
        let name = format!("{parent}{}", pascal(&wire));
        let placed = self.place(schema, &name, Some((parent, &wire)));
        FieldPlan {
            rust: snake(&wire),
            description: schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned(),
            example: schema.get("example").cloned(),
            deprecated: schema.get("deprecated") == Some(&Value::Bool(true)),
            schema: placed,
            required: required.contains(&wire),
            filled: false,
            always: false,
            wire,
        }
    }

    /// Whether a component is an object without known fields.
    fn is_free_form(&self, name: &str) -> bool {
        let target = reference(name);
        let schema = match self.named.get(name) {
            Some(schema) => schema,
            None => resolve(self.root, &target),
        };
        let object = schema.get("type").and_then(Value::as_str) == Some("object");
        object && Fields::of(self.root, schema).properties.is_empty()
    }
}

/// Returns whether a component only puts the envelope around an answer.
fn is_answer_wrapper(schema: &Value) -> bool {
    array(schema, "allOf").any(|part| schema_name(part) == Some("Envelope"))
}

/// Returns whether two schemas are equal, apart from texts.
fn same(one: &Value, other: &Value) -> bool {
    let bare = |schema: &Value| {
        let mut map = schema.as_object().cloned().unwrap_or_default();
        map.retain(|key, _| key != "description" && key != "example");
        map
    };
    bare(one) == bare(other)
}

/// Returns a reference to a schema component.
pub fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn free_form() -> Value {
    json!({"type": "object", "additionalProperties": true})
}

fn enumeration(
    name: &str,
    schema: &Value,
    description: Option<String>,
    inline_in: Option<(String, String)>,
) -> EnumPlan {
    let texts =
        |key: &str| -> Vec<String> { array(schema, key).filter_map(Value::as_str).map(str::to_owned).collect() };
    let (names, docs) = (texts("x-enum-varnames"), texts("x-enum-descriptions"));
    let variants = array(schema, "enum").enumerate().map(|(index, value)| VariantPlan {
        name: names.get(index).cloned().unwrap_or_else(|| format!("Value{index}")),
        value: value.clone(),
        description: docs.get(index).cloned().unwrap_or_default(),
    });
    EnumPlan {
        name: name.to_owned(),
        description,
        integer: schema.get("type").and_then(Value::as_str) == Some("integer"),
        variants: variants.collect(),
        events_only: false,
        inline_in,
    }
}

/// Returns an object schema of these properties.
pub fn object_schema(properties: Map<String, Value>, required: Vec<String>) -> Value {
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}
