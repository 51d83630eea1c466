//! The bundled documents are valid OpenAPI 3.0. The validator that checks this is independent of the generator.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use roas::v3_0::spec::Spec;
use roas::validation::{IGNORE_UNUSED, Validate};
use serde_json::Value;

const DOCUMENTS: [(&str, &str); 4] = [
    ("feishu", include_str!("../../../crates/huiyi-feishu/openapi.json")),
    ("wecom", include_str!("../../../crates/huiyi-wecom/openapi.json")),
    ("dingtalk", include_str!("../../../crates/huiyi-dingtalk/openapi.json")),
    ("tencent", include_str!("../../../crates/huiyi-tencent/openapi.json")),
];

/// The validator knows only `int32` and `int64`, though the standard leaves `format` open.
fn without_own_integer_formats(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let own = members.get("format").is_some_and(|format| format != "int32" && format != "int64");
            if own && members.get("type").is_some_and(|kind| kind == "integer") {
                members.remove("format");
            }
            members.values_mut().for_each(without_own_integer_formats);
        }
        Value::Array(items) => items.iter_mut().for_each(without_own_integer_formats),
        _ => {}
    }
}

fn complaints(document: &str) -> Vec<String> {
    let mut value: Value = serde_json::from_str(document).unwrap();
    without_own_integer_formats(&mut value);
    match serde_json::from_value::<Spec>(value) {
        Err(error) => vec![error.to_string()],
        Ok(spec) => spec.validate(IGNORE_UNUSED, None).err().map(|error| error.to_string()).into_iter().collect(),
    }
}

#[test]
fn every_bundled_document_is_valid() {
    for (vendor, document) in DOCUMENTS {
        assert_eq!(complaints(document), Vec::<String>::new(), "{vendor}");
    }
}

#[test]
fn the_validator_sees_what_is_wrong() {
    let document = DOCUMENTS[0].1;

    assert!(
        !complaints(&document.replacen("#/components/schemas/Meeting\"", "#/components/schemas/Nowhere\"", 1))
            .is_empty()
    );
    assert!(!complaints(&document.replacen("\"in\": \"query\"", "\"in\": \"nowhere\"", 1)).is_empty());
}
