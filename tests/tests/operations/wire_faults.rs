//! What vendors and their proxies really send: each case of `data/wire_faults.jsonl` has a call, the server's answers
//! in order (the last one repeats), and the expected outcome.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use huiyi_core::clock::Clock;
use huiyi_core::observe::{Attempt, Observer, Oddity};
use huiyi_core::{QuotaPolicy, RetryPolicy};
use huiyi_mock::{Fault, Loopback, Request, Target, Vendor};
use huiyi_tests::by_name::ByName;
use huiyi_tests::clock::TestClock;
use huiyi_tests::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use huiyi_tests::subject::{Credentials, Subject};
use huiyi_tests::{Arguments, Failure};
use serde_json::Value;

/// Records the paths of odd members.
#[derive(Clone, Default)]
struct Odd(Arc<Mutex<Vec<String>>>);

impl Observer for Odd {
    fn attempt(&self, _attempt: &Attempt<'_>) {}

    fn odd(&self, _vendor: &'static str, _operation: &str, oddities: &[Oddity]) {
        self.0.lock().unwrap().extend(oddities.iter().map(|oddity| oddity.path.clone()));
    }
}

fn vendor(case: &Value) -> Vendor {
    match case["vendor"].as_str().unwrap() {
        "feishu" => Vendor::Feishu,
        "wecom" => Vendor::WeCom,
        "dingtalk" => Vendor::DingTalk,
        _ => Vendor::Tencent,
    }
}

fn family(vendor: Vendor) -> Family {
    match vendor {
        Vendor::Feishu => FEISHU,
        Vendor::WeCom => WECOM,
        Vendor::DingTalk => DINGTALK,
        Vendor::Tencent => TENCENT,
    }
}

fn arguments(case: &Value) -> Arguments {
    let members = |name: &str| case["arguments"][name].as_object().cloned().unwrap_or_default();
    let body = case["arguments"].get("body").cloned();
    Arguments { path: members("path"), query: members("query"), header: members("header"), body }
}

fn answer(server: &Loopback, answer: &Value) {
    let status = answer["status"].as_u64().map_or(200, |status| u16::try_from(status).unwrap());
    let body = answer["text"].as_str().map_or_else(|| answer["body"].to_string(), str::to_owned);
    server.fault(Target::Any, Fault::Status { status, headers: Vec::new(), body });
}

/// Runs a case. Returns the outcome, the requests, and the odd members.
async fn run(case: &Value) -> (Result<Value, Failure>, Vec<Request>, Vec<String>) {
    let vendor = vendor(case);
    let server = Loopback::start(vendor).await.unwrap();
    let answers = case["answers"].as_array().unwrap();
    answers.iter().for_each(|one| answer(&server, one));
    (0..8).for_each(|_| answer(&server, answers.last().unwrap()));
    let odd = Odd::default();
    let mut subject = Subject::new(vendor, server.base_url());
    let has_app = case["app"] == true;
    if !has_app && vendor != Vendor::Tencent {
        subject.credentials = Credentials::Token("t-fixed-token".to_owned());
    }
    macro_rules! build {
        ($builder:expr) => {{
            let builder = $builder.base_url(server.base_url()).quota(QuotaPolicy::off()).observer(odd.clone());
            let builder = builder.clock(Arc::new(TestClock::new().impatient(&server)) as Arc<dyn Clock>);
            let retry = if case["retry"] == true { RetryPolicy::default() } else { RetryPolicy::off() };
            Box::new(builder.retry(retry).build().unwrap())
        }};
    }
    let client: Box<dyn ByName> = match vendor {
        Vendor::Feishu if has_app => build!(subject.feishu()),
        Vendor::Feishu => build!(subject.feishu().user_access_token("u-fixed-token")),
        Vendor::WeCom => build!(subject.wecom()),
        Vendor::DingTalk => build!(subject.dingtalk()),
        Vendor::Tencent => build!(subject.tencent()),
    };
    let operation = case["operation"].as_str().unwrap();
    let mut arguments = arguments(case);
    if case["complete"] == true {
        let spec = family(vendor).spec();
        arguments = spec.examples().into_iter().find(|example| example.operation == operation).unwrap().arguments;
    }
    let result = if case["collect"] == true {
        client.collect(operation, &arguments).await.map(Value::Array)
    } else {
        client.call(operation, &arguments).await
    };
    let odd = odd.0.lock().unwrap().clone();
    (result, server.requests(), odd)
}

/// Compares the outcome with what is expected.
fn check(expect: &Value, result: &Result<Value, Failure>, requests: &[Request], odd: &[String]) -> Result<(), String> {
    let expected_requests = expect["requests"].as_u64().or_else(|| expect["error"]["requests"].as_u64());
    if expected_requests.is_some_and(|number| number != requests.len() as u64) {
        return Err(format!("{} requests: {result:?}", requests.len()));
    }
    if let Some(error) = expect.get("error") {
        let Err(Failure::Call(found)) = result else { return Err(format!("no error: {result:?}")) };
        let text = found.to_string();
        let fits = format!("{:?}", found.kind()) == error["kind"].as_str().unwrap()
            && error.get("code").is_none_or(|code| code.as_str() == found.code())
            && error.get("says").is_none_or(|says| text.contains(says.as_str().unwrap()))
            && error.get("never").is_none_or(|never| !text.contains(never.as_str().unwrap()))
            && error["retry_after"].as_u64().is_none_or(|s| found.retry_after() == Some(Duration::from_secs(s)));
        return if fits { Ok(()) } else { Err(format!("{:?} {:?}: {text}", found.kind(), found.code())) };
    }
    let value = result.as_ref().map_err(|failure| failure.to_string())?;
    for (pointer, expected) in expect["value"].as_object().into_iter().flatten() {
        if value.pointer(pointer) != Some(expected) {
            return Err(format!("{pointer} is not {expected}: {value}"));
        }
    }
    if expect["items"].as_u64().is_some_and(|number| value.as_array().unwrap().len() as u64 != number) {
        return Err(format!("the items are {value}"));
    }
    for (pointer, expected) in expect["sent"].as_object().into_iter().flatten() {
        let sent = requests.last().and_then(Request::json).unwrap_or_default();
        if sent.pointer(pointer) != Some(expected) {
            return Err(format!("{pointer} was not sent as {expected}: {sent}"));
        }
    }
    for path in expect["odd"].as_array().into_iter().flatten() {
        let path = path.as_str().unwrap();
        if !odd.iter().any(|found| found == path || found.ends_with(path)) {
            return Err(format!("{path} was not told to be odd: {odd:?}"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_case_comes_out_as_it_should() {
    let cases: Vec<Value> =
        include_str!("../../data/wire_faults.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut wrong = Vec::new();
    for case in &cases {
        let (result, requests, odd) = run(case).await;
        if let Err(reason) = check(&case["expect"], &result, &requests, &odd) {
            wrong.push(format!("{} ({}): {reason}", case["id"], case["why"]));
        }
    }
    println!("{} cases, {} wrong", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
