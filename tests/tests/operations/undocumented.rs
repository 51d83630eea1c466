//! What no spec has: an endpoint can be called anyway, with credentials, errors and retries, and an undocumented member
//! of an answer can be read as it came.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;
use std::time::Duration;

use huiyi_core::clock::Clock;
use huiyi_core::reqwest::Method;
use huiyi_core::{CustomRequest, Error, ErrorKind, QuotaPolicy, RetryPolicy};
use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials, tencent_signature};
use huiyi_tests::clock::TestClock;
use huiyi_tests::subject::Subject;
use serde_json::{Value, json};

/// Sets the next answer to a path that the server does not know.
fn next(server: &Loopback, status: u16, body: &str) {
    server.fault(Target::Any, Fault::Status { status, headers: Vec::new(), body: body.to_owned() });
}

/// Makes a server, and a client of it that already has its token.
macro_rules! client {
    ($vendor:ident, $name:ident, $warm:expr) => {{
        let server = Loopback::start(Vendor::$vendor).await.unwrap();
        // WeCom blocks for a minute, which is as long as the default time limit.
        let limit = Duration::from_secs(17);
        let clock = Arc::new(TestClock::new().with_time_limit(limit).impatient(&server));
        let builder = Subject::new(Vendor::$vendor, server.base_url()).$name();
        let builder = builder.base_url(server.base_url()).quota(QuotaPolicy::off()).clock(clock as Arc<dyn Clock>);
        let builder = builder.timeout(limit).retry(RetryPolicy::default().with_total(Duration::from_secs(90)));
        let client = builder.build().unwrap();
        let warm = $warm;
        warm(client.clone()).await;
        server.forget();
        (server, client)
    }};
}

/// A rate limit and then a success: two requests with the same arguments; then a refusal under 200.
async fn check(
    server: &Loopback,
    request: impl Fn() -> CustomRequest,
    refusal: (&str, &str, ErrorKind),
    value: fn(&Value) -> &Value,
) {
    server.fault(Target::Any, Fault::RateLimited);
    next(server, 200, r#"{"code":0,"errcode":0,"data":{"answer":7},"answer":7}"#);

    let answer = request().query("page", 2).json(&json!({"a": []})).send::<Value>().await.unwrap();

    assert_eq!(value(&answer), &json!(7));
    assert_eq!(answer.attempts(), 2);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for sent in &requests {
        assert_eq!((sent.method.as_str(), sent.query_value("page").as_deref()), ("POST", Some("2")));
        assert_eq!(sent.json(), Some(json!({"a": []})));
    }
    let (body, code, kind) = refusal;
    next(server, 200, body);
    let error: Error = request().send::<Value>().await.unwrap_err();
    assert_eq!((error.code(), error.kind()), (Some(code), kind), "{error}");
    assert!(error.to_string().contains("POST /"), "{error}");
}

fn data(value: &Value) -> &Value {
    &value["answer"]
}

#[tokio::test]
async fn an_endpoint_of_feishu_that_no_spec_has() {
    let (server, client) = client!(Feishu, feishu, |client: huiyi_feishu::Client| async move {
        client.get_meeting("1").send().await.unwrap();
    });
    let request = || client.request(Method::POST, "/open-apis/vc/v1/new_thing");

    check(&server, request, (r#"{"code":121005,"msg":"no"}"#, "121005", ErrorKind::Permission), data).await;

    assert!(server.requests()[0].header("authorization").unwrap().starts_with("Bearer "));
}

#[tokio::test]
async fn an_endpoint_of_wecom_that_no_spec_has() {
    let (server, client) = client!(WeCom, wecom, |client: huiyi_wecom::Client| async move {
        let request = huiyi_wecom::types::GetMeetingInfoRequest::new().meetingid("m");
        client.get_meeting_info().body(request).send().await.unwrap();
    });
    let request = || client.request(Method::POST, "/cgi-bin/meeting/new_thing");

    check(&server, request, (r#"{"errcode":60011,"errmsg":"no"}"#, "60011", ErrorKind::Permission), data).await;

    assert!(server.requests()[0].query_value("access_token").is_some());
}

#[tokio::test]
async fn an_endpoint_of_dingtalk_that_no_spec_has() {
    let (server, client) = client!(DingTalk, dingtalk, |client: huiyi_dingtalk::Client| async move {
        client.get_schedule_conference("s", "r").send().await.unwrap();
    });
    let request = || client.request(Method::POST, "/v1.0/conference/new_thing");

    let refusal = (r#"{"code":"systemError","message":"no"}"#, "systemError", ErrorKind::Unavailable);
    check(&server, request, refusal, data).await;

    assert!(server.requests()[0].header("x-acs-dingtalk-access-token").is_some());
}

#[tokio::test]
async fn an_endpoint_of_tencent_meeting_that_no_spec_has() {
    let (server, client) = client!(Tencent, tencent, |_: huiyi_tencent::Client| async {});
    let request = || client.request(Method::POST, "/v1/new_thing");

    let refusal = (r#"{"error_info":{"error_code":9003,"message":"no"}}"#, "9003", ErrorKind::NotFound);
    check(&server, request, refusal, data).await;

    let app = credentials::TENCENT;
    for sent in server.requests() {
        let (nonce, time) = (sent.header("X-TC-Nonce").unwrap(), sent.header("X-TC-Timestamp").unwrap());
        let expected = tencent_signature(app.secret_id, app.secret_key, "POST", nonce, time, &sent.target, &sent.body);
        assert_eq!(sent.header("X-TC-Signature"), Some(&*expected));
    }
}

#[tokio::test]
async fn a_post_that_no_spec_has_is_repeated_only_if_the_caller_says_that_it_may_be() {
    let (server, client) = client!(Tencent, tencent, |_: huiyi_tencent::Client| async {});
    let request = || client.request(Method::POST, "/v1/new_thing");

    next(&server, 503, "{}");
    let error = request().send::<Value>().await.unwrap_err();
    assert_eq!((error.attempts(), error.may_have_taken_effect()), (1, true));

    next(&server, 503, "{}");
    next(&server, 200, "{}");
    assert_eq!(request().idempotent(true).send::<Value>().await.unwrap().attempts(), 2);
}

#[tokio::test]
async fn what_cannot_be_sent_is_misuse_and_nothing_is_sent() {
    let (server, client) = client!(Tencent, tencent, |_: huiyi_tencent::Client| async {});

    for path in ["v1/x", "//evil.example/x", "https://evil.example/x", "/v1/../x", "/v1/x?a=b"] {
        let error = client.request(Method::GET, path).send::<Value>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse, "{path}: {error}");
    }
    let wrong = client.request(Method::GET, "/v1/x").credential("oauth").send::<Value>().await.unwrap_err();
    assert!(wrong.kind() == ErrorKind::Misuse && wrong.message().contains("of kind oauth"), "{wrong}");
    let header = client.request(Method::GET, "/v1/x").header("x-a", "s3cr3t\n").send::<Value>().await.unwrap_err();
    assert!(header.kind() == ErrorKind::Misuse && !header.to_string().contains("s3cr3t"), "{header}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_member_that_no_page_documents_is_in_the_raw_answer() {
    let (server, client) = client!(Feishu, feishu, |client: huiyi_feishu::Client| async move {
        client.get_meeting("1").send().await.unwrap();
    });
    server.answer("get_meeting", 200, r#"{"code":0,"data":{"meeting":{"id":"1","colour":"red"}},"extra":5}"#);

    let answer = client.get_meeting("1").send().await.unwrap();

    assert_eq!(answer.meeting.id.as_deref(), Some("1"));
    let raw: Value = answer.raw_json().unwrap();
    assert_eq!((raw.pointer("/data/meeting/colour"), &raw["extra"]), (Some(&json!("red")), &json!(5)));
    assert!(answer.raw().starts_with(b"{\"code\":0,"));
    let wrong = answer.raw_json::<Vec<String>>().unwrap_err();
    assert!(wrong.to_string().contains("get_meeting"), "{wrong}");
}

#[tokio::test]
async fn a_success_keeps_its_status_and_its_warning() {
    let (server, client) = client!(WeCom, wecom, |_: huiyi_wecom::Client| async {});
    for status in [200, 201, 202] {
        let body = r#"{"errcode":0,"errmsg":"ok, Warning: wrong json format. ","meetingid":"m"}"#;
        server.answer("create_meeting", status, body);
        let request = huiyi_wecom::types::CreateMeetingRequest::new("zhangsan", "Weekly");

        let answer = client.create_meeting(request).send().await.unwrap();

        assert_eq!(answer.status().as_u16(), status);
        assert!(answer.warning().unwrap().contains("wrong json format"));
    }
    let (server, client) = client!(Tencent, tencent, |_: huiyi_tencent::Client| async {});
    server.answer("delete_department", 204, "");
    let answer = client.request(Method::DELETE, "/v1/departments/7").send::<Value>();
    server.fault(Target::Any, Fault::Status { status: 204, headers: Vec::new(), body: String::new() });
    assert_eq!(answer.await.unwrap().status().as_u16(), 204);
}
