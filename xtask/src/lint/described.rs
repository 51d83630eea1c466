//! Checks of the descriptions of operations and events: texts, titles, sources, scopes.

use serde_json::{Map, Value};

use super::Lint;
use super::texts::Extent;
use crate::document::Trail;

/// Checks the texts and sources of an operation or an event.
pub fn check(lint: &mut Lint<'_>, place: &Trail, id: &str, value: &Map<String, Value>) {
    check_texts(lint, place, id, value);
    check_title(lint, place, value);
    check_defects(lint, place, value);
    check_sources(lint, place, value);
    check_scopes(lint, place, value);
}

fn text<'a>(value: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn check_texts(lint: &mut Lint<'_>, place: &Trail, id: &str, value: &Map<String, Value>) {
    lint.text(place, "summary", text(value, "summary"), Extent::Line);
    if text(value, "summary").is_some_and(|summary| summary.chars().count() > 100) {
        lint.complain(place, "the summary is longer than 100 characters", "the details go into the description");
    }
    lint.description(place, id, text(value, "description"), Extent::Page);
}

fn check_title(lint: &mut Lint<'_>, place: &Trail, value: &Map<String, Value>) {
    let chinese = |text: &str| text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
    match (value.get("x-title-zh"), text(value, "x-title-zh")) {
        (_, Some(title)) if chinese(title) && !title.contains(['"', '\'', '\n']) => {}
        (Some(_), _) => {
            lint.complain(place, "x-title-zh is not a Chinese title", "copy the page's title, without quotes");
        }
        (None, _) if has_no_page(value) => {}
        (None, _) => lint.complain(place, "no x-title-zh", "copy the title of the vendor's page"),
    }
}

fn check_defects(lint: &mut Lint<'_>, place: &Trail, value: &Map<String, Value>) {
    let Some(defects) = value.get("x-page-defects") else { return };
    let Some(sentences) = defects.as_array() else {
        lint.complain(place, "x-page-defects is not a list", "write a list of sentences");
        return;
    };
    for sentence in sentences {
        let text = sentence.as_str().unwrap_or_default();
        lint.text(place, "x-page-defects", Some(text), Extent::Paragraph);
    }
}

/// Checks the source. A link or a date that is not known is left out; the documentation then names the source in words.
fn check_sources(lint: &mut Lint<'_>, place: &Trail, value: &Map<String, Value>) {
    match (value.get("x-source"), text(value, "x-source")) {
        (None, _) | (_, Some("page" | "sdk" | "tool")) => {}
        (Some(_), None) => lint.complain(place, "x-source is not text", "page, sdk or tool"),
        (_, Some(other)) => lint.complain(place, format!("x-source is {other:?}"), "page, sdk or tool"),
    }
    let url = value.get("externalDocs").map(|docs| docs.get("url").and_then(Value::as_str));
    match url {
        None => {}
        Some(Some(url)) if url.starts_with("https://") && !url.contains(char::is_whitespace) => {}
        Some(Some(url)) => {
            lint.complain(place, format!("externalDocs.url {url:?} is not an https link"), "copy it from the browser");
        }
        Some(None) => lint.complain(place, "externalDocs without a url", "write {url: https://..}, or leave it out"),
    }
    match (value.get("x-doc-updated"), text(value, "x-doc-updated")) {
        (None, _) => {}
        (_, Some(date)) if is_date(date) => {}
        (Some(date), _) => {
            lint.complain(place, format!("x-doc-updated {date} is not a date"), "write 'YYYY-MM-DD' in quotes");
        }
    }
}

fn check_scopes(lint: &mut Lint<'_>, place: &Trail, value: &Map<String, Value>) {
    let Some(scopes) = value.get("x-scopes") else { return };
    let names = scopes
        .as_array()
        .is_some_and(|scopes| scopes.iter().all(|scope| scope.as_str().is_some_and(|s| !s.is_empty())));
    if !names {
        lint.complain(place, "x-scopes is not a list of names", "write the vendor's permission points");
    }
}

/// Returns whether the source is something other than a page.
pub fn has_no_page(value: &Map<String, Value>) -> bool {
    matches!(text(value, "x-source"), Some("sdk" | "tool"))
}

fn is_date(text: &str) -> bool {
    let shape: Vec<&str> = text.split('-').collect();
    let numbers: Option<Vec<u32>> = shape.iter().map(|part| part.parse().ok()).collect();
    text.len() == 10
        && matches!(numbers.as_deref(), Some([year, month, day])
            if (2000..2100).contains(year) && (1..=12).contains(month) && (1..=31).contains(day))
}
