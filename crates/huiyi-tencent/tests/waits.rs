//! Waiting for exports, against the loopback server.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials, shared_http};
use huiyi_tencent::core::clock::Clock;
use huiyi_tencent::types::ExportParticipantsRequest;
use huiyi_tencent::{BoxFuture, Client, ClientBuilder, ErrorKind, JobError, QuotaPolicy};
use serde_json::{Value, json};

/// A clock that jumps ahead when a caller sleeps briefly; time limits never end.
#[derive(Default)]
struct Jumping(Mutex<Duration>);

impl Clock for Jumping {
    fn unix_time(&self) -> Duration {
        Duration::from_secs(1_772_416_800) + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration > Duration::from_secs(20) {
            return Box::pin(std::future::pending());
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += duration;
        Box::pin(std::future::ready(()))
    }
}

fn builder(server: &Loopback) -> ClientBuilder {
    let app = credentials::TENCENT;
    let builder = Client::builder().keys(app.app_id, app.secret_id, app.secret_key).base_url(server.base_url());
    builder.clock(Arc::new(Jumping::default())).quota(QuotaPolicy::off()).http_client(shared_http(Vendor::Tencent))
}

async fn server() -> Loopback {
    Loopback::start(Vendor::Tencent).await.unwrap()
}

fn once(server: &Loopback, operation: &str, body: Value) {
    let fault = Fault::Status { status: 200, headers: Vec::new(), body: body.to_string() };
    server.fault(Target::Operation(operation.to_owned()), fault);
}

async fn export(server: &Loopback, total: u64) -> Result<String, JobError> {
    let wait = builder(server).build().unwrap().operator("tester").wait_for_export("job-1");
    wait.with_total(Duration::from_secs(total)).result().await.map(|link| link.expose().to_owned())
}

#[tokio::test]
async fn an_export_is_asked_for_until_it_has_a_link() {
    let server = server().await;
    once(&server, "export_participants", json!({"job_id": "job-1"}));
    once(&server, "get_export_job", json!({"status": 3}));
    once(&server, "get_export_job", json!({"status": 9}));
    once(&server, "get_export_job", json!({"status": 1, "url": "https://files.example.com/1.xlsx"}));
    let client = builder(&server).build().unwrap().operator("tester");

    let order = ExportParticipantsRequest::new("7567173273889276131");
    let job = client.export_participants(order).send().await.unwrap().into_inner();
    let link = client.wait_for_export(job).result().await.unwrap();

    assert_eq!(link.expose(), "https://files.example.com/1.xlsx");
    let calls = server.calls("get_export_job");
    assert_eq!(calls.len(), 3);
    assert!(calls.iter().all(|call| call.path.ends_with("/export/job-1")));
    assert!(calls.iter().all(|call| call.query_value("operator_id").as_deref() == Some("tester")));
}

#[tokio::test]
async fn a_failed_export_says_why() {
    let server = server().await;
    once(&server, "get_export_job", json!({"status": 2, "error_msg": "no permission"}));

    assert_eq!(export(&server, 60).await.unwrap_err().to_string(), "the job job-1 failed: no permission");
}

#[tokio::test]
async fn an_export_without_a_link_has_failed() {
    let server = server().await;
    once(&server, "get_export_job", json!({"status": 1, "url": ""}));

    assert!(matches!(export(&server, 60).await.unwrap_err(), JobError::Failed { .. }));
}

#[tokio::test]
async fn an_export_that_takes_too_long_is_given_up() {
    let server = server().await;
    (0..3).for_each(|_| once(&server, "get_export_job", json!({"status": 3})));

    let error = export(&server, 3).await.unwrap_err();

    assert_eq!(error.to_string(), "the job job-1 is not done after 3.0 s");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(server.calls("get_export_job").len(), 3);
}

#[tokio::test]
async fn an_export_of_phone_calls_is_asked_for_until_it_has_a_link() {
    let server = server().await;
    once(&server, "export_call_details", json!({"job_id": "job-2"}));
    once(&server, "get_call_detail_export", json!({"status": 0, "error_msg": ""}));
    once(&server, "get_call_detail_export", json!({"status": 1, "job_url": "https://files.example.com/2.xlsx"}));
    let client = builder(&server).build().unwrap().operator("tester");

    let job = client.export_call_details().send().await.unwrap().into_inner();
    let link = client.wait_for_call_detail_export(job).result().await.unwrap();

    assert_eq!(link.expose(), "https://files.example.com/2.xlsx");
    let calls = server.calls("get_call_detail_export");
    assert_eq!(calls.len(), 2);
    assert!(calls.iter().all(|call| call.path.ends_with("/job-2")));
}

#[tokio::test]
async fn a_failed_export_of_phone_calls_says_why() {
    let server = server().await;
    once(&server, "get_call_detail_export", json!({"status": 0, "error_msg": "no calls"}));
    let client = builder(&server).build().unwrap().operator("tester");

    let error = client.wait_for_call_detail_export("job-2").result().await.unwrap_err();

    assert_eq!(error.to_string(), "the job job-2 failed: no calls");
}

#[tokio::test]
async fn a_wait_without_an_operator_is_refused_before_anything_is_sent() {
    let server = server().await;

    let error = builder(&server).build().unwrap().wait_for_export("job-1").result().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(server.requests().is_empty());
}
