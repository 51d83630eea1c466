//! Every example of the vendors' pages passes through the clients: the request is sent as the page shows it, and the
//! answer, parsed and serialised again, equals the page's.

use std::collections::BTreeMap;

use huiyi_mock::Loopback;
use huiyi_tests::by_name::ByName;
use huiyi_tests::examples::{Example, same, text};
use huiyi_tests::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use huiyi_tests::subject::with_user;

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

/// The outcome of an example.
enum Outcome {
    Equal,
    Skipped(&'static str),
    Different(String),
}

/// Runs all examples of a vendor and prints a summary. Fails if one is different.
async fn run(family: Family) {
    let server = Loopback::start(family.vendor).await.expect("a port of this machine");
    let client = with_user(family.vendor, &server.base_url()).await;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for example in family.spec().examples() {
        let outcome = one(&server, &*client, family, &example).await;
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
    println!("{}: {counts:?}", family.name);
    assert!(failures.is_empty(), "{} examples differ:\n{}", failures.len(), failures.join("\n"));
}

async fn one(server: &Loopback, client: &dyn ByName, family: Family, example: &Example) -> Outcome {
    if !family.operations.contains(&example.operation.as_str()) {
        return Outcome::Skipped("not generated");
    }
    server.forget();
    server.clear();
    if let Some(answer) = &example.answer {
        server.answer(&example.operation, 200, answer.to_string());
    }
    let answer = match client.call(&example.operation, &example.arguments).await {
        Ok(answer) => answer,
        Err(failure) => return Outcome::Different(format!("{failure}")),
    };
    // A token request before the call may have used the same operation; the call is the last.
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
            let shown = family.data(shown);
            if same(&answer, &shown) {
                Outcome::Equal
            } else {
                Outcome::Different(format!("the answer is {answer} instead of {shown}"))
            }
        }
        _ => Outcome::Skipped("request only: the page shows no JSON answer"),
    }
}

#[tokio::test]
async fn feishu() {
    run(FEISHU).await;
}

#[tokio::test]
async fn wecom() {
    run(WECOM).await;
}

#[tokio::test]
async fn dingtalk() {
    run(DINGTALK).await;
}

#[tokio::test]
async fn tencent() {
    run(TENCENT).await;
}
