//! Waiting for DingTalk's background jobs, against the loopback server.

use std::time::Duration;

use crate::support::{answer_in_turn, pair, sent};
use huiyi_dingtalk::{ErrorKind, JobError, JobState};
use serde_json::json;

const TASK: &str = "7632756964333839";
const USER: &str = "WFBkgJvtSaA1jK4sgiEiE";

fn state(number: i64) -> JobState<i64> {
    match number {
        3 => JobState::Done(number),
        4 => JobState::Failed("no speech".to_owned()),
        _ => JobState::Running,
    }
}

#[tokio::test]
async fn minutes_are_asked_for_until_the_caller_calls_their_state_done() {
    let (server, client) = pair().await;
    answer_in_turn(&server, "get_minutes_status", [json!({"status": 1}), json!({}), json!({"status": 3})]);

    assert_eq!(client.wait_for_minutes(TASK, USER, state).result().await.unwrap(), 3);
    assert_eq!(server.calls("get_minutes_status").len(), 3);
}

#[tokio::test]
async fn minutes_that_the_caller_calls_failed_end_the_wait() {
    let (server, client) = pair().await;
    answer_in_turn(&server, "get_minutes_status", [json!({"status": 4})]);

    let error = client.wait_for_minutes(TASK, USER, state).result().await.unwrap_err();

    assert_eq!(error.to_string(), "the job 7632756964333839 failed: no speech");
    assert_eq!(error.kind(), ErrorKind::Other);
}

#[tokio::test]
async fn a_summary_is_waited_for_until_it_has_a_text() {
    let (server, client) = pair().await;
    let answers = [json!({"generatingStatus": "?"}), json!({"summaryText": ""}), json!({"summaryText": "All done."})];
    answer_in_turn(&server, "get_minutes_template_summary", answers);

    let summary = client.wait_for_minutes_summary(TASK, "meeting-assistant", "0", USER).result().await.unwrap();

    assert_eq!(summary.summary_text.as_deref(), Some("All done."));
    assert_eq!(server.calls("get_minutes_template_summary").len(), 3);
}

#[tokio::test]
async fn an_analysis_is_waited_for_until_it_is_made() {
    let (server, client) = pair().await;
    answer_in_turn(&server, "query_a1_summary", [json!({"state": 0}), json!({"state": 4}), json!({"state": 2})]);

    client.wait_for_a1_summary("file", "agent").result().await.unwrap();

    assert_eq!(server.calls("query_a1_summary").len(), 3);
    assert_eq!(sent(&server, "query_a1_summary"), json!({"openFileId": "file", "agentId": "agent"}));
}

#[tokio::test]
async fn a_failed_analysis_is_an_error() {
    let (server, client) = pair().await;
    answer_in_turn(&server, "query_a1_summary", [json!({"state": 3})]);

    let error = client.wait_for_a1_summary("file", "agent").result().await.unwrap_err();

    assert!(matches!(error, JobError::Failed { .. }));
    assert_eq!(error.to_string(), "the job file failed");
}

#[tokio::test]
async fn an_analysis_that_takes_too_long_is_given_up() {
    let (server, client) = pair().await;
    answer_in_turn(&server, "query_a1_summary", [json!({"state": 4}), json!({"state": 4}), json!({"state": 4})]);

    let wait = client.wait_for_a1_summary("file", "agent").with_total(Duration::from_secs(3));
    let error = wait.result().await.unwrap_err();

    assert!(matches!(error, JobError::NotInTime { .. }));
    assert_eq!(server.calls("query_a1_summary").len(), 3);
}
