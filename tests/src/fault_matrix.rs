//! Every fault against every vendor, with a call that may be repeated and a call that must not be.

use std::sync::Arc;
use std::time::Duration;

use huiyi_core::clock::{Clock, SystemClock};
use huiyi_core::secrecy::ExposeSecret;
use huiyi_mock::{Fault, Loopback, Request, Target, Vendor, shared_http};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::attempts::Attempts;
use crate::broken_store::BrokenStore;
use crate::by_name::ByName;
use crate::clock::TestClock;
use crate::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use crate::scenario::Scenario;
use crate::subject::{Credentials, Subject};
use crate::{Arguments, Failure, logins};

/// How often the fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// The first request only.
    Once,
    /// Every request.
    Always,
}

/// The time limit of an attempt: a length that no backoff has.
pub const TIMEOUT: Duration = Duration::new(8, 1);

/// How often the test yields to other tasks before it assumes that a closed connection is closed at both ends.
const TURNS: usize = 50;

/// The client's limit for the size of answers.
pub const BODY_LIMIT: usize = 2 << 20;

/// An operation with arguments that the server accepts.
#[derive(Clone, Debug)]
pub struct Scripted {
    /// The operation.
    pub operation: &'static str,
    /// Whether it may be sent twice.
    pub idempotent: bool,
    /// The arguments of its page.
    pub arguments: Arguments,
}

/// Returns the two calls of a vendor for the faults: one that may be repeated, and one that must not be.
pub fn calls(vendor: Vendor) -> [Scripted; 2] {
    let (family, operations) = match vendor {
        Vendor::Feishu => (FEISHU, ["get_meeting", "apply_reserve"]),
        Vendor::WeCom => (WECOM, ["get_meeting_info", "create_meeting"]),
        Vendor::DingTalk => (DINGTALK, ["get_video_conference", "create_video_conference"]),
        Vendor::Tencent => (TENCENT, ["get_meeting", "create_meeting"]),
    };
    let examples = family.spec().examples();
    let arguments = |operation| {
        let example = examples.iter().find(|example| example.operation == operation);
        example.map(|example| example.arguments.clone()).unwrap_or_default()
    };
    [(operations[0], true), (operations[1], false)].map(|(operation, idempotent)| Scripted {
        operation,
        idempotent,
        arguments: arguments(operation),
    })
}

/// Returns the family of a vendor.
pub fn family(vendor: Vendor) -> Family {
    match vendor {
        Vendor::Feishu => FEISHU,
        Vendor::WeCom => WECOM,
        Vendor::DingTalk => DINGTALK,
        Vendor::Tencent => TENCENT,
    }
}

/// The outcome of a call.
#[derive(Debug)]
pub struct Outcome {
    /// The client's result.
    pub result: Result<Value, Failure>,
    /// How often the client tried, including connections that were refused.
    pub tries: usize,
    /// The requests of the operation that reached the server.
    pub requests: Vec<Request>,
    /// How many token requests reached the server.
    pub token_requests: usize,
    /// How long the client waited between attempts.
    pub waits: Vec<Duration>,
    /// The number of requests that another host received.
    pub strayed: usize,
    /// All requests that reached the server, token requests included.
    pub sent: Vec<Request>,
    /// The client after the call, and its attempts, as `Debug` prints them.
    pub shown: Vec<String>,
}

/// Plays a fault against a call, with a new server and a new client.
///
/// # Panics
///
/// If no port can be opened.
pub async fn play(vendor: Vendor, scenario: Scenario, times: Times, call: &Scripted) -> Outcome {
    let server = Loopback::start(vendor).await.expect("a port of this machine");
    let other = Loopback::start(vendor).await.expect("a port of this machine");
    let ahead = if scenario == Scenario::ClockSkew { Duration::from_secs(3600) } else { Duration::ZERO };
    let now = SystemClock::default().unix_time() + ahead;
    let clock = Arc::new(TestClock::at(now).with_time_limit(TIMEOUT).impatient(&server));
    let attempts = Attempts::new(Arc::clone(&clock) as Arc<dyn Clock>);
    let mut subject = Subject::new(vendor, server.base_url());
    subject.timeout = TIMEOUT;
    subject.body_limit = BODY_LIMIT;
    subject.clock = Some(Arc::clone(&clock) as Arc<dyn Clock>);
    subject.attempts = Some(attempts.clone());
    if vendor == Vendor::Tencent && scenario.concerns_tokens() {
        let user = logins::tencent(&server.base_url()).await.refresh.expect("the server gives one");
        subject.credentials = Credentials::User(user.expose_secret().to_owned());
    }
    match scenario {
        Scenario::ConnectionRefused => {
            subject.base_url = nobody().await;
            subject.credentials = Credentials::Token("token-sentinel".to_owned());
        }
        Scenario::TokenHostDown if vendor == Vendor::Tencent => subject.oauth_url = nobody().await,
        Scenario::TokenHostDown => subject.base_url = nobody().await,
        Scenario::TokenRefused if vendor == Vendor::Tencent => {
            subject.credentials = Credentials::User("r-token-sentinel-unknown".to_owned());
        }
        Scenario::TokenRefused => subject.credentials = Credentials::WrongApp,
        Scenario::WrongSecret => subject.credentials = Credentials::WrongSecret,
        Scenario::StoreHangs => subject.store = Some(Arc::new(BrokenStore::Hangs)),
        Scenario::StoreFails => subject.store = Some(Arc::new(BrokenStore::Fails)),
        _ => {}
    }
    // These scenarios depend on how the client itself sets up HTTP.
    if !matches!(
        scenario,
        Scenario::ConnectionRefused | Scenario::Gzip | Scenario::Redirect | Scenario::ClosedWhileIdle
    ) {
        subject.http = Some(shared_http(vendor));
    }
    if let Some((fault, strikes_tokens)) = scenario.fault(&other.base_url()) {
        let target = if strikes_tokens { Target::Token } else { Target::Operation(call.operation.to_owned()) };
        for _ in 0..if times == Times::Once { 1 } else { 20 } {
            server.fault(target.clone(), fault.clone());
        }
    }
    let client: Arc<dyn ByName> = Arc::from(subject.build());
    let stopped = match scenario {
        Scenario::ClosedWhileIdle => {
            leave_a_closed_connection(&server, &*client, call).await;
            None
        }
        Scenario::RuntimeStandsStill => Some(begin_elsewhere(&server, &client, call).await),
        _ => None,
    };
    server.forget();
    let before = attempts.count();
    let result = client.call(call.operation, &call.arguments).await;
    let mut shown = vec![format!("{client:?}"), format!("{client:#?}")];
    shown.extend(attempts.seen().into_iter().map(|seen| seen.shown));
    if let Some(stopped) = stopped {
        stopped.shutdown_background();
    }
    Outcome {
        result,
        tries: attempts.count() - before,
        requests: server.calls(call.operation),
        token_requests: server.token_requests(),
        waits: clock.waits(),
        strayed: other.requests().len(),
        sent: server.requests(),
        shown,
    }
}

/// Makes the call once. The server then closes the connection, which the client may still keep for the next call.
async fn leave_a_closed_connection(server: &Loopback, client: &dyn ByName, call: &Scripted) {
    server.fault(Target::Operation(call.operation.to_owned()), Fault::ClosesAfter);
    client.call(call.operation, &call.arguments).await.expect("the answer comes before the connection is closed");
    // The end of the connection is on its way. Other tasks run meanwhile.
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}

/// Makes the call on a separate runtime, which stops as soon as the token request has reached the server.
async fn begin_elsewhere(server: &Loopback, client: &Arc<dyn ByName>, call: &Scripted) -> Runtime {
    server.fault(Target::Token, Fault::NoAnswer);
    let (stop, stops) = oneshot::channel::<()>();
    let (stopped, stops_here) = oneshot::channel();
    let (client, call) = (Arc::clone(client), call.clone());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            tokio::select! {
                answer = client.call(call.operation, &call.arguments) => drop(answer),
                _ = stops => {}
            }
        });
        stopped.send(runtime)
    });
    while server.silent_connections() == 0 {
        tokio::task::yield_now().await;
    }
    drop(stop);
    stops_here.await.expect("the thread ends")
}

/// Returns the URL of a port on which nothing listens.
///
/// # Panics
///
/// If no port can be opened.
pub async fn nobody() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of this machine");
    let address = listener.local_addr().expect("the port that was opened");
    format!("http://{address}")
}
