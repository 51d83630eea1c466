//! Answers that something between the vendor and the client has written or changed, and what a caller may conclude from
//! a call that failed.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;
use std::time::Duration;

use huiyi_core::clock::Clock;
use huiyi_core::{ErrorKind, QuotaPolicy, RetryPolicy};
use huiyi_mock::{Fault, Loopback, Target, Vendor};
use huiyi_tests::Failure;
use huiyi_tests::attempts::Attempts;
use huiyi_tests::clock::TestClock;
use huiyi_tests::fault_matrix::{TIMEOUT, calls, nobody};
use huiyi_tests::subject::Subject;

/// The vendors whose calls carry a token that the client fetches.
const WITH_TOKENS: [Vendor; 3] = [Vendor::Feishu, Vendor::WeCom, Vendor::DingTalk];

fn may_have_taken_effect(failure: &Failure) -> bool {
    failure.api().unwrap().may_have_taken_effect()
}

fn answer(status: u16, content_type: &str, body: impl Into<String>) -> Fault {
    let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
    Fault::Status { status, headers, body: body.into() }
}

#[tokio::test]
async fn a_strangers_page_before_the_token_endpoint_is_no_word_of_the_vendor() {
    for vendor in WITH_TOKENS {
        for status in [400, 401, 403, 404, 407, 409, 410] {
            let server = Loopback::start(vendor).await.unwrap();
            let clock = Arc::new(TestClock::new());
            let mut subject = Subject::new(vendor, server.base_url());
            subject.clock = Some(Arc::clone(&clock) as Arc<dyn Clock>);
            let client = subject.build();
            let [read, _] = calls(vendor);
            server.fault(Target::Token, Fault::Html(status));

            let failure = client.call(read.operation, &read.arguments).await.unwrap_err();

            let error = failure.api().unwrap();
            assert!(error.is_token_refusal() && !error.may_have_taken_effect(), "{failure}");
            assert!(failure.to_string().contains("token request failed"), "{failure}");
            let about_the_call = [ErrorKind::NotFound, ErrorKind::Conflict, ErrorKind::InvalidParameter];
            assert!(!about_the_call.contains(&error.kind()), "{vendor:?} {status}: {:?}", error.kind());
            // Only the vendor can say that the credentials are wrong, so a call tries again after the shortest pause.
            clock.advance(Duration::from_secs(1));
            client.call(read.operation, &read.arguments).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_page_that_is_not_found_does_not_mean_that_the_meeting_is_gone() {
    for vendor in Vendor::ALL {
        let server = Loopback::start(vendor).await.unwrap();
        let client = Subject::new(vendor, server.base_url()).build();
        let [read, _] = calls(vendor);
        for fault in [Fault::Html(404), Fault::Html(410), answer(404, "text/plain", "")] {
            server.fault(Target::Operation(read.operation.to_owned()), fault);

            let failure = client.call(read.operation, &read.arguments).await.unwrap_err();

            assert_eq!(failure.kind(), Some(ErrorKind::Other), "{failure}");
        }
    }
}

/// "Sign in" in GBK.
const LOGIN: &[u8] = b"<html><title>\xb5\xc7\xc2\xbc</title></html>";

#[tokio::test]
async fn a_page_that_is_not_utf8_is_no_success() {
    for vendor in Vendor::ALL {
        let server = Loopback::start(vendor).await.unwrap();
        let client = Subject::new(vendor, server.base_url()).build();
        let [_, create] = calls(vendor);
        server.answer_with(create.operation, &[("Content-Type", "text/html; charset=gb2312")], 200, LOGIN);

        let failure = client.call(create.operation, &create.arguments).await.unwrap_err();

        assert_eq!(failure.kind(), Some(ErrorKind::Unavailable), "{failure}");
        assert!(!failure.api().unwrap().is_unreadable_success(), "{failure}");
        assert!(failure.to_string().contains("not UTF-8"), "{failure}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_before_the_json_is_no_hindrance() {
    for vendor in Vendor::ALL {
        let server = Loopback::start(vendor).await.unwrap();
        let client = Subject::new(vendor, server.base_url()).build();
        let [read, _] = calls(vendor);
        let json = r#"{"code":0,"errcode":0,"data":{},"subject":"weekly"}"#;
        let mut answers = Vec::new();
        for mark in ["", "\u{feff}"] {
            server.answer_with(read.operation, &[("Content-Type", "application/json")], 200, format!("{mark}{json}"));
            answers.push(client.call(read.operation, &read.arguments).await.unwrap());
        }

        assert_eq!(answers[0], answers[1]);
    }
}

#[tokio::test]
async fn no_form_of_an_altered_token_answer_is_shown() {
    let json =
        r#"{"code":0,"errcode":0,"tenant_access_token":"t-s3cr3t","access_token":"t-s3cr3t","accessToken":"t-s3cr3t"}"#;
    let altered = [
        format!(")]}}',\n{json}"),
        format!("ok {json}"),
        format!("callback({json})"),
        format!("<html><pre>{json}</pre></html>"),
        format!("<pre>{}</pre>", json.replace('"', "&quot;")),
        "t-s3cr3t".to_owned(),
        "access_token=t-s3cr3t".to_owned(),
        r#""t-s3cr3t""#.to_owned(),
        format!("{json}{json}"),
    ];
    for vendor in WITH_TOKENS {
        for body in &altered {
            let server = Loopback::start(vendor).await.unwrap();
            let mut subject = Subject::new(vendor, server.base_url());
            subject.retry = RetryPolicy::off();
            let [read, _] = calls(vendor);
            server.fault(Target::Token, answer(200, "text/plain", body));

            let failure = subject.build().call(read.operation, &read.arguments).await.unwrap_err();

            assert!(failure.api().unwrap().is_token_refusal(), "{failure}");
            let shown = format!("{failure} {failure:?} {:?}", failure.api());
            assert!(!shown.contains("s3cr3t"), "{vendor:?}, {body}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_failed_call_says_whether_it_may_have_taken_effect() {
    for vendor in Vendor::ALL {
        let [_, create] = calls(vendor);
        for (fault, expected) in [
            (Fault::TruncatedBody, true),
            (Fault::MalformedJson, true),
            (Fault::ResetAfterRead, true),
            (Fault::NoAnswer, true),
            (Fault::Html(502), true),
            (Fault::RateLimited, false),
            (Fault::Html(403), false),
            (Fault::Redirect("http://127.0.0.1:1/".to_owned()), true),
        ] {
            let server = Loopback::start(vendor).await.unwrap();
            let mut subject = Subject::new(vendor, server.base_url());
            let clock = TestClock::new().with_time_limit(TIMEOUT).impatient(&server);
            subject.clock = Some(Arc::new(clock));
            subject.timeout = TIMEOUT;
            subject.retry = RetryPolicy::off();
            server.fault(Target::Operation(create.operation.to_owned()), fault.clone());

            let failure = subject.build().call(create.operation, &create.arguments).await.unwrap_err();

            assert_eq!(may_have_taken_effect(&failure), expected, "{}: {failure}", fault.name());
        }
        let mut subject = Subject::new(vendor, nobody().await);
        subject.clock = Some(Arc::new(TestClock::new()));
        let failure = subject.build().call(create.operation, &create.arguments).await.unwrap_err();
        assert!(!may_have_taken_effect(&failure), "{failure}");
    }
}

#[tokio::test]
async fn the_vendors_word_that_it_failed_counts_more_than_the_status() {
    let [_, create] = calls(Vendor::Tencent);
    // An internal error, a replayed nonce, a parameter.
    for (code, expected) in [(550_000, true), (190_301, true), (190_004, false)] {
        let server = Loopback::start(Vendor::Tencent).await.unwrap();
        let mut subject = Subject::new(Vendor::Tencent, server.base_url());
        subject.retry = RetryPolicy::off();
        let body = format!(r#"{{"error_info":{{"error_code":{code},"message":"no"}}}}"#);
        server.fault(Target::Operation(create.operation.to_owned()), answer(400, "application/json", body));

        let failure = subject.build().call(create.operation, &create.arguments).await.unwrap_err();

        assert_eq!(may_have_taken_effect(&failure), expected, "{failure}");
    }
}

#[tokio::test]
async fn a_quota_that_refuses_the_second_attempt_does_not_undo_the_first() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let mut subject = Subject::new(Vendor::DingTalk, server.base_url());
    subject.quota = QuotaPolicy::refuse().with_scale(0.001);
    let clock = TestClock::new();
    subject.clock = Some(Arc::new(clock));
    let [read, _] = calls(Vendor::DingTalk);
    server.fault(Target::Operation(read.operation.to_owned()), Fault::ResetAfterRead);

    let failure = subject.build().call(read.operation, &read.arguments).await.unwrap_err();

    let error = failure.api().unwrap();
    assert_eq!((error.kind(), error.attempts(), error.may_have_taken_effect()), (ErrorKind::RateLimited, 1, true));
}

/// The first attempt may have been carried out. A second attempt that did not reach the vendor does not change that.
#[tokio::test]
async fn what_one_attempt_may_have_done_is_not_forgotten_with_the_next() {
    let server = Loopback::start(Vendor::Tencent).await.unwrap();
    let mut subject = Subject::new(Vendor::Tencent, server.base_url());
    subject.clock = Some(Arc::new(TestClock::new()));
    let [read, _] = calls(Vendor::Tencent);
    server.fault(Target::Operation(read.operation.to_owned()), Fault::ResetAfterRead);
    server.fault(Target::Operation(read.operation.to_owned()), Fault::Html(403));

    let failure = subject.build().call(read.operation, &read.arguments).await.unwrap_err();

    let error = failure.api().unwrap();
    assert_eq!((error.kind(), error.attempts(), error.may_have_taken_effect()), (ErrorKind::Permission, 2, true));
}

#[tokio::test]
async fn a_connection_that_fails_names_the_call_and_its_attempts() {
    for vendor in Vendor::ALL {
        let mut subject = Subject::new(vendor, nobody().await);
        subject.clock = Some(Arc::new(TestClock::new()));
        subject.credentials = huiyi_tests::subject::Credentials::Token("t".to_owned());
        let [read, _] = calls(vendor);

        let failure = subject.build().call(read.operation, &read.arguments).await.unwrap_err();

        let error = failure.api().unwrap();
        assert_eq!((error.operation(), error.attempts(), error.http_status()), (read.operation, 3, None));
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(failure.to_string().contains("no answer: "), "{failure}");
    }
}

#[tokio::test]
async fn an_observer_hears_of_calls_that_get_no_token() {
    for vendor in WITH_TOKENS {
        let server = Loopback::start(vendor).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(TestClock::new());
        let attempts = Attempts::new(Arc::clone(&clock));
        let mut subject = Subject::new(vendor, server.base_url());
        subject.clock = Some(clock);
        subject.attempts = Some(attempts.clone());
        let [read, _] = calls(vendor);
        for _ in 0..3 {
            server.fault(Target::Token, Fault::Html(503));
        }

        let failure = subject.build().call(read.operation, &read.arguments).await.unwrap_err();

        assert_eq!(failure.api().unwrap().attempts(), 3, "{failure}");
        let seen: Vec<_> =
            attempts.seen().iter().map(|seen| (seen.operation.clone(), seen.number, seen.kind)).collect();
        let expected = (read.operation.to_owned(), 0, Some(ErrorKind::Unavailable));
        assert_eq!(seen, vec![expected; 3]);
    }
}
