//! Faults that are responses.

use std::io::Read as _;

use huiyi_mock::{Fault, Target, Vendor};
use serde_json::json;

use crate::client::{Answer, Session};

/// Queues a fault for the sample call of a vendor, and sends the call.
async fn meet(vendor: Vendor, fault: Fault) -> Answer {
    let session = Session::start(vendor).await;
    session.server.fault(Target::Any, fault);
    session.send_sample().await.unwrap()
}

/// Returns status and code of a response, as text.
fn code(vendor: Vendor, answer: &Answer) -> (u16, String) {
    let json = answer.json();
    let code = match vendor {
        Vendor::Feishu => &json["code"],
        Vendor::WeCom => &json["errcode"],
        Vendor::DingTalk => &json["code"],
        Vendor::Tencent => &json["error_info"]["error_code"],
    };
    (answer.status, code.as_str().map_or_else(|| code.to_string(), str::to_owned))
}

/// Expects a fault in the formats of Feishu, WeCom, DingTalk and Tencent Meeting.
async fn expect(fault: Fault, expected: [(u16, &str); 4]) {
    for (vendor, (status, text)) in Vendor::ALL.into_iter().zip(expected) {
        let answer = meet(vendor, fault.clone()).await;
        assert_eq!(code(vendor, &answer), (status, text.to_owned()), "{vendor:?} {}", fault.name());
    }
}

#[tokio::test]
async fn too_many_calls_are_refused_in_each_vendors_words() {
    let qps = "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi";
    expect(Fault::RateLimited, [(429, "99991400"), (200, "45009"), (403, qps), (500, "190310")]).await;
}

#[tokio::test]
async fn feishu_tells_how_long_to_wait() {
    let answer = meet(Vendor::Feishu, Fault::RateLimited).await;

    assert_eq!(answer.header("x-ogw-ratelimit-reset"), Some("1"));
    assert_eq!(answer.header("retry-after"), None);
}

#[tokio::test]
async fn the_monthly_quota_is_told_in_each_vendors_words() {
    let count = "Forbidden.AccessDenied.ApiCountLimitForOrg";
    expect(Fault::MonthlyQuota, [(400, "99991403"), (200, "45036"), (403, count), (500, "500168")]).await;
}

#[tokio::test]
async fn tokens_are_refused_in_each_vendors_words() {
    let invalid = "InvalidAuthentication";
    expect(Fault::TokenExpired, [(400, "99991663"), (200, "42001"), (400, invalid), (400, "190303")]).await;
    expect(Fault::TokenRejected, [(400, "99991663"), (200, "40014"), (400, invalid), (400, "190303")]).await;
    expect(Fault::WrongSecret, [(400, "99991663"), (200, "40014"), (400, invalid), (400, "200003")]).await;
    expect(Fault::ClockSkew, [(400, "99991663"), (200, "40014"), (400, invalid), (400, "190300")]).await;
}

#[tokio::test]
async fn html_has_the_given_status() {
    let answer = meet(Vendor::Feishu, Fault::Html(502)).await;

    assert_eq!((answer.status, answer.header("content-type")), (502, Some("text/html")));
    assert!(answer.body.starts_with(b"<html>"));
}

#[tokio::test]
async fn a_given_answer_is_sent_as_it_is() {
    let headers = vec![("X-Extra".to_owned(), "1".to_owned())];
    let answer = meet(Vendor::DingTalk, Fault::Status { status: 418, headers, body: "{}".to_owned() }).await;

    assert_eq!((answer.status, answer.header("x-extra")), (418, Some("1")));
    assert_eq!(answer.json(), json!({}));
}

#[tokio::test]
async fn unavailable_may_say_when_to_come_back() {
    let with = meet(Vendor::WeCom, Fault::Unavailable { retry_after: Some(7) }).await;
    let without = meet(Vendor::WeCom, Fault::Unavailable { retry_after: None }).await;

    assert_eq!((with.status, with.header("retry-after")), (503, Some("7")));
    assert_eq!((without.status, without.header("retry-after")), (503, None));
}

#[tokio::test]
async fn a_redirection_names_its_target() {
    let answer = meet(Vendor::Tencent, Fault::Redirect("http://127.0.0.1:9/x".to_owned())).await;

    assert_eq!((answer.status, answer.header("location")), (302, Some("http://127.0.0.1:9/x")));
}

#[tokio::test]
async fn malformed_json_has_a_fitting_length() {
    for vendor in Vendor::ALL {
        let answer = meet(vendor, Fault::MalformedJson).await;

        assert_eq!(answer.status, 200);
        assert!(!answer.body.is_empty());
        assert!(serde_json::from_slice::<serde_json::Value>(&answer.body).is_err());
    }
}

#[tokio::test]
async fn the_wrong_content_type_comes_with_the_right_body() {
    let answer = meet(Vendor::Feishu, Fault::WrongContentType).await;

    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.json()["code"], 0);
}

#[tokio::test]
async fn gzip_unpacks_to_the_usual_body() {
    let usual = Session::start(Vendor::Feishu).await.send_sample().await.unwrap();

    let answer = meet(Vendor::Feishu, Fault::Gzip).await;

    let mut body = Vec::new();
    flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut body).unwrap();
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert_eq!(body, usual.body);
}

#[tokio::test]
async fn an_oversized_answer_is_valid_json_of_that_length() {
    let answer = meet(Vendor::Feishu, Fault::Oversized(300_001)).await;

    assert_eq!(answer.body.len(), 300_001);
    assert_eq!(answer.json()["code"], 0);
}

#[tokio::test]
async fn faults_queue_up_and_then_are_over() {
    let session = Session::start(Vendor::Feishu).await;
    let target = || Target::Operation("get_meeting".to_owned());
    session.server.fault(target(), Fault::Html(502));
    session.server.fault(target(), Fault::Html(504));

    let statuses = [
        session.send_sample().await.unwrap().status,
        session.send_sample().await.unwrap().status,
        session.send_sample().await.unwrap().status,
    ];

    assert_eq!(statuses, [502, 504, 200]);
    let faults: Vec<_> = session.server.calls("get_meeting").into_iter().map(|call| call.fault).collect();
    assert_eq!(faults, [Some(Fault::Html(502)), Some(Fault::Html(504)), None]);
}

#[tokio::test]
async fn a_fault_waits_for_its_target() {
    let session = Session::start(Vendor::Feishu).await;
    session.server.fault(Target::Token, Fault::Html(502));
    session.server.fault(Target::Operation("list_rooms".to_owned()), Fault::Html(502));

    assert_eq!(session.send_sample().await.unwrap().status, 200);
    assert_eq!(session.server.pending_faults(), 2);
}

#[tokio::test]
async fn token_faults_speak_the_token_calls_words() {
    let session = Session::start(Vendor::Feishu).await;
    session.server.fault(Target::Token, Fault::WrongSecret);
    let body = json!({"app_id": "cli_loopback", "app_secret": "feishu-secret-sentinel"});

    let answer =
        crate::client::post(&session.server, "/open-apis/auth/v3/tenant_access_token/internal", &[], body).await;

    assert_eq!(code(Vendor::Feishu, &answer), (400, "10015".to_owned()));
}
