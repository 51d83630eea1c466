//! The README and the crate's documentation list all operations.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use huiyi_wecom::Client;
use serde_json::Value;

/// The operations of the bundled document by resource, in its order: id, English title, Chinese title.
fn by_resource() -> BTreeMap<String, Vec<[String; 3]>> {
    let document: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    let mut resources: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
    for operation in document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values())
    {
        let text = |name: &str| operation[name].as_str().unwrap().to_owned();
        let row = [text("operationId"), text("summary"), text("x-title-zh")];
        resources.entry(operation["tags"][0].as_str().unwrap().to_owned()).or_default().push(row);
    }
    resources
}

#[test]
fn the_crates_documentation_lists_every_operation_once() {
    let listed = include_str!("../src/operations.md");
    let mut rows: Vec<&str> = listed.lines().filter(|line| line.starts_with("| [")).collect();

    let operations = by_resource().into_values().flatten();
    let mut expected: Vec<String> = operations
        .map(|[id, english, chinese]| format!("| [`{id}`](Client::{id}) | {english} | {chinese} |"))
        .collect();

    rows.sort_unstable();
    expected.sort_unstable();
    assert_eq!(rows, expected);
}

#[test]
fn the_readme_counts_the_operations_of_every_resource() {
    let readme = include_str!("../README.md");

    for (resource, operations) in by_resource() {
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{resource}` |")));
        let count = row.and_then(|row| row.trim_end_matches(" |").rsplit(' ').next());
        assert_eq!(count, Some(operations.len().to_string().as_str()), "{resource}");
    }
    assert!(readme.contains(&format!("{} methods on `Client`", Client::operations().len())));
}
