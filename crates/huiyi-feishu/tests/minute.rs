//! Minutes of an uploaded file, against the loopback server.

use std::sync::Arc;
use std::time::Duration;

use crate::support::{JumpingClock, answer, builder, refuse, server};
use huiyi_feishu::types::CreateMinuteFromFileResponse;
use huiyi_feishu::{Client, ErrorKind, JobError, MinuteToken};
use huiyi_mock::{Fault, Loopback, Target};
use serde_json::json;

const TOKEN: &str = "obcnq3b9jl72l83w4f149w9c";

fn clocked(server: &Loopback) -> (Client, Arc<JumpingClock>) {
    let clock = Arc::new(JumpingClock::default());
    (builder(server).user_access_token("u-1").clock(clock.clone()).build().unwrap(), clock)
}

fn not_ready_once(server: &Loopback) {
    let body = json!({"code": 2_091_003, "msg": "minute not ready"}).to_string();
    let fault = Fault::Status { status: 400, headers: Vec::new(), body };
    server.fault(Target::Operation("get_minute".to_owned()), fault);
}

fn made(link: &str) -> MinuteToken {
    serde_json::from_value::<CreateMinuteFromFileResponse>(json!({"minute_url": link})).unwrap().into()
}

#[tokio::test]
async fn minutes_are_asked_for_until_they_are_ready() {
    let server = server().await;
    let (client, clock) = clocked(&server);
    not_ready_once(&server);
    not_ready_once(&server);
    answer(&server, "get_minute", json!({"minute": {"token": TOKEN, "title": "Weekly"}}));

    let token = made("https://sample.feishu.cn/minutes/obcnq3b9jl72l83w4f149w9c?from=api");
    let minute = client.wait_for_minute(token).result().await.unwrap();

    assert_eq!(minute.minute.title.as_deref(), Some("Weekly"));
    assert_eq!(server.calls("get_minute").len(), 3);
    assert!(server.calls("get_minute").iter().all(|call| call.path.ends_with(TOKEN)));
    assert_eq!(clock.waits(), [1, 2].map(Duration::from_secs));
}

#[tokio::test]
async fn minutes_that_are_never_ready_are_given_up_in_time() {
    let server = server().await;
    let (client, clock) = clocked(&server);
    refuse(&server, "get_minute", 400, 2_091_003);

    let wait = client.wait_for_minute(TOKEN).with_total(Duration::from_secs(10));
    let error = wait.result().await.unwrap_err();

    assert_eq!(error.to_string(), format!("the job {TOKEN} is not done after 10.0 s"));
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(clock.waits(), [1, 2, 4, 3].map(Duration::from_secs));
}

#[tokio::test]
async fn another_refusal_ends_the_wait() {
    let server = server().await;
    let (client, clock) = clocked(&server);
    refuse(&server, "get_minute", 403, 2_091_005);

    let error = client.wait_for_minute(TOKEN).result().await.unwrap_err();

    assert!(matches!(&error, JobError::Call(call) if call.code() == Some("2091005")));
    assert!(clock.waits().is_empty());
}

#[tokio::test]
async fn minutes_without_a_link_are_refused_before_anything_is_sent() {
    let server = server().await;
    let (client, _) = clocked(&server);

    let error = client.wait_for_minute(made("")).result().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(server.requests().is_empty());
}
