//! A request that is read from JSON may have a number as a text. It is sent as a number. Times keep the form in which
//! they came.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use huiyi_mock::Loopback;
use huiyi_tests::examples::equal;
use huiyi_tests::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use huiyi_tests::subject::with_user;
use serde_json::Value;

/// Members that are times.
const TIMES: [&str; 11] = [
    "begin_time",
    "endTime",
    "end_time",
    "entry_time",
    "expireTime",
    "meeting_start",
    "repeat_until",
    "sharing_expire",
    "startTime",
    "start_time",
    "until_date",
];

/// Returns whether a place is a time that was sent as it came.
fn is_kept(pointer: &str, sent: Option<&Value>, number: &Value) -> bool {
    let name = pointer.rsplit('/').next().unwrap_or_default();
    TIMES.contains(&name) && sent.and_then(Value::as_str) == Some(&number.to_string())
}

/// Finds the places of all numbers in a body.
fn numbers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(pointer.to_owned()),
        Value::Object(members) => {
            for (name, member) in members {
                numbers(member, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                numbers(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

async fn every_number_may_be_a_text(family: Family, at_least: usize) {
    let spec = family.spec();
    let server = Loopback::start(family.vendor).await.unwrap();
    let client = with_user(family.vendor, &server.base_url()).await;
    let (mut seen, mut tried, mut times, mut wrong) = (BTreeSet::new(), 0, 0, Vec::new());
    for example in spec.examples() {
        let Some(body) = spec.complete_body(&example.operation) else { continue };
        if !seen.insert(example.operation.clone()) {
            continue;
        }
        let mut found = Vec::new();
        numbers(&body, "", &mut found);
        for pointer in found {
            tried += 1;
            let number = body.pointer(&pointer).unwrap();
            let mut with_text = body.clone();
            *with_text.pointer_mut(&pointer).unwrap() = Value::from(number.to_string());
            let mut arguments = example.arguments.clone();
            arguments.body = Some(with_text);
            server.forget();
            let result = client.call(&example.operation, &arguments).await.map(drop);
            let sent = server.calls(&example.operation).last().and_then(|request| request.json()).unwrap_or_default();
            let sent = sent.pointer(&pointer);
            if is_kept(&pointer, sent, number) {
                times += 1;
            } else if !sent.is_some_and(|sent| equal(sent, number)) {
                wrong.push(format!("{} {pointer}: {sent:?} instead of {number} ({result:?})", example.operation));
            }
        }
    }
    println!("{}: {tried} numbers as text, {times} times kept, {} not sent as numbers", family.name, wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= at_least, "only {tried} numbers");
}

#[tokio::test]
async fn feishu_takes_numbers_as_text() {
    every_number_may_be_a_text(FEISHU, 60).await;
}

#[tokio::test]
async fn wecom_takes_numbers_as_text() {
    every_number_may_be_a_text(WECOM, 130).await;
}

#[tokio::test]
async fn dingtalk_takes_numbers_as_text() {
    every_number_may_be_a_text(DINGTALK, 50).await;
}

#[tokio::test]
async fn tencent_takes_numbers_as_text() {
    every_number_may_be_a_text(TENCENT, 300).await;
}
