//! Checks of enums: every value has a name and a text, and the names make good Rust.

use std::collections::BTreeSet;

use serde_json::Value;

use super::texts::{Extent, fault};
use super::{Lint, clashes};
use crate::document::{Trail, array};
use crate::names::pascal;

/// Checks an enum of this `type`.
pub fn check(lint: &mut Lint<'_>, place: &Trail, kind: &str, schema: &Value) {
    let values: Vec<&Value> = array(schema, "enum").collect();
    let fits = |value: &&Value| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        _ => false,
    };
    if values.is_empty() || !values.iter().all(fits) {
        lint.complain(
            place,
            format!("the enum's values do not fit the type {kind}"),
            "enums are of strings or integers",
        );
    }
    let distinct: BTreeSet<String> = values.iter().map(|value| value.to_string()).collect();
    if distinct.len() != values.len() {
        lint.complain(place, "an enum value stands twice", "keep one");
    }
    let texts = |key: &str| -> Vec<&str> { array(schema, key).filter_map(Value::as_str).collect() };
    let (names, docs) = (texts("x-enum-varnames"), texts("x-enum-descriptions"));
    if names.len() != values.len() {
        lint.complain(
            place,
            format!("{} values, but {} x-enum-varnames", values.len(), names.len()),
            "name every value",
        );
    }
    if docs.len() != values.len() {
        lint.complain(
            place,
            format!("{} values, but {} x-enum-descriptions", values.len(), docs.len()),
            "describe every value",
        );
    }
    for doc in docs {
        if let Some((what, help)) = fault(doc.trim_end_matches('.'), Extent::Paragraph) {
            lint.complain(place, format!("x-enum-descriptions: {what}"), help);
        }
    }
    variants(lint, place, &names);
}

fn variants(lint: &mut Lint<'_>, place: &Trail, names: &[&str]) {
    for name in names {
        if pascal(name) != **name || !name.is_ascii() {
            lint.complain(place, format!("the variant {name} is not PascalCase"), format!("write {}", pascal(name)));
        }
        if *name == "Unknown" {
            lint.complain(place, "the variant Unknown is taken", "call the vendor's own `Unspecified`");
        }
    }
    for (one, other, spelt) in clashes(names.iter().copied(), pascal) {
        lint.complain(place, format!("the variants {one} and {other} are both called {spelt}"), "name them apart");
    }
}
