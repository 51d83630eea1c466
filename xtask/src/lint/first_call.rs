//! Checks that the examples of a request can be sent as they are: without arguments that exclude one another
//! (`x-exclusive`), and without cursors, which only an earlier call can return.

use serde_json::Value;

use super::{Lint, parameters};
use crate::document::{Operation, Trail, below, object};

/// An argument that an example sets, with the place of the example.
struct Set {
    name: String,
    place: Trail,
    /// Whether the value is 0, the first cursor of many lists.
    zero: bool,
}

/// Checks the examples of one operation.
pub fn check(lint: &mut Lint<'_>, operation: &Operation<'_>) {
    let groups = groups(lint, operation);
    let (parameters, required) = of_parameters(lint, operation);
    let bodies = of_bodies(operation);
    let mut calls: Vec<Vec<&Set>> = bodies.iter().map(|body| body.iter().chain(&parameters).collect()).collect();
    if calls.is_empty() {
        calls.push(parameters.iter().collect());
    }
    let cursor = operation.value.get("x-pagination").and_then(|paging| paging.get("request")?.get("cursor")?.as_str());
    let cursor = cursor.filter(|name| !required.iter().any(|required| required == name));
    for call in calls {
        if let Some(set) = call.iter().find(|set| Some(set.name.as_str()) == cursor && !set.zero) {
            let what = format!("the example sets {}, which only a call before can have given", set.name);
            lint.complain(&set.place, what, "leave it out: examples show the first call");
        }
        for group in &groups {
            let together: Vec<&&Set> = call.iter().filter(|set| group.contains(&set.name)).collect();
            if let [first, second, ..] = together.as_slice() {
                let what = format!("the examples set {} and {}, which exclude each other", first.name, second.name);
                lint.complain(&first.place, what, "keep the example of one of them");
            }
        }
    }
}

/// Checks `x-exclusive`, and returns its groups.
fn groups(lint: &mut Lint<'_>, operation: &Operation<'_>) -> Vec<Vec<String>> {
    let Some(written) = operation.value.get("x-exclusive") else { return Vec::new() };
    let place = below(&operation.trail(), &["x-exclusive"]);
    let known = parameters::argument_names(lint, operation);
    let mut groups = Vec::new();
    let lists = written.as_array().map(Vec::as_slice).unwrap_or_default();
    for list in lists {
        let names: Vec<String> =
            list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        if names.len() < 2 || list.as_array().map(Vec::len) != Some(names.len()) {
            lint.complain(&place, "a group of x-exclusive is not a list of names", "write [[user_id, room_id]]");
        }
        for (index, name) in names.iter().enumerate() {
            if !known.contains(name) {
                let what = format!("x-exclusive names {name}, which is not an argument");
                lint.complain(&place, what, "a parameter or a property of the body, by its name on the wire");
            }
            if names[..index].contains(name) {
                lint.complain(&place, format!("x-exclusive names {name} twice in a group"), "keep one");
            }
        }
        groups.push(names);
    }
    if lists.is_empty() {
        lint.complain(&place, "x-exclusive is not a list of groups", "write [[user_id, room_id]]");
    }
    groups
}

/// Parameters with an example, and the names of required parameters.
fn of_parameters(lint: &Lint<'_>, operation: &Operation<'_>) -> (Vec<Set>, Vec<String>) {
    let (mut given, mut required) = (Vec::new(), Vec::new());
    for (place, parameter) in crate::document::parameters(lint.root(), operation) {
        let Some(name) = parameter.get("name").and_then(Value::as_str) else { continue };
        if parameter.get("required") == Some(&Value::Bool(true)) {
            required.push(name.to_owned());
        }
        let example = parameter.get("example").or_else(|| parameter.get("schema")?.get("example"));
        if let Some(example) = example.filter(|example| is_set(example)) {
            given.push(Set { name: name.to_owned(), place, zero: is_zero(example) });
        }
    }
    (given, required)
}

/// Members of each example of the body.
fn of_bodies(operation: &Operation<'_>) -> Vec<Vec<Set>> {
    let Some(body) = operation.value.get("requestBody") else { return Vec::new() };
    let mut found = Vec::new();
    for (media, content) in object(body, "content") {
        for (name, example) in object(content, "examples") {
            let place = below(&operation.trail(), &["requestBody", "content", media, "examples", name]);
            let members = object(example, "value").filter(|(_, value)| is_set(value));
            let sets = members.map(|(name, value)| {
                let (name, place) = (name.clone(), place.clone());
                Set { name, place, zero: is_zero(value) }
            });
            found.push(sets.collect());
        }
    }
    found
}

fn is_zero(value: &Value) -> bool {
    value.as_i64() == Some(0) || value.as_str() == Some("0")
}

/// Returns whether a value sets its argument. An empty text, an empty list and `null` do not.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
