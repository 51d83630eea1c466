//! Secrets, tokens and signatures are in requests and nowhere else: not in `Debug`, `Display`, error chains,
//! panic messages, observers, `tracing` output or `log` records, whatever goes wrong.
//!
//! All targets are listened to at the finest level, those of reqwest and hyper included. Panic messages are
//! those of `unwrap` and `expect` on the failed call, taken by a panic hook.
//!
//! `cargo test -p huiyi-tests --test secrets -- --nocapture` prints how much was searched.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt::Debug;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Once};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use huiyi_core::clock::Clock;
use huiyi_core::secrecy::ExposeSecret;
use huiyi_core::user_token::UserTokens;
use huiyi_core::{
    BuildError, Error, MemoryStore, QuotaPolicy, RetryPolicy, StaticToken, StoredToken, Token, TokenStore,
};
use huiyi_mock::{Fault, Loopback, Request, Target, Vendor, credentials, shared_http};
use huiyi_tests::attempts::Attempts;
use huiyi_tests::by_name::ByName;
use huiyi_tests::clock::TestClock;
use huiyi_tests::fault_matrix::{Times, Trouble, calls, family, nobody, play};
use huiyi_tests::kept::Kept;
use huiyi_tests::subject::{Credentials, Subject};
use huiyi_tests::{Failure, logins};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

/// In every secret and token of the loopback server.
const MARK: &str = "sentinel";

/// Secrets without the mark: what users and platforms hand over. Codes begin with the first.
const UNMARKED: [&str; 3] = ["code-loopback", "ticket-loopback", "verifier-of-at-least-forty-three-characters"];

/// A token whose encoded forms are all different, and that does not hold the mark.
const AWKWARD: &str = "t-+awkward/token=for&echo%es";

/// The same as it stands in a query.
const AWKWARD_IN_A_FORM: &str = "t-%2Bawkward%2Ftoken%3Dfor%26echo%25es";

/// What forms and queries leave as it is.
const IN_A_FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

thread_local! {
    /// What this thread has said through `tracing`, `log` and panics. The runtimes here have one thread.
    static HEARD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static PANICS_ON_PURPOSE: Cell<bool> = const { Cell::new(false) };
}

fn hear(text: impl Into<String>) {
    // A thread that ends may still log.
    let _ = HEARD.try_with(|heard| heard.borrow_mut().push(text.into()));
}

fn heard() -> Vec<String> {
    HEARD.with(RefCell::take)
}

struct Ear;

impl std::io::Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        hear(String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl log::Log for Ear {
    fn enabled(&self, _metadata: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        hear(format!("{} {} {}", record.level(), record.target(), record.args()));
    }

    fn flush(&self) {}
}

/// Listens to everything that this thread says, until the answer is dropped.
fn listen() -> impl Sized {
    static PROCESS: Once = Once::new();
    PROCESS.call_once(|| {
        log::set_logger(&Ear).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(
            move |panic| {
                if PANICS_ON_PURPOSE.get() { hear(panic.to_string()) } else { usual(panic) }
            },
        ));
    });
    let subscriber =
        tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_span_events(FmtSpan::NEW | FmtSpan::CLOSE);
    subscriber.with_writer(|| Ear).with_ansi(false).finish().set_default()
}

/// Everything that a value without `Display` says of itself.
fn debugged(value: &dyn Debug) -> Vec<String> {
    vec![format!("{value:?}"), format!("{value:#?}")]
}

/// Everything that an error and its causes say of themselves, also when one unwraps it.
#[allow(clippy::unnecessary_literal_unwrap, reason = "the message is what is wanted")]
fn said_by(error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut texts = vec![format!("{error:#}")];
    let mut cause = Some(error);
    while let Some(error) = cause {
        texts.push(error.to_string());
        texts.extend(debugged(&error));
        cause = error.source();
    }
    let failed: Result<(), &dyn StdError> = Err(error);
    PANICS_ON_PURPOSE.set(true);
    let unwrapped = std::panic::catch_unwind(AssertUnwindSafe(|| failed.unwrap()));
    let expected = std::panic::catch_unwind(AssertUnwindSafe(|| failed.expect("a meeting")));
    PANICS_ON_PURPOSE.set(false);
    assert!(unwrapped.is_err() && expected.is_err());
    texts
}

fn said_by_failure(failure: &Failure) -> Vec<String> {
    let mut texts = debugged(failure);
    texts.push(failure.to_string());
    if let Failure::Call(error) = failure {
        texts.extend(said_by_call(error));
    }
    texts
}

fn said_by_call(error: &Error) -> Vec<String> {
    let mut texts = said_by(error);
    texts.push(error.to_string());
    texts.extend(debugged(&error));
    let parts = [Some(error.message()), error.code(), error.request_id(), error.help()];
    texts.extend(parts.into_iter().flatten().map(str::to_owned));
    texts.extend(error.transport_error().into_iter().flat_map(|source| said_by(source)));
    texts
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// The ways in which a secret may be written: plain, percent-encoded, in hex, in Base64 alone or as a part of
/// something longer.
fn forms(secret: &str) -> Vec<String> {
    let percent = percent_encode(secret.as_bytes(), NON_ALPHANUMERIC).to_string();
    let hex = hex(secret);
    let form = percent_encode(secret.as_bytes(), IN_A_FORM).to_string();
    let mut forms = vec![secret.to_owned(), percent.to_lowercase(), percent, form, hex.to_uppercase(), hex];
    for before in 0..3 {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(secret.as_bytes());
        // The characters at both ends depend on what stands next to the secret.
        let from = [0, 2, 3][before];
        let until = usize::from(bytes.len() % 3 != 0);
        for encoded in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            forms.push(encoded[from..encoded.len() - until].to_owned());
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// What of a request must not be seen elsewhere.
fn secrets_of(request: &Request) -> Vec<String> {
    let headers = ["authorization", "x-acs-dingtalk-access-token", "AccessToken", "X-TC-Signature"];
    let query = ["access_token", "suite_access_token", "corpsecret"];
    let headers = headers.into_iter().filter_map(|name| request.header(name));
    let mut found: Vec<String> = headers.map(|value| value.trim_start_matches("Bearer ").to_owned()).collect();
    found.extend(query.into_iter().filter_map(|name| request.query_value(name)));
    if let Some(Value::Object(body)) = request.json() {
        let texts = body.values().filter_map(Value::as_str);
        found.extend(texts.filter(|text| text.contains(MARK)).map(str::to_owned));
    }
    found
}

/// What was searched for one vendor, and what was found.
struct Search {
    vendor: Vendor,
    texts: usize,
    secrets: BTreeSet<String>,
    hits: Vec<String>,
}

impl Search {
    fn new(vendor: Vendor) -> Self {
        Self { vendor, texts: 0, secrets: BTreeSet::new(), hits: Vec::new() }
    }

    /// Looks for these secrets, the unmarked ones and the mark.
    fn look(&mut self, place: &str, secrets: &[String], texts: &[String]) {
        self.texts += texts.len();
        self.secrets.extend(secrets.iter().cloned());
        let known = [MARK].into_iter().chain(UNMARKED).map(str::to_owned);
        let wanted: Vec<String> =
            known.chain(secrets.iter().cloned()).flat_map(|secret| forms(secret.as_str())).collect();
        for text in texts {
            if let Some(form) = wanted.iter().find(|form| text.contains(form.as_str())) {
                self.hits.push(format!("{place}: `{form}` in: {text}"));
            }
        }
    }

    fn end(self, what: &str) {
        let (texts, secrets, hits) = (self.texts, self.secrets.len(), self.hits.len());
        println!("{:8} {what}: {texts} texts searched, {secrets} secrets, {hits} hits", format!("{:?}", self.vendor));
        assert!(texts > 0 && secrets > 0, "nothing was searched");
        assert!(self.hits.is_empty(), "{hits} secrets were shown:\n{}", self.hits.join("\n"));
    }
}

/// Every fault, once and always, against a call that may be repeated and one that must not be.
async fn matrix(vendor: Vendor) {
    let _listening = listen();
    let mut search = Search::new(vendor);
    let calls = calls(vendor);
    for trouble in Trouble::ALL {
        for call in &calls {
            for times in [Times::Once, Times::Always] {
                let outcome = play(vendor, trouble, times, call).await;
                let mut texts = outcome.shown;
                if let Err(failure) = &outcome.result {
                    texts.extend(said_by_failure(failure));
                }
                let told = heard();
                assert!(!told.is_empty());
                texts.extend(told);
                let secrets: Vec<String> = outcome.sent.iter().flat_map(secrets_of).collect();
                search.look(&format!("{}, {}", trouble.title(), call.operation), &secrets, &texts);
            }
        }
    }
    search.end("fault matrix");
}

#[tokio::test]
async fn no_fault_makes_feishu_show_a_secret() {
    matrix(Vendor::Feishu).await;
}

#[tokio::test]
async fn no_fault_makes_wecom_show_a_secret() {
    matrix(Vendor::WeCom).await;
}

#[tokio::test]
async fn no_fault_makes_dingtalk_show_a_secret() {
    matrix(Vendor::DingTalk).await;
}

#[tokio::test]
async fn no_fault_makes_tencent_show_a_secret() {
    matrix(Vendor::Tencent).await;
}

/// One call of WeCom, whose token is in the URL, and all that is said about it.
async fn observed(client: &dyn ByName, attempts: &Attempts, operation: &str, call: &huiyi_tests::Arguments) -> Said {
    let before = attempts.count();
    let result = client.call(operation, call).await;
    let mut texts: Vec<String> = attempts.seen().into_iter().skip(before).map(|seen| seen.shown).collect();
    if let Err(failure) = &result {
        texts.extend(said_by_failure(failure));
    }
    texts.extend(debugged(&client));
    texts.extend(heard());
    Said { succeeded: result.is_ok(), texts }
}

struct Said {
    succeeded: bool,
    texts: Vec<String>,
}

#[tokio::test]
async fn no_operation_of_wecom_shows_the_token_of_its_url() {
    let _listening = listen();
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(TestClock::new());
    let attempts = Attempts::new(Arc::clone(&clock));
    let mut subject = Subject::new(Vendor::WeCom, server.base_url());
    subject.clock = Some(clock);
    subject.attempts = Some(attempts.clone());
    subject.retry = RetryPolicy::default().with_budget(10_000);
    let client = subject.build();
    subject.base_url = nobody().await;
    subject.credentials = Credentials::Token("token-sentinel-that-nobody-gets".to_owned());
    let unconnected = subject.build();
    let mut search = Search::new(Vendor::WeCom);
    let mut examples = family(Vendor::WeCom).spec().examples();
    examples.dedup_by(|one, other| one.operation == other.operation);
    assert_eq!(examples.len(), family(Vendor::WeCom).operations.len());

    for example in &examples {
        let operation = example.operation.as_str();
        let arguments = &example.arguments;
        let target = || Target::Operation(operation.to_owned());
        let refusal = json!({"errcode": 40058, "errmsg": "invalid parameter, hint: [1657000000_1_abc]"});
        let plan: [(&str, Vec<Fault>); 3] = [
            ("success", Vec::new()),
            ("errcode", vec![Fault::Status { status: 200, headers: Vec::new(), body: refusal.to_string() }]),
            ("reset", vec![Fault::ResetAfterRead; 3]),
        ];
        for (what, faults) in plan {
            server.clear();
            server.forget();
            // The made-up credentials of the suite's calls are refused without the given answer.
            let answer = json!({"errcode": 0, "errmsg": "ok", "access_token": "", "suite_access_token": ""});
            if ["get_access_token", "get_suite_token", "get_corp_token"].contains(&operation) && what == "success" {
                let body = answer.to_string();
                server.fault(target(), Fault::Status { status: 200, headers: Vec::new(), body });
            }
            for fault in faults {
                server.fault(target(), fault);
            }
            let said = observed(&*client, &attempts, operation, arguments).await;
            assert_eq!(said.succeeded, what == "success", "{operation} {what}");
            let secrets: Vec<String> = server.requests().iter().flat_map(secrets_of).filter(|s| s.len() > 9).collect();
            search.look(&format!("{operation}, {what}"), &secrets, &said.texts);
        }
        let said = observed(&*unconnected, &attempts, operation, arguments).await;
        assert!(!said.succeeded);
        search.look(&format!("{operation}, nobody listens"), &[], &said.texts);
    }
    search.end(&format!("{} operations", examples.len()));
}

/// The search itself finds a secret in each of its forms, and all channels are open.
#[tokio::test]
async fn the_search_finds_what_is_planted() {
    let _listening = listen();
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let [call, _] = calls(Vendor::Feishu);
    let headers = [("X-Tt-Logid", "planted-sentinel-in-a-span")];
    server.answer_with(call.operation, &headers, 400, r#"{"code":121005,"msg":"planted-sentinel-in-a-message"}"#);
    let client = Subject::new(Vendor::Feishu, server.base_url()).build();
    let failure = client.call(call.operation, &call.arguments).await.unwrap_err();
    log::trace!("planted-sentinel-in-a-record");
    let said = said_by_failure(&failure);
    let told = heard();

    let whole = format!("Authorization: Basic {}", STANDARD_NO_PAD.encode(format!("app:{AWKWARD}:x")));
    let planted = [
        format!("a {AWKWARD} b"),
        format!("?access_token={}", percent_encode(AWKWARD.as_bytes(), NON_ALPHANUMERIC)),
        whole,
        "Basic Y29kZS1sb29wYmFjaw==".to_owned(),
        hex(AWKWARD),
    ];
    let mut search = Search::new(Vendor::Feishu);
    search.look("planted", &[AWKWARD.to_owned()], &planted);
    assert_eq!(search.hits.len(), planted.len(), "{:#?}", search.hits);
    search.look("elsewhere", &[AWKWARD.to_owned()], &["code, token and ticket".to_owned()]);
    assert_eq!(search.hits.len(), planted.len());

    let has = |texts: &[String], part: &str| texts.iter().any(|text| text.contains(part));
    assert!(has(&said, "planted-sentinel-in-a-message") && has(&said, "planted-sentinel-in-a-span"));
    assert!(has(&told, "planted-sentinel-in-a-span"), "tracing is not heard");
    assert!(has(&told, "planted-sentinel-in-a-record"), "log is not heard");
    assert!(has(&told, "reqwest") && has(&told, "huiyi.call"), "targets are missing: {told:#?}");
    let unwrapped = told.iter().filter(|text| text.contains("planted-sentinel-in-a-message"));
    let panics: Vec<&String> = unwrapped.collect();
    assert!(
        panics.iter().any(|text| text.contains("unwrap()")) && panics.iter().any(|text| text.contains("a meeting"))
    );
}

/// All that a pair of tokens says of itself, alone and in the places that keep it.
async fn said_by_tokens(tokens: &UserTokens) -> (Vec<String>, Vec<String>) {
    let refresh = tokens.refresh.clone().unwrap();
    let stored = StoredToken::new(tokens.access.clone(), std::time::SystemTime::now() + tokens.lives);
    let store = MemoryStore::default();
    store.save("key", &stored).await.unwrap();
    let mut texts = debugged(tokens);
    texts.extend(debugged(&StaticToken::new(tokens.access.clone())));
    for value in [&stored as &dyn Debug, &store, &refresh, &tokens.access] {
        texts.extend(debugged(value));
    }
    (vec![tokens.access.expose().to_owned(), refresh.expose_secret().to_owned()], texts)
}

/// A value of a type that is read from JSON, as `Debug` shows it.
fn typed<T: DeserializeOwned + Debug>(json: Value) -> Vec<String> {
    debugged(&serde_json::from_value::<T>(json).unwrap())
}

/// A user's client renews its tokens twice, and then the refresh token is refused.
async fn renewals(server: &Loopback, client: &dyn ByName, operation: &str, kept: &Kept) -> (Vec<String>, Vec<String>) {
    let examples = family(server.vendor()).spec().examples();
    let example = examples.iter().find(|example| example.operation == operation).unwrap();
    for _ in 0..2 {
        client.call(operation, &example.arguments).await.unwrap();
        server.expire_tokens();
    }
    server.revoke_refresh_tokens();
    let failure = client.call(operation, &example.arguments).await.unwrap_err();
    assert!(failure.api().unwrap().is_token_refusal());
    let mut texts = said_by_failure(&failure);
    texts.extend(debugged(&client));
    let secrets = kept.pairs().into_iter().flat_map(|(access, refresh)| [access, refresh]).collect();
    (secrets, texts)
}

#[tokio::test]
async fn users_of_feishu_show_no_secret() {
    use huiyi_feishu::types::{CreateUserTokenRequest, CreateUserTokenResponse};
    let _listening = listen();
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let app = credentials::FEISHU;
    let mut search = Search::new(Vendor::Feishu);

    let tokens = logins::feishu(&server.base_url()).await;
    let (secrets, texts) = said_by_tokens(&tokens).await;
    search.look("tokens", &secrets, &texts);

    let verifier = huiyi_feishu::Verifier::from_kept("verifier-of-at-least-forty-three-characters-0123456789");
    let ticket = huiyi_feishu::AppTicket::default();
    ticket.set(app.app_ticket);
    let kept = Kept::default();
    let refresh = tokens.refresh.unwrap();
    let builder = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url());
    let store = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).store_app(ticket.clone(), "tenant");
    let builder = builder.user_refresh_token("user", refresh.expose_secret(), kept.keeper());
    let login = builder.login().unwrap();
    let mut texts = vec![login.authorize_url("https://example.com", "vc", "state", &verifier).unwrap().to_string()];
    for value in [&builder as &dyn Debug, &store, &login, &verifier, &ticket] {
        texts.extend(debugged(value));
    }
    login.exchange(app.code, "https://example.com", &verifier).await.unwrap();
    texts.extend(said_by(&login.exchange(app.code, "https://example.com", &verifier).await.unwrap_err()));
    let body = json!({"grant_type": "authorization_code", "client_id": "a", "client_secret": "secret-sentinel",
        "code": app.code, "code_verifier": verifier.expose(), "refresh_token": "r-token-sentinel"});
    texts.extend(typed::<CreateUserTokenRequest>(body));
    let answer = json!({"access_token": "u-token-sentinel", "refresh_token": "r-token-sentinel"});
    texts.extend(typed::<CreateUserTokenResponse>(answer));
    search.look("login", &[verifier.expose().to_owned()], &texts);

    let client = builder.build().unwrap();
    search.look("request", &[], &debugged(&client.get_meeting("1")));
    let (secrets, texts) = renewals(&server, &client, "end_meeting", &kept).await;
    search.look("renewals", &secrets, &texts);
    search.look("heard", &secrets, &heard());
    search.end("users");
}

#[tokio::test]
async fn suites_of_wecom_show_no_secret() {
    use huiyi_wecom::types::{GetAccessTokenResponse, GetCorpTokenRequest, GetSuiteTokenRequest};
    let _listening = listen();
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let app = credentials::WECOM;
    let mut search = Search::new(Vendor::WeCom);
    let ticket = huiyi_wecom::SuiteTicket::default();
    let suite = || {
        let builder = huiyi_wecom::Client::builder().base_url(server.base_url());
        let code = app.permanent_code;
        let builder = builder.suite(app.suite_id, app.suite_secret, ticket.clone(), app.corpid, code);
        builder.quota(QuotaPolicy::off()).clock(Arc::new(TestClock::new())).http_client(shared_http(Vendor::WeCom))
    };
    let [call, _] = calls(Vendor::WeCom);
    let mut texts = debugged(&suite());
    let own = huiyi_wecom::Client::builder().corp(app.corpid, app.secret);
    texts.extend(debugged(&own));

    for given in [None, Some("ticket-loopback-of-yesterday"), Some(app.suite_ticket)] {
        if let Some(ticket_now) = given {
            ticket.set(ticket_now);
        }
        let client = suite().build().unwrap();
        let result = client.call(call.operation, &call.arguments).await;
        assert_eq!(result.is_ok(), given == Some(app.suite_ticket));
        texts.extend(debugged(&client));
        texts.extend(result.err().iter().flat_map(said_by_failure));
    }
    for body in [r#"{"errcode":40001,"errmsg":"invalid credential"}"#, "{", r#"{"access_token":1}"#] {
        server.answer("get_corp_token", 200, body);
        let failure = suite().build().unwrap().call(call.operation, &call.arguments).await.unwrap_err();
        texts.extend(said_by_failure(&failure));
    }
    let body = json!({"suite_id": "a", "suite_secret": "secret-sentinel", "suite_ticket": app.suite_ticket});
    texts.extend(typed::<GetSuiteTokenRequest>(body));
    texts.extend(typed::<GetCorpTokenRequest>(json!({"auth_corpid": "a", "permanent_code": app.permanent_code})));
    texts.extend(typed::<GetAccessTokenResponse>(json!({"access_token": "token-sentinel", "expires_in": 7200})));
    texts.extend(debugged(&ticket));
    texts.extend(heard());
    let secrets: Vec<String> = server.requests().iter().flat_map(secrets_of).collect();
    search.look("suite", &secrets, &texts);
    search.end("suites");
}

#[tokio::test]
async fn users_of_dingtalk_show_no_secret() {
    use huiyi_dingtalk::types::{CreateUserAccessTokenRequest, CreateUserAccessTokenResponse};
    let _listening = listen();
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let app = credentials::DINGTALK;
    let mut search = Search::new(Vendor::DingTalk);
    let (mut secrets, mut texts) = said_by_tokens(&logins::dingtalk(&server.base_url()).await).await;

    let builder = || {
        huiyi_dingtalk::Client::builder()
            .app(app.app_key, app.secret)
            .base_url(server.base_url())
            .http_client(shared_http(Vendor::DingTalk))
    };
    builder().exchange_code(app.code).await.unwrap();
    texts.extend(said_by(&builder().exchange_code(app.code).await.unwrap_err()));
    let ticket = huiyi_dingtalk::SuiteTicket::default();
    let suite = || builder().suite(ticket.clone(), app.corp_id);
    let [call, _] = calls(Vendor::DingTalk);
    for given in [None, Some("ticket-loopback-of-yesterday"), Some(app.suite_ticket)] {
        if let Some(ticket_now) = given {
            ticket.set(ticket_now);
        }
        let client = suite().build().unwrap();
        let result = client.call(call.operation, &call.arguments).await;
        assert_eq!(result.is_ok(), given == Some(app.suite_ticket));
        texts.extend(debugged(&client));
        texts.extend(result.err().iter().flat_map(said_by_failure));
    }
    let user = builder().user_refresh_token("user", "r-token-sentinel-unknown", Kept::default().keeper());
    for value in [&suite() as &dyn Debug, &user, &ticket] {
        texts.extend(debugged(value));
    }
    let refused = user.build().unwrap().call(call.operation, &call.arguments).await.unwrap_err();
    texts.extend(said_by_failure(&refused));
    let body = json!({"clientId": "a", "clientSecret": "secret-sentinel", "code": app.code,
        "refreshToken": "r-token-sentinel", "grantType": "authorization_code"});
    texts.extend(typed::<CreateUserAccessTokenRequest>(body));
    let answer = json!({"accessToken": "u-token-sentinel", "refreshToken": "r-token-sentinel", "expireIn": 1});
    texts.extend(typed::<CreateUserAccessTokenResponse>(answer));
    texts.extend(heard());
    secrets.extend(server.requests().iter().flat_map(secrets_of));
    search.look("users", &secrets, &texts);
    search.end("users");
}

#[tokio::test]
async fn users_of_tencent_show_no_secret() {
    use huiyi_tencent::types::{CreateOauthTokenRequest, CreateOauthTokenResponse};
    let _listening = listen();
    let server = Loopback::start(Vendor::Tencent).await.unwrap();
    let app = credentials::TENCENT;
    let mut search = Search::new(Vendor::Tencent);
    let tokens = logins::tencent(&server.base_url()).await;
    let (secrets, texts) = said_by_tokens(&tokens).await;
    search.look("tokens", &secrets, &texts);

    let kept = Kept::default();
    let refresh = tokens.refresh.unwrap();
    let builder = huiyi_tencent::Client::builder().keys(app.app_id, app.secret_id, app.secret_key);
    let builder = builder.oauth_app(app.sdk_id, app.oauth_secret).base_url(server.base_url());
    let builder = builder.oauth_base_url(server.base_url());
    let user = huiyi_tencent::Client::builder().oauth_app(app.sdk_id, app.oauth_secret).base_url(server.base_url());
    let user = user.oauth_base_url(server.base_url());
    let user = user.user_refresh_token(app.open_id, refresh.expose_secret(), kept.keeper());
    let login = builder.login().unwrap();
    let mut texts = vec![login.authorize_url("corp", "https://example.com", "state").unwrap().to_string()];
    for value in [&builder as &dyn Debug, &user, &login] {
        texts.extend(debugged(value));
    }
    login.exchange(app.auth_code).await.unwrap();
    texts.extend(said_by(&login.exchange(app.auth_code).await.unwrap_err()));
    let body = json!({"sdk_id": "a", "secret": "secret-sentinel", "auth_code": app.auth_code});
    texts.extend(typed::<CreateOauthTokenRequest>(body));
    let data = json!({"access_token": "token-sentinel", "refresh_token": "r-token-sentinel", "open_id": "a"});
    texts.extend(typed::<CreateOauthTokenResponse>(json!({"data": data})));
    search.look("login", &[], &texts);

    let (secrets, texts) = renewals(&server, &user.build().unwrap(), "get_meeting", &kept).await;
    search.look("renewals", &secrets, &texts);
    search.look("heard", &secrets, &heard());
    search.end("users");
}

/// A failure that repeats what it was sent, and all that the client says about it. The token of the call is
/// [`AWKWARD`], the app's secret the loopback server's.
async fn repeated(vendor: Vendor, target: Target, media_type: &str, status: u16, body: &str) -> Vec<String> {
    let server = Loopback::start(vendor).await.unwrap();
    let [call, _] = calls(vendor);
    let mut subject = Subject::new(vendor, server.base_url());
    subject.retry = RetryPolicy::off();
    subject.http = Some(shared_http(vendor));
    let client: Box<dyn ByName> = if vendor == Vendor::Tencent {
        let user = StaticToken::new(Token::new(AWKWARD).with_account(credentials::TENCENT.open_id));
        let builder = huiyi_tencent::Client::builder().base_url(server.base_url()).retry(RetryPolicy::off());
        Box::new(builder.http_client(shared_http(vendor)).user_source(user).build().unwrap())
    } else {
        if target != Target::Token {
            subject.credentials = Credentials::Token(AWKWARD.to_owned());
        }
        subject.build()
    };
    let headers = vec![("Content-Type".to_owned(), media_type.to_owned())];
    server.fault(target, Fault::Status { status, headers, body: body.to_owned() });
    let result = client.call(call.operation, &call.arguments).await;
    let mut texts = said_by_failure(&result.unwrap_err());
    texts.extend(heard());
    texts
}

fn call_of(vendor: Vendor) -> Target {
    let [call, _] = calls(vendor);
    Target::Operation(call.operation.to_owned())
}

/// A refusal with this message, in the vendor's own form.
fn refusal(vendor: Vendor, message: &str) -> String {
    match vendor {
        Vendor::Feishu => json!({"code": 99991672, "msg": message}),
        Vendor::WeCom => json!({"errcode": 60020, "errmsg": message}),
        Vendor::DingTalk => json!({"code": "paramError", "message": message}),
        Vendor::Tencent => json!({"error_info": {"error_code": 200_006, "message": message}}),
    }
    .to_string()
}

/// A proxy's page quotes the URL that failed, WeCom's with a token or a secret in it; a vendor's message may
/// quote the token.
#[tokio::test]
async fn a_failure_that_quotes_the_token_is_told_without_it() {
    let _listening = listen();
    for vendor in Vendor::ALL {
        let mut search = Search::new(vendor);
        let secret = "wecom-secret-sentinel";
        let in_url = AWKWARD_IN_A_FORM;
        let url = format!("/cgi-bin/x?debug=1&access_token={in_url}&corpsecret={secret}&a=1");
        let mut targets = vec![call_of(vendor)];
        if vendor != Vendor::Tencent {
            targets.push(Target::Token);
        }
        for target in targets {
            for (status, media_type, page) in [
                (404, "text/html", format!("<html><body>The requested URL {url} was not found</body></html>")),
                (403, "text/html", format!("<html><body><a href=\"{url}\">again</a></body></html>")),
                (400, "text/plain", format!("cannot parse {url}")),
                (200, "text/html", format!("<html><body>You asked for {url}; please log in</body></html>")),
                (500, "application/json", format!("{{\"url\": \"{url}\"")),
            ] {
                let texts = repeated(vendor, target.clone(), media_type, status, &page).await;
                search.look(&page, &[AWKWARD.to_owned()], &texts);
            }
        }
        let message = refusal(vendor, &format!("the token {AWKWARD} has no permission"));
        let texts = repeated(vendor, call_of(vendor), "application/json", 400, &message).await;
        search.look(&message, &[AWKWARD.to_owned()], &texts);
        search.end("quoted");
    }
}

/// The rest of what a vendor might quote: encoded tokens, tokens where a request id or a code is expected,
/// secrets in refusals of token requests.
#[tokio::test]
async fn a_failure_that_quotes_an_encoded_token_or_a_secret_is_told_without_it() {
    let _listening = listen();
    let mut hits = Vec::new();
    for vendor in Vendor::ALL {
        let mut search = Search::new(vendor);
        let awkward = [AWKWARD.to_owned()];
        let hint = format!("bad, hint: [{AWKWARD}]");
        let code = json!({"code": AWKWARD, "errcode": AWKWARD, "requestid": AWKWARD, "error_code": AWKWARD});
        let encoded = percent_encode(AWKWARD.as_bytes(), NON_ALPHANUMERIC).to_string();
        for body in [
            refusal(vendor, &format!("bad query access_token={AWKWARD_IN_A_FORM}")),
            refusal(vendor, &format!("bad query access_token={encoded}")),
            refusal(vendor, &hint),
            code.to_string(),
        ] {
            let texts = repeated(vendor, call_of(vendor), "application/json", 400, &body).await;
            search.look(&body, &awkward, &texts);
        }
        if vendor != Vendor::Tencent {
            let secret = format!("{}-secret-sentinel", family(vendor).name);
            let body = refusal(vendor, &format!("the secret {secret} is wrong"));
            search.look(&body, &[], &repeated(vendor, Target::Token, "application/json", 400, &body).await);
        }
        hits.extend(search.hits);
    }
    assert!(hits.is_empty(), "{}", hits.join("\n"));
}

/// Settings that cannot work are named without showing them.
#[tokio::test]
async fn refused_settings_show_no_secret() {
    let mut search = Search::new(Vendor::Feishu);
    let bad = "secret-sentinel\nof two lines";
    let errors: Vec<BuildError> = vec![
        huiyi_feishu::Client::builder().app("cli_1", bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_wecom::Client::builder().corp("ww1", bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_dingtalk::Client::builder().app("ding1", bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_tencent::Client::builder().keys("1", "AKID1", bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_feishu::Client::builder().tenant_access_token(bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_feishu::Client::builder().user_access_token(bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_wecom::Client::builder().access_token(bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_dingtalk::Client::builder().access_token(bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_tencent::Client::builder().user_access_token("o", bad).base_url("http://127.0.0.1").build().unwrap_err(),
    ];
    for error in &errors {
        let BuildError::Credential { .. } = error else { panic!("{error}") };
        search.look("settings", &[bad.to_owned()], &said_by(error));
    }
    // A source's token that no header can carry is refused when it is used.
    let (nobody, source) = (nobody().await, || StaticToken::new(Token::new("token-sentinel\nof two lines")));
    let feishu = huiyi_feishu::Client::builder().base_url(&nobody).tenant_source(source()).build().unwrap();
    let dingtalk = huiyi_dingtalk::Client::builder().base_url(&nobody).token_source(source()).build().unwrap();
    for (vendor, client) in [(Vendor::Feishu, &feishu as &dyn ByName), (Vendor::DingTalk, &dingtalk)] {
        let [call, _] = calls(vendor);
        let failure = client.call(call.operation, &call.arguments).await.unwrap_err();
        assert!(failure.to_string().contains("header"), "{failure}");
        search.look("token", &[bad.to_owned()], &said_by_failure(&failure));
    }
    search.end("settings");
}

#[tokio::test]
async fn a_password_in_the_base_url_is_not_shown() {
    let builder = huiyi_feishu::Client::builder().app("cli_1", "secret").base_url("http://user:pw-sentinel@127.0.0.1");
    let mut texts = debugged(&builder);
    texts.extend(said_by(&builder.build().unwrap_err()));
    let mut search = Search::new(Vendor::Feishu);
    search.look("base URL", &["pw-sentinel".to_owned()], &texts);
    search.end("base URL");
}
