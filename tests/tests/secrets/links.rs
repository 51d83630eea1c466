//! A link that needs no other credential is a secret in every spec, and `Debug` hides it.

use std::collections::BTreeSet;

use huiyi_tests::examples::Spec;
use serde_json::{Value, json};

use crate::said::debugged;

/// Members that are such links wherever they occur: downloads of limited life, push addresses, activations, sign-ins.
const LINKS: &[&str] = &[
    "activate_url",
    "audio_address",
    "auth_url",
    "downloadUrl",
    "download_address",
    "download_url",
    "job_url",
    "loginUrl",
    "mp4FileUrl",
    "playUrl",
    "push_address",
    "streamUrlList",
];

/// Collects the members of this name, and those of them that are plain texts.
fn search<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>, plain: &mut Vec<String>) {
    let members = value.get("properties").and_then(Value::as_object);
    for (name, schema) in members.into_iter().flatten().filter(|(name, _)| LINKS.contains(&name.as_str())) {
        let text = schema.get("items").unwrap_or(schema);
        if text.get("type").and_then(Value::as_str) == Some("string") {
            found.insert(name);
            if text.get("format").and_then(Value::as_str) != Some("password") {
                plain.push(format!("{name}: {schema}"));
            }
        }
    }
    match value {
        Value::Object(members) => members.values().for_each(|member| search(member, found, plain)),
        Value::Array(items) => items.iter().for_each(|item| search(item, found, plain)),
        _ => {}
    }
}

#[test]
fn links_that_need_no_other_credential_are_secrets_in_the_specs() {
    let specs = [Spec::feishu(), Spec::wecom(), Spec::dingtalk(), Spec::tencent()];
    let (mut found, mut plain) = (BTreeSet::new(), Vec::new());
    for spec in &specs {
        search(spec.document(), &mut found, &mut plain);
    }

    assert!(plain.is_empty(), "{plain:#?}");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), LINKS);
}

#[test]
fn debug_hides_such_links() {
    let link = "https://files.example.com/1?token=s3cr3t";
    let media: huiyi_feishu::types::GetMinuteMediaResponse = read(json!({"download_url": link}));
    let table: huiyi_feishu::types::GetExportTaskResponse = read(json!({"url": link}));
    let file: huiyi_wecom::types::GetRecordingFileResponse = read(json!({"download_address": link}));
    let playing: huiyi_dingtalk::types::GetCloudRecordPlayInfoResponse = read(json!({"playUrl": link}));
    let export: huiyi_tencent::types::GetExportJobResponse = read(json!({"url": link}));

    assert_eq!(media.download_url.as_ref().map(|url| url.expose()), Some(link));
    let said = [debugged(&media), debugged(&table), debugged(&file), debugged(&playing), debugged(&export)].concat();
    assert!(said.iter().all(|text| text.contains("***") && !text.contains("s3cr3t")), "{said:#?}");
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}
