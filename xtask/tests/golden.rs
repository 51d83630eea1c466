//! Runs the whole pipeline on a small document and compares the output with readable files.
//!
//! After an intended change, run `UPDATE_GOLDEN=1 cargo test -p xtask --test golden` and read the difference.

mod support;

use std::path::Path;

use xtask::rules::{Rule, Rules};
use xtask::write::Output;
use xtask::{codegen, lint};

fn outputs(rules: &Rules) -> Vec<Output> {
    let (bundle, report) = support::bundle(support::OPENAPI, support::ROOM, support::EVENTS);
    assert_eq!(report.problems(), []);
    codegen::outputs(&bundle, rules).expect("the small document can be generated")
}

#[test]
fn the_small_document_has_no_complaints() {
    let (bundle, _) = support::bundle(support::OPENAPI, support::ROOM, support::EVENTS);

    assert_eq!(lint::check(&bundle).problems(), []);
}

#[test]
fn the_output_is_the_one_that_was_reviewed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut differing = Vec::new();
    for output in outputs(&Rules::default()) {
        let path = folder.join(output.path.replace('/', "-"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &output.text).expect("the golden file can be written");
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != output.text {
            differing.push(output.path);
        }
    }

    assert!(differing.is_empty(), "run with UPDATE_GOLDEN=1 and read the difference of {differing:?}");
}

#[test]
fn two_runs_give_the_same_bytes() {
    assert_eq!(outputs(&Rules::default()), outputs(&Rules::default()));
}

#[test]
fn every_rule_applies_to_the_small_document() {
    let rules = Rules::default();

    outputs(&rules);

    assert_eq!(rules.dead(), Vec::<Rule>::new());
}

#[test]
fn the_rules_apply_as_often_as_was_reviewed() {
    let rules = Rules::default();
    outputs(&rules);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/rules.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, rules.table()).expect("the golden file can be written");
    }

    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), rules.table(), "run with UPDATE_GOLDEN=1");
}

#[test]
fn no_rule_can_be_switched_off_unnoticed() {
    let (bundle, _) = support::bundle(support::OPENAPI, support::ROOM, support::EVENTS);
    let reviewed = outputs(&Rules::default());
    let unnoticed = |rule: &&Rule| match codegen::outputs(&bundle, &Rules::without(**rule)) {
        Ok(outputs) => outputs == reviewed,
        Err(_) => false,
    };
    let without_effect: Vec<&str> = Rule::ALL.iter().filter(unnoticed).map(|rule| rule.name()).collect();

    assert_eq!(without_effect, Vec::<&str>::new());
}
