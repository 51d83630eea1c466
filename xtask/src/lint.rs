//! Checks a bundled document: the rules of `specs/README.md`, and everything that the generator would refuse, break
//! or drop silently.
//!
//! Every check adds to the report and goes on. No check may panic, whatever the document contains.

pub mod described;
pub mod document;
pub mod enums;
pub mod events;
pub mod examples;
pub mod first_call;
pub mod names;
pub mod operations;
pub mod paging;
pub mod parameters;
pub mod schemas;
pub mod texts;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::Bundle;
use crate::report::Report;

/// Runs all checks.
pub fn check(bundle: &Bundle) -> Report {
    let mut report = Report::default();
    let mut lint = Lint { bundle, report: &mut report };
    document::check(&mut lint);
    operations::check(&mut lint);
    events::check(&mut lint);
    schemas::check(&mut lint);
    names::check(&mut lint);
    examples::check(&mut lint);
    report
}

/// The document under test and where complaints go.
#[derive(Debug)]
pub struct Lint<'a> {
    /// The document.
    pub bundle: &'a Bundle,
    /// The complaints so far.
    pub report: &'a mut Report,
}

impl<'a> Lint<'a> {
    /// Returns the document's root.
    pub fn root(&self) -> &'a Value {
        &self.bundle.root
    }

    /// Adds a complaint.
    pub fn complain(&mut self, place: &[String], what: impl Into<String>, help: impl Into<String>) {
        self.bundle.complain(self.report, place, what, help);
    }

    /// Adds a warning.
    pub fn warn(&mut self, place: &[String], what: impl Into<String>, help: impl Into<String>) {
        self.bundle.warn(self.report, place, what, help);
    }

    /// Complains about every key that is not in `known`.
    pub fn known_keys(&mut self, place: &[String], value: &Value, known: &[&str]) {
        let Some(map) = value.as_object() else { return };
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            let what = if key.starts_with("x-") { "unknown extension" } else { "unknown key" };
            self.complain(place, format!("{what} `{key}`"), "specs/README.md lists what is allowed");
        }
    }
}

/// Returns the pairs of names that are equal after `spell`.
pub fn clashes<'n>(
    names: impl Iterator<Item = &'n str>,
    spell: impl Fn(&str) -> String,
) -> Vec<(&'n str, &'n str, String)> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for name in names {
        let spelt = spell(name);
        match seen.get(&spelt) {
            Some(other) => found.push((*other, name, spelt)),
            None => drop(seen.insert(spelt, name)),
        }
    }
    found
}
