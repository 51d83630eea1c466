//! Checks of operations: identity, texts, sources, tokens, errors, body and answer.

use serde_json::Value;

use super::Lint;
use super::document::{check_error_entry, check_quota, check_security, code_text};
use crate::bundle::enveloped;
use crate::document::{METHODS, Operation, array, below, object, operations, resolve, trail};
use crate::names::{is_reserved_operation, snake};

const KEYS: [&str; 22] = [
    "operationId",
    "tags",
    "summary",
    "description",
    "externalDocs",
    "parameters",
    "requestBody",
    "responses",
    "deprecated",
    "security",
    "x-title-zh",
    "x-doc-updated",
    "x-scopes",
    "x-rate-limit",
    "x-idempotent",
    "x-error-codes",
    "x-pagination",
    "x-source",
    "x-replaced-by",
    "x-page-defects",
    "x-exclusive",
    "x-envelope",
];

/// Checks all operations.
pub fn check(lint: &mut Lint<'_>) {
    let root = lint.root();
    for (path, item) in object(root, "paths") {
        for key in item.as_object().into_iter().flat_map(|item| item.keys()) {
            if !METHODS.contains(&key.as_str()) && key != "parameters" && key != "servers" {
                lint.complain(&trail(&["paths", path, key]), format!("unknown key `{key}` of a path"), "write methods");
            }
        }
    }
    for (path, item) in object(root, "paths") {
        super::document::check_servers(lint, &trail(&["paths", path]), item, false);
    }
    if operations(root).is_empty() {
        lint.complain(&[], "there is no operation", "write `paths` in a resource file");
    }
    for operation in operations(root) {
        check_identity(lint, &operation);
        super::described::check(lint, &operation.trail(), operation.id, operation.value);
        check_behaviour(lint, &operation);
        check_errors(lint, &operation);
        super::parameters::check(lint, &operation);
        check_body(lint, &operation);
        check_answers(lint, &operation);
        check_has_example(lint, &operation);
        super::paging::check(lint, &operation);
        super::first_call::check(lint, &operation);
    }
}

fn check_identity(lint: &mut Lint<'_>, operation: &Operation<'_>) {
    let place = operation.trail();
    lint.known_keys(&place, &Value::Object(operation.value.clone()), &KEYS);
    let id = operation.id;
    if id.is_empty() {
        lint.complain(&place, "no operationId", "name it in snake_case, verb first");
    } else if snake(id) != id || !id.is_ascii() {
        lint.complain(&place, format!("the operationId {id} is not snake_case"), format!("write {}", snake(id)));
    }
    if is_reserved_operation(id) {
        lint.complain(&place, format!("the operationId {id} is a method of Client already"), "name it otherwise");
    }
    if !operation.path.starts_with('/') || operation.path.contains(['?', '#', ' ']) || operation.path.ends_with('/') {
        lint.complain(&place, "the path is not a plain template", "start with `/`; queries are parameters");
    }
    let declared: Vec<&str> =
        array(lint.root(), "tags").filter_map(|tag| tag.get("name").and_then(Value::as_str)).collect();
    match operation.value.get("tags").and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::String(tag)]) if declared.contains(&tag.as_str()) => {}
        Some([Value::String(tag)]) => {
            lint.complain(&place, format!("the tag {tag} is not declared"), "see openapi.yaml")
        }
        _ => lint.complain(&place, "not exactly one tag", "write the resource's name"),
    }
}

fn check_behaviour(lint: &mut Lint<'_>, operation: &Operation<'_>) {
    let place = operation.trail();
    let document_security = lint.root().get("security");
    if operation.value.get("security").or(document_security).is_none() {
        lint.complain(&place, "no security, and the document has no default", "name the token kinds; `[]` for none");
    }
    check_security(lint, &below(&place, &["security"]), operation.value.get("security"));
    match operation.value.get("x-rate-limit") {
        Some(quota) => check_quota(lint, &below(&place, &["x-rate-limit"]), quota),
        None if lint.root().get("x-rate-limit").is_some() => {}
        None => {
            lint.complain(&place, "no x-rate-limit, and the document has no default", "`none` where the page has none")
        }
    }
    if let Some(kind) = operation.value.get("x-envelope")
        && !kind.as_str().is_some_and(|kind| enveloped::KINDS.contains(&kind))
    {
        lint.complain(&place, "what x-envelope says is not known", "write data, beside or nothing");
    }
    if operation.value.get("x-idempotent").is_some_and(|flag| !flag.is_boolean()) {
        lint.complain(&place, "x-idempotent is not true or false", "leave it out where the default is right");
    }
    let deprecated = operation.value.get("deprecated") == Some(&Value::Bool(true));
    if let Some(other) = operation.value.get("x-replaced-by") {
        let known = operations(lint.root()).iter().any(|known| Some(known.id) == other.as_str());
        if !known {
            lint.complain(&place, format!("x-replaced-by names the unknown operation {other}"), "write an operationId");
        }
        if !deprecated {
            lint.complain(&place, "x-replaced-by without `deprecated: true`", "write both");
        }
    }
}

fn check_errors(lint: &mut Lint<'_>, operation: &Operation<'_>) {
    let place = below(&operation.trail(), &["x-error-codes"]);
    let Some(list) = operation.value.get("x-error-codes") else { return };
    let Some(list) = list.as_array() else {
        lint.complain(&place, "x-error-codes is not a list", "write `[121003, {code: 121005, status: 404}]`");
        return;
    };
    let known: Vec<String> =
        array(lint.root(), "x-error-codes").filter_map(|entry| entry.get("code").and_then(code_text)).collect();
    let mut seen = Vec::new();
    for entry in list {
        let code = if entry.is_object() { entry.get("code").and_then(code_text) } else { code_text(entry) };
        let Some(code) = code else {
            lint.complain(&place, format!("{entry} is not an error code"), "write a code or {code: .., kind: ..}");
            continue;
        };
        // A code that only some operations have states its own meaning.
        let explained = entry.get("kind").is_some() && entry.get("meaning").is_some();
        if !known.contains(&code) && !explained {
            let help = "add it there, or write kind and meaning here";
            lint.complain(&place, format!("the error code {code} is not in the document's table"), help);
        }
        if seen.contains(&code) {
            lint.complain(&place, format!("the error code {code} is listed twice"), "keep one");
        }
        if entry.is_object() {
            check_error_entry(lint, &place, &code, entry);
        }
        seen.push(code);
    }
}

fn check_body(lint: &mut Lint<'_>, operation: &Operation<'_>) {
    let Some(body) = operation.value.get("requestBody") else { return };
    let place = below(&operation.trail(), &["requestBody"]);
    if body.get("$ref").is_some() {
        lint.complain(&place, "the request body is a reference", "write it at the operation");
        return;
    }
    lint.known_keys(&place, body, &["description", "required", "content"]);
    if body.get("required") != Some(&Value::Bool(true)) {
        lint.complain(&place, "the request body is not `required: true`", "the generator always sends it");
    }
    let content: Vec<(&String, &Value)> = object(body, "content").collect();
    let [(media, value)] = content.as_slice() else {
        lint.complain(&place, "not exactly one media type", "the generator can send one");
        return;
    };
    lint.known_keys(&place, value, &["schema", "example", "examples", "encoding"]);
    match (media.as_str(), value.get("schema")) {
        (_, None) => lint.complain(&place, format!("no schema for {media}"), "write one"),
        ("application/json" | "application/x-www-form-urlencoded", Some(schema)) => {
            let schema = resolve(lint.root(), schema);
            if schema.get("type").and_then(Value::as_str) != Some("object") && schema.get("allOf").is_none() {
                lint.complain(&place, "the body is not an object", "a body is an object schema");
            }
        }
        ("multipart/form-data" | "application/octet-stream", Some(_)) => {}
        (other, Some(_)) => {
            lint.complain(&place, format!("the media type {other} is not supported"), "see specs/README.md")
        }
    }
}

fn check_answers(lint: &mut Lint<'_>, operation: &Operation<'_>) {
    let place = below(&operation.trail(), &["responses"]);
    let Some(responses) = operation.value.get("responses").and_then(Value::as_object) else {
        lint.complain(&place, "no responses", "write the success response");
        return;
    };
    let mut success = 0;
    for (status, response) in responses {
        let place = below(&place, &[status]);
        if matches!(status.as_str(), "4XX" | "5XX")
            && crate::document::reference(response) == Some(("responses", "Error"))
        {
            continue;
        }
        match status.as_str() {
            "200" | "201" | "202" | "204" => success += 1,
            _ => lint.complain(
                &place,
                format!("the response {status} is written out"),
                "only one success; the bundler adds errors",
            ),
        }
        if response.get("description").and_then(Value::as_str).is_none_or(|text| text.trim().is_empty()) {
            lint.complain(&place, "the response has no description", "write one line");
        }
        check_answer(lint, &place, status, response);
    }
    if success != 1 {
        lint.complain(&place, format!("{success} success responses"), "the generator can take one");
    }
}

fn check_answer(lint: &mut Lint<'_>, place: &[String], status: &str, response: &Value) {
    lint.known_keys(place, response, &["description", "content", "headers"]);
    let content: Vec<(&String, &Value)> = object(response, "content").collect();
    match content.as_slice() {
        [] if status == "204" => {}
        [] => {
            lint.complain(place, "the response has no content", "write the Envelope schema, or 204 if the page says so")
        }
        [(media, value)] => {
            lint.known_keys(place, value, &["schema", "example", "examples"]);
            let schema = value.get("schema");
            let binary = schema.and_then(|s| s.get("format")).and_then(Value::as_str) == Some("binary");
            match media.as_str() {
                "application/json" => {}
                _ if binary => {}
                other => lint.complain(
                    place,
                    format!("the answer of type {other} is not binary"),
                    "{type: string, format: binary}",
                ),
            }
        }
        _ => lint.complain(place, "more than one media type", "the generator can take one"),
    }
}

/// Checks that an operation has an example, unless there is no page to take one from.
fn check_has_example(lint: &mut Lint<'_>, operation: &Operation<'_>) {
    let has = |value: Option<&Value>| {
        let content = value.and_then(|value| value.get("content")).and_then(Value::as_object);
        content
            .into_iter()
            .flat_map(|content| content.values())
            .any(|media| media.get("examples").is_some() || media.get("example").is_some())
    };
    let answer = crate::document::success(lint.root(), operation).map(|(_, response)| response);
    let parameters = crate::document::parameters(lint.root(), operation);
    let from_parameters =
        !parameters.is_empty() && parameters.iter().any(|(_, parameter)| parameter.get("example").is_some());
    let excused =
        matches!(operation.text("x-source"), Some("sdk" | "tool")) || operation.value.contains_key("x-page-defects");
    if !has(operation.value.get("requestBody")) && !has(answer) && !from_parameters && !excused {
        let help = "copy the page's; where it has none, say so in x-page-defects";
        lint.complain(&operation.trail(), "no example of a request, an answer or a parameter", help);
    }
}
