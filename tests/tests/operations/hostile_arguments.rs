//! Path arguments that look like paths, queries or encodings never lead to another endpoint.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use huiyi_core::ErrorKind;
use huiyi_mock::{Loopback, Request, Vendor};
use huiyi_tests::Failure;
use huiyi_tests::by_name::ByName;
use huiyi_tests::examples::{Example, Spec};
use huiyi_tests::fault_matrix::family;
use huiyi_tests::subject::with_user;
use serde_json::Value;

/// Arguments that have led other clients to another endpoint.
const HOSTILE: &[&str] = &[
    "",
    " ",
    ".",
    "..",
    "...",
    "./",
    "../",
    "../../x",
    "a/b",
    "/a",
    "a/",
    "a\\b",
    "..\\a",
    "a?b",
    "?",
    "a#b",
    "#",
    "a;b=c",
    "a&b=c",
    "100%",
    "%",
    "%2e%2e",
    "%2f",
    "a%2fb",
    "%00",
    "会议",
    "a b",
    "a+b",
    "a\nb",
    "a\r\nHost: elsewhere",
    "a\tb",
    "{meeting_id}",
    "//elsewhere/x",
    "http://elsewhere/x",
    "@elsewhere",
];

/// The outcome for one argument.
enum Fate {
    /// The operation received it, decoded, as it was given.
    Received,
    /// Nothing was sent, and the error names the operation.
    Refused,
    /// The client's type cannot hold such a value.
    Unfit,
}

fn judge(
    example: &Example,
    name: &str,
    value: &str,
    result: &Result<Value, Failure>,
    sent: &[Request],
) -> Result<Fate, String> {
    match (result, sent) {
        (Err(Failure::Argument { name: refused, .. }), []) if refused == name => Ok(Fate::Unfit),
        (Err(Failure::Call(error)), []) => {
            let text = error.to_string();
            let is_clear = error.kind() == ErrorKind::Misuse;
            if is_clear && error.operation() == example.operation && text.contains(&example.operation) {
                Ok(Fate::Refused)
            } else {
                Err(format!("nothing was sent, and the error says: {text}"))
            }
        }
        (_, [request]) => {
            let received = request.path_parameters.iter().find(|(parameter, _)| parameter == name);
            if request.operation.as_deref() != Some(example.operation.as_str()) {
                return Err(format!("{} {} was called", request.method, request.target));
            }
            match received {
                Some((_, received)) if received == value => Ok(Fate::Received),
                _ => Err(format!("{received:?} was received: {}", request.target)),
            }
        }
        (result, sent) => Err(format!("{} requests, {result:?}", sent.len())),
    }
}

/// Calls every operation that has path parameters, with every hostile argument in every place.
async fn attack(server: &Loopback, client: &dyn ByName, spec: &Spec, operations: &[&str]) {
    let mut fates = [0; 3];
    let mut attacked = 0;
    let mut wrong = Vec::new();
    let mut examples = spec.examples();
    examples.retain(|example| !example.arguments.path.is_empty() && operations.contains(&example.operation.as_str()));
    examples.dedup_by(|one, other| one.operation == other.operation);
    for example in examples {
        attacked += 1;
        let names: Vec<String> = example.arguments.path.keys().cloned().collect();
        for name in names {
            for value in HOSTILE {
                let mut arguments = example.arguments.clone();
                arguments.path.insert(name.clone(), Value::from(*value));
                server.forget();
                let result = client.call(&example.operation, &arguments).await;
                match judge(&example, &name, value, &result, &server.requests()) {
                    Ok(fate) => fates[fate as usize] += 1,
                    Err(reason) => wrong.push(format!("{} {name} = {value:?}: {reason}", example.operation)),
                }
            }
        }
    }
    let [received, refused, unfit] = fates;
    println!(
        "{:?}: {attacked} operations; {received} arguments arrived unchanged, {refused} were refused, {unfit} do not fit",
        server.vendor()
    );
    assert!(wrong.is_empty(), "{} arguments went astray:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(attacked == 0, server.vendor() == Vendor::WeCom, "WeCom alone has no path parameters");
}

/// Uses a client with a user, because some operations need one. Its tokens are fetched before the attack.
async fn run(vendor: Vendor) {
    let server = Loopback::start(vendor).await.unwrap();
    let family = family(vendor);
    let client = with_user(vendor, &server.base_url()).await;
    let [warm_up, _] = huiyi_tests::fault_matrix::calls(vendor);
    client.call(warm_up.operation, &warm_up.arguments).await.unwrap();
    attack(&server, &*client, &family.spec(), family.operations).await;
}

#[tokio::test]
async fn no_argument_leads_to_another_endpoint_of_feishu() {
    run(Vendor::Feishu).await;
}

#[tokio::test]
async fn no_argument_leads_to_another_endpoint_of_wecom() {
    run(Vendor::WeCom).await;
}

#[tokio::test]
async fn no_argument_leads_to_another_endpoint_of_dingtalk() {
    run(Vendor::DingTalk).await;
}

#[tokio::test]
async fn no_argument_leads_to_another_endpoint_of_tencent() {
    run(Vendor::Tencent).await;
}
