//! Code that the tests share: clients of a loopback server, answers in Feishu's envelope, and a clock that does not
//! really wait.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use huiyi_feishu::core::clock::Clock;
use huiyi_feishu::{BoxFuture, Client, ClientBuilder, QuotaPolicy};
use huiyi_mock::{Fault, Loopback, Request, Target, Vendor, credentials, shared_http};
use serde_json::{Value, json};

/// Starts a loopback server that behaves like Feishu.
pub(crate) async fn server() -> Loopback {
    Loopback::start(Vendor::Feishu).await.unwrap()
}

/// Returns a client builder with the loopback server's app and without quotas.
pub(crate) fn builder(server: &Loopback) -> ClientBuilder {
    let app = credentials::FEISHU;
    let builder = Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url());
    builder.quota(QuotaPolicy::off()).http_client(shared_http(Vendor::Feishu))
}

/// Answers an operation with this `data` from now on.
pub(crate) fn answer(server: &Loopback, operation: &str, data: Value) {
    server.answer(operation, 200, json!({"code": 0, "msg": "success", "data": data}).to_string());
}

/// Answers the next call of an operation with this `data`, before [`answer`] takes over.
pub(crate) fn answer_once(server: &Loopback, operation: &str, data: Value) {
    let body = json!({"code": 0, "msg": "success", "data": data}).to_string();
    server.fault(Target::Operation(operation.to_owned()), Fault::Status { status: 200, headers: Vec::new(), body });
}

/// Refuses an operation from now on.
pub(crate) fn refuse(server: &Loopback, operation: &str, status: u16, code: i64) {
    server.answer(operation, status, json!({"code": code, "msg": "refused"}).to_string());
}

/// Returns the only request of an operation.
pub(crate) fn sent(server: &Loopback, operation: &str) -> Request {
    let mut calls = server.calls(operation);
    assert_eq!(calls.len(), 1, "requests of {operation}");
    calls.remove(0)
}

/// A clock that jumps ahead when a caller sleeps briefly, and records the sleeps.
///
/// Sleeps over 30 seconds are the time limits of requests: they never end.
#[derive(Default)]
pub(crate) struct JumpingClock(Mutex<Vec<Duration>>);

impl JumpingClock {
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Clock for JumpingClock {
    fn unix_time(&self) -> Duration {
        Duration::from_secs(1_608_888_867) + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        self.waits().iter().sum()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration > Duration::from_secs(30) {
            return Box::pin(std::future::pending());
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(duration);
        Box::pin(std::future::ready(()))
    }
}
