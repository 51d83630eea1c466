//! Writes the document that progenitor reads: no texts, no extensions, no keywords that narrow a type.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::hoist::{object_schema, reference};
use super::plan::{EnumPlan, FieldPlan, OperationPlan, TypePlan};
use crate::document::schema_name;
use crate::rules::{Rule, Rules};
use crate::vendor::Vendor;
use crate::wire::{self, Wire, classify};

/// Builds the lowered document.
#[derive(Debug)]
pub struct Emitter<'a> {
    /// Whose document it is.
    pub vendor: Vendor,
    /// Counters.
    pub rules: &'a Rules,
    /// Structs.
    pub types: &'a IndexMap<String, TypePlan>,
    /// Enums.
    pub enums: &'a IndexMap<String, EnumPlan>,
    /// Components that stand for a Rust type.
    pub replacements: IndexMap<String, String>,
}

impl Emitter<'_> {
    /// Returns the whole document.
    pub fn document(&mut self, info: &Value, operations: &[OperationPlan]) -> Value {
        let mut paths: Map<String, Value> = Map::new();
        for plan in operations.iter().filter(|plan| plan.generated) {
            let operation = self.operation(plan);
            let item = paths.entry(plan.path.clone()).or_insert_with(|| json!({}));
            item[plan.method.to_lowercase()] = operation;
        }
        let mut schemas = Map::new();
        for (name, plan) in self.types {
            let schema = self.component(plan);
            schemas.insert(name.clone(), schema);
        }
        for name in self.enums.keys() {
            let path = format!("::{}::types::{name}", self.vendor.crate_ident());
            self.replacements.insert(name.clone(), path);
        }
        self.replacements.insert("ApiError".to_owned(), "::huiyi_core::Error".to_owned());
        for name in self.replacements.keys() {
            schemas.insert(name.clone(), json!({"type": "object"}));
        }
        let version = info.get("version").cloned().unwrap_or_else(|| json!("0"));
        let error = json!({
            "description": "",
            "content": {"application/json": {"schema": reference("ApiError")}},
        });
        json!({
            "openapi": "3.0.3",
            "info": {"title": self.vendor.title, "version": version},
            "paths": paths,
            "components": {"responses": {"Error": error}, "schemas": schemas},
        })
    }

    fn operation(&mut self, plan: &OperationPlan) -> Value {
        let parameters: Vec<Value> = plan
            .parameters
            .iter()
            .map(|parameter| {
                json!({
                    "name": parameter.wire,
                    "in": parameter.location,
                    "required": parameter.required,
                    "schema": self.schema(&parameter.schema),
                })
            })
            .collect();
        let error = json!({"$ref": "#/components/responses/Error"});
        let mut success = json!({"description": ""});
        if let Some(schema) = plan.answer.schema() {
            success["content"] = json!({"application/json": {"schema": self.schema(schema)}});
        } else if plan.answer == super::plan::Answer::Raw {
            let binary = json!({"type": "string", "format": "binary"});
            success["content"] = json!({"application/octet-stream": {"schema": binary}});
        }
        let mut operation = json!({
            "operationId": plan.id,
            "parameters": parameters,
            "responses": {"2XX": success, "4XX": error, "5XX": error},
        });
        if let Some(body) = &plan.body {
            let schema = match body.media.as_str() {
                "application/octet-stream" => json!({"type": "string", "format": "binary"}),
                _ => self.schema(&body.schema),
            };
            operation["requestBody"] = json!({"required": true, "content": {&body.media: {"schema": schema}}});
        }
        operation
    }

    fn component(&mut self, plan: &TypePlan) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in &plan.fields {
            let mut schema = self.schema(&field.schema);
            // An empty list that the caller sets is sent, so it must differ from an unset one.
            let may_be_empty = plan.sent && !field.required && is_collection(&schema);
            if may_be_empty && self.rules.apply(Rule::EmptyListSent) {
                schema["nullable"] = json!(true);
            }
            properties.insert(field.wire.clone(), schema);
            if self.is_required(plan, field) {
                required.push(field.wire.clone());
            }
        }
        let mut schema = object_schema(properties, required);
        // Without it, the generator would make a map of an event that has no known members.
        if plan.fields.is_empty() {
            schema["additionalProperties"] = json!(false);
        }
        schema
    }

    /// Returns whether a field is required. Vendors leave out documented fields of answers, so in answers only the
    /// objects that are always there are required.
    fn is_required(&self, plan: &TypePlan, field: &FieldPlan) -> bool {
        let kept = field.required && !(plan.received && self.rules.apply(Rule::RequiredDropped));
        kept || (plan.received && field.always)
    }

    fn schema(&mut self, schema: &Value) -> Value {
        if let Some(name) = schema_name(schema) {
            return reference(name);
        }
        if let Some(inner) = schema.get("huiyi-one-or-many") {
            if self.rules.apply(Rule::OneOrMany) {
                return self.replacement("OneOrMany", inner);
            }
            return self.schema(inner);
        }
        if let Some(inner) = schema.get("huiyi-string-or") {
            if self.rules.apply(Rule::StringOr) {
                return self.replacement("StringOr", inner);
            }
            return self.schema(inner);
        }
        if let Some(Wire::Scalar(name)) = classify(schema) {
            let alternatives = schema.get("oneOf").is_some();
            if self.rules.apply(if alternatives { Rule::AlternativesWire } else { Rule::ScalarWire }) {
                return json!({"type": "string", "format": wire::format(name)});
            }
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("array") => {
                let items = schema.get("items").map(|items| self.schema(items));
                json!({"type": "array", "items": items.unwrap_or_else(|| json!({"type": "string"}))})
            }
            Some("object") => match schema.get("additionalProperties") {
                Some(values) if values.is_object() => {
                    json!({"type": "object", "additionalProperties": self.schema(values)})
                }
                _ => json!({"type": "object", "additionalProperties": true}),
            },
            Some(kind) => json!({ "type": kind }),
            None => json!({"type": "object", "additionalProperties": true}),
        }
    }

    /// A component that is replaced by `huiyi_core::wire::{wrapper}` around another type.
    fn replacement(&mut self, wrapper: &str, inner: &Value) -> Value {
        let (name, path) = match schema_name(inner) {
            Some(name) => (name.to_owned(), format!("::{}::types::{name}", self.vendor.crate_ident())),
            None => match inner.get("type").and_then(Value::as_str) {
                Some("integer") => ("Integer".to_owned(), "i64".to_owned()),
                Some("number") => ("Number".to_owned(), "f64".to_owned()),
                Some("boolean") => ("Boolean".to_owned(), "bool".to_owned()),
                Some("object") => {
                    let path = "::serde_json::Map<::std::string::String, ::serde_json::Value>";
                    ("Object".to_owned(), path.to_owned())
                }
                _ => ("Text".to_owned(), "::std::string::String".to_owned()),
            },
        };
        let component = format!("Huiyi{wrapper}{name}");
        self.replacements.insert(component.clone(), format!("::huiyi_core::wire::{wrapper}<{path}>"));
        reference(&component)
    }
}

/// Whether a schema is that of a list, a map or a free-form object.
fn is_collection(schema: &Value) -> bool {
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => true,
        Some("object") => schema.get("additionalProperties").is_some(),
        _ => false,
    }
}
