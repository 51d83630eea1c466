//! Every check fires: each case puts one fault into a small correct document and expects its complaint.
//!
//! A case is a file, a text in it, the text that replaces it, and a part of the complaint.

mod document;
mod events;
mod examples;
mod operations;
mod schemas;
#[path = "../support/mod.rs"]
mod support;

use xtask::lint;
use xtask::report::Problem;
use xtask::{codegen, rules::Rules};

type Case = (&'static str, &'static str, &'static str, &'static str);

const MAIN: &str = "openapi";
const ROOM: &str = "room";
const EVENTS: &str = "events";

fn complaints(openapi: &str, room: &str, events: &str) -> Vec<Problem> {
    let (bundle, mut report) = support::bundle(openapi, room, events);
    report.extend(lint::check(&bundle));
    if report.errors() == 0
        && let Err(codegen::Failure::Specs(more)) = codegen::outputs(&bundle, &Rules::default())
    {
        report.extend(more);
    }
    report.problems().to_vec()
}

fn fires(cases: &[Case]) {
    for (file, from, to, expected) in cases {
        let original = |name: &str| match name {
            MAIN => support::OPENAPI,
            ROOM => support::ROOM,
            _ => support::EVENTS,
        };
        let text = original(file);
        assert!(text.contains(from), "the small document has no {from:?}");
        let changed = text.replacen(from, to, 1);
        let text_of = |name: &str| if *file == name { changed.as_str() } else { original(name) };

        let found = complaints(text_of(MAIN), text_of(ROOM), text_of(EVENTS));

        let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(
            texts.iter().any(|text| text.contains(expected)),
            "{from:?} -> {to:?}\n  wanted: {expected}\n  found: {texts:#?}"
        );
    }
}
