//! The settings that tests can make, and the record.

use huiyi_mock::{BINARY_ANSWER, Loopback, Quota, Vendor};
use serde_json::json;

use crate::client::{NOW, Session, Wire, send};

#[tokio::test]
async fn an_ordered_answer_holds_until_it_is_cleared() {
    let session = Session::start(Vendor::Feishu).await;
    session.server.answer("get_meeting", 404, r#"{"code":121004,"msg":"x"}"#);

    let ordered = session.send_sample().await.unwrap();
    session.server.clear();
    let usual = session.send_sample().await.unwrap();

    assert_eq!((ordered.status, usual.status), (404, 200));
    assert_eq!(ordered.header("content-type"), Some("application/json; charset=utf-8"));
}

#[tokio::test]
async fn an_ordered_answer_may_have_headers_and_any_bytes() {
    let session = Session::start(Vendor::DingTalk).await;
    let operation = session.sample().0;
    session.server.answer_with(operation, &[("Content-Type", "x/y"), ("ETag", "z")], 200, [0xff]);

    let answer = session.send_sample().await.unwrap();

    assert_eq!((answer.header("content-type"), answer.header("etag")), (Some("x/y"), Some("z")));
    assert_eq!(answer.body, [0xff]);
}

#[tokio::test]
async fn an_ordered_answer_still_needs_a_token() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    server.answer("get_meeting", 200, "{}");

    let answer = send(&server, "GET", "/open-apis/vc/v1/meetings/1", &[], b"").await.unwrap();

    assert_eq!(answer.json()["code"], 99991661);
}

#[tokio::test]
async fn another_example_can_be_chosen() {
    let session = Session::start(Vendor::Tencent).await;

    let page = session.send_sample().await.unwrap();
    session.server.use_example("get_meeting", "recurring");
    let recurring = session.send_sample().await.unwrap();
    session.server.use_example("get_meeting", "no such");
    let unknown = session.send_sample().await.unwrap();

    assert_ne!(page.json(), recurring.json());
    assert_eq!(unknown.status, 501);
}

#[tokio::test]
async fn a_quota_is_kept_by_the_servers_clock() {
    let session = Session::start(Vendor::Feishu).await;
    let now = NOW - NOW % 60 + 50;
    session.server.set_unix_time(now);
    let token = crate::feishu::tenant_token(&session.server).await;
    let session = Session { token, ..session };
    session.server.enforce(Quota { calls: 1, window_seconds: 60 });

    let first = session.send_sample().await.unwrap();
    let second = session.send_sample().await.unwrap();
    session.server.set_unix_time(now + 10);
    let third = session.send_sample().await.unwrap();

    assert_eq!((first.status, second.status, third.status), (200, 429, 200));
    assert_eq!(second.header("x-ogw-ratelimit-reset"), Some("10"));
}

#[tokio::test]
async fn revoked_tokens_are_rejected_and_new_ones_are_not() {
    let session = Session::start(Vendor::WeCom).await;

    session.server.revoke_tokens();
    let revoked = session.send_sample().await.unwrap();
    let token = crate::wecom::access_token(&session.server).await;
    let renewed = Session { token, ..session }.send_sample().await.unwrap();

    assert_eq!(revoked.json()["errcode"], 40014);
    assert_eq!(renewed.json()["errcode"], 0);
}

#[tokio::test]
async fn a_connection_is_kept_and_both_framings_are_read() {
    let session = Session::start(Vendor::WeCom).await;
    let target = format!("/cgi-bin/meeting/get_info?access_token={}", session.token);
    let mut wire = Wire::open(&session.server).await;

    wire.send("POST", &target, &[], br#"{"meetingid":"1"}"#).await.unwrap();
    let first = wire.receive().await.unwrap();
    let chunked = [("Transfer-Encoding", "chunked")];
    wire.send("POST", &target, &chunked, b"5\r\n{\"mee\r\nc\r\ntingid\":\"1\"}\r\n0\r\n\r\n").await.unwrap();
    let second = wire.receive().await.unwrap();

    assert_eq!((first.status, second.status), (200, 200));
    let requests = session.server.requests();
    assert_eq!(requests[0].connection, requests[1].connection);
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn the_record_shows_a_request_as_it_was_sent() {
    let session = Session::start(Vendor::Feishu).await;
    let header = format!("Bearer {}", session.token);
    let headers = [("AUTHORIZATION", &header[..]), ("x-Odd", "1")];

    let target = "/open-apis/vc/v1/meetings/a%2Fb?with_participants=true&user_id_type=open%5Fid";
    send(&session.server, "GET", target, &headers, b"").await.unwrap();

    let calls = session.server.calls("get_meeting");
    let call = &calls[0];
    assert_eq!((call.method.as_str(), call.target.as_str()), ("GET", target));
    assert_eq!(call.headers[1].0, "AUTHORIZATION");
    assert_eq!(call.header("x-odd"), Some("1"));
    assert_eq!(call.query_value("user_id_type").as_deref(), Some("open_id"));
    assert_eq!(call.path_parameters, [("meeting_id".to_owned(), "a/b".to_owned())]);
    assert_eq!(call.status, Some(200));
}

#[tokio::test]
async fn forgetting_clears_the_record_and_the_counts() {
    let session = Session::start(Vendor::DingTalk).await;
    crate::dingtalk::access_token(&session.server).await;
    session.send_sample().await.unwrap();

    session.server.forget();

    assert_eq!((session.server.requests().len(), session.server.token_requests()), (0, 0));
    assert_eq!(session.send_sample().await.unwrap().status, 200);
    assert_eq!(session.server.requests()[0].number, 4);
}

#[tokio::test]
async fn an_operation_without_an_example_succeeds_plainly() {
    let session = Session::start(Vendor::Tencent).await;
    let target = "/v1/meetings/1/qos?operator_id=u&operator_id_type=1";

    let answer = session.send("GET", target, b"").await.unwrap();

    assert_eq!((answer.status, answer.json()), (200, json!({})));
}

#[tokio::test]
async fn a_binary_answer_is_bytes() {
    let session = Session::start(Vendor::Feishu).await;

    let answer = session.send("GET", "/open-apis/vc/v1/exports/download?file_token=x", b"").await.unwrap();

    assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
    assert_eq!(answer.body, BINARY_ANSWER);
}

#[tokio::test]
async fn without_recording_nothing_is_kept() {
    let session = Session::start(Vendor::Feishu).await;

    session.server.set_recording(false);
    session.send_sample().await.unwrap();
    session.server.set_recording(true);
    session.send_sample().await.unwrap();

    assert_eq!(session.server.requests().len(), 1);
}
