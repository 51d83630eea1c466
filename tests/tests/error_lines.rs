//! An error is one line, which is the same for `Display`, for `anyhow` and for `tracing`.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use huiyi_core::{Error, ErrorKind, QuotaPolicy, RetryPolicy};
use huiyi_feishu::Client;
use huiyi_mock::{Loopback, Vendor};
use huiyi_tests::subject::Subject;

/// What `tracing` writes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Asserts that everything that prints an error prints this line.
fn assert_line(error: Error, line: &str) {
    assert_eq!(error.to_string(), line);
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
    tracing::subscriber::with_default(subscriber, || tracing::error!(%error, "failed"));
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.trim_end().ends_with(&format!("failed error={line}")), "{logged}");
    let wrapped = anyhow::Error::new(error);
    assert_eq!((wrapped.to_string(), format!("{wrapped:#}")), (line.to_owned(), line.to_owned()));
}

fn client(base_url: &str) -> Client {
    let builder = Subject::new(Vendor::Feishu, base_url).feishu().base_url(base_url);
    builder.quota(QuotaPolicy::off()).retry(RetryPolicy::off()).build().unwrap()
}

async fn refused(status: u16, body: &str) -> Error {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    server.answer("get_meeting", status, body);
    client(&server.base_url()).get_meeting("1").send().await.unwrap_err()
}

#[tokio::test]
async fn a_refusal_says_code_words_meaning_and_request_id() {
    let body =
        r#"{"code":121004,"msg":"data not exist","error":{"log_id":"2024","troubleshooter":"https://a.example"}}"#;
    let line = "feishu get_meeting: not found: code 121004, data not exist (the data does not exist); \
                request id 2024; see https://a.example";

    assert_line(refused(200, body).await, line);
    let under_404 = refused(404, body).await;
    assert_eq!(under_404.http_status().map(|status| status.as_u16()), Some(404));
    assert_line(under_404, line);
}

#[tokio::test]
async fn a_refusal_without_words_has_no_dangling_punctuation() {
    assert_line(
        refused(400, r#"{"code":121004,"error":{"log_id":"2024"}}"#).await,
        "feishu get_meeting: not found: code 121004 (the data does not exist); request id 2024",
    );
}

#[tokio::test]
async fn a_connection_that_is_refused_says_so() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let builder = Client::builder().tenant_access_token("t-1").base_url(format!("http://{free}"));
    let client = builder.retry(RetryPolicy::off()).build().unwrap();

    let error = client.get_meeting("1").send().await.unwrap_err();

    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true));
    assert!(error.transport_error().is_some_and(|error| error.is_connect()));
    let line = error.to_string();
    assert!(line.starts_with("feishu get_meeting: unavailable: no answer: "), "{line}");
    assert!(line.contains("Connection refused"), "{line}");
    assert_line(error, &line);
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_says_where() {
    let error = refused(200, r#"{"code":0,"data":{"meeting":{"participants":[{"id":{}}]}}}"#).await;

    assert!(error.is_unreadable_success() && error.may_have_taken_effect());
    let line = error.to_string();
    let start =
        "feishu get_meeting: the call succeeded but its answer cannot be read: at data.meeting.participants[0].id: ";
    assert!(line.starts_with(start), "{line}");
    assert_line(error, &line);
}

#[tokio::test]
async fn a_mistake_of_the_program_is_misuse() {
    let client = Client::builder().tenant_access_token("t-1").base_url("http://127.0.0.1:9").build().unwrap();

    let error = client.end_meeting("1").send().await.unwrap_err();

    assert_eq!((error.kind(), error.kind().status().as_u16(), error.attempts()), (ErrorKind::Misuse, 500, 0));
    assert_line(
        error,
        "feishu end_meeting: not sent: the operation accepts credentials of kind user; this client has only tenant",
    );
}

#[test]
fn an_error_is_small_and_can_be_made() {
    assert!(size_of::<Result<(), Error>>() <= 16);
    let error = Error::builder(ErrorKind::RateLimited)
        .call("wecom", "create_meeting")
        .code("45009")
        .message("reach max api minute quota limit")
        .retry_after(std::time::Duration::from_secs(60))
        .attempts(1)
        .build();
    assert_line(
        error,
        "wecom create_meeting: rate limited: code 45009, reach max api minute quota limit; retry after 60.0 s",
    );
}
