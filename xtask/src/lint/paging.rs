//! Checks of `x-pagination`: every name in it exists where it should.

use serde_json::Value;

use super::Lint;
use crate::document::{Operation, below, json_content, object, resolve, success};
use crate::envelope;

const KEYS: [&str; 8] =
    ["style", "request", "response", "max_size", "item_cursor", "carry", "dedupe", "ends_at_empty_page"];

/// Checks the paging of one operation, if it has any.
pub fn check(lint: &mut Lint<'_>, operation: &Operation<'_>) {
    let Some(paging) = operation.value.get("x-pagination") else { return };
    let place = below(&operation.trail(), &["x-pagination"]);
    if !paging.is_object() {
        lint.complain(&place, "x-pagination is not a mapping", "see specs/README.md");
        return;
    }
    lint.known_keys(&place, paging, &KEYS);
    check_style(lint, &place, paging);
    for group in ["request", "response", "carry"] {
        let members = paging.get(group).map(|members| {
            members.as_object().map_or(1, |map| map.values().filter(|value| !value.is_string()).count())
        });
        if members.is_some_and(|wrong| wrong > 0) {
            lint.complain(&place, format!("x-pagination.{group} is not a mapping of names"), "see specs/README.md");
        }
    }
    let requests = super::parameters::query_names(lint, operation);
    let carried = object(paging, "carry").map(|(name, _)| name.clone());
    let named = object(paging, "request").filter_map(|(_, name)| name.as_str().map(str::to_owned));
    for name in named.chain(carried) {
        if !requests.contains(&name) {
            let what = format!("x-pagination names the request field {name}, which does not exist");
            lint.complain(&place, what, "a query parameter or a property of the body");
        }
    }
    check_answer(lint, operation, &place, paging);
}

fn check_style(lint: &mut Lint<'_>, place: &[String], paging: &Value) {
    let has = |group: &str, key: &str| paging.get(group).and_then(|group| group.get(key)).is_some();
    let style = paging.get("style").and_then(Value::as_str).unwrap_or_default();
    let complete = match style {
        "cursor" => has("request", "cursor") && has("response", "items") && has("response", "next"),
        "page" => {
            has("request", "page")
                && has("response", "items")
                && (has("response", "total_pages") || has("response", "total_count") || has("response", "more"))
        }
        "item" => {
            has("request", "cursor")
                && has("response", "items")
                && paging.get("item_cursor").is_some_and(Value::is_string)
        }
        _ => {
            lint.complain(place, format!("the paging style is {style:?}"), "cursor, page or item");
            true
        }
    };
    if !complete {
        lint.complain(place, format!("the paging style {style} lacks a member"), "see specs/README.md");
    }
    for (group, known) in [
        ("request", &["cursor", "size", "page"][..]),
        ("response", &["items", "items_else", "next", "more", "total_pages", "total_count", "size"]),
    ] {
        if let Some(members) = paging.get(group) {
            lint.known_keys(place, members, known);
        }
    }
    if paging.get("ends_at_empty_page").is_some_and(|ends| ends != &Value::Bool(true)) {
        lint.complain(place, "ends_at_empty_page is not true", "write true, or leave it out");
    }
    if paging.get("max_size").is_some_and(|size| size.as_u64().is_none_or(|size| size == 0)) {
        lint.complain(place, "max_size is not a positive number", "write the documented maximum");
    }
}

fn check_answer(lint: &mut Lint<'_>, operation: &Operation<'_>, place: &[String], paging: &Value) {
    let root = lint.root();
    let schema = success(root, operation).and_then(|(_, response)| json_content(response)?.get("schema"));
    let shape = schema.map(|schema| envelope::unwrap(root, schema));
    let Some(data) = shape.as_ref().and_then(envelope::Shape::schema) else {
        lint.complain(place, "an operation with paging has no answer", "drop x-pagination, or write the answer");
        return;
    };
    let mut items = None;
    for (key, path) in object(paging, "response").chain(object(paging, "carry")) {
        let Some(path) = path.as_str() else { continue };
        match walk(root, data, path) {
            None => {
                let what = format!("x-pagination names the answer field {path}, which does not exist");
                lint.complain(place, what, "paths start inside the data");
            }
            Some(field) if matches!(key.as_str(), "items" | "items_else") => {
                if field.get("items").is_none() {
                    lint.complain(place, format!("the items field {path} is not a list"), "name the list");
                }
                if items.is_some() && items != field.get("items") {
                    lint.complain(place, format!("{path} lists other items"), "both lists need the same items");
                }
                items = field.get("items");
            }
            Some(_) => {}
        }
    }
    for key in ["item_cursor", "dedupe"] {
        let Some(name) = paging.get(key).and_then(Value::as_str) else { continue };
        if items.is_none_or(|items| walk(root, items, name).is_none()) {
            lint.complain(
                place,
                format!("{key} names {name}, which an item does not have"),
                "name a field of the item",
            );
        }
    }
}

/// Returns the schema at a dotted path. For a list on the path, goes on with its items.
pub fn walk<'a>(root: &'a Value, schema: &'a Value, path: &str) -> Option<&'a Value> {
    let mut current = resolve(root, envelope::without_text(schema));
    for step in path.split('.') {
        if let Some(items) = current.get("items") {
            current = resolve(root, envelope::without_text(items));
        }
        current = property(root, current, step)?;
        current = resolve(root, envelope::without_text(current));
    }
    Some(current)
}

fn property<'a>(root: &'a Value, schema: &'a Value, name: &str) -> Option<&'a Value> {
    let own = schema.get("properties").and_then(|properties| properties.get(name));
    own.or_else(|| {
        let parts = schema.get("allOf").and_then(Value::as_array)?;
        parts.iter().find_map(|part| property(root, resolve(root, part), name))
    })
}
