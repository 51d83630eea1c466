//! Every example of the vendors' pages passes through the clients: the request goes out as the page
//! shows it, and the answer, parsed and serialised again, is the page's.

use std::collections::BTreeMap;

use huiyi_core::{QuotaPolicy, StaticToken};
use huiyi_loopback::{Loopback, Vendor};
use huiyi_tests::examples::{Example, Spec, same, text};
use huiyi_tests::{Failure, clients, generated};
use serde_json::Value;

/// Examples that do not come back as they were, by operation and name, with the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "get_suite_token",
        "made-up",
        "no page, so no example; made-up credentials are refused. The suite's tokens have tests of their own",
    ),
    (
        "get_corp_token",
        "made-up",
        "no page, so no example; made-up credentials are refused. The suite's tokens have tests of their own",
    ),
];

/// What an example came to.
enum Outcome {
    Equal,
    Skipped(&'static str),
    Different(String),
}

/// Runs all examples of a vendor and prints a summary; fails if one is different.
async fn run<F>(
    vendor: Vendor,
    spec: Spec,
    data: fn(&Value) -> Value,
    known: &[&str],
    call: impl Fn(Example, &Loopback) -> F,
) where
    F: Future<Output = Result<Value, Failure>>,
{
    let server = Loopback::start(vendor).await.expect("a port of this machine");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for example in spec.examples() {
        let outcome = one(&server, &example, data, known, &call).await;
        let label = match &outcome {
            Outcome::Equal => "equal",
            Outcome::Skipped(reason) => reason,
            Outcome::Different(_) => "different",
        };
        *counts.entry(label).or_default() += 1;
        if let Outcome::Different(reason) = outcome {
            match EXCEPTIONS
                .iter()
                .find(|(operation, name, _)| (*operation, *name) == (&example.operation, &example.name))
            {
                Some((operation, name, reason)) => println!("{operation} {name}: excepted: {reason}"),
                None => failures.push(format!("{} {}: {reason}", example.operation, example.name)),
            }
        }
    }
    println!("{vendor:?}: {counts:?}");
    assert!(failures.is_empty(), "{} examples differ:\n{}", failures.len(), failures.join("\n"));
}

async fn one<F>(
    server: &Loopback,
    example: &Example,
    data: fn(&Value) -> Value,
    known: &[&str],
    call: &impl Fn(Example, &Loopback) -> F,
) -> Outcome
where
    F: Future<Output = Result<Value, Failure>>,
{
    if !known.contains(&example.operation.as_str()) {
        return Outcome::Skipped("not generated");
    }
    server.forget();
    server.clear();
    if let Some(answer) = &example.answer {
        server.answer(&example.operation, 200, answer.to_string());
    }
    let answer = match call(example.clone(), server).await {
        Ok(answer) => answer,
        Err(failure) => return Outcome::Different(format!("{failure}")),
    };
    // A login before the call may have used the operation under test; the call is the last.
    let calls = server.calls(&example.operation);
    let Some(request) = calls.last() else {
        return Outcome::Different("nothing was sent".to_owned());
    };
    if (request.method.as_str(), request.path.as_str()) != (&example.method, &example.target()) {
        return Outcome::Different(format!("{} {} was sent", request.method, request.path));
    }
    let secret = ["access_token"];
    let mut sent: Vec<(String, String)> =
        request.query_pairs().into_iter().filter(|(name, _)| !secret.contains(&name.as_str())).collect();
    let mut expected = example.query();
    sent.sort();
    expected.sort();
    if sent != expected {
        return Outcome::Different(format!("the query is {sent:?} instead of {expected:?}"));
    }
    for (name, value) in &example.arguments.header {
        if request.header(name) != Some(&text(value)) {
            return Outcome::Different(format!("the header {name} is {:?}", request.header(name)));
        }
    }
    let body = request.json().unwrap_or_default();
    let wanted = example.arguments.body.clone().unwrap_or_default();
    if !same(&body, &wanted) {
        return Outcome::Different(format!("the body is {body} instead of {wanted}"));
    }
    match &example.answer {
        Some(shown) if !example.raw => {
            let shown = data(shown);
            if same(&answer, &shown) {
                Outcome::Equal
            } else {
                Outcome::Different(format!("the answer is {answer} instead of {shown}"))
            }
        }
        _ => Outcome::Skipped("request only: the page shows no JSON answer"),
    }
}

/// What of a Feishu answer the client gives: `data`, or all but the envelope.
fn feishu_data(answer: &Value) -> Value {
    match answer.get("data") {
        Some(data) => data.clone(),
        None => without(answer, &["code", "msg"]),
    }
}

fn wecom_data(answer: &Value) -> Value {
    without(answer, &["errcode", "errmsg"])
}

fn whole(answer: &Value) -> Value {
    answer.clone()
}

fn without(answer: &Value, names: &[&str]) -> Value {
    let mut answer = answer.clone();
    if let Some(members) = answer.as_object_mut() {
        members.retain(|name, _| !names.contains(&name.as_str()));
    }
    answer
}

/// The examples are more than a second's quota.
fn unhurried() -> QuotaPolicy {
    QuotaPolicy::off()
}

#[tokio::test]
async fn feishu() {
    let call = |example: Example, server: &Loopback| {
        let base_url = server.base_url();
        async move {
            let app = huiyi_loopback::credentials::FEISHU;
            let user = StaticToken::new(clients::feishu_user(&base_url).await);
            let client = huiyi_feishu::Client::builder()
                .app(app.app_id, app.app_secret)
                .user_source(user)
                .base_url(base_url)
                .quota(unhurried())
                .build();
            let client = client.expect("the loopback server's own credentials");
            generated::feishu::call(&client, &example.operation, &example.arguments).await
        }
    };
    run(Vendor::Feishu, Spec::feishu(), feishu_data, generated::feishu::OPERATIONS, call).await;
}

#[tokio::test]
async fn wecom() {
    let call = |example: Example, server: &Loopback| {
        let app = huiyi_loopback::credentials::WECOM;
        let client = huiyi_wecom::Client::builder()
            .corp(app.corpid, app.secret)
            .base_url(server.base_url())
            .quota(unhurried())
            .build();
        let client = client.expect("the loopback server's own credentials");
        async move { generated::wecom::call(&client, &example.operation, &example.arguments).await }
    };
    run(Vendor::WeCom, Spec::wecom(), wecom_data, generated::wecom::OPERATIONS, call).await;
}

#[tokio::test]
async fn dingtalk() {
    let call = |example: Example, server: &Loopback| {
        let app = huiyi_loopback::credentials::DINGTALK;
        let client = huiyi_dingtalk::Client::builder()
            .app(app.app_key, app.secret)
            .base_url(server.base_url())
            .quota(unhurried())
            .build();
        let client = client.expect("the loopback server's own credentials");
        async move { generated::dingtalk::call(&client, &example.operation, &example.arguments).await }
    };
    run(Vendor::DingTalk, Spec::dingtalk(), whole, generated::dingtalk::OPERATIONS, call).await;
}

#[tokio::test]
async fn tencent() {
    let call = |example: Example, server: &Loopback| {
        let base_url = server.base_url();
        async move {
            let app = huiyi_loopback::credentials::TENCENT;
            let user = StaticToken::new(clients::tencent_user(&base_url).await);
            let client = huiyi_tencent::Client::builder()
                .keys(app.app_id, app.secret_id, app.secret_key)
                .user_source(user)
                .base_url(base_url)
                .quota(unhurried())
                .build();
            let client = client.expect("the loopback server's own credentials");
            generated::tencent::call(&client, &example.operation, &example.arguments).await
        }
    };
    run(Vendor::Tencent, Spec::tencent(), whole, generated::tencent::OPERATIONS, call).await;
}
