//! Every operation has a typed stub: what it is given arrives at the client, and is equal.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use huiyi_mock::{DingTalkMock, FeishuMock, TencentMock, WeComMock};
use huiyi_tests::Failure;
use huiyi_tests::by_name::ByName;
use huiyi_tests::examples::{Example, same};
use huiyi_tests::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use huiyi_tests::generated;
use huiyi_tests::mocked::{Calls, FILE, Given};
use serde_json::Value;

type Make<'a> = &'a dyn Fn(&str, &Given<'_>) -> Result<Calls, Failure>;

fn text_of(failure: Failure) -> String {
    failure.to_string()
}

/// Goes through all operations of a vendor; lists what is not as it should be.
async fn run(family: Family, client: &dyn ByName, make: Make<'_>) -> Vec<String> {
    let spec = family.spec();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    let answers: Vec<(String, Value)> =
        spec.examples().into_iter().filter_map(|example| Some((example.operation, example.answer?))).collect();
    for example in spec.examples() {
        if !family.operations.contains(&example.operation.as_str()) {
            continue;
        }
        let is_first = seen.insert(example.operation.clone());
        let mut cases = vec![one(family, client, make, &example).await];
        if is_first {
            let own = spec.error_codes_of(&example.operation);
            let code = own.first().cloned().unwrap_or_else(|| spec.error_codes()[0].clone());
            cases.push(fails(client, make, &example, &code.text()).await);
            cases.push(default(family, client, make, &example, &answers).await);
        }
        let failed = cases.into_iter().filter_map(Result::err);
        wrong.extend(failed.map(|reason| format!("{} {}: {reason}", example.operation, example.name)));
    }
    assert_eq!(seen.len(), family.operations.len(), "operations without a test");
    println!("{}: {} operations", family.name, seen.len());
    wrong
}

/// The example's answer, as a value of the client's type.
async fn one(family: Family, client: &dyn ByName, make: Make<'_>, example: &Example) -> Result<(), String> {
    let shown = match &example.answer {
        Some(answer) => (family.decode)(&example.operation, &answer.to_string())?,
        None => Value::Object(serde_json::Map::new()),
    };
    let calls = make(&example.operation, &Given::Answer(&shown)).map_err(text_of)?;
    let answer = client.call(&example.operation, &example.arguments).await.map_err(text_of)?;
    let expected = if example.raw { Value::from(STANDARD.encode(FILE)) } else { shown };
    if !same(&answer, &expected) {
        return Err(format!("{answer} instead of {expected}"));
    }
    if calls() != 1 { Err(format!("{} calls", calls())) } else { Ok(()) }
}

/// A stub without an answer gives the example of the document.
async fn default(
    family: Family,
    client: &dyn ByName,
    make: Make<'_>,
    example: &Example,
    answers: &[(String, Value)],
) -> Result<(), String> {
    let _calls = make(&example.operation, &Given::Example).map_err(text_of)?;
    let answer = client.call(&example.operation, &example.arguments).await.map_err(text_of)?;
    let known: Vec<Value> = answers
        .iter()
        .filter(|(operation, _)| *operation == example.operation)
        .map(|(_, answer)| family.data(answer))
        .collect();
    let is_known = example.raw || known.is_empty() || known.iter().any(|known| same(known, &answer));
    if is_known { Ok(()) } else { Err(format!("{answer} is none of the examples")) }
}

/// The code arrives, in the vendor's envelope.
async fn fails(client: &dyn ByName, make: Make<'_>, example: &Example, code: &str) -> Result<(), String> {
    let _calls = make(&example.operation, &Given::Fails(code)).map_err(text_of)?;
    match client.call(&example.operation, &example.arguments).await {
        Ok(answer) => Err(format!("{answer} instead of the code {code}")),
        Err(failure) if failure.api().and_then(huiyi_core::Error::code) == Some(code) => Ok(()),
        Err(failure) => Err(format!("{failure} instead of the code {code}")),
    }
}

macro_rules! every_operation {
    ($name:ident, $mock:ident, $family:ident) => {
        #[tokio::test]
        async fn $name() {
            let mock = $mock::start().await;
            let make = |operation: &str, given: &Given<'_>| generated::$name::stub(&mock, operation, given);

            let wrong = run($family, &mock.client(), &make).await;

            assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
        }
    };
}

every_operation!(feishu, FeishuMock, FEISHU);
every_operation!(wecom, WeComMock, WECOM);
every_operation!(dingtalk, DingTalkMock, DINGTALK);
every_operation!(tencent, TencentMock, TENCENT);

#[test]
fn the_guide_shows_the_service_that_is_tested() {
    let service = include_str!("../../crates/huiyi-mock/tests/service.rs").replace("huiyi_feishu::", "huiyi::feishu::");
    let program = &service[service.find("use axum").expect("its first line")..];

    for chapter in
        [include_str!("../../crates/huiyi/docs/testing.md"), include_str!("../../crates/huiyi/docs/testing.zh-CN.md")]
    {
        assert!(chapter.contains(program.trim_end()));
    }
}
