//! Checks of events (`x-webhooks`): identity, texts, body, examples.

use serde_json::Value;

use super::examples::{Fields, faults};
use super::{Lint, described};
use crate::document::{Webhook, array, below, object, resolve, schema_name, trail, webhooks};
use crate::events::delivery::{Envelope, without};
use crate::names::{pascal, snake};

const KEYS: [&str; 14] = [
    "operationId",
    "tags",
    "summary",
    "description",
    "externalDocs",
    "requestBody",
    "responses",
    "deprecated",
    "x-title-zh",
    "x-event-type",
    "x-doc-updated",
    "x-scopes",
    "x-source",
    "x-page-defects",
];

/// Checks all events.
pub fn check(lint: &mut Lint<'_>) {
    let root = lint.root();
    let Some(written) = root.get("x-webhooks") else {
        if root.get("x-events").is_some() {
            lint.complain(&trail(&["x-events"]), "x-events without x-webhooks", "write the events, or drop it");
        }
        return;
    };
    if written.as_object().is_none_or(|items| items.is_empty()) {
        lint.complain(&trail(&["x-webhooks"]), "x-webhooks is not a mapping of events", "write names as keys");
    }
    for (name, item) in object(root, "x-webhooks") {
        let place = trail(&["x-webhooks", name]);
        lint.known_keys(&place, item, &["post"]);
        if !item.get("post").is_some_and(Value::is_object) {
            lint.complain(&place, "the event has no `post`", "an event is a request that the vendor posts");
        }
    }
    let envelope = envelope(lint);
    let mut types: Vec<&str> = Vec::new();
    for webhook in webhooks(root) {
        check_identity(lint, &webhook);
        described::check(lint, &webhook.trail(), webhook.id, webhook.value);
        match webhook.text("x-event-type") {
            None => lint.complain(&webhook.trail(), "no x-event-type", "write the vendor's own name of the event"),
            Some(text) if text.trim() != text || text.is_empty() => {
                lint.complain(&webhook.trail(), "x-event-type is empty or has blanks", "write the vendor's own name");
            }
            Some(text) if types.contains(&text) => {
                let what = format!("the event type {text} is that of another event");
                lint.complain(&webhook.trail(), what, "one event has one entry");
            }
            Some(text) => types.push(text),
        }
        if let Some(envelope) = envelope {
            check_body(lint, &webhook, envelope);
        }
    }
}

/// Returns how this vendor packs its events.
fn envelope(lint: &mut Lint<'_>) -> Option<Envelope> {
    let place = trail(&["x-events"]);
    let Some(events) = lint.root().get("x-events") else {
        lint.complain(&place, "x-webhooks without x-events", "write `x-events: {envelope: feishu}` or the like");
        return None;
    };
    lint.known_keys(&place, events, &["envelope"]);
    let envelope = events.get("envelope").and_then(Value::as_str).and_then(Envelope::from_key);
    if envelope.is_none() {
        lint.complain(&place, "the envelope of the events is unknown", "feishu, wecom, dingtalk or tencent");
    }
    envelope
}

fn check_identity(lint: &mut Lint<'_>, webhook: &Webhook<'_>) {
    let place = webhook.trail();
    lint.known_keys(&place, &Value::Object(webhook.value.clone()), &KEYS);
    let id = webhook.id;
    if id.is_empty() {
        lint.complain(&place, "no operationId", "name it in snake_case, like its key");
    } else if id != webhook.name || snake(id) != id || !id.is_ascii() {
        let what = format!("the operationId {id} is not the event's key in snake_case");
        lint.complain(&place, what, format!("write {}", snake(webhook.name)));
    }
    if pascal(id) == "Unknown" || id.ends_with("_event") {
        let what = format!("the operationId {id} is taken, or ends in `event`");
        lint.complain(&place, what, "its type gets the ending `Event` by itself");
    }
    let tags: Vec<&str> = array(lint.root(), "tags").filter_map(|tag| tag.get("name")?.as_str()).collect();
    match webhook.value.get("tags").and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::String(tag)]) if tags.contains(&tag.as_str()) => {}
        Some([Value::String(tag)]) => {
            lint.complain(&place, format!("the tag {tag} is not declared"), "declare it in openapi.yaml");
        }
        _ => lint.complain(&place, "not exactly one tag", "write [event]"),
    }
    if webhook.value.get("deprecated").is_some_and(|flag| !flag.is_boolean()) {
        lint.complain(&place, "`deprecated` is not true or false", "leave it out where it is false");
    }
}

fn check_body(lint: &mut Lint<'_>, webhook: &Webhook<'_>, envelope: Envelope) {
    let place = below(&webhook.trail(), &["requestBody"]);
    let Some(body) = webhook.value.get("requestBody") else {
        lint.complain(&place, "the event has no requestBody", "write the schema of its content");
        return;
    };
    lint.known_keys(&place, body, &["description", "required", "content"]);
    let content: Vec<(&String, &Value)> = object(body, "content").collect();
    let [(media, value)] = content.as_slice() else {
        lint.complain(&place, "not exactly one media type", format!("write {}", envelope.media()));
        return;
    };
    if *media != envelope.media() {
        lint.complain(&place, format!("the media type is {media}"), format!("write {}", envelope.media()));
    }
    let place = below(&place, &["content", media]);
    lint.known_keys(&place, value, &["schema", "example", "examples"]);
    if value.get("example").is_some() {
        lint.complain(&place, "`example` instead of `examples`", "write `examples: {page: {value: ..}}`");
    }
    let wanted = format!("{}Event", pascal(webhook.id));
    let schema = value.get("schema").unwrap_or(&Value::Null);
    if schema_name(schema) != Some(wanted.as_str()) {
        lint.complain(&place, "the schema is not the event's own component", format!("refer to {wanted}"));
        return;
    }
    if resolve(lint.root(), schema).get("type").and_then(Value::as_str) != Some("object")
        && resolve(lint.root(), schema).get("allOf").is_none()
    {
        lint.complain(&place, "the content of the event is not an object", "write an object schema");
        return;
    }
    let examples: Vec<(&String, &Value)> = object(value, "examples").collect();
    let excused = described::has_no_page(webhook.value) || webhook.value.contains_key("x-page-defects");
    if examples.is_empty() && !excused {
        lint.complain(
            &place,
            "no example of a delivery",
            "copy the page's; where it has none, say so in x-page-defects",
        );
    }
    for (name, example) in examples {
        let place = below(&place, &["examples", name]);
        let Some(example) = example.get("value") else {
            lint.complain(&place, format!("the example {name} has no `value`"), "write `page: {value: ..}`");
            continue;
        };
        check_example(lint, &place, schema, example, envelope);
    }
}

fn check_example(lint: &mut Lint<'_>, place: &[String], schema: &Value, example: &Value, envelope: Envelope) {
    let root = lint.root();
    let help = "mend the schema, or the example and say so in x-page-defects";
    let contents = match envelope.contents(root, schema, example) {
        Ok(contents) => contents,
        Err(what) => return lint.complain(place, what, "write the whole delivery as the page has it"),
    };
    let fields = Fields::of(root, schema);
    for content in contents {
        let content = without(envelope.members(), |name| fields.properties.contains_key(name), &content);
        for fault in faults(root, schema, &content, false) {
            lint.complain(place, fault, help);
        }
    }
}
