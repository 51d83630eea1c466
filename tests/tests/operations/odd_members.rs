//! One odd member does not make an answer unreadable: a text, an object or a list in place of a scalar; `""`, a text or
//! an object in place of a list; `[]` or `""` in place of an object. Only ids stay strict.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;

use huiyi_tests::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use serde_json::{Value, json};

/// Finds the places in an answer, without the answer itself.
fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    if !pointer.is_empty() {
        found.push(pointer.to_owned());
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(member, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Returns odd values to put in the place of a value.
fn odd(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(_) => vec![json!(""), json!("odd text"), json!({"odd": 1})],
        Value::Object(_) => vec![json!([]), json!("")],
        _ => vec![json!("odd text"), json!({"odd": 1}), json!(["odd"])],
    }
}

/// Returns whether a member of this name is an id that identifies something.
fn is_id(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["id", "uuid"].contains(&&*lower)
        || name.ends_with("_id")
        || name.ends_with("Id")
        || ["userid", "meetingid", "openid", "uuid"].iter().any(|end| lower.ends_with(end))
}

fn try_all(family: Family, at_least: usize) {
    let spec = family.spec();
    let (mut tried, mut wrong) = (0, Vec::new());
    let mut strict: BTreeMap<String, usize> = BTreeMap::new();
    for operation in family.operations {
        let Some(answer) = spec.complete_answer(operation) else { continue };
        // The members of the envelope only show success or failure; they are not part of the value.
        let is_wrapped = family.name == "feishu" && answer.get("data").is_some();
        let mut found = Vec::new();
        places(&answer, "", &mut found);
        for pointer in found {
            let envelope = ["/code", "/msg", "/errcode", "/errmsg", "/error", "/error_info", "/success"];
            if envelope.contains(&&*pointer) || is_wrapped && !pointer.starts_with("/data/") {
                continue;
            }
            let value = answer.pointer(&pointer).unwrap();
            for odd in odd(value) {
                let mut variant = answer.clone();
                *variant.pointer_mut(&pointer).unwrap() = odd.clone();
                tried += 1;
                let Err(reason) = (family.decode)(operation, &variant.to_string()) else { continue };
                let name = pointer.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
                if is_id(name) {
                    *strict.entry(name.to_owned()).or_default() += 1;
                } else {
                    wrong.push(format!("{operation} {pointer} = {odd}: {reason}"));
                }
            }
        }
    }
    let refused: usize = strict.values().sum();
    println!(
        "{}: {tried} variants, {} unreadable, {refused} of {} ids refused: {strict:?}",
        family.name,
        wrong.len(),
        strict.len()
    );
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried >= at_least, "only {tried} variants");
}

#[test]
fn feishu_reads_answers_with_an_odd_member() {
    try_all(FEISHU, 2800);
}

#[test]
fn wecom_reads_answers_with_an_odd_member() {
    try_all(WECOM, 2500);
}

#[test]
fn dingtalk_reads_answers_with_an_odd_member() {
    try_all(DINGTALK, 2200);
}

#[test]
fn tencent_reads_answers_with_an_odd_member() {
    try_all(TENCENT, 5500);
}
