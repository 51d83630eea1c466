//! The READMEs and the documentation of the vendors' crates list every operation once, with both titles.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::Value;

struct Texts {
    vendor: &'static str,
    document: &'static str,
    readme: &'static str,
    documentation: &'static str,
}

macro_rules! texts {
    ($($vendor:literal),*) => {
        [$(Texts {
            vendor: $vendor,
            document: include_str!(concat!("../../../crates/huiyi-", $vendor, "/openapi.json")),
            readme: include_str!(concat!("../../../crates/huiyi-", $vendor, "/README.md")),
            documentation: include_str!(concat!("../../../crates/huiyi-", $vendor, "/src/generated/operations.md")),
        }),*]
    };
}

const VENDORS: [Texts; 4] = texts!["feishu", "wecom", "dingtalk", "tencent"];

/// Returns each operation's id, titles, and what it is known from.
fn operations(document: &str) -> Vec<[String; 4]> {
    let document: Value = serde_json::from_str(document).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let text = |operation: &Value, name: &str| operation[name].as_str().unwrap_or_default().replace('|', "\\|");
    let row = |operation| ["operationId", "summary", "x-title-zh", "x-source"].map(|name| text(operation, name));
    operations.filter(|operation| operation["operationId"].is_string()).map(row).collect()
}

/// Returns the remark on an operation without a page.
fn mark(source: &str) -> &'static str {
    match source {
        "sdk" => " (SDK)",
        "tool" => " (tool)",
        _ => "",
    }
}

#[test]
fn the_documentation_lists_every_operation_once_with_both_titles() {
    for Texts { vendor, document, documentation, .. } in VENDORS {
        let operations = operations(document);
        let rows: Vec<&str> = documentation.lines().filter(|line| line.contains("](Client::")).collect();

        assert_eq!(rows.len(), operations.len(), "{vendor}");
        for [id, english, chinese, source] in operations {
            let row = format!("| [`{id}`](Client::{id}) | {english}{} | {chinese} |", mark(&source));
            assert!(rows.contains(&row.as_str()), "{vendor}: {row}");
        }
    }
}

#[test]
fn the_readme_lists_every_operation_once_and_counts_them() {
    for Texts { vendor, document, readme, .. } in VENDORS {
        let table: Vec<&str> = readme.lines().filter(|line| line.starts_with("| ") && line.contains(" | `")).collect();
        let named: Vec<&str> = table.iter().flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
        let operations = operations(document);

        for [id, _, _, source] in &operations {
            assert_eq!(named.iter().filter(|name| *name == id).count(), 1, "{vendor}: {id}");
            let cell = format!("`{id}`{}", mark(source));
            assert!(
                table.iter().any(|row| row.contains(&format!("{cell},")) || row.contains(&format!("{cell} |"))),
                "{cell}"
            );
        }
        let total = format!("| **all** | **合计** | **{}** | |", operations.len());
        assert!(readme.contains(&total), "{vendor}: {total}");
    }
}
