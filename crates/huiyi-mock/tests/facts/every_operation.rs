//! Every operation of every document can be called, and the answer fits the document.

use huiyi_mock::Vendor;
use serde_json::{Map, Value, json};

use crate::client::Session;

fn document(vendor: Vendor) -> Value {
    let text = match vendor {
        Vendor::Feishu => include_str!("../../openapi/feishu.json"),
        Vendor::WeCom => include_str!("../../openapi/wecom.json"),
        Vendor::DingTalk => include_str!("../../openapi/dingtalk.json"),
        Vendor::Tencent => include_str!("../../openapi/tencent.json"),
    };
    serde_json::from_str(text).unwrap()
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => resolve(document, document.pointer(reference.trim_start_matches('#')).unwrap()),
        None => value,
    }
}

/// Builds a value that fits a schema, with required members only.
fn sample(document: &Value, schema: &Value) -> Value {
    let schema = resolve(document, schema);
    if let Some(branch) = schema["oneOf"].get(0) {
        return sample(document, branch);
    }
    let mut members = Map::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        match sample(document, part) {
            Value::Object(found) => members.extend(found),
            other => return other,
        }
    }
    match schema["type"].as_str() {
        Some("string") => json!("1"),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([sample(document, &schema["items"])]),
        _ => {
            let required = ["required", "x-required-in-requests"].iter().filter_map(|key| schema[*key].as_array());
            for name in required.flatten() {
                let name = name.as_str().unwrap();
                members.insert(name.to_owned(), sample(document, &schema["properties"][name]));
            }
            Value::Object(members)
        }
    }
}

/// Returns method, target and bodies of an operation; the bodies are the examples, or a sample if there are none.
fn requests(document: &Value, path: &str, operation: &Value) -> (String, Vec<Vec<u8>>) {
    let mut target = path.replace('{', "p-").replace('}', "");
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let mut joint = '?';
    for parameter in parameters.map(|parameter| resolve(document, parameter)) {
        if parameter["in"] == "query" {
            let value = sample(document, &parameter["schema"]);
            let value = value.get(0).unwrap_or(&value).to_string();
            target.push_str(&format!("{joint}{}={}", parameter["name"].as_str().unwrap(), value.trim_matches('"')));
            joint = '&';
        }
    }
    let Some((media_type, content)) =
        operation["requestBody"]["content"].as_object().and_then(|content| content.iter().next())
    else {
        return (target, vec![Vec::new()]);
    };
    if media_type == "multipart/form-data" {
        return (target, Vec::new());
    }
    let examples = content["examples"].as_object().into_iter().flatten();
    let mut bodies: Vec<Value> = examples.map(|(_, example)| example["value"].clone()).collect();
    bodies.push(sample(document, &content["schema"]));
    (target, bodies.iter().map(|body| body.to_string().into_bytes()).collect())
}

fn default_example(response: &Value) -> Option<Value> {
    let examples = response["content"]["application/json"]["examples"].as_object()?;
    let first = examples.keys().min()?;
    let example = examples.get("page").or_else(|| examples.get(first))?;
    Some(example["value"].clone())
}

/// Calls all operations that accept a security scheme, with the session's credentials; returns the number of calls.
async fn call_all(session: &Session, scheme: &str) -> usize {
    let document = document(session.server.vendor());
    let mut calls = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(_, value)| value.is_object()) {
            let security = operation.get("security").unwrap_or(&document["security"]);
            if !security.as_array().unwrap().iter().any(|entry| entry.get(scheme).is_some()) {
                continue;
            }
            let (target, bodies) = requests(&document, path, operation);
            for body in bodies {
                let answer = session.send(&method.to_uppercase(), &target, &body).await.unwrap();
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                assert_eq!(answer.status / 100, 2, "{method} {target}: {text}");
                if let Some(example) = default_example(&operation["responses"]["200"]) {
                    assert_eq!(answer.json(), example, "{method} {target}");
                }
                calls += 1;
            }
            assert!(session.server.operations().contains(&operation["operationId"].as_str().unwrap()));
        }
    }
    assert_eq!(session.server.requests().len(), calls);
    calls
}

#[tokio::test]
async fn of_feishu_for_tenants() {
    let session = Session::start(Vendor::Feishu).await;

    assert!(call_all(&session, "tenant").await > 30);
}

#[tokio::test]
async fn of_feishu_for_users() {
    let session = Session::start(Vendor::Feishu).await;
    let token = crate::feishu::user_token(&session.server).await;
    session.server.forget();

    assert!(call_all(&Session { token, ..session }, "user").await > 10);
}

#[tokio::test]
async fn of_wecom() {
    let session = Session::start(Vendor::WeCom).await;

    assert!(call_all(&session, "access_token").await > 40);
}

#[tokio::test]
async fn of_dingtalk() {
    let session = Session::start(Vendor::DingTalk).await;

    assert!(call_all(&session, "access_token").await > 40);
}

#[tokio::test]
async fn of_tencent() {
    let session = Session::start(Vendor::Tencent).await;

    assert!(call_all(&session, "aksk").await > 150);
}
