//! Checks of component names: spelling, clashes, names that Rust code uses, components that nothing uses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Lint, clashes};
use crate::document::{components, operations, schema_name, trail};
use crate::names::{is_reserved_type, pascal, snake};

/// Checks the names of schema components and operations.
pub fn check(lint: &mut Lint<'_>) {
    let root = lint.root();
    let names: Vec<&str> = components(root, "schemas").map(|(name, _)| name.as_str()).collect();
    for name in &names {
        let place = trail(&["components", "schemas", name]);
        if pascal(name) != **name || !name.is_ascii() {
            lint.complain(&place, "the component's name is not PascalCase", format!("write {}", pascal(name)));
        }
        if is_reserved_type(name) {
            lint.complain(&place, format!("{name} is a name that Rust code uses already"), "name it otherwise");
        }
        if matches!(*name, "Envelope" | "ApiError") {
            let owner = lint.bundle.owners.get(&place.join("\t")).cloned().unwrap_or_default();
            if !owner.ends_with("/openapi.yaml") {
                lint.complain(&place, format!("{name} is reserved for openapi.yaml"), "name it otherwise");
            }
        }
    }
    for (one, other, spelt) in clashes(names.iter().copied(), pascal) {
        let place = trail(&["components", "schemas", other]);
        lint.complain(&place, format!("{one} and {other} are both called {spelt} in Rust"), "name them apart");
    }
    let found = operations(root);
    for (one, other, spelt) in clashes(found.iter().map(|operation| operation.id).filter(|id| !id.is_empty()), snake) {
        if one != other {
            lint.complain(&[], format!("the operations {one} and {other} are both called {spelt}"), "name them apart");
        }
    }
    check_unused(lint, &names);
}

fn check_unused(lint: &mut Lint<'_>, names: &[&str]) {
    let mut used = BTreeSet::new();
    collect(lint.root(), &mut used);
    for name in names.iter().filter(|name| !used.contains(**name) && **name != "Envelope") {
        let place = trail(&["components", "schemas", name]);
        lint.warn(&place, "nothing refers to this component", "drop it if that stays so");
    }
}

fn collect(value: &Value, used: &mut BTreeSet<String>) {
    if let Some(name) = schema_name(value) {
        used.insert(name.to_owned());
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, used)),
        Value::Object(map) => map.values().for_each(|item| collect(item, used)),
        _ => {}
    }
}
