//! Checks of parameters: what the generator can send, and names that would collide.

use serde_json::Value;

use super::examples::Fields;
use super::texts::Extent;
use super::{Lint, clashes};
use crate::document::{Operation, Trail, components, object, parameters, resolve, schema_name};
use crate::names::{is_reserved_parameter, snake};

const KEYS: [&str; 9] =
    ["name", "in", "required", "description", "schema", "example", "style", "explode", "deprecated"];

/// Checks the parameters of one operation.
pub fn check(lint: &mut Lint<'_>, operation: &Operation<'_>) {
    let found = parameters(lint.root(), operation);
    for (place, parameter) in &found {
        if crate::document::reference(parameter).is_some() || !parameter.is_object() {
            lint.complain(&operation.trail(), "a parameter's reference leads nowhere", "see components/parameters");
            continue;
        }
        check_one(lint, operation, place, parameter);
    }
    let names: Vec<&str> = found.iter().filter_map(|(_, p)| p.get("name").and_then(Value::as_str)).collect();
    for (one, other, spelt) in clashes(names.iter().copied(), snake) {
        let what = format!("the parameters {one} and {other} are both called {spelt} in Rust");
        lint.complain(&operation.trail(), what, "the generator cannot tell them apart");
    }
    check_template(lint, operation, &found);
}

fn check_one(lint: &mut Lint<'_>, operation: &Operation<'_>, place: &Trail, parameter: &Value) {
    let text = |key: &str| parameter.get(key).and_then(Value::as_str);
    let (name, location) = (text("name").unwrap_or_default(), text("in").unwrap_or_default());
    lint.known_keys(place, parameter, &KEYS);
    if name.is_empty() {
        lint.complain(place, "a parameter without a name", "write its name on the wire");
        return;
    }
    lint.description(place, name, text("description"), Extent::Paragraph);
    if is_reserved_parameter(&snake(name)) {
        lint.complain(
            place,
            format!("a parameter called {name} collides with the builder's method"),
            "ask the maintainers",
        );
    }
    match location {
        "path" if parameter.get("required") != Some(&Value::Bool(true)) => {
            lint.complain(place, format!("the path parameter {name} is not required"), "write `required: true`");
        }
        "path" | "query" | "header" => {}
        other => lint.complain(place, format!("the parameter {name} is in {other:?}"), "path, query or header"),
    }
    let exploded = parameter.get("explode").is_none_or(|explode| *explode == Value::Bool(true));
    if location == "query" && (text("style").is_some_and(|style| style != "form") || !exploded) {
        lint.complain(
            place,
            format!("the parameter {name} has another style"),
            "a comma-joined list is `type: string`",
        );
    }
    check_token(lint, operation, place, name, location);
    check_schema(lint, place, name, location, parameter.get("schema"));
}

/// Credentials are declared as security, not as parameters.
fn check_token(lint: &mut Lint<'_>, operation: &Operation<'_>, place: &Trail, name: &str, location: &str) {
    let security = operation.value.get("security").or(lint.root().get("security"));
    let used = |scheme: &str| {
        let list = security.and_then(Value::as_array);
        list.into_iter().flatten().any(|alternative| alternative.get(scheme).is_some())
    };
    let member = |scheme: &Value, key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let clash = components(lint.root(), "securitySchemes").any(|(scheme_name, scheme)| {
        member(scheme, "name").eq_ignore_ascii_case(name) && member(scheme, "in") == location && used(scheme_name)
    });
    if clash {
        lint.complain(place, format!("the parameter {name} carries the token"), "leave it to `security`");
    }
}

fn check_schema(lint: &mut Lint<'_>, place: &Trail, name: &str, location: &str, schema: Option<&Value>) {
    let Some(schema) = schema else {
        lint.complain(place, format!("the parameter {name} has no schema"), "write one");
        return;
    };
    let is_enum = |schema: &Value| resolve(lint.root(), schema).get("enum").is_some();
    let component_of_scalars = schema_name(schema).is_some() && !is_enum(schema);
    let resolved = resolve(lint.root(), schema);
    let kind = resolved.get("type").and_then(Value::as_str).unwrap_or_default();
    if component_of_scalars && kind != "object" {
        lint.complain(place, format!("the parameter {name} refers to a scalar component"), "write scalars inline");
    }
    if !matches!(crate::wire::classify(resolved), None | Some(crate::wire::Wire::Scalar(_))) {
        lint.complain(
            place,
            format!("the parameter {name} may be a list or an object"),
            "the generator cannot send it",
        );
    }
    match kind {
        "object" => lint.complain(place, format!("the parameter {name} is an object"), "the generator cannot send it"),
        "array" if location != "query" => {
            lint.complain(place, format!("the {location} parameter {name} is a list"), "only queries can have lists");
        }
        "array" => {
            let items = resolved.get("items").map(|items| resolve(lint.root(), items));
            let scalar = items.and_then(|items| items.get("type")).and_then(Value::as_str);
            if matches!(scalar, None | Some("object" | "array")) {
                lint.complain(
                    place,
                    format!("the list parameter {name} has no scalar items"),
                    "write `items: {type: string}`",
                );
            }
        }
        _ => {}
    }
    if resolved.get("format").and_then(Value::as_str) == Some("password") && location != "query" {
        lint.complain(
            place,
            format!("the {location} parameter {name} is a password"),
            "secrets are not printed into headers",
        );
    }
}

fn check_template(lint: &mut Lint<'_>, operation: &Operation<'_>, found: &[(Trail, &Value)]) {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let declared: Vec<String> =
        found.iter().filter(|(_, p)| text(p, "in") == "path").map(|(_, p)| text(p, "name")).collect();
    let place = operation.trail();
    let mut in_template = Vec::new();
    for part in operation.path.split('{').skip(1) {
        match part.split_once('}') {
            Some((name, _)) if in_template.contains(&name) => {
                lint.complain(&place, format!("the path has {{{name}}} twice"), "mend the path");
            }
            Some((name, _)) => in_template.push(name),
            None => lint.complain(&place, "the path has an unclosed brace", "mend the path"),
        }
    }
    for name in in_template.iter().filter(|name| !declared.iter().any(|other| other == **name)) {
        lint.complain(
            &place,
            format!("the path has {{{name}}}, but no parameter of that name"),
            "declare it in `parameters`",
        );
    }
    for name in declared.iter().filter(|name| !in_template.contains(&name.as_str())) {
        lint.complain(&place, format!("the path parameter {name} is not in the path"), "mend the path or the name");
    }
}

/// Returns the names of an operation's query parameters and body properties, for the paging check.
pub fn query_names(lint: &Lint<'_>, operation: &Operation<'_>) -> Vec<String> {
    let found = parameters(lint.root(), operation);
    let query = found.iter().filter(|(_, p)| p.get("in").and_then(Value::as_str) == Some("query"));
    let mut names: Vec<String> =
        query.filter_map(|(_, p)| p.get("name").and_then(Value::as_str)).map(str::to_owned).collect();
    let body = operation.value.get("requestBody").and_then(crate::document::json_content);
    if let Some(schema) = body.and_then(|content| content.get("schema")) {
        names.extend(object(resolve(lint.root(), schema), "properties").map(|(name, _)| name.clone()));
    }
    names
}

/// Returns the names of all arguments: parameters in the query, the path or a header, and properties of the body.
pub fn argument_names(lint: &Lint<'_>, operation: &Operation<'_>) -> Vec<String> {
    let found = parameters(lint.root(), operation);
    let names = found.iter().filter_map(|(_, p)| p.get("name").and_then(Value::as_str)).map(str::to_owned);
    let mut names: Vec<String> = names.collect();
    let body = operation.value.get("requestBody").and_then(crate::document::json_content);
    if let Some(schema) = body.and_then(|content| content.get("schema")) {
        names.extend(Fields::of(lint.root(), schema).properties.keys().map(|name| (*name).to_owned()));
    }
    names
}
