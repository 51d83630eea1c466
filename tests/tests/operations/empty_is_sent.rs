//! What the caller sets is sent: every optional list that is `[]` and every optional object or map that is `{}`, in
//! every operation whose request has one.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use huiyi_mock::Loopback;
use huiyi_tests::examples::Spec;
use huiyi_tests::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use huiyi_tests::subject::with_user;
use serde_json::{Map, Value, json};

/// No request nests deeper.
const DEEPEST: usize = 8;

/// A body in which an empty value is set, and its place.
struct Empty {
    pointer: String,
    value: Value,
    body: Value,
}

/// Returns the members of an object schema, and the names of required ones, over all parts of an `allOf`.
fn members<'a>(spec: &'a Spec, schema: &'a Value) -> (Vec<(&'a String, &'a Value)>, BTreeSet<&'a str>) {
    let schema = spec.resolve(schema);
    let (mut found, mut required) = (Vec::new(), BTreeSet::new());
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let (more, names) = members(spec, part);
        found.extend(more);
        required.extend(names);
    }
    found.extend(schema["properties"].as_object().into_iter().flatten());
    for key in ["required", "x-required-in-requests"] {
        required.extend(schema[key].as_array().into_iter().flatten().filter_map(Value::as_str));
    }
    (found, required)
}

/// Returns `array`, `object` or another type. For an `allOf` it is that of the first part.
fn kind<'a>(spec: &'a Spec, schema: &'a Value) -> &'a str {
    let schema = spec.resolve(schema);
    match schema["allOf"].get(0) {
        Some(part) => kind(spec, part),
        None if schema.get("properties").is_some() => "object",
        None => schema["type"].as_str().unwrap_or_default(),
    }
}

/// The schema of the items of a list.
fn items<'a>(spec: &'a Spec, schema: &'a Value) -> &'a Value {
    let schema = spec.resolve(schema);
    match schema["allOf"].get(0) {
        Some(part) => items(spec, part),
        None => &schema["items"],
    }
}

/// Finds every optional list, object and map below a place of the body. Each gets a copy of the body in which it is
/// set and empty.
fn find(spec: &Spec, schema: &Value, body: &Value, pointer: &str, depth: usize, found: &mut Vec<Empty>) {
    if depth > DEEPEST {
        return;
    }
    let (members, required) = members(spec, schema);
    for (name, member) in members {
        let place = format!("{pointer}/{name}");
        let kind = kind(spec, member);
        let value = match kind {
            "array" => json!([]),
            "object" => json!({}),
            _ => continue,
        };
        // The members below need this member.
        let mut inside = body.clone();
        let parent = inside.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap();
        if !parent
            .get(name)
            .is_some_and(|there| there.is_object() || there.as_array().is_some_and(|list| !list.is_empty()))
        {
            parent.insert(name.clone(), spec.least(member));
        }
        if kind == "object" {
            find(spec, member, &inside, &place, depth + 1, found);
        } else if inside.pointer(&format!("{place}/0")).is_some_and(Value::is_object) {
            find(spec, items(spec, member), &inside, &format!("{place}/0"), depth + 1, found);
        }
        let must_hold_something = kind == "object" && !self::members(spec, member).1.is_empty();
        if required.contains(name.as_str()) || must_hold_something {
            continue;
        }
        let mut body = body.clone();
        body.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap().insert(name.clone(), value.clone());
        found.push(Empty { pointer: place, value, body });
    }
}

/// The number of operations with an optional list in their request, and of lists and objects.
struct AtLeast {
    operations: usize,
    lists: usize,
    objects: usize,
}

async fn every_empty_value_travels(family: Family, at_least: AtLeast) {
    let spec = family.spec();
    let server = Loopback::start(family.vendor).await.unwrap();
    let client = with_user(family.vendor, &server.base_url()).await;
    let (mut seen, mut with_list) = (BTreeSet::new(), BTreeSet::new());
    let (mut lists, mut objects, mut wrong) = (0, 0, Vec::new());
    for example in spec.examples() {
        let media = &spec.operation(&example.operation).unwrap()["requestBody"]["content"]["application/json"];
        if media.is_null() || !seen.insert(example.operation.clone()) {
            continue;
        }
        let body = example.arguments.body.clone().filter(Value::is_object).unwrap_or(Value::Object(Map::new()));
        let mut found = Vec::new();
        find(&spec, &media["schema"], &body, "", 0, &mut found);
        for empty in found {
            if empty.value.is_array() {
                lists += 1;
                with_list.insert(example.operation.clone());
            } else {
                objects += 1;
            }
            let mut arguments = example.arguments.clone();
            arguments.body = Some(empty.body);
            server.forget();
            let result = client.call(&example.operation, &arguments).await;
            let sent = server.calls(&example.operation).last().and_then(|request| request.json()).unwrap_or_default();
            if sent.pointer(&empty.pointer) != Some(&empty.value) {
                let result = result.map(drop);
                wrong.push(format!("{} {}: sent {sent} ({result:?})", example.operation, empty.pointer));
            }
        }
    }
    let operations = with_list.len();
    println!(
        "{}: {lists} lists of {operations} operations and {objects} objects set and empty, {} not sent",
        family.name,
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(operations >= at_least.operations, "only {operations} operations");
    assert!(lists >= at_least.lists && objects >= at_least.objects, "only {lists} lists and {objects} objects");
}

#[tokio::test]
async fn feishu_sends_what_is_empty() {
    every_empty_value_travels(FEISHU, AtLeast { operations: 16, lists: 35, objects: 13 }).await;
}

#[tokio::test]
async fn wecom_sends_what_is_empty() {
    every_empty_value_travels(WECOM, AtLeast { operations: 12, lists: 31, objects: 12 }).await;
}

#[tokio::test]
async fn dingtalk_sends_what_is_empty() {
    every_empty_value_travels(DINGTALK, AtLeast { operations: 9, lists: 16, objects: 9 }).await;
}

#[tokio::test]
async fn tencent_sends_what_is_empty() {
    every_empty_value_travels(TENCENT, AtLeast { operations: 22, lists: 34, objects: 16 }).await;
}
