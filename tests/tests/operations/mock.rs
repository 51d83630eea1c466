//! Every operation has a typed stub: the client receives what the stub was given.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use huiyi_core::event::{EventSet, Receive};
use huiyi_mock::{Delivery, DingTalkMock, FeishuMock, TencentMock, WeComMock};
use huiyi_tests::Failure;
use huiyi_tests::by_name::ByName;
use huiyi_tests::events::EventExample;
use huiyi_tests::examples::{Example, same};
use huiyi_tests::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use huiyi_tests::generated;
use huiyi_tests::mocked::{Calls, FILE, Given};
use serde::Serialize;
use serde_json::Value;

type Make<'a> = &'a dyn Fn(&str, &Given<'_>) -> Result<Calls, Failure>;

fn text_of(failure: Failure) -> String {
    failure.to_string()
}

/// Goes through all operations of a vendor. Lists what is wrong.
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

/// Checks a stub that gives the example's answer, as a value of the client's type.
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

/// Checks that a stub without an answer gives the document's example.
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

/// Checks that the code arrives in the vendor's envelope.
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

/// Delivers all examples of events. Lists those that the receiver does not read as they were sent.
fn deliver<R: Receive>(receiver: &R, examples: &[EventExample], make: impl Fn(R::Event) -> Delivery) -> Vec<String>
where
    R::Event: Serialize,
{
    let one = |example: &EventExample| {
        let event = R::Event::parse(example.event_type, example.content).map_err(|error| error.to_string())?;
        let sent = serde_json::to_value(&event).map_err(|error| error.to_string())?;
        let received = receiver.receive(&make(event).request("/hook")).map_err(|rejection| rejection.to_string())?;
        let [delivery] = received.deliveries() else { return Err("not one delivery".to_owned()) };
        let read = serde_json::to_value(delivery.event()).map_err(|error| error.to_string())?;
        if delivery.event_type() == example.event_type && same(&read, &sent) {
            return Ok(());
        }
        Err(format!("{} {read} instead of {sent}", delivery.event_type()))
    };
    let failed = examples.iter().filter_map(|example| Some((example, one(example).err()?)));
    failed.map(|(example, reason)| format!("{} {}: {reason}", example.event_type, example.name)).collect()
}

macro_rules! every_event {
    ($name:ident, $mock:ident, $examples:ident) => {
        #[tokio::test]
        async fn $name() {
            let mock = $mock::start().await;

            let wrong = deliver(&mock.event_receiver(), generated::$examples::EXAMPLES, |event| mock.deliver(event));

            assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
        }
    };
}

every_event!(events_of_feishu, FeishuMock, feishu_events);
every_event!(events_of_wecom, WeComMock, wecom_events);
every_event!(events_of_dingtalk, DingTalkMock, dingtalk_events);
every_event!(events_of_tencent, TencentMock, tencent_events);

/// Returns a text without comments: those of the guide are in its language.
fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_guide_shows_the_service_that_is_tested() {
    let service =
        include_str!("../../../crates/huiyi-mock/tests/service.rs").replace("huiyi_feishu::", "huiyi::feishu::");
    let guide = include_str!("../../../crates/huiyi-mock/tests/guide.rs").replace("huiyi_feishu::", "huiyi::feishu::");
    let program = without_comments(&service[service.find("use axum").expect("its first line")..]);

    for chapter in [
        include_str!("../../../crates/huiyi/docs/testing.md"),
        include_str!("../../../crates/huiyi/docs/testing.zh-CN.md"),
    ] {
        let chapter = without_comments(chapter);
        assert!(chapter.contains(program.trim_end()));
        for part in guide.split("\n// ").skip(1) {
            let program = part.split_once('\n').expect("a heading and a program").1;
            assert!(chapter.contains(program.trim()), "{program}");
        }
    }
}
