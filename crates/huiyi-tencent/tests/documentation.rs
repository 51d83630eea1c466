//! The tables in the crate's documentation and in README.md are complete.

#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use huiyi_tencent::Client;
use serde_json::Value;

const CRATE: &str = include_str!("../src/lib.rs");
const README: &str = include_str!("../README.md");

#[test]
fn every_operation_stands_in_the_table_of_the_crate() {
    let missing: Vec<&str> = Client::operations()
        .iter()
        .map(|operation| operation.id)
        .filter(|id| !CRATE.contains(&format!("[`{id}`](Client::{id})")))
        .collect();

    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_counts_of_the_readme_are_those_of_the_document() {
    let document: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let descriptions: Vec<&str> = operations.filter_map(|operation| operation["description"].as_str()).collect();
    let sources: Vec<String> = descriptions
        .iter()
        .map(|text| text.split_once("Source:").unwrap().1.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();

    let sdk = sources.iter().filter(|source| source.contains("SDK")).count();
    let sdk_only = sources.iter().filter(|source| source.starts_with("the official SDK 1.0.12.")).count();
    let all = sources.len();
    let row = format!("| **all** | | **{all}** | **{sdk_only}** | **{}** | **{}** |", sdk - sdk_only, all - sdk);
    assert_eq!(all, Client::operations().len());
    assert!(README.contains(&row), "{row}");
}

#[test]
fn the_examples_of_the_readme_exist() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let named: Vec<&str> = README
        .split("--example ")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next())
        .collect();

    assert_eq!(named.len(), 5);
    for name in named {
        assert!(folder.join(format!("{name}.rs")).is_file(), "{name}");
    }
}
