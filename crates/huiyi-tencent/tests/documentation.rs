//! What README.md says in numbers and names is true.

use serde_json::Value;

const README: &str = include_str!("../README.md");

#[test]
fn the_readme_counts_the_operations_that_the_sdk_does_not_have() {
    let document: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let descriptions = operations.filter_map(|operation| operation["description"].as_str());
    let sources = descriptions.map(|text| text.split_once("Source:").unwrap().1);

    let without = sources.filter(|source| !source.contains("SDK")).count();

    assert!(README.contains(&format!("{without} operations have only a page or the tool")), "{without}");
}

#[test]
fn the_examples_of_the_readme_exist() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let named: Vec<&str> = README
        .split("--example ")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next())
        .collect();

    assert_eq!(named.len(), 6);
    for name in named {
        assert!(folder.join(format!("{name}.rs")).is_file(), "{name}");
    }
}
