//! Whatever a spec contains, the result is complaints, not a panic. What the lint accepts, the generator accepts.
//!
//! Every node of a small document is replaced by values of other kinds, or taken out.

mod support;

use serde_json::{Value, json};
use xtask::rules::Rules;
use xtask::{generate, lint, lower, postpass};

#[test]
fn a_document_with_any_node_replaced_is_refused_or_generated() {
    nodes_replaced("openapi", support::OPENAPI, (0, 1), 10);
}

// Two tests, which run side by side.

#[test]
fn a_resource_with_any_even_node_replaced_is_refused_or_generated() {
    nodes_replaced("room", support::ROOM, (0, 2), 10);
}

#[test]
fn a_resource_with_any_odd_node_replaced_is_refused_or_generated() {
    nodes_replaced("room", support::ROOM, (1, 2), 10);
}

#[test]
fn events_with_any_node_replaced_are_refused_or_generated() {
    nodes_replaced("events", support::EVENTS, (0, 1), 5);
}

/// Replaces every `step`th node from the node `start` on. More than `least` changes must be accepted.
fn nodes_replaced(file: &str, text: &str, (start, step): (usize, usize), least: usize) {
    let mut accepted = 0;
    let mut failures = Vec::new();
    let original = xtask::yaml::read(text).expect("the small document is YAML");
    let mut places = Vec::new();
    collect(&original, String::new(), &mut places);
    // Taking the changes in turn keeps this short; over all nodes, every kind of change meets every kind of node.
    let changes = [None, Some(json!(7)), Some(json!("x y")), None, Some(json!([])), Some(json!(null))];
    for (place, change) in places.iter().zip(changes.iter().cycle()).skip(start).step_by(step) {
        let changed = replaced(&original, place, change.as_ref());
        match outcome(file, &changed) {
            Outcome::Refused => {}
            Outcome::Generated => accepted += 1,
            Outcome::Failed(why) => failures.push(format!("{file}{place} -> {change:?}: {why}")),
        }
    }

    assert!(failures.is_empty(), "the lint accepts what cannot be generated:\n{}", failures.join("\n"));
    assert!(accepted > least, "only {accepted} changes of {file} were accepted: is the base document refused?");
}

enum Outcome {
    Refused,
    Generated,
    Failed(String),
}

/// Bundles, lints and, if there are no complaints, generates.
fn outcome(file: &str, changed: &Value) -> Outcome {
    let text = serde_json::to_string(changed).expect("JSON can be written");
    let text_of = |name: &str, original| if file == name { text.as_str() } else { original };
    let (bundle, mut report) = support::bundle(
        text_of("openapi", support::OPENAPI),
        text_of("room", support::ROOM),
        text_of("events", support::EVENTS),
    );
    report.extend(lint::check(&bundle));
    if report.errors() > 0 {
        return Outcome::Refused;
    }
    let rules = Rules::default();
    let lowered = match lower::lower(&bundle, &rules) {
        Ok(lowered) => lowered,
        Err(report) => return Outcome::Failed(format!("{:?}", report.problems())),
    };
    // Without rendering, which takes the longest and does not depend on the changed node.
    match generate::generate(&lowered).and_then(|file| postpass::rework(&lowered, file, &rules)) {
        Ok(_) => Outcome::Generated,
        Err(error) => Outcome::Failed(format!("{error:#}")),
    }
}

/// Texts for people: the generator does not depend on them.
fn is_text(place: &str) -> bool {
    let name = place.rsplit('/').next().unwrap_or_default();
    matches!(name, "description" | "summary" | "x-title-zh" | "url" | "meaning" | "x-doc-updated" | "example")
        || place.contains("/x-error-codes/")
        || place.contains("/x-enum-descriptions/")
}

fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    if !place.is_empty() && !place.contains("/examples/") && !is_text(&place) {
        places.push(place.clone());
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{place}/{index}"), places);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                collect(item, format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")), places);
            }
        }
        _ => {}
    }
}

fn replaced(original: &Value, place: &str, change: Option<&Value>) -> Value {
    let mut changed = original.clone();
    if let Some(change) = change {
        if let Some(node) = changed.pointer_mut(place) {
            *node = change.clone();
        }
        return changed;
    }
    let (parent, key) = place.rsplit_once('/').expect("a pointer has a slash");
    let key = key.replace("~1", "/").replace("~0", "~");
    match changed.pointer_mut(parent) {
        Some(Value::Object(map)) => drop(map.shift_remove(&key)),
        Some(Value::Array(items)) => drop(items.remove(key.parse().expect("an index"))),
        _ => {}
    }
    changed
}
