//! Downloads arrive whole or end with an error: a partial one is never taken for a file.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;
use std::time::Duration;

use huiyi_core::Download;
use huiyi_core::clock::Clock;
use huiyi_core::{Error, ErrorKind};
use huiyi_feishu::Client;
use huiyi_mock::{Fault, Loopback, Target, Vendor};
use huiyi_tests::clock::TestClock;
use huiyi_tests::fault_matrix::TIMEOUT;
use huiyi_tests::subject::Subject;

/// The size of a large download.
const LARGE: usize = 32 << 20;

/// More than one chunk, and more than the limit of answers.
const BIG: usize = 2 << 20;

const EXPORT: &str = "download_export";

/// Makes bytes of which no two megabytes are the same.
fn bytes(length: usize) -> Vec<u8> {
    let words = (0..length.div_ceil(4) as u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes());
    words.take(length).collect()
}

struct Bench {
    server: Loopback,
    clock: Arc<TestClock>,
    client: Client,
}

/// Starts a server whose export is a file of this size.
async fn bench(length: usize) -> Bench {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    server.answer_with(EXPORT, &[("Content-Type", "application/octet-stream")], 200, bytes(length));
    let clock = Arc::new(TestClock::new().with_time_limit(TIMEOUT).impatient(&server));
    let subject = Subject::new(Vendor::Feishu, server.base_url());
    let builder = subject.feishu().base_url(server.base_url()).quota(subject.quota).timeout(TIMEOUT);
    // The limit of answers does not apply to downloads.
    let client = builder.body_limit(1 << 20).clock(Arc::clone(&clock) as Arc<dyn Clock>).build().unwrap();
    Bench { server, clock, client }
}

impl Bench {
    async fn download(&self) -> Result<Download, Error> {
        self.client
            .download_export("6yHu7Igp7Igy62Ez6fLr6IJz7j9i5WMe6fHq5yZeY2Jz6yLqYAMAY46fZfEz64Lr5fYyYQ==")
            .send()
            .await
            .map(huiyi_core::Answer::into_inner)
    }

    fn fault(&self, fault: Fault) {
        self.server.fault(Target::Operation(EXPORT.to_owned()), fault);
    }

    fn sent(&self) -> usize {
        self.server.calls(EXPORT).len()
    }
}

/// Reads until the end or an error. Returns what arrived before.
async fn drained(download: &mut Download) -> (Vec<u8>, Option<Error>) {
    let mut whole = Vec::new();
    loop {
        match download.next().await {
            Ok(Some(piece)) => whole.extend_from_slice(&piece),
            Ok(None) => return (whole, None),
            Err(error) => return (whole, Some(error)),
        }
    }
}

/// Returns the text of an error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[tokio::test]
async fn a_large_file_arrives_whole_and_in_pieces() {
    let bench = bench(LARGE).await;

    let mut download = bench.download().await.unwrap();
    assert_eq!((download.length(), download.received()), (Some(LARGE as u64), 0));
    let first = download.next().await.unwrap().unwrap();
    assert!(first.len() < LARGE / 2, "{} bytes at once", first.len());
    // The reader takes its time. Only the vendor's silence is limited.
    bench.clock.advance(100 * TIMEOUT);
    let (rest, error) = drained(&mut download).await;

    assert!(error.is_none(), "{error:?}");
    assert!([&first[..], &rest].concat() == bytes(LARGE));
    assert_eq!(download.received(), LARGE as u64);
}

#[tokio::test]
async fn a_file_beyond_the_callers_limit_is_an_error() {
    let bench = bench(BIG).await;

    let mut download = bench.download().await.unwrap().with_limit(1 << 20);
    let (some, error) = drained(&mut download).await;

    assert!(error.as_ref().is_some_and(|error| error.to_string().contains("larger than 1048576 bytes")), "{error:?}");
    assert!(some.len() <= 1 << 20);
    assert!(download.next().await.unwrap().is_none());
    let exact = bench.download().await.unwrap().with_limit(BIG as u64).collect().await.unwrap();
    assert_eq!(exact.len(), BIG);
}

#[tokio::test]
async fn what_is_no_file_is_not_taken_for_one() {
    for (headers, body, words) in [
        (&[("Content-Type", "application/json")][..], r#"{"code":0,"data":{}}"#, "JSON instead of a file"),
        (&[("Content-Type", "application/xhtml+xml")], "<html><body>Sign in</body></html>", "Sign in"),
        (&[("Content-Encoding", "br")], "packed", "encoded as br"),
    ] {
        let bench = bench(1).await;
        bench.server.answer_with(EXPORT, headers, 200, body);

        let error = bench.download().await.map(drop).unwrap_err();

        assert!(error.to_string().contains(words), "{}", error);
        assert_eq!(bench.sent(), 1);
    }
}

/// A refusal is an error whatever its content type says. A file of JSON is a file.
#[tokio::test]
async fn a_refusal_that_is_declared_as_a_file_is_an_error() {
    for kind in ["application/octet-stream", "text/plain", "application/zip"] {
        let bench = bench(1).await;
        let body = "\n {\"code\":121003,\"msg\":\"record not found for you\"}";
        bench.server.answer_with(EXPORT, &[("Content-Type", kind)], 200, body);

        let error = bench.download().await.map(drop).unwrap_err();

        assert_eq!((error.code(), bench.sent()), (Some("121003"), 1), "{error}");
        assert!(error.to_string().contains("record not found for you"), "{error}");
    }
}

#[tokio::test]
async fn a_file_of_json_is_a_file() {
    let large = format!("{{\"code\":121003,\"msg\":\"{}\"}}", "x".repeat(64 << 10));
    for body in ["{}", "{\"title\":\"Weekly\"}", "{", "{not json", "[1]", "", " ", &large] {
        let bench = bench(1).await;
        bench.server.answer_with(EXPORT, &[("Content-Type", "application/octet-stream")], 200, body.to_owned());

        let file = bench.download().await.unwrap().collect().await.unwrap();

        assert!(file == body.as_bytes(), "{body:.40}");
    }
}

#[tokio::test]
async fn what_goes_wrong_before_the_file_begins_is_tried_again() {
    for fault in [
        Fault::ResetBeforeRead,
        Fault::ResetAfterRead,
        Fault::NoAnswer,
        Fault::Html(502),
        Fault::Unavailable { retry_after: Some(3) },
        Fault::RateLimited,
        Fault::TokenExpired,
        Fault::TokenRejected,
    ] {
        let bench = bench(5000).await;
        bench.fault(fault.clone());

        let file = bench.download().await.unwrap().collect().await.unwrap();

        assert!(file == bytes(5000), "{}", fault.name());
        assert_eq!(bench.sent(), 2, "{}", fault.name());
    }
}

#[tokio::test]
async fn a_file_that_never_begins_is_given_up() {
    for (fault, kind, sent) in [
        (Fault::ResetBeforeRead, ErrorKind::Unavailable, 3),
        (Fault::NoAnswer, ErrorKind::Unavailable, 3),
        (Fault::Unavailable { retry_after: None }, ErrorKind::Unavailable, 3),
        (Fault::RateLimited, ErrorKind::RateLimited, 3),
        (Fault::TokenRejected, ErrorKind::Auth, 2),
        (Fault::Redirect("http://127.0.0.1:9/file".to_owned()), ErrorKind::Unavailable, 1),
    ] {
        let bench = bench(5000).await;
        for _ in 0..5 {
            bench.fault(fault.clone());
        }

        let error = bench.download().await.unwrap_err();

        assert_eq!((error.kind(), bench.sent()), (kind, sent), "{}: {}", fault.name(), error);
    }
}

/// Half of a file must not look like a file, and it is not requested again.
#[tokio::test]
async fn a_file_that_breaks_off_is_an_error() {
    for fault in [Fault::TruncatedBody, Fault::ResetInBody] {
        for length in [2, 5000, BIG] {
            let bench = bench(length).await;
            bench.fault(fault.clone());

            let mut download = bench.download().await.unwrap();
            let (some, error) = drained(&mut download).await;

            // A reset may overtake the head of the answer. Then no file had begun, and the client tried again.
            if fault == Fault::ResetInBody && bench.sent() == 2 {
                assert!(error.is_none() && some == bytes(length));
                continue;
            }
            let error = error.unwrap_or_else(|| panic!("{}: {} of {length} bytes", fault.name(), some.len()));
            assert_eq!(error.kind(), ErrorKind::Unavailable);
            assert!(chain(&error).contains(": the connection broke during the download: "), "{}", chain(&error));
            assert!(some.len() <= length / 2 && bytes(length).starts_with(&some));
            assert!(download.next().await.unwrap_or(None).is_none(), "nothing follows an error");
            assert_eq!(bench.sent(), 1);
            // The connection is not used again.
            assert_eq!(bench.download().await.unwrap().collect().await.unwrap().len(), length);
        }
    }
}

#[tokio::test]
async fn a_file_that_stands_still_is_given_up() {
    for length in [2, 5000, BIG] {
        let bench = bench(length).await;
        bench.fault(Fault::StalledBody);

        let mut download = bench.download().await.unwrap();
        let before = bench.clock.monotonic();
        let (some, error) = drained(&mut download).await;

        let error = error.expect("half of a file");
        assert!(chain(&error).contains("no data arrived for 8.0 s"), "{}", chain(&error));
        assert!(some == bytes(length)[..length / 2], "{} of {length} bytes", some.len());
        let waited = bench.clock.monotonic() - before;
        assert!(waited >= TIMEOUT && waited < TIMEOUT + Duration::from_secs(1), "{waited:?}");
        assert!(download.next().await.unwrap_or(None).is_none());
        assert_eq!(bench.sent(), 1);
    }
}

#[tokio::test]
async fn a_refusal_in_place_of_a_file_is_an_error() {
    let refusal = r#"{"code":121004,"msg":"data not exist"}"#;
    for (status, media_type, kind) in [
        (200, "application/json; charset=utf-8", ErrorKind::NotFound),
        (404, "application/json", ErrorKind::NotFound),
        (404, "application/octet-stream", ErrorKind::NotFound),
        (500, "text/plain", ErrorKind::NotFound),
    ] {
        let bench = bench(5000).await;
        bench.server.answer_with(EXPORT, &[("Content-Type", media_type)], status, refusal);

        let error = bench.download().await.unwrap_err();

        assert_eq!((error.kind(), error.code()), (kind, Some("121004")), "{status} {media_type}: {}", error);
        assert_eq!(bench.sent(), 1);
    }
}

/// An answer that is neither a file nor a refusal.
#[tokio::test]
async fn a_page_in_place_of_a_file_is_an_error_if_its_status_says_so() {
    for status in [403, 404, 502] {
        let bench = bench(5000).await;
        for _ in 0..3 {
            bench.fault(Fault::Html(status));
        }

        let error = bench.download().await.unwrap_err();

        assert_eq!(error.http_status().unwrap().as_u16(), status);
    }
}

#[tokio::test]
async fn half_a_refusal_is_not_a_file() {
    let bench = bench(5000).await;
    bench.server.answer_with(EXPORT, &[("Content-Type", "application/json")], 200, r#"{"code":121004,"msg":"no"}"#);
    bench.fault(Fault::MalformedJson);

    let error = bench.download().await.unwrap_err();

    assert_eq!(bench.sent(), 1);
    assert_eq!(error.http_status().unwrap().as_u16(), 200, "{}", error);
}
