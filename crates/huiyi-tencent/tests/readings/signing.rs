//! Signatures over the bytes that are sent, and retries after a failure.

use huiyi_mock::{Fault, Loopback, Request, Target, credentials, tencent_signature};
use huiyi_tencent::ErrorKind;
use huiyi_tencent::types::{
    CancelMeetingRequest, CreateMeetingRequest, InstanceId, RecordAccessTarget, RemoveRecordAccessMembersRequest,
};

use crate::support::{Explained as _, as_user, last, start};

/// Returns the expected signature of a request.
fn expected(request: &Request, body: &[u8]) -> String {
    let app = credentials::TENCENT;
    let (nonce, timestamp) = (request.header("X-TC-Nonce").unwrap(), request.header("X-TC-Timestamp").unwrap());
    tencent_signature(app.secret_id, app.secret_key, &request.method, nonce, timestamp, &request.target, body)
}

fn operation(name: &str) -> Target {
    Target::Operation(name.to_owned())
}

fn meeting() -> CreateMeetingRequest {
    CreateMeetingRequest::new("tester", "周会", 0, 1_572_172_200, 1_572_175_800).instanceid(InstanceId::Pc)
}

#[tokio::test]
async fn a_query_is_signed_in_the_encoding_in_which_it_is_sent() {
    let (server, client) = start().await;

    let request = client.get_meeting("7567173273889276131").operator_id("123+123 中&=/?#%").operator_id_type(1);
    request.instanceid(1).send().await.ok_or_explain();

    let request = last(&server, "get_meeting");
    assert_eq!(request.query_value("operator_id").as_deref(), Some("123+123 中&=/?#%"));
    assert!(request.target.contains("operator_id=123%2B123"), "{}", request.target);
    assert_eq!(request.header("X-TC-Signature"), Some(&*expected(&request, b"")));
}

#[tokio::test]
async fn a_path_argument_is_encoded_before_it_is_signed() {
    let (server, client) = start().await;

    client.get_user("123+123/中").operator_id("u").operator_id_type(1).send().await.ok_or_explain();

    let request = last(&server, "get_user");
    assert_eq!(request.path_parameters, [("userid".to_owned(), "123+123/中".to_owned())]);
    assert!(!request.path.contains(['中', ' ']) && !request.path.contains("123/"), "{}", request.path);
    assert_eq!(request.header("X-TC-Signature"), Some(&*expected(&request, b"")));
}

#[tokio::test]
async fn a_body_is_signed_byte_for_byte() {
    let (server, client) = start().await;

    client.create_meeting(meeting()).send().await.ok_or_explain();

    let request = last(&server, "create_meeting");
    assert!(std::str::from_utf8(&request.body).unwrap().contains("周会"));
    assert_eq!(request.header("X-TC-Signature"), Some(&*expected(&request, &request.body)));
}

#[tokio::test]
async fn a_put_without_a_body_is_signed_over_nothing() {
    let (server, client) = start().await;

    client.send_user_activation("9527").operator_id("u").operator_id_type(1).send().await.ok_or_explain();

    let request = last(&server, "send_user_activation");
    assert!(request.body.is_empty());
    assert_eq!(request.header("X-TC-Signature"), Some(&*expected(&request, b"")));
}

#[tokio::test]
async fn a_delete_with_a_body_is_signed_over_it() {
    let (server, client) = start().await;

    let body = RemoveRecordAccessMembersRequest::new([RecordAccessTarget::new(1, "user1")])
        .operator_id("test")
        .operator_id_type(1);
    client.remove_record_access_members("12345678", body).send().await.ok_or_explain();

    let request = last(&server, "remove_record_access_members");
    assert_eq!(request.method, "DELETE");
    assert!(!request.body.is_empty());
    assert_eq!(request.header("X-TC-Signature"), Some(&*expected(&request, &request.body)));
}

#[tokio::test]
async fn header_names_are_spelled_with_capitals() {
    let (server, client) = start().await;

    client.list_departments("admin").send().await.ok_or_explain();

    let names: Vec<String> =
        last(&server, "list_departments").headers.into_iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    for name in ["x-tc-key", "x-tc-timestamp", "x-tc-nonce", "x-tc-signature", "x-tc-registered", "appid"] {
        assert!(names.contains(&name.to_owned()), "{name}");
    }
    let spelled = last(&server, "list_departments").headers;
    assert!(spelled.iter().all(|(name, _)| name.starts_with(|first: char| first.is_ascii_uppercase())), "{spelled:?}");
}

#[tokio::test]
async fn every_attempt_has_a_nonce_of_its_own() {
    let (server, client) = start().await;
    server.fault(operation("create_meeting"), Fault::RateLimited);

    client.create_meeting(meeting()).send().await.ok_or_explain();

    let calls = server.calls("create_meeting");
    assert_eq!(calls.len(), 2);
    assert_ne!(calls[0].header("X-TC-Nonce"), calls[1].header("X-TC-Nonce"));
    assert_ne!(calls[0].header("X-TC-Signature"), calls[1].header("X-TC-Signature"));
}

#[tokio::test]
async fn a_user_token_travels_without_a_signature() {
    let (server, client) = start().await;
    let user = as_user(&server, &client).await;

    user.create_meeting(meeting()).send().await.ok_or_explain();

    let request = last(&server, "create_meeting");
    assert!(request.header("AccessToken").is_some() && request.header("X-TC-Nonce").is_some());
    assert_eq!(request.header("OpenId"), Some(credentials::TENCENT.open_id));
    assert_eq!((request.header("X-TC-Signature"), request.header("X-TC-Key")), (None, None));
}

async fn lost_answer(server: &Loopback, name: &str) -> usize {
    server.fault(operation(name), Fault::ResetAfterRead);
    server.calls(name).len()
}

#[tokio::test]
async fn a_cancellation_whose_answer_is_lost_is_sent_again() {
    let (server, client) = start().await;
    lost_answer(&server, "cancel_meeting").await;

    let body = CancelMeetingRequest::new("tester", 1).instanceid(1).reason_detail("取消会议");
    client.cancel_meeting("7567454748865986567", body).send().await.ok_or_explain();

    assert_eq!(server.calls("cancel_meeting").len(), 2);
}

#[tokio::test]
async fn a_new_meeting_whose_answer_is_lost_is_not_created_twice() {
    let (server, client) = start().await;
    lost_answer(&server, "create_meeting").await;

    let error = client.create_meeting(meeting()).send().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(server.calls("create_meeting").len(), 1);
}
