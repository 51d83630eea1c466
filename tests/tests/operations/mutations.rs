//! A new field, enum value or `null` from the vendor, and a number in place of a text, break nothing: the answer is
//! read, and the rest of it is unchanged.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;

use huiyi_tests::examples::{Spec, same, text};
use huiyi_tests::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use huiyi_tests::variants::{Change, UNKNOWN_FIELD, Variant, variants};
use serde_json::Value;

/// Returns the answers of an operation: those of its page, and one with every documented field.
fn answers(spec: &Spec, operation: &str) -> Vec<Value> {
    let examples = spec.examples().into_iter().filter(|example| example.operation == operation && !example.raw);
    let mut answers: Vec<Value> = examples.filter_map(|example| example.answer).collect();
    answers.extend(spec.complete_answer(operation));
    answers
}

/// Returns the place of a variant's change inside the client's value; `None` if it is in the envelope.
fn inside<'a>(family: Family, answer: &Value, pointer: &'a str) -> Option<&'a str> {
    let is_wrapped = family.name == "feishu" && answer.get("data").is_some();
    if is_wrapped { pointer.strip_prefix("/data") } else { Some(pointer) }
}

/// Reads a variant, and compares it with the value of the answer that it was made from.
fn check(family: Family, operation: &str, variant: &Variant, before: &Value, answer: &Value) -> Result<(), String> {
    let after = (family.decode)(operation, &variant.answer.to_string())?;
    let Some(pointer) = inside(family, answer, &variant.pointer) else {
        return if same(before, &after) { Ok(()) } else { Err(format!("the envelope changed the data to {after}")) };
    };
    let (was, is) = (before.pointer(pointer), after.pointer(pointer));
    match variant.change {
        Change::UnknownValue if is != variant.answer.pointer(&variant.pointer) => {
            return Err(format!("it became {is:?}"));
        }
        Change::NumberForText | Change::TextForNumber | Change::BooleanForNumber | Change::NumberForBoolean
            if was.map(meaning) != is.map(meaning) =>
        {
            return Err(format!("{was:?} became {is:?}"));
        }
        _ => {}
    }
    let place = match variant.change {
        // A map accepts any member.
        Change::UnknownField => format!("{pointer}/{UNKNOWN_FIELD}"),
        // A list may drop a `null`.
        Change::Null => match pointer.rsplit_once('/') {
            Some((list, index)) if index.parse::<usize>().is_ok() => list.to_owned(),
            _ => pointer.to_owned(),
        },
        _ => pointer.to_owned(),
    };
    let (before, after) = (without(before, &place), without(&after, &place));
    if same(&before, &after) { Ok(()) } else { Err(format!("the rest became {after} instead of {before}")) }
}

/// Sets a place in a value to `null`.
fn without(value: &Value, pointer: &str) -> Value {
    let mut value = value.clone();
    if let Some(place) = value.pointer_mut(pointer) {
        *place = Value::Null;
    }
    value
}

/// Returns a scalar as text; `true` is 1.
fn meaning(value: &Value) -> String {
    match value {
        Value::Bool(bit) => i64::from(*bit).to_string(),
        other => text(other),
    }
}

fn try_all(family: Family, at_least: usize) {
    let spec = family.spec();
    let mut counts: BTreeMap<Change, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut operations = 0;
    for operation in family.operations {
        let Some(schema) = spec.answer_schema(operation) else { continue };
        operations += 1;
        for answer in answers(&spec, operation) {
            let before = (family.decode)(operation, &answer.to_string()).unwrap();
            for variant in variants(&spec, schema, &answer) {
                *counts.entry(variant.change).or_default() += 1;
                if let Err(reason) = check(family, operation, &variant, &before, &answer) {
                    failures.push(format!("{operation}, {:?} at {}: {reason}", variant.change, variant.pointer));
                }
            }
        }
    }
    let tried: usize = counts.values().sum();
    let failed = failures.len();
    println!("{}: {operations} operations, {tried} variants, {failed} failures: {counts:?}", family.name);
    assert!(failures.is_empty(), "{} of {tried} variants fail:\n{}", failures.len(), failures.join("\n"));
    assert!(tried >= at_least, "only {tried} variants");
}

#[test]
fn feishu_answers_may_vary() {
    try_all(FEISHU, 5700);
}

#[test]
fn wecom_answers_may_vary() {
    try_all(WECOM, 6200);
}

#[test]
fn dingtalk_answers_may_vary() {
    try_all(DINGTALK, 1700);
}

#[test]
fn tencent_answers_may_vary() {
    try_all(TENCENT, 9300);
}
