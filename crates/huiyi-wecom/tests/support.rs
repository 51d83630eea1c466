//! A loopback server and a client of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use huiyi_mock::{Loopback, Vendor, credentials, shared_http};
use huiyi_wecom::core::clock::{Clock, SystemClock};
use huiyi_wecom::{BoxFuture, Client};
use serde::Serialize;
use serde_json::{Value, json};

/// A meeting's id.
pub(crate) const MEETING: &str = "hyXXXXX";

/// A server that behaves like WeCom, and a client of it.
pub(crate) struct WeCom {
    pub(crate) server: Loopback,
    pub(crate) client: Client,
}

impl WeCom {
    pub(crate) async fn start() -> Self {
        let server = Loopback::start(Vendor::WeCom).await.unwrap();
        let app = credentials::WECOM;
        let client = Client::builder().corp(app.corpid, app.secret).base_url(server.base_url());
        let client =
            client.clock(Arc::new(Hurried::default())).http_client(shared_http(Vendor::WeCom)).build().unwrap();
        Self { server, client }
    }

    /// Makes the server answer an operation with success and these fields.
    pub(crate) fn answers(&self, operation: &str, fields: Value) {
        let mut answer = json!({"errcode": 0, "errmsg": "ok"});
        for (name, value) in fields.as_object().unwrap() {
            answer[name] = value.clone();
        }
        self.server.answer(operation, 200, answer.to_string());
    }

    /// Returns the body of the last request of an operation, as it arrived.
    pub(crate) fn sent(&self, operation: &str) -> Value {
        self.server.calls(operation).last().and_then(|request| request.json()).unwrap()
    }
}

/// Returns a value as it is sent.
pub(crate) fn json_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// The bundled document.
pub(crate) fn document() -> Value {
    serde_json::from_str(include_str!("../openapi.json")).unwrap()
}

/// A clock on which short sleeps end at once and long sleeps, which are time limits, never end.
#[derive(Default)]
struct Hurried(Mutex<Duration>);

impl Clock for Hurried {
    fn unix_time(&self) -> Duration {
        SystemClock::default().unix_time() + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration > Duration::from_secs(20) {
            return Box::pin(std::future::pending());
        }
        *self.0.lock().unwrap() += duration;
        Box::pin(std::future::ready(()))
    }
}
