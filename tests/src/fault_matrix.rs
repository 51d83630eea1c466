//! Every fault against every vendor, with a call that may be repeated and one that must not be.

use std::sync::Arc;
use std::time::Duration;

use huiyi_core::clock::{Clock, SystemClock};
use huiyi_core::secrecy::ExposeSecret;
use huiyi_mock::{Fault, Loopback, Request, Target, Vendor, shared_http};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::attempts::Attempts;
use crate::broken_store::BrokenStore;
use crate::clock::TestClock;
use crate::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use crate::subject::{Credentials, Subject};
use crate::{Arguments, Failure, logins};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody listens on the port.
    ConnectionRefused,
    /// The connection is reset before the request was read.
    ResetBeforeRead,
    /// The connection is reset after the request was carried out.
    ResetAfterRead,
    /// No head of an answer within the time limit.
    NoAnswer,
    /// No end of the answer within the time limit.
    StalledBody,
    /// The connection ends in the middle of the answer.
    TruncatedBody,
    /// A proxy's page with status 502.
    BadGateway,
    /// Status 503 that asks to wait three seconds.
    Unavailable,
    /// Too many calls, in the vendor's own words.
    RateLimit,
    /// The calls of the month are used up.
    MonthlyQuota,
    /// The token is refused as expired.
    TokenExpired,
    /// The token is refused as revoked.
    TokenRevoked,
    /// Nobody listens where tokens are issued.
    TokenHostDown,
    /// Status 503 where tokens are issued.
    TokenUnavailable,
    /// The connection is reset before the token request was read.
    TokenResetBeforeRead,
    /// The connection is reset after the token was issued.
    TokenResetAfterRead,
    /// The app, or the user's refresh token, is unknown.
    TokenRefused,
    /// The secret is wrong.
    WrongSecret,
    /// The client's clock is an hour ahead.
    ClockSkew,
    /// Half a JSON document, complete by its length.
    MalformedJson,
    /// JSON that says it is HTML.
    WrongContentType,
    /// A compressed answer that nobody asked for.
    Gzip,
    /// An answer above the client's limit.
    Oversized,
    /// A redirection to another host.
    Redirect,
    /// The token store never answers.
    StoreHangs,
    /// The token store fails.
    StoreFails,
}

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

/// The client's limit for answers.
pub const BODY_LIMIT: usize = 256 << 10;

impl Trouble {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 26] = [
        Self::ConnectionRefused,
        Self::ResetBeforeRead,
        Self::ResetAfterRead,
        Self::NoAnswer,
        Self::StalledBody,
        Self::TruncatedBody,
        Self::BadGateway,
        Self::Unavailable,
        Self::RateLimit,
        Self::MonthlyQuota,
        Self::TokenExpired,
        Self::TokenRevoked,
        Self::TokenHostDown,
        Self::TokenUnavailable,
        Self::TokenResetBeforeRead,
        Self::TokenResetAfterRead,
        Self::TokenRefused,
        Self::WrongSecret,
        Self::ClockSkew,
        Self::MalformedJson,
        Self::WrongContentType,
        Self::Gzip,
        Self::Oversized,
        Self::Redirect,
        Self::StoreHangs,
        Self::StoreFails,
    ];

    /// In a few words.
    pub fn title(self) -> &'static str {
        match self {
            Self::ConnectionRefused => "connection refused",
            Self::ResetBeforeRead => "reset before the request was read",
            Self::ResetAfterRead => "reset after the request was read",
            Self::NoAnswer => "no answer in time",
            Self::StalledBody => "answer stalls",
            Self::TruncatedBody => "answer breaks off",
            Self::BadGateway => "HTML 502",
            Self::Unavailable => "503, Retry-After: 3",
            Self::RateLimit => "rate limit",
            Self::MonthlyQuota => "monthly quota",
            Self::TokenExpired => "token expired",
            Self::TokenRevoked => "token revoked",
            Self::TokenHostDown => "token request: connection refused",
            Self::TokenUnavailable => "token request: 503",
            Self::TokenResetBeforeRead => "token request: reset before read",
            Self::TokenResetAfterRead => "token request: reset after read",
            Self::TokenRefused => "token request: unknown app or user",
            Self::WrongSecret => "wrong secret",
            Self::ClockSkew => "clock an hour ahead",
            Self::MalformedJson => "half a JSON document",
            Self::WrongContentType => "JSON declared as HTML",
            Self::Gzip => "gzip unasked",
            Self::Oversized => "answer too large",
            Self::Redirect => "redirect to another host",
            Self::StoreHangs => "token store hangs",
            Self::StoreFails => "token store fails",
        }
    }

    /// Whether it can strike a single request and not only all of them.
    pub fn can_strike_once(self) -> bool {
        use Trouble::{ClockSkew, ConnectionRefused, StoreFails, StoreHangs, TokenHostDown, TokenRefused, WrongSecret};
        !matches!(
            self,
            ConnectionRefused | TokenHostDown | TokenRefused | WrongSecret | ClockSkew | StoreHangs | StoreFails
        )
    }

    /// Whether it is about tokens: then Tencent Meeting's client acts for a user, since its app needs none.
    fn concerns_tokens(self) -> bool {
        use Trouble::{
            StoreFails, StoreHangs, TokenExpired, TokenHostDown, TokenRefused, TokenResetAfterRead,
            TokenResetBeforeRead, TokenRevoked, TokenUnavailable,
        };
        matches!(
            self,
            TokenExpired
                | TokenRevoked
                | TokenHostDown
                | TokenUnavailable
                | TokenResetBeforeRead
                | TokenResetAfterRead
                | TokenRefused
                | StoreHangs
                | StoreFails
        )
    }

    /// The fault of the server that plays it, and whether it strikes token requests.
    fn fault(self, elsewhere: &str) -> Option<(Fault, bool)> {
        let call = |fault| Some((fault, false));
        let token = |fault| Some((fault, true));
        match self {
            Self::ResetBeforeRead => call(Fault::ResetBeforeRead),
            Self::ResetAfterRead => call(Fault::ResetAfterRead),
            Self::NoAnswer => call(Fault::NoAnswer),
            Self::StalledBody => call(Fault::StalledBody),
            Self::TruncatedBody => call(Fault::TruncatedBody),
            Self::BadGateway => call(Fault::Html(502)),
            Self::Unavailable => call(Fault::Unavailable { retry_after: Some(3) }),
            Self::RateLimit => call(Fault::RateLimited),
            Self::MonthlyQuota => call(Fault::MonthlyQuota),
            Self::TokenExpired => call(Fault::TokenExpired),
            Self::TokenRevoked => call(Fault::TokenRejected),
            Self::TokenUnavailable => token(Fault::Unavailable { retry_after: None }),
            Self::TokenResetBeforeRead => token(Fault::ResetBeforeRead),
            Self::TokenResetAfterRead => token(Fault::ResetAfterRead),
            Self::MalformedJson => call(Fault::MalformedJson),
            Self::WrongContentType => call(Fault::WrongContentType),
            Self::Gzip => call(Fault::Gzip),
            Self::Oversized => call(Fault::Oversized(2 * BODY_LIMIT)),
            Self::Redirect => call(Fault::Redirect(format!("{elsewhere}/elsewhere?access_token=token-sentinel"))),
            Self::ConnectionRefused
            | Self::TokenHostDown
            | Self::TokenRefused
            | Self::WrongSecret
            | Self::ClockSkew
            | Self::StoreHangs
            | Self::StoreFails => None,
        }
    }
}

/// An operation with arguments that the server accepts.
#[derive(Clone, Debug)]
pub struct Scripted {
    /// The operation.
    pub operation: &'static str,
    /// Whether it may be sent twice.
    pub idempotent: bool,
    /// Its page's arguments.
    pub arguments: Arguments,
}

/// The two calls of a vendor that the faults strike: one that may be repeated and one that must not be.
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

/// The family of a vendor.
pub fn family(vendor: Vendor) -> Family {
    match vendor {
        Vendor::Feishu => FEISHU,
        Vendor::WeCom => WECOM,
        Vendor::DingTalk => DINGTALK,
        Vendor::Tencent => TENCENT,
    }
}

/// What came of a call.
#[derive(Debug)]
pub struct Outcome {
    /// The client's answer.
    pub result: Result<Value, Failure>,
    /// How often the client tried, connections that nobody took included.
    pub tries: usize,
    /// The requests of the operation that reached the server.
    pub requests: Vec<Request>,
    /// How many token requests reached the server.
    pub token_requests: usize,
    /// How long the client waited between attempts.
    pub waits: Vec<Duration>,
    /// What another host saw of it all.
    pub strayed: usize,
    /// All requests that reached the server, token requests included.
    pub sent: Vec<Request>,
    /// The client after the call and its attempts, as `Debug` shows them.
    pub shown: Vec<String>,
}

/// Plays a fault against a call on a server and a client of their own.
///
/// # Panics
///
/// If no port can be opened.
pub async fn play(vendor: Vendor, trouble: Trouble, times: Times, call: &Scripted) -> Outcome {
    let server = Loopback::start(vendor).await.expect("a port of this machine");
    let other = Loopback::start(vendor).await.expect("a port of this machine");
    let ahead = if trouble == Trouble::ClockSkew { Duration::from_secs(3600) } else { Duration::ZERO };
    let now = SystemClock::default().unix_time() + ahead;
    let clock = Arc::new(TestClock::at(now).with_time_limit(TIMEOUT).impatient(&server));
    let attempts = Attempts::new(Arc::clone(&clock) as Arc<dyn Clock>);
    let mut subject = Subject::new(vendor, server.base_url());
    subject.timeout = TIMEOUT;
    subject.body_limit = BODY_LIMIT;
    subject.clock = Some(Arc::clone(&clock) as Arc<dyn Clock>);
    subject.attempts = Some(attempts.clone());
    if vendor == Vendor::Tencent && trouble.concerns_tokens() {
        let user = logins::tencent(&server.base_url()).await.refresh.expect("the server gives one");
        subject.credentials = Credentials::User(user.expose_secret().to_owned());
    }
    match trouble {
        Trouble::ConnectionRefused => {
            subject.base_url = nobody().await;
            subject.credentials = Credentials::Token("token-sentinel".to_owned());
        }
        Trouble::TokenHostDown if vendor == Vendor::Tencent => subject.oauth_url = nobody().await,
        Trouble::TokenHostDown => subject.base_url = nobody().await,
        Trouble::TokenRefused if vendor == Vendor::Tencent => {
            subject.credentials = Credentials::User("r-token-sentinel-unknown".to_owned());
        }
        Trouble::TokenRefused => subject.credentials = Credentials::WrongApp,
        Trouble::WrongSecret => subject.credentials = Credentials::WrongSecret,
        Trouble::StoreHangs => subject.store = Some(Arc::new(BrokenStore::Hangs)),
        Trouble::StoreFails => subject.store = Some(Arc::new(BrokenStore::Fails)),
        _ => {}
    }
    // These depend on how the client itself sets HTTP up.
    if !matches!(trouble, Trouble::ConnectionRefused | Trouble::Gzip | Trouble::Redirect) {
        subject.http = Some(shared_http(vendor));
    }
    if let Some((fault, strikes_tokens)) = trouble.fault(&other.base_url()) {
        let target = if strikes_tokens { Target::Token } else { Target::Operation(call.operation.to_owned()) };
        for _ in 0..if times == Times::Once { 1 } else { 20 } {
            server.fault(target.clone(), fault.clone());
        }
    }
    server.forget();
    let client = subject.build();
    let result = client.call(call.operation, &call.arguments).await;
    let mut shown = vec![format!("{client:?}"), format!("{client:#?}")];
    shown.extend(attempts.seen().into_iter().map(|seen| seen.shown));
    Outcome {
        result,
        tries: attempts.count(),
        requests: server.calls(call.operation),
        token_requests: server.token_requests(),
        waits: clock.waits(),
        strayed: other.requests().len(),
        sent: server.requests(),
        shown,
    }
}

/// The URL of a port on which nobody listens.
///
/// # Panics
///
/// If no port can be opened.
pub async fn nobody() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of this machine");
    let address = listener.local_addr().expect("the port that was opened");
    format!("http://{address}")
}
