//! Checks whether a request fits the document: nothing required is missing, nothing is unknown, types are right.
//!
//! Values of enums are not checked, since the vendors' enums are open.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::multipart::part_names;
use crate::record::Request;
use crate::spec::{Body, Operation, Spec, elements, members};

/// A difference between a request and the document. The text is a path such as `settings.hosts[0].userid`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Violation {
    /// A required parameter or field is missing.
    Missing(String),
    /// The document does not have this parameter or field.
    Unknown(String),
    /// A query parameter that is not a list occurs twice.
    Repeated(String),
    /// The value is not of the documented type.
    Type { name: String, expected: &'static str },
    /// A required body is missing, or the body is not of the documented media type.
    NoBody,
    /// The body is neither JSON nor a form.
    Malformed,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(formatter, "{name} is required"),
            Self::Unknown(name) => write!(formatter, "{name} is unknown"),
            Self::Repeated(name) => write!(formatter, "{name} is given more than once"),
            Self::Type { name, expected } => write!(formatter, "{name} must be of type {expected}"),
            Self::NoBody => formatter.write_str("body is required"),
            Self::Malformed => formatter.write_str("body is malformed"),
        }
    }
}

impl Violation {
    /// Returns the parameter or field of the violation.
    pub(crate) fn field(&self) -> &str {
        match self {
            Self::Missing(name) | Self::Unknown(name) | Self::Repeated(name) => name,
            Self::Type { name, .. } => name,
            Self::NoBody | Self::Malformed => "body",
        }
    }
}

/// Checks query and body of a request. `allowed` lists the query parameters that the vendor accepts in all calls.
pub(crate) fn check_request(
    spec: &Spec,
    operation: &Operation,
    request: &Request,
    allowed: &[&str],
) -> Result<(), Violation> {
    check_query(spec, operation, &request.query_pairs(), allowed)?;
    match &operation.body {
        Some(body) => check_body(spec, body, request),
        None if request.body.is_empty() || request.json().is_some_and(|json| is_empty(&json)) => Ok(()),
        None => Err(Violation::Unknown("body".to_owned())),
    }
}

fn is_empty(json: &Value) -> bool {
    json.as_object().is_some_and(serde_json::Map::is_empty)
}

fn check_query(
    spec: &Spec,
    operation: &Operation,
    pairs: &[(String, String)],
    allowed: &[&str],
) -> Result<(), Violation> {
    for parameter in &operation.query {
        let given: Vec<&str> =
            pairs.iter().filter(|(name, _)| *name == parameter.name).map(|(_, value)| value.as_str()).collect();
        let name = || parameter.name.clone();
        if parameter.required && given.is_empty() {
            return Err(Violation::Missing(name()));
        }
        let schema = Schema::of(spec, &parameter.schema);
        let schema = match schema.items {
            Some(items) => Schema::of(spec, items),
            None if given.len() > 1 => return Err(Violation::Repeated(name())),
            None => schema,
        };
        if let Some(expected) = given.iter().find_map(|text| schema.refuses_text(spec, text)) {
            return Err(Violation::Type { name: name(), expected });
        }
    }
    let is_known = |name: &str| operation.query.iter().any(|parameter| parameter.name == name);
    match pairs.iter().find(|(name, _)| !is_known(name) && !allowed.contains(&name.as_str())) {
        Some((name, _)) => Err(Violation::Unknown(name.clone())),
        None => Ok(()),
    }
}

fn check_body(spec: &Spec, body: &Body, request: &Request) -> Result<(), Violation> {
    if request.body.is_empty() {
        return if body.required { Err(Violation::NoBody) } else { Ok(()) };
    }
    // The vendors accept JSON without a content type; Feishu's own SDK sends such requests.
    let is_plain = request.header("content-type").is_none() && body.media_type == "application/json";
    if !is_plain && !request.is_of_type(&body.media_type) {
        return Err(Violation::NoBody);
    }
    if body.media_type == "multipart/form-data" {
        let content_type = request.header("content-type").unwrap_or_default();
        let names = part_names(content_type, &request.body).ok_or(Violation::Malformed)?;
        let schema = Schema::of(spec, &body.schema);
        schema.refuses_names("", &names.iter().map(String::as_str).collect::<Vec<_>>())
    } else {
        let json = request.json().ok_or(Violation::Malformed)?;
        check_value(spec, &body.schema, &json, "")
    }
}

/// Checks a JSON value against a schema; `path` is its place in the request.
pub(crate) fn check_value(spec: &Spec, schema: &Value, value: &Value, path: &str) -> Result<(), Violation> {
    let schema = Schema::of(spec, schema);
    if let Some((first, others)) = schema.branches.split_first() {
        return check_value(spec, first, value, path).or_else(|violation| {
            let fits = others.iter().any(|branch| check_value(spec, branch, value, path).is_ok());
            if fits { Ok(()) } else { Err(violation) }
        });
    }
    if let Some(expected) = schema.refuses_type(value) {
        let name = if path.is_empty() { "body" } else { path };
        return Err(Violation::Type { name: name.to_owned(), expected });
    }
    if let Some(items) = schema.items {
        for (index, item) in elements(value).enumerate() {
            check_value(spec, items, item, &format!("{path}[{index}]"))?;
        }
    }
    if schema.is_object() && value.is_object() {
        let names: Vec<&str> = members(value).map(|(name, _)| name.as_str()).collect();
        schema.refuses_names(path, &names)?;
        for (name, member) in members(value) {
            let known = schema.properties.get(name.as_str()).copied();
            if let Some(schema) = known.or(schema.additional.filter(|schema| schema.is_object())) {
                check_value(spec, schema, member, &join(path, name))?;
            }
        }
    }
    Ok(())
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A schema with its references followed and its `allOf` merged.
#[derive(Debug, Default)]
struct Schema<'a> {
    kind: Option<&'a str>,
    format: Option<&'a str>,
    is_nullable: bool,
    properties: BTreeMap<&'a str, &'a Value>,
    required: Vec<&'a str>,
    additional: Option<&'a Value>,
    items: Option<&'a Value>,
    branches: Vec<&'a Value>,
}

impl<'a> Schema<'a> {
    fn of(spec: &'a Spec, schema: &'a Value) -> Self {
        let mut merged = Self::default();
        merged.merge(spec, schema, 0);
        merged
    }

    fn merge(&mut self, spec: &'a Spec, schema: &'a Value, depth: usize) {
        let schema = spec.resolve(schema);
        self.kind = schema["type"].as_str().or(self.kind);
        self.format = schema["format"].as_str().or(self.format);
        self.is_nullable |= schema["nullable"] == true;
        self.items = schema.get("items").or(self.items);
        self.additional = schema.get("additionalProperties").or(self.additional);
        for key in ["required", "x-required-in-requests"] {
            self.required.extend(elements(&schema[key]).filter_map(Value::as_str));
        }
        self.branches.extend(elements(&schema["oneOf"]));
        let properties = members(&schema["properties"]);
        self.properties.extend(properties.map(|(name, schema)| (name.as_str(), schema)));
        if depth < 16 {
            for part in elements(&schema["allOf"]) {
                self.merge(spec, part, depth + 1);
            }
        }
    }

    fn is_object(&self) -> bool {
        self.kind == Some("object") || !self.properties.is_empty()
    }

    /// Returns the expected type of a value, if the value has another.
    fn refuses_type(&self, value: &Value) -> Option<&'static str> {
        if value.is_null() && self.is_nullable {
            return None;
        }
        let (fits, expected) = match self.kind {
            Some("string") => match value {
                Value::String(text) => (self.is_text(text), "string holding a number"),
                _ => (false, "string"),
            },
            Some("integer") => (value.is_i64() || value.is_u64(), "integer"),
            Some("number") => (value.is_number(), "number"),
            Some("boolean") => (value.is_boolean(), "boolean"),
            Some("array") => (value.is_array(), "array"),
            Some("object") => (value.is_object(), "object"),
            _ => (true, "any"),
        };
        (!fits).then_some(expected)
    }

    /// Returns the expected type of a query value, if the text cannot be parsed as that type.
    fn refuses_text(&self, spec: &Spec, text: &str) -> Option<&'static str> {
        if !self.branches.is_empty() {
            let refusals = self.branches.iter();
            let mut refusals = refusals.map(|branch| Schema::of(spec, branch).refuses_text(spec, text));
            let first = refusals.next().flatten();
            return first.filter(|_| refusals.all(|refusal| refusal.is_some()));
        }
        let (fits, expected) = match self.kind {
            Some("integer") => (text.parse::<i64>().is_ok(), "integer"),
            Some("number") => (text.parse::<f64>().is_ok(), "number"),
            Some("boolean") => (matches!(text, "true" | "false"), "boolean"),
            _ => (self.is_text(text), "string holding a number"),
        };
        (!fits).then_some(expected)
    }

    /// Returns whether a text fits its format; only number formats are checked.
    fn is_text(&self, text: &str) -> bool {
        let is_number = matches!(self.format, Some("int64" | "unix-seconds" | "unix-millis"));
        !is_number || text.parse::<i64>().is_ok()
    }

    /// Checks for missing and unknown names.
    fn refuses_names(&self, path: &str, names: &[&str]) -> Result<(), Violation> {
        if let Some(name) = self.required.iter().find(|name| !names.contains(name)) {
            return Err(Violation::Missing(join(path, name)));
        }
        // An object without listed properties may contain anything.
        let is_open = match self.additional {
            Some(additional) => additional != &Value::Bool(false),
            None => self.properties.is_empty(),
        };
        let mut names = names.iter();
        match names.find(|name| !is_open && !self.properties.contains_key(**name)) {
            Some(name) => Err(Violation::Unknown(join(path, name))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check_value;
    use crate::server::Vendor;
    use crate::spec::{members, of};

    #[test]
    fn the_examples_of_the_pages_fit_their_schemas() {
        let mut misfits = Vec::new();
        for vendor in Vendor::ALL {
            let spec = of(vendor);
            for operation in spec.paths().flat_map(|(_, item)| members(item)) {
                for (_, content) in members(&operation.1["requestBody"]["content"]) {
                    for (name, example) in members(&content["examples"]) {
                        let checked = check_value(spec, &content["schema"], &example["value"], "");
                        if let Err(violation) = checked {
                            misfits.push(format!("{} {name}: {violation}", operation.1["operationId"]));
                        }
                    }
                }
            }
        }
        assert!(misfits.is_empty(), "{misfits:#?}");
    }
}
