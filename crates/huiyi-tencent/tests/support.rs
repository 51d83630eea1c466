//! A loopback server, a client that calls it, and a clock that does not really wait.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use huiyi_mock::{Loopback, Request, Vendor, credentials, shared_http};
use huiyi_tencent::core::clock::{Clock, SystemClock};
use huiyi_tencent::{BoxFuture, Client, ClientBuilder, Error, Pages, QuotaPolicy, StaticToken, Token};
use serde_json::Value;

/// A sleep of at least this length is a time limit, which never ends.
const LIMIT: Duration = Duration::from_secs(50);

/// A clock that jumps ahead when a caller sleeps.
#[derive(Default)]
pub(crate) struct JumpingClock(Mutex<Duration>);

impl Clock for JumpingClock {
    fn unix_time(&self) -> Duration {
        SystemClock::default().unix_time() + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration >= LIMIT {
            return Box::pin(std::future::pending());
        }
        *self.0.lock().unwrap() += duration;
        Box::pin(std::future::ready(()))
    }
}

/// Returns a builder with the server's keys and address, without quotas and waits.
pub(crate) fn builder(server: &Loopback) -> ClientBuilder {
    let app = credentials::TENCENT;
    let builder = Client::builder().keys(app.app_id, app.secret_id, app.secret_key).base_url(server.base_url());
    builder.quota(QuotaPolicy::off()).clock(Arc::new(JumpingClock::default())).http_client(shared_http(Vendor::Tencent))
}

/// Starts a server and a client with its keys.
pub(crate) async fn start() -> (Loopback, Client) {
    let server = Loopback::start(Vendor::Tencent).await.unwrap();
    let client = builder(&server).build().unwrap();
    (server, client)
}

/// Returns the client acting for a user of a third-party app.
pub(crate) async fn as_user(server: &Loopback, client: &Client) -> Client {
    let app = credentials::TENCENT;
    let login =
        Client::builder().oauth_app(app.sdk_id, app.oauth_secret).oauth_base_url(server.base_url()).login().unwrap();
    let (tokens, open_id) = login.exchange(app.auth_code).await.unwrap();
    let token: Token = tokens.access.with_account(&*open_id);
    client.as_user(StaticToken::new(token))
}

/// Returns the last request of an operation.
pub(crate) fn last(server: &Loopback, operation: &str) -> Request {
    server.calls(operation).pop().unwrap()
}

/// Returns the body of the last request of an operation.
pub(crate) fn body(server: &Loopback, operation: &str) -> Value {
    last(server, operation).json().unwrap()
}

/// Returns the query of the last request of an operation, decoded and sorted.
pub(crate) fn query(server: &Loopback, operation: &str) -> Vec<(String, String)> {
    let mut pairs = last(server, operation).query_pairs();
    pairs.sort();
    pairs
}

/// Converts text pairs, to compare with [`query`].
pub(crate) fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// Answers with one page after the other; then the list must be at its end.
pub(crate) async fn walk<T>(
    server: &Loopback,
    operation: &str,
    mut pages: Pages<T>,
    answers: &[Value],
) -> Vec<Request> {
    for answer in answers {
        server.answer(operation, 200, answer.to_string());
        pages.next().await.unwrap().unwrap();
    }
    assert!(pages.next().await.is_none(), "the list goes on");
    server.calls(operation)
}

/// Returns the values of a query parameter in these requests; `-` if it is not sent.
pub(crate) fn values(requests: &[Request], name: &str) -> Vec<String> {
    requests.iter().map(|request| request.query_value(name).unwrap_or_else(|| "-".to_owned())).collect()
}

/// Panics with the error's own message.
pub(crate) trait Explained<T> {
    fn ok_or_explain(self) -> T;
}

impl<T> Explained<T> for Result<T, Error> {
    #[track_caller]
    fn ok_or_explain(self) -> T {
        match self {
            Ok(value) => value,
            Err(error) => panic!("{}", error),
        }
    }
}
