//! The messages and the behaviour of stubs, tested with Feishu.

#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use huiyi_feishu::types::{GetMeetingResponse, ListRoomsResponse, Meeting, Room};
use huiyi_feishu::{ErrorKind, RetryPolicy, StaticToken, Token};
use huiyi_mock::feishu::calls::GetMeeting;
use huiyi_mock::{Fault, FeishuMock, Reply, UNMATCHED};
use serde_json::json;

fn meeting(topic: &str) -> GetMeetingResponse {
    GetMeetingResponse::new().meeting(Meeting::new().topic(topic))
}

/// Returns the message of `verify`; panics if there is none.
fn complaint(mock: &FeishuMock) -> String {
    let outcome = catch_unwind(AssertUnwindSafe(|| mock.verify()));
    *outcome.unwrap_err().downcast::<String>().unwrap()
}

#[tokio::test]
async fn a_call_without_a_stub_says_what_was_asked_and_which_stub_is_nearest() {
    let mock = FeishuMock::start().await;
    mock.get_meeting().meeting_id("6").with_participants(true);
    mock.get_meeting().meeting_id("6");

    let error = mock.client().get_meeting("7").with_participants(true).send().await.unwrap_err();

    assert_eq!(error.code(), Some(UNMATCHED.to_string().as_str()));
    let text = r#"no stub is for get_meeting(meeting_id = "7", with_participants = "true"); the nearest, made at "#;
    assert!(error.message().contains(text), "{error}");
    assert!(error.message().contains(r#"tests/stubs.rs:28:10, wants meeting_id = "6""#), "{error}");
    assert_eq!(complaint(&mock), error.message());
}

#[tokio::test]
async fn a_call_without_any_stub_of_its_operation_says_which_ones_there_are() {
    let mock = FeishuMock::start().await;
    mock.list_rooms();
    mock.get_room();

    mock.client().get_meeting("7").send().await.unwrap_err();

    let expected =
        r#"huiyi-mock: no stub is for get_meeting(meeting_id = "7"); there are stubs of get_room, list_rooms only"#;
    assert_eq!(complaint(&mock), expected);
}

#[tokio::test]
async fn a_stub_that_is_used_up_answers_no_more() {
    let mock = FeishuMock::start().await;
    let client = mock.client();
    mock.get_meeting().times(1);

    client.get_meeting("7").send().await.unwrap();
    client.get_meeting("7").send().await.unwrap_err();

    let text = complaint(&mock);
    assert!(text.contains("tests/stubs.rs:") && text.ends_with(" was for 1 call"), "{text}");
}

#[tokio::test]
async fn an_expectation_that_is_not_met_fails_on_drop() {
    let mock = FeishuMock::start().await;
    mock.get_meeting().meeting_id("6").times(2);
    mock.client().get_meeting("6").send().await.unwrap();

    let outcome = catch_unwind(AssertUnwindSafe(|| drop(mock)));

    let text = *outcome.unwrap_err().downcast::<String>().unwrap();
    let expected = r#"huiyi-mock: the stub get_meeting(meeting_id = "6"), made at "#;
    assert!(text.starts_with(expected) && text.ends_with(", expected 2 calls and got 1 call"), "{text}");
}

#[tokio::test]
async fn a_test_that_fails_already_is_not_failed_again() {
    let mock = FeishuMock::start().await;
    mock.get_meeting().times(1);

    let outcome = catch_unwind(AssertUnwindSafe(move || {
        let _mock = mock;
        panic!("the test's own failure");
    }));

    assert_eq!(*outcome.unwrap_err().downcast::<&str>().unwrap(), "the test's own failure");
}

#[tokio::test]
async fn an_undocumented_answer_is_read_as_the_client_reads_it() {
    let mock = FeishuMock::start().await;
    mock.get_meeting().answers_raw(json!({"code": 0, "msg": "ok", "data": {"meeting": {"topic": 5}}}));

    let answer = mock.client().get_meeting("7").send().await.unwrap();

    assert_eq!(answer.meeting.topic.as_deref(), Some("5"));
}

#[tokio::test]
async fn a_sequence_goes_on_with_its_last_answer_and_retries_take_no_time() {
    let mock = FeishuMock::start().await;
    let busy = Fault::Unavailable { retry_after: Some(20) };
    mock.get_meeting().sequence([
        Reply::fault(busy),
        Reply::answers(meeting("first")),
        Reply::answers(meeting("then")),
    ]);
    let client = mock.client_builder().retry(RetryPolicy::default()).build().unwrap();

    let mut topics = Vec::new();
    for _ in 0..3 {
        topics.push(client.get_meeting("7").send().await.unwrap().into_inner().meeting.topic.unwrap());
    }

    assert_eq!(topics, ["first", "then", "then"]);
    assert_eq!(mock.calls::<GetMeeting>().len(), 4);
}

#[tokio::test]
async fn a_failed_call_is_not_repeated_unless_the_test_asks() {
    let mock = FeishuMock::start().await;
    mock.get_meeting().fault(Fault::RateLimited).times(1);

    let error = mock.client().get_meeting("7").send().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
}

#[tokio::test]
async fn calls_are_matched_by_closures_and_read_in_types() {
    let mock = FeishuMock::start().await;
    mock.get_meeting().answers(meeting("any"));
    let stub = mock.get_meeting().matching(|call| call.with_participants == Some(true)).answers(meeting("with"));

    let client = mock.client();
    client.get_meeting("6").send().await.unwrap();
    let answer = client.get_meeting("7").with_participants(true).send().await.unwrap();

    assert_eq!(answer.meeting.topic.as_deref(), Some("with"));
    assert_eq!(stub.calls()[0].meeting_id, "7");
    assert_eq!(mock.calls::<GetMeeting>().len(), 2);
}

#[tokio::test]
async fn a_slow_answer_meets_the_time_limit_of_the_client() {
    let mock = FeishuMock::start().await;
    mock.get_meeting().after(Duration::from_secs(30));
    let client = mock.client_with_timeout(Duration::from_millis(20));

    let error = client.get_meeting("7").send().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
}

#[tokio::test]
async fn a_status_of_a_gateway_is_passed_on() {
    let mock = FeishuMock::start().await;
    mock.get_meeting().fails_with(502, "<html>bad gateway</html>");

    let error = mock.client().get_meeting("7").send().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
}

#[tokio::test]
async fn pages_follow_one_another() {
    let mock = FeishuMock::start().await;
    let page = |names: &[&str]| ListRoomsResponse::new().rooms(names.iter().map(|name| Room::new().name(*name)));
    mock.list_rooms().pages([page(&["a", "b"]), page(&["c"]), page(&[])]);

    let rooms: Vec<Room> = mock.client().list_rooms().stream().collect().await.unwrap();

    let names: Vec<_> = rooms.iter().filter_map(|room| room.name.as_deref()).collect();
    assert_eq!(names, ["a", "b", "c"]);
}

#[tokio::test]
async fn any_user_token_will_do_until_it_is_revoked() {
    let mock = FeishuMock::start().await;
    mock.end_meeting();
    let user = mock.client().as_user(StaticToken::new(Token::new("u-of-the-application")));

    user.end_meeting("7").send().await.unwrap();
    mock.client().end_meeting("7").send().await.unwrap();
}

#[tokio::test]
async fn mocks_do_not_disturb_one_another() {
    let (one, other) = (FeishuMock::start().await, FeishuMock::start().await);
    one.get_meeting().answers(meeting("one"));
    other.get_meeting().answers(meeting("other"));

    let answers = (one.client().get_meeting("7").send().await, other.client().get_meeting("7").send().await);

    assert_eq!(answers.0.unwrap().meeting.topic.as_deref(), Some("one"));
    assert_eq!(answers.1.unwrap().meeting.topic.as_deref(), Some("other"));
}
