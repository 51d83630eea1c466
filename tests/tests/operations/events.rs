//! Every example of an event is read and comes back as the page shows it. A new member or value, a `null`, and a number
//! in place of a text break nothing.

use std::collections::BTreeSet;

use huiyi_tests::events::EventExample;
use huiyi_tests::examples::{Spec, same};
use huiyi_tests::generated::{dingtalk_events, feishu_events, tencent_events, wecom_events};
use huiyi_tests::variants::{Change, variants};
use serde_json::Value;

type Decode = fn(&str, &str) -> Result<Value, String>;

/// Reads all examples and all variants of them. Fails if one differs.
fn run(spec: &Spec, types: &[&str], examples: &[EventExample], decode: Decode, at_least: (usize, usize)) {
    let mut failures = Vec::new();
    let (mut tried, mut seen) = (0, BTreeSet::new());
    for example in examples {
        seen.insert(example.event_type);
        let shown: Value = serde_json::from_str(example.content).expect("the examples are JSON");
        match decode(example.event_type, example.content) {
            Ok(read) if same(&read, &shown) => {}
            Ok(read) => failures.push(format!("{} {}: {read} instead of {shown}", example.event_type, example.name)),
            Err(reason) => failures.push(format!("{} {}: {reason}", example.event_type, example.name)),
        }
        let schema = spec.event_schema(example.event_type).expect("every event has a schema");
        for variant in variants(spec, schema, &shown) {
            tried += 1;
            let outcome = decode(example.event_type, &variant.answer.to_string());
            let survives = variant.change == Change::UnknownValue;
            let read = outcome.as_ref().ok().and_then(|read| read.pointer(&variant.pointer));
            if outcome.is_err() || (survives && read != variant.answer.pointer(&variant.pointer)) {
                let EventExample { event_type, name, .. } = example;
                failures.push(format!("{event_type} {name}, {:?} at {}: {outcome:?}", variant.change, variant.pointer));
            }
        }
    }
    println!("{} types, {} with examples, {} examples, {tried} variants", types.len(), seen.len(), examples.len());
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    assert!(types.len() >= at_least.0 && tried >= at_least.1, "{} types, {tried} variants", types.len());
}

#[test]
fn feishu() {
    run(&Spec::feishu(), feishu_events::TYPES, feishu_events::EXAMPLES, feishu_events::decode, (37, 1600));
}

#[test]
fn wecom() {
    run(&Spec::wecom(), wecom_events::TYPES, wecom_events::EXAMPLES, wecom_events::decode, (36, 250));
}

#[test]
fn dingtalk() {
    run(&Spec::dingtalk(), dingtalk_events::TYPES, dingtalk_events::EXAMPLES, dingtalk_events::decode, (32, 1700));
}

#[test]
fn tencent() {
    run(&Spec::tencent(), tencent_events::TYPES, tencent_events::EXAMPLES, tencent_events::decode, (54, 1000));
}

#[test]
fn an_event_of_another_type_is_kept() {
    for decode in [feishu_events::decode, wecom_events::decode, dingtalk_events::decode, tencent_events::decode] {
        assert_eq!(decode("huiyi.unknown", r#"{"a":[1]}"#), Ok(serde_json::json!({"a": [1]})));
    }
}
