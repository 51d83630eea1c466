//! A client of a loopback server, and a clock that does not really wait.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use huiyi_dingtalk::core::clock::{Clock, SystemClock};
use huiyi_dingtalk::core::paging::Stream;
use huiyi_dingtalk::{BoxFuture, Client, ClientBuilder, QuotaPolicy};
use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials, shared_http};
use serde_json::Value;

/// A server and a client of it.
pub(crate) async fn pair() -> (Loopback, Client) {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let client = builder(&server).build().unwrap();
    (server, client)
}

/// Returns a builder with an internal app, a clock that does not wait, and no quotas.
pub(crate) fn builder(server: &Loopback) -> ClientBuilder {
    let app = credentials::DINGTALK;
    let builder = Client::builder().app(app.app_key, app.secret).base_url(server.base_url());
    builder.clock(Arc::new(Hurry::default())).quota(QuotaPolicy::off()).http_client(shared_http(Vendor::DingTalk))
}

/// Answers successive calls with these values, each once.
pub(crate) fn answer_in_turn<const N: usize>(server: &Loopback, operation: &str, answers: [Value; N]) {
    for body in answers {
        refuse_once(server, operation, 200, &body.to_string());
    }
}

/// Answers the next call with this status and body.
pub(crate) fn refuse_once(server: &Loopback, operation: &str, status: u16, body: &str) {
    let fault = Fault::Status { status, headers: Vec::new(), body: body.to_owned() };
    server.fault(Target::Operation(operation.to_owned()), fault);
}

/// Returns the body of the last request of an operation.
pub(crate) fn sent(server: &Loopback, operation: &str) -> Value {
    server.calls(operation).last().unwrap().json().unwrap_or_default()
}

/// Collects all items of a stream.
pub(crate) async fn all<T>(stream: impl Stream<Item = T>) -> Vec<T> {
    let mut stream = std::pin::pin!(stream);
    let mut items = Vec::new();
    while let Some(item) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
        items.push(item);
    }
    items
}

/// A clock that jumps ahead when a caller sleeps, except for time limits, which never end.
#[derive(Default)]
pub(crate) struct Hurry {
    ahead: Mutex<Duration>,
}

/// A sleep of at least this length is a time limit.
const LIMIT: Duration = Duration::from_secs(50);

impl Clock for Hurry {
    fn unix_time(&self) -> Duration {
        SystemClock::default().unix_time() + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration >= LIMIT {
            return Box::pin(std::future::pending());
        }
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) += duration;
        Box::pin(std::future::ready(()))
    }
}
