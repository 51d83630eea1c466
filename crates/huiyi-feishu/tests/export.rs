//! Exports from the request to the file, against the loopback server.

use std::sync::Arc;
use std::time::Duration;

use crate::support::{JumpingClock, answer, answer_once, builder, refuse, sent, server};
use huiyi_feishu::types::{
    ExportMeetingDetailsRequest, ExportMeetingDetailsResponse, ExportResourceReservationsRequest,
};
use huiyi_feishu::{Client, ErrorKind, ExportTask, JobError};
use huiyi_mock::{BINARY_ANSWER, Fault, Loopback, Target};
use serde_json::{Value, json};

const TASK: &str = "7108646852144136212";

/// Returns a client and the clock that it waits by.
fn clocked(server: &Loopback) -> (Client, Arc<JumpingClock>) {
    let clock = Arc::new(JumpingClock::default());
    (builder(server).clock(clock.clone()).build().unwrap(), clock)
}

fn seconds(waits: &[Duration]) -> Vec<u64> {
    waits.iter().map(Duration::as_secs).collect()
}

fn running() -> Value {
    json!({"status": 1})
}

fn done() -> Value {
    json!({"status": 3, "file_token": "6yHu+/=="})
}

#[tokio::test]
async fn an_export_is_asked_for_until_it_is_done_and_then_downloaded() {
    let server = server().await;
    let (client, clock) = clocked(&server);
    answer_once(&server, "get_export_task", running());
    answer_once(&server, "get_export_task", running());
    answer(&server, "get_export_task", done());

    let order = ExportMeetingDetailsRequest::new(1_655_276_858, 1_655_363_258);
    let task = client.export_meeting_details(order).send().await.unwrap().into_inner();
    let file = client.wait_for_export(task).download().await.unwrap();

    assert_eq!(file.collect().await.unwrap(), BINARY_ANSWER);
    assert_eq!(server.calls("get_export_task").len(), 3);
    assert!(server.calls("get_export_task").iter().all(|call| call.path.ends_with("/exports/7111325589855797267")));
    assert_eq!(sent(&server, "download_export").query_value("file_token").as_deref(), Some("6yHu+/=="));
    assert_eq!(seconds(&clock.waits()), [1, 2]);
}

#[tokio::test]
async fn a_failed_export_says_why_and_downloads_nothing() {
    let server = server().await;
    let (client, clock) = clocked(&server);
    answer(&server, "get_export_task", json!({"status": 2, "fail_msg": "no permission", "file_token": ""}));

    let error = client.wait_for_export(TASK).download().await.unwrap_err();

    assert_eq!(error.to_string(), "the job 7108646852144136212 failed: no permission");
    assert!(matches!(&error, JobError::Failed { job, reason } if job == TASK && reason == "no permission"));
    assert_eq!(server.calls("get_export_task").len(), 1);
    assert!(server.calls("download_export").is_empty());
    assert!(clock.waits().is_empty());
}

#[tokio::test]
async fn an_export_that_never_ends_is_given_up_in_time() {
    let server = server().await;
    let (client, clock) = clocked(&server);
    answer(&server, "get_export_task", running());

    let error = client.wait_for_export(TASK).with_total(Duration::from_secs(60)).file_token().await.unwrap_err();

    assert_eq!(error.to_string(), "the job 7108646852144136212 is not done after 60.0 s");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(seconds(&clock.waits()), [1, 2, 4, 8, 15, 15, 15]);
    assert_eq!(server.calls("get_export_task").len(), 8);
}

#[tokio::test]
async fn an_export_that_is_done_at_the_last_question_is_taken() {
    let server = server().await;
    let (client, _) = clocked(&server);
    answer_once(&server, "get_export_task", running());
    answer(&server, "get_export_task", done());

    let token = client.wait_for_export(TASK).with_total(Duration::from_millis(300)).file_token().await.unwrap();

    assert_eq!(token, "6yHu+/==");
}

#[tokio::test]
async fn without_time_an_export_is_asked_for_once() {
    let server = server().await;
    let (client, clock) = clocked(&server);
    answer(&server, "get_export_task", running());

    let error = client.wait_for_export(TASK).with_total(Duration::ZERO).file_token().await.unwrap_err();

    assert!(matches!(error, JobError::NotInTime { .. }));
    assert_eq!(server.calls("get_export_task").len(), 1);
    assert!(clock.waits().is_empty());
}

#[tokio::test]
async fn the_wait_between_two_questions_is_never_nothing() {
    let server = server().await;
    let (client, clock) = clocked(&server);
    answer(&server, "get_export_task", running());

    let wait = client.wait_for_export(TASK).with_backoff(Duration::ZERO, Duration::ZERO);
    wait.with_total(Duration::from_secs(1)).file_token().await.unwrap_err();

    assert_eq!(clock.waits(), [Duration::from_millis(100); 10]);
}

#[tokio::test]
async fn a_state_that_is_not_known_is_waited_out() {
    let server = server().await;
    let (client, _) = clocked(&server);
    answer_once(&server, "get_export_task", json!({"status": 7}));
    answer_once(&server, "get_export_task", json!({}));
    answer(&server, "get_export_task", done());

    assert_eq!(client.wait_for_export(TASK).file_token().await.unwrap(), "6yHu+/==");
}

#[tokio::test]
async fn an_export_without_a_file_is_an_error() {
    let server = server().await;
    let (client, _) = clocked(&server);
    answer(&server, "get_export_task", json!({"status": 3}));

    let error = client.wait_for_export(TASK).download().await.unwrap_err();

    assert_eq!(error.to_string(), format!("the job {TASK} failed: it is done but has no file"));
    assert!(server.calls("download_export").is_empty());
}

#[tokio::test]
async fn a_task_that_was_not_named_is_refused_before_anything_is_sent() {
    let server = server().await;
    let (client, _) = clocked(&server);
    let answer: ExportMeetingDetailsResponse = serde_json::from_value(json!({})).unwrap();

    let error = client.wait_for_export(answer).download().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("task_id"), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_refusal_of_the_vendor_is_passed_on_with_its_kind() {
    let server = server().await;
    let (client, _) = clocked(&server);
    refuse(&server, "get_export_task", 403, 121005);

    let error = client.wait_for_export(TASK).download().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Permission);
    assert_eq!(error.call().and_then(|call| call.code()), Some("121005"));
    assert!(error.to_string().starts_with("feishu get_export_task: not permitted: code 121005"), "{error}");
    assert_eq!(format!("{error:?}"), format!("Call({error})"));
}

#[tokio::test]
async fn a_refused_download_is_json_and_becomes_an_error() {
    let server = server().await;
    let (client, _) = clocked(&server);
    answer(&server, "get_export_task", done());
    refuse(&server, "download_export", 404, 121004);

    let error = client.wait_for_export(TASK).download().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_hiccup_while_waiting_is_retried_underneath() {
    let server = server().await;
    let (client, _) = clocked(&server);
    server.fault(Target::Operation("get_export_task".to_owned()), Fault::Unavailable { retry_after: Some(1) });
    answer(&server, "get_export_task", done());

    assert!(client.wait_for_export(TASK).file_token().await.is_ok());
    assert_eq!(server.calls("get_export_task").len(), 2);
}

#[tokio::test]
async fn each_of_the_four_orders_can_be_waited_for() {
    let server = server().await;
    let (client, _) = clocked(&server);
    let order =
        ExportResourceReservationsRequest::new("omb_57c9cc7d9a81e27e54c8fabfd02759e7", 1_655_276_858, 1_655_363_258);

    let task = client.export_resource_reservations(order).send().await.unwrap().into_inner();

    assert_eq!(ExportTask::from(task).id(), "7111325589855797267");
}
