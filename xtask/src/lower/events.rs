//! Makes [`EventPlan`]s of events, and finds the types that only events use.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::direction;
use super::hoist::{Hoister, reference};
use super::operations::{source, texts};
use super::plan::{EnumPlan, EventPlan, TypePlan};
use crate::document::{Webhook, object, schema_name, webhooks};
use crate::names::pascal;
use crate::rules::{Rule, Rules};

/// Plans all events of a document.
pub fn plan(root: &Value, hoister: &mut Hoister<'_>, rules: &Rules) -> Vec<EventPlan> {
    let pushed = webhooks(root).into_iter().filter(|_| rules.apply(Rule::EventType));
    pushed.map(|webhook| event(&webhook, hoister)).collect()
}

fn event(webhook: &Webhook<'_>, hoister: &mut Hoister<'_>) -> EventPlan {
    let text = |key: &str| webhook.text(key).map(str::to_owned);
    let content = webhook.value.get("requestBody").into_iter().flat_map(|body| object(body, "content"));
    let schema = content.filter_map(|(_, media)| media.get("schema")).next();
    let name = schema.and_then(schema_name).map_or_else(|| format!("{}Event", pascal(webhook.id)), str::to_owned);
    // An event without members is a struct, too: a later version may know some.
    let plan = hoister.types.entry(name.clone()).or_insert_with(|| TypePlan::empty(&name));
    plan.is_event = true;
    EventPlan {
        id: webhook.id.to_owned(),
        event_type: text("x-event-type").unwrap_or_default(),
        content: name,
        summary: text("summary").unwrap_or_default(),
        description: text("description").unwrap_or_default(),
        title_zh: text("x-title-zh"),
        url: webhook.value.get("externalDocs").and_then(|docs| docs.get("url")?.as_str()).map(str::to_owned),
        updated: text("x-doc-updated"),
        source: source(webhook.text("x-source")),
        deprecated: webhook.value.get("deprecated") == Some(&Value::Bool(true)),
        scopes: webhook.value.get("x-scopes").map(texts).unwrap_or_default(),
    }
}

/// Marks the types of events as received, and as events-only if no operation uses them (`used`).
pub fn mark(
    events: &[EventPlan],
    used: &BTreeSet<String>,
    types: &mut IndexMap<String, TypePlan>,
    enums: &mut IndexMap<String, EnumPlan>,
) {
    let mut reached = BTreeSet::new();
    for event in events {
        direction::collect(&reference(&event.content), types, &mut reached);
    }
    for name in reached {
        let events_only = !used.contains(&name);
        if let Some(plan) = types.get_mut(&name) {
            plan.received = true;
            plan.events_only = events_only;
        }
        if let Some(plan) = enums.get_mut(&name) {
            plan.events_only = events_only;
        }
    }
}
