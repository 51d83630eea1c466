//! Who a call is made as: the app or a user, chosen per call; what wants another credential is not sent; renewed
//! tokens are kept before they are used; apps that act for other corporations.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use huiyi_core::operation::Operation;
use huiyi_core::secrecy::ExposeSecret;
use huiyi_core::user_token::{KeepTokens, UserTokens};
use huiyi_core::{BoxFuture, BuildError, ErrorKind, MemoryStore, QuotaPolicy, StaticToken, Token, TokenSource};
use huiyi_mock::{Fault, Loopback, Request, Target, Vendor, credentials};
use huiyi_tests::by_name::ByName;
use huiyi_tests::examples::Example;
use huiyi_tests::fault_matrix::{calls, family};
use huiyi_tests::kept::Kept;
use huiyi_tests::subject::Subject;
use huiyi_tests::{Failure, logins};
use serde_json::Value;

/// One call of each operation that can be called by name; uploads of forms cannot.
fn examples(vendor: Vendor) -> Vec<Example> {
    let mut seen = BTreeSet::new();
    let family = family(vendor);
    let mut examples = family.spec().examples();
    examples.retain(|example| family.operations.contains(&&*example.operation));
    examples.retain(|example| seen.insert(example.operation.clone()));
    examples
}

/// The kind of credential that a request carries, as the specs name it, and its text.
fn presented(vendor: Vendor, request: &Request) -> Option<(&'static str, String)> {
    match vendor {
        Vendor::Feishu => {
            let token = request.header("authorization")?.strip_prefix("Bearer ")?.to_owned();
            Some((if token.starts_with("u-") { "user" } else { "tenant" }, token))
        }
        Vendor::WeCom => Some(("access_token", request.query_value("access_token")?)),
        Vendor::DingTalk => Some(("access_token", request.header("x-acs-dingtalk-access-token")?.to_owned())),
        Vendor::Tencent => match request.header("AccessToken") {
            Some(token) => Some(("oauth", token.to_owned())),
            None => Some(("aksk", request.header("X-TC-Signature")?.to_owned())),
        },
    }
}

/// What came of one operation.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// It was sent with this kind of credential, or with none.
    Sent(Option<&'static str>),
    /// It was not sent, and the error is clear.
    Refused,
}

/// Whether the error names the operation and the kinds that it wants.
fn is_clear(failure: &Failure, operation: &Operation) -> bool {
    let Failure::Call(error) = failure else { return false };
    let text = error.to_string();
    error.kind() == ErrorKind::Misuse
        && error.operation() == operation.id
        && text.contains(operation.id)
        && text.contains(&format!("of kind {};", operation.tokens.join(" or ")))
}

/// Calls every operation as a client that has these kinds of credential, the best first.
async fn call_all(
    server: &Loopback,
    client: &dyn ByName,
    table: &'static [&'static Operation],
    kinds: &[&'static str],
) {
    let vendor = server.vendor();
    let (mut sent, mut bare, mut refused, mut wrong) = (0, 0, 0, Vec::new());
    let examples = examples(vendor);
    assert_eq!(examples.len(), family(vendor).operations.len());
    for example in &examples {
        let operation = table.iter().find(|operation| operation.id == example.operation).unwrap();
        server.forget();
        let result = client.call(&example.operation, &example.arguments).await;
        let requests = server.calls(&example.operation);
        let fate = match (requests.first(), &result) {
            (Some(request), _) => Fate::Sent(presented(vendor, request).map(|(kind, _)| kind)),
            (None, Err(failure)) if server.requests().is_empty() && is_clear(failure, operation) => Fate::Refused,
            (None, result) => {
                wrong.push(format!("{}: {} requests, {result:?}", operation.id, server.requests().len()));
                continue;
            }
        };
        let expected = match kinds.iter().find(|kind| operation.tokens.contains(kind)) {
            Some(kind) => Fate::Sent(Some(kind)),
            // Calls that issue tokens must not be given one.
            None if operation.tokens.is_empty() => Fate::Sent(None),
            None => Fate::Refused,
        };
        match fate {
            Fate::Sent(Some(_)) => sent += 1,
            Fate::Sent(None) => bare += 1,
            Fate::Refused => refused += 1,
        }
        if fate != expected {
            wrong.push(format!("{}: {fate:?} instead of {expected:?}", operation.id));
        }
    }
    println!(
        "{:8} as {kinds:?}: {sent} operations were sent with a credential, {bare} without, {refused} refused",
        format!("{vendor:?}")
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(sent > 0 && bare > 0);
}

#[tokio::test]
async fn every_operation_of_feishu_gets_a_token_that_it_accepts_or_is_not_sent() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let subject = Subject::new(Vendor::Feishu, server.base_url());
    let builder = || subject.feishu().base_url(server.base_url()).quota(QuotaPolicy::off());
    let user = StaticToken::new(logins::feishu(&server.base_url()).await.access);
    let table = huiyi_feishu::Client::operations();
    let app = builder().build().unwrap();
    app.get_meeting("1").send().await.unwrap();

    call_all(&server, &app, table, &["tenant"]).await;
    call_all(&server, &app.as_user(user.clone()), table, &["user"]).await;
    call_all(&server, &builder().user_source(user).build().unwrap(), table, &["tenant", "user"]).await;
}

#[tokio::test]
async fn every_operation_of_tencent_gets_a_credential_that_it_accepts_or_is_not_sent() {
    let server = Loopback::start(Vendor::Tencent).await.unwrap();
    let subject = Subject::new(Vendor::Tencent, server.base_url());
    let builder = || subject.tencent().base_url(server.base_url()).quota(QuotaPolicy::off());
    let user = StaticToken::new(logins::tencent(&server.base_url()).await.access);
    let table = huiyi_tencent::Client::operations();
    let app = builder().build().unwrap();

    call_all(&server, &app, table, &["aksk"]).await;
    call_all(&server, &app.as_user(user.clone()), table, &["oauth"]).await;
    call_all(&server, &builder().user_source(user).build().unwrap(), table, &["aksk", "oauth"]).await;
}

#[tokio::test]
async fn every_operation_of_wecom_and_dingtalk_gets_the_one_kind_of_token() {
    for (vendor, table) in
        [(Vendor::WeCom, huiyi_wecom::Client::operations()), (Vendor::DingTalk, huiyi_dingtalk::Client::operations())]
    {
        let server = Loopback::start(vendor).await.unwrap();
        let client = Subject::new(vendor, server.base_url()).build();
        let [call, _] = calls(vendor);
        client.call(call.operation, &call.arguments).await.unwrap();

        call_all(&server, &*client, table, &["access_token"]).await;
    }
}

/// The tokens that the calls of an operation carried, sorted.
fn tokens(server: &Loopback, operation: &str) -> Vec<String> {
    let calls = server.calls(operation);
    let mut tokens: Vec<String> = calls.iter().map(|request| presented(server.vendor(), request).unwrap().1).collect();
    tokens.sort();
    tokens
}

/// The app and two users call at the same time, with clients made of one.
#[tokio::test]
async fn callers_of_one_client_do_not_get_each_others_tokens() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let subject = Subject::new(Vendor::Feishu, server.base_url());
    let app = subject.feishu().base_url(server.base_url()).quota(QuotaPolicy::off()).build().unwrap();
    let users = [logins::feishu(&server.base_url()).await.access, logins::feishu(&server.base_url()).await.access];
    let clients =
        [app.clone(), app.as_user(StaticToken::new(users[0].clone())), app.as_user(StaticToken::new(users[1].clone()))];

    let calls = (0..60).map(|number| clients[number % 3].get_meeting(number.to_string()).send());
    assert!(join_all(calls).await.iter().all(Result::is_ok));

    let mut by_token = [0; 3];
    for request in server.calls("get_meeting") {
        let (kind, token) = presented(Vendor::Feishu, &request).unwrap();
        let number: usize = request.path_parameters[0].1.parse().unwrap();
        by_token[number % 3] += 1;
        match number % 3 {
            0 => assert_eq!(kind, "tenant"),
            user => assert_eq!(token, users[user - 1].expose()),
        }
    }
    assert_eq!(by_token, [20; 3]);
    assert_eq!(server.calls("create_tenant_access_token_internal").len(), 1);
}

/// A user's token from elsewhere is not replaced by the app's when the vendor rejects it.
#[tokio::test]
async fn a_rejected_user_does_not_become_the_app() {
    for vendor in [Vendor::Feishu, Vendor::DingTalk, Vendor::Tencent] {
        let server = Loopback::start(vendor).await.unwrap();
        let [call, _] = calls(vendor);
        let stale = || StaticToken::new(Token::new("u-of-yesterday").with_account(credentials::TENCENT.open_id));
        let subject = Subject::new(vendor, server.base_url());
        let client: Box<dyn ByName> = match vendor {
            Vendor::Feishu => Box::new(subject.feishu().base_url(server.base_url()).build().unwrap().as_user(stale())),
            Vendor::DingTalk => {
                Box::new(subject.dingtalk().base_url(server.base_url()).build().unwrap().with_token(stale()))
            }
            _ => Box::new(subject.tencent().base_url(server.base_url()).build().unwrap().as_user(stale())),
        };

        let failure = client.call(call.operation, &call.arguments).await.unwrap_err();

        assert_eq!(failure.kind(), Some(ErrorKind::Auth));
        assert_eq!(tokens(&server, call.operation), ["u-of-yesterday"], "{vendor:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

/// A service for many users builds one client of its third-party app, which is nobody by itself.
#[tokio::test]
async fn a_third_party_app_of_tencent_calls_as_its_users_only() {
    let server = Loopback::start(Vendor::Tencent).await.unwrap();
    let app = credentials::TENCENT;
    let builder = huiyi_tencent::Client::builder().oauth_app(app.sdk_id, app.oauth_secret);
    let nobody = builder.base_url(server.base_url()).build().unwrap();
    let user = logins::tencent(&server.base_url()).await.access;
    server.forget();
    let [call, _] = calls(Vendor::Tencent);

    let failure = nobody.call(call.operation, &call.arguments).await.unwrap_err();
    assert!(failure.to_string().contains("of kind aksk or oauth; this client has no credentials"), "{failure}");
    assert!(server.requests().is_empty());

    nobody.as_user(StaticToken::new(user.clone())).call(call.operation, &call.arguments).await.unwrap();
    assert_eq!(tokens(&server, call.operation), [user.expose()]);
}

#[test]
fn a_third_party_app_without_a_secret_is_refused_whatever_else_is_given() {
    let builder = || huiyi_tencent::Client::builder().oauth_app("sdk", "").base_url("http://127.0.0.1");
    for builder in [builder(), builder().keys("1", "id", "key"), builder().user_access_token("open-id", "token")] {
        let error = builder.build().unwrap_err();
        assert!(matches!(error, BuildError::Credential { name: "app secret", .. }), "{error}");
    }
}

/// How a builder's client is refused, named by what is wrong.
type Attempt = (&'static str, Option<BuildError>);

/// All ways to pass a token, an account or a user's name to a builder.
fn attempts(text: &str) -> Vec<Attempt> {
    let keeper = || Kept::default().keeper();
    let url = "http://127.0.0.1";
    let feishu = || huiyi_feishu::Client::builder().app("cli_1", "secret").base_url(url);
    let wecom = || huiyi_wecom::Client::builder().base_url(url);
    let dingtalk = || huiyi_dingtalk::Client::builder().app("ding1", "secret").base_url(url);
    let tencent = || huiyi_tencent::Client::builder().oauth_app("1", "secret").base_url(url).oauth_base_url(url);
    vec![
        ("tenant access token", feishu().tenant_access_token(text).build().err()),
        ("user access token", feishu().user_access_token(text).build().err()),
        ("user", feishu().user_refresh_token(text, "ur-1", keeper()).build().err()),
        ("refresh token", feishu().user_refresh_token("user", text, keeper()).build().err()),
        ("access token", wecom().access_token(text).build().err()),
        ("access token", dingtalk().access_token(text).build().err()),
        ("user", dingtalk().user_refresh_token(text, "r-1", keeper()).build().err()),
        ("refresh token", dingtalk().user_refresh_token("user", text, keeper()).build().err()),
        ("access token", tencent().user_access_token("open-id", text).build().err()),
        ("open id", tencent().user_access_token(text, "token").build().err()),
        ("open id", tencent().user_refresh_token(text, "r-1", keeper()).build().err()),
        ("refresh token", tencent().user_refresh_token("open-id", text, keeper()).build().err()),
    ]
}

#[test]
fn a_token_that_is_empty_or_broken_is_refused_by_name_when_the_client_is_built() {
    for text in ["", "  ", "tok\n", " tok"] {
        for (expected, error) in attempts(text) {
            let Some(BuildError::Credential { name, .. }) = error else { panic!("{expected} {text:?}: {error:?}") };
            assert_eq!(name, expected, "{text:?}");
        }
    }
    for (name, error) in attempts("well-formed") {
        assert_eq!(error, None, "{name}");
    }
}

/// Builders share connections with their clones, but not with those that are to say something else.
#[tokio::test]
async fn a_builder_that_is_changed_later_is_heeded() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let builder = Subject::new(Vendor::Feishu, server.base_url()).feishu().base_url(server.base_url());
    let plain = builder.clone().build().unwrap();
    let named = builder.user_agent("of-our-own").build().unwrap();

    for client in [plain, named] {
        client.get_meeting("1").send().await.unwrap();
    }

    let calls = server.calls("get_meeting");
    let agents: Vec<&str> = calls.iter().map(|request| request.header("user-agent").unwrap()).collect();
    assert!(agents[0].starts_with("huiyi-feishu/") && agents[1] == "of-our-own", "{agents:?}");
}

/// Keeps pairs, and how many calls the server had seen of an operation by then.
#[derive(Clone)]
struct Witness {
    server: Loopback,
    operation: &'static str,
    kept: Arc<Mutex<Vec<(String, String, usize)>>>,
}

impl Witness {
    fn new(server: &Loopback, operation: &'static str) -> Self {
        Self { server: server.clone(), operation, kept: Arc::default() }
    }

    fn kept(&self) -> Vec<(String, String, usize)> {
        self.kept.lock().unwrap().clone()
    }
}

impl KeepTokens for Witness {
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            // As a database would: the caller has to wait.
            tokio::task::yield_now().await;
            let refresh = tokens.refresh.as_ref().unwrap().expose_secret().to_owned();
            let seen = self.server.calls(self.operation).len();
            self.kept.lock().unwrap().push((tokens.access.expose().to_owned(), refresh, seen));
        })
    }
}

/// The refresh tokens that were sent, in their order.
fn spent(server: &Loopback, operation: &str) -> Vec<String> {
    let name = if server.vendor() == Vendor::DingTalk { "refreshToken" } else { "refresh_token" };
    let bodies = server.calls(operation).into_iter().filter_map(|request| request.json());
    bodies.filter_map(|body| body.get(name).and_then(Value::as_str).map(str::to_owned)).collect()
}

/// A client of a user, from a refresh token.
fn user(server: &Loopback, refresh_token: &str, witness: &Witness) -> Box<dyn ByName> {
    let keeper: Arc<dyn KeepTokens> = Arc::new(witness.clone());
    let app = credentials::TENCENT;
    match server.vendor() {
        Vendor::Feishu => {
            let app = credentials::FEISHU;
            let builder = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url());
            Box::new(builder.user_refresh_token("user", refresh_token, keeper).build().unwrap())
        }
        Vendor::DingTalk => {
            let app = credentials::DINGTALK;
            let builder = huiyi_dingtalk::Client::builder().app(app.app_key, app.secret).base_url(server.base_url());
            Box::new(builder.user_refresh_token("user", refresh_token, keeper).build().unwrap())
        }
        _ => {
            let builder = huiyi_tencent::Client::builder().oauth_app(app.sdk_id, app.oauth_secret);
            let builder = builder.base_url(server.base_url()).oauth_base_url(server.base_url());
            Box::new(builder.user_refresh_token(app.open_id, refresh_token, keeper).build().unwrap())
        }
    }
}

/// Refresh tokens work once: each pair replaces the one before, and is kept before it is used.
#[tokio::test]
async fn renewed_tokens_are_kept_before_they_are_used_and_each_refresh_token_is_used_once() {
    for (vendor, operation, refresh) in [
        (Vendor::Feishu, "subscribe_meeting_events", "create_user_token"),
        (Vendor::Tencent, "get_meeting", "refresh_oauth_token"),
    ] {
        let server = Loopback::start(vendor).await.unwrap();
        let first = match vendor {
            Vendor::Feishu => logins::feishu(&server.base_url()).await,
            _ => logins::tencent(&server.base_url()).await,
        };
        server.forget();
        let first = first.refresh.unwrap();
        let witness = Witness::new(&server, operation);
        let example = examples(vendor).into_iter().find(|example| example.operation == operation).unwrap();
        let mut client = user(&server, first.expose_secret(), &witness);

        for round in 0..4 {
            if round == 2 {
                // The process starts anew with what was kept.
                client = user(&server, &witness.kept().last().unwrap().1, &witness);
            }
            client.call(operation, &example.arguments).await.unwrap();
            client.call(operation, &example.arguments).await.unwrap();
            match round {
                0 => server.expire_tokens(),
                _ => server.revoke_tokens(),
            }
        }

        let kept = witness.kept();
        assert_eq!(kept.len(), 4, "{vendor:?}");
        let mut given = vec![first.expose_secret().to_owned()];
        given.extend(kept.iter().map(|(_, refresh, _)| refresh.clone()));
        given.pop();
        assert_eq!(spent(&server, refresh), given, "{vendor:?}");
        let accepted = server.calls(operation).into_iter().filter(|request| request.status == Some(200));
        let used: Vec<String> = accepted.map(|request| presented(vendor, &request).unwrap().1).collect();
        let expected: Vec<String> = kept.iter().flat_map(|(access, _, _)| [access.clone(), access.clone()]).collect();
        assert_eq!(used, expected, "{vendor:?}");
        for (access, _, seen) in &kept {
            let before = &server.calls(operation)[..*seen];
            assert!(before.iter().all(|request| presented(vendor, request).unwrap().1 != *access), "{vendor:?}");
        }
    }
}

/// A builder's `user_tokens`.
type UserTokensOf = dyn Fn(&str, &str, Arc<dyn KeepTokens>) -> Arc<dyn TokenSource>;
/// A client's `as_user` or `with_token`.
type ActingAs = dyn Fn(Arc<dyn TokenSource>) -> Box<dyn ByName>;

/// One client for many users.
struct Service {
    /// A user's tokens: by their name, or their open id, and the refresh token.
    tokens: Box<UserTokensOf>,
    /// The client acting for a user.
    acting: Box<ActingAs>,
}

fn service(server: &Loopback) -> Service {
    macro_rules! service {
        ($builder:expr, $act:ident) => {{
            let builder = $builder.base_url(server.base_url());
            let client = builder.clone().build().unwrap();
            Service {
                tokens: Box::new(move |user, token, keeper| builder.user_tokens(user, token, keeper).unwrap()),
                acting: Box::new(move |source| Box::new(client.$act(source))),
            }
        }};
    }
    let (feishu, dingtalk, tencent) = (credentials::FEISHU, credentials::DINGTALK, credentials::TENCENT);
    let url = server.base_url();
    match server.vendor() {
        Vendor::Feishu => service!(huiyi_feishu::Client::builder().app(feishu.app_id, feishu.app_secret), as_user),
        Vendor::DingTalk => {
            service!(huiyi_dingtalk::Client::builder().app(dingtalk.app_key, dingtalk.secret), with_token)
        }
        _ => {
            let builder = huiyi_tencent::Client::builder().oauth_app(tencent.sdk_id, tencent.oauth_secret);
            service!(builder.oauth_base_url(url), as_user)
        }
    }
}

/// Logs a user in: what the client calls them, and their refresh token.
async fn login(server: &Loopback, name: &str) -> (String, String) {
    let url = server.base_url();
    let (user, tokens) = match server.vendor() {
        Vendor::Feishu => (name.to_owned(), logins::feishu(&url).await),
        Vendor::DingTalk => (name.to_owned(), logins::dingtalk(&url).await),
        _ => (format!("{}@{name}", credentials::TENCENT.open_id), logins::tencent_as(name, &url).await),
    };
    (user, tokens.refresh.unwrap().expose_secret().to_owned())
}

#[tokio::test]
async fn users_of_one_client_renew_their_own_tokens_and_nobody_elses() {
    for (vendor, operation, refresh) in [
        (Vendor::Feishu, "subscribe_meeting_events", "create_user_token"),
        (Vendor::DingTalk, calls(Vendor::DingTalk)[0].operation, "create_user_access_token"),
        (Vendor::Tencent, "get_meeting", "refresh_oauth_token"),
    ] {
        let server = Loopback::start(vendor).await.unwrap();
        let [(zhang, zhangs_first), (li, lis_first)] = [login(&server, "zhang").await, login(&server, "li").await];
        server.forget();
        let [zhangs, lis] = [Witness::new(&server, operation), Witness::new(&server, operation)];
        let service = service(&server);
        let zhang = (service.acting)((service.tokens)(&zhang, &zhangs_first, Arc::new(zhangs.clone())));
        let li = (service.acting)((service.tokens)(&li, &lis_first, Arc::new(lis.clone())));
        let example = examples(vendor).into_iter().find(|example| example.operation == operation).unwrap();
        let target = || Target::Operation(operation.to_owned());
        let call = async |client: &dyn ByName| {
            if vendor == Vendor::DingTalk {
                // No operation here takes a user's token, so the server is told what to answer.
                let (headers, body) = (Vec::new(), "{}".to_owned());
                server.fault(target(), Fault::Status { status: 200, headers, body });
            }
            client.call(operation, &example.arguments).await.unwrap();
        };

        for _ in 0..2 {
            call(&*zhang).await;
            call(&*li).await;
        }
        assert_eq!((zhangs.kept().len(), lis.kept().len()), (1, 1), "{vendor:?}");
        server.fault(target(), Fault::TokenRejected);
        call(&*zhang).await;
        call(&*li).await;

        let (zhangs, lis) = (zhangs.kept(), lis.kept());
        assert_eq!((zhangs.len(), lis.len()), (2, 1), "{vendor:?}: only one user's token was rejected");
        assert_eq!(spent(&server, refresh), [&zhangs_first, &lis_first, &zhangs[0].1].map(String::clone), "{vendor:?}");
        let accepted = server.calls(operation).into_iter().filter(|request| request.status == Some(200));
        let used: Vec<String> = accepted.map(|request| presented(vendor, &request).unwrap().1).collect();
        let [one, other, renewed] = [&zhangs[0].0, &lis[0].0, &zhangs[1].0];
        assert_eq!(used, [one, other, one, other, renewed, other].map(String::clone), "{vendor:?}");
    }
}

#[tokio::test]
async fn tokens_of_many_users_are_renewed_over_the_same_connections() {
    for vendor in [Vendor::Feishu, Vendor::DingTalk, Vendor::Tencent] {
        let server = Loopback::start(vendor).await.unwrap();
        let service = service(&server);
        let mut sources = Vec::new();
        for number in 0..20 {
            let (user, refresh_token) = login(&server, &number.to_string()).await;
            sources.push((service.tokens)(&user, &refresh_token, Kept::default().keeper()));
        }
        server.forget();

        for source in &sources {
            source.token().await.unwrap();
        }

        let connections: BTreeSet<u64> = server.requests().iter().map(|request| request.connection).collect();
        assert_eq!(server.token_requests(), 20);
        assert!(connections.len() < 20, "{vendor:?}: {} connections", connections.len());
    }
}

/// No operation of DingTalk here takes a user's token, so the rotation is seen at the refusals.
#[tokio::test]
async fn dingtalks_refresh_tokens_rotate_as_well() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let first = logins::dingtalk(&server.base_url()).await.refresh.unwrap();
    server.forget();
    let [call, _] = calls(Vendor::DingTalk);
    let witness = Witness::new(&server, call.operation);
    let client = user(&server, first.expose_secret(), &witness);

    let failure = client.call(call.operation, &call.arguments).await.unwrap_err();

    assert_eq!(failure.kind(), Some(ErrorKind::Auth));
    let kept = witness.kept();
    assert_eq!(kept.len(), 2, "the rejected token is replaced once");
    let refresh_tokens = spent(&server, "create_user_access_token");
    assert_eq!(refresh_tokens, [first.expose_secret(), &kept[0].1]);
    assert_eq!((kept[0].2, kept[1].2), (0, 1));
}

/// A user who has to log in again is told so, and the refresh token is not tried over and over.
#[tokio::test]
async fn a_refused_refresh_ends_in_one_clear_error() {
    for vendor in [Vendor::Feishu, Vendor::DingTalk, Vendor::Tencent] {
        let server = Loopback::start(vendor).await.unwrap();
        let operation = if vendor == Vendor::Feishu { "end_meeting" } else { calls(vendor)[0].operation };
        let witness = Witness::new(&server, operation);
        let example = examples(vendor).into_iter().find(|example| example.operation == operation).unwrap();
        let client = user(&server, "r-unknown", &witness);

        for _ in 0..3 {
            let failure = client.call(operation, &example.arguments).await.unwrap_err();
            let api = failure.api().unwrap();
            assert!(api.is_token_refusal() && failure.to_string().contains("token request refused"), "{failure}");
        }

        assert!(witness.kept().is_empty());
        assert!(server.calls(operation).is_empty());
        assert_eq!(server.token_requests(), 1, "{vendor:?}");
    }
}

/// What the requests to the server were for, in their order.
fn order(server: &Loopback) -> Vec<String> {
    server.requests().into_iter().filter_map(|request| request.operation).collect()
}

#[tokio::test]
async fn a_store_app_of_feishu_acts_in_each_tenant_that_installed_it() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let app = credentials::FEISHU;
    let ticket = huiyi_feishu::AppTicket::default();
    let store = Arc::new(MemoryStore::default());
    let tenant = |key: &str| {
        let builder = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url());
        builder.store_app(ticket.clone(), key).token_store(store.clone()).build().unwrap()
    };
    let (one, other) = (tenant("tenant-one"), tenant("tenant-other"));

    let error = one.get_meeting("1").send().await.unwrap_err();
    assert!(error.to_string().contains("no app_ticket has been set yet"), "{}", error);
    assert!(server.requests().is_empty());

    ticket.set(app.app_ticket);
    for client in [&one, &other, &one, &other] {
        client.get_meeting("1").send().await.unwrap();
    }
    let (app_token, tenant_token) = ("create_app_access_token", "create_tenant_access_token");
    let expected = [app_token, tenant_token, "get_meeting", tenant_token, "get_meeting", "get_meeting", "get_meeting"];
    assert_eq!(order(&server), expected, "the tenants share the app's token");
    let keys = server.calls(tenant_token).into_iter().map(|request| request.json().unwrap()["tenant_key"].clone());
    assert_eq!(keys.collect::<Vec<_>>(), ["tenant-one", "tenant-other"]);
    assert_eq!(BTreeSet::from_iter(tokens(&server, "get_meeting")).len(), 2);

    // The platform forgets all tokens, the app's included.
    server.revoke_tokens();
    server.forget();
    one.get_meeting("1").send().await.unwrap();
    assert_eq!(order(&server), ["get_meeting", tenant_token, app_token, tenant_token, "get_meeting"]);
}

#[tokio::test]
async fn a_suite_of_wecom_acts_for_a_corporation() {
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let app = credentials::WECOM;
    let ticket = huiyi_wecom::SuiteTicket::default();
    let builder = huiyi_wecom::Client::builder().base_url(server.base_url());
    let builder = builder.suite(app.suite_id, app.suite_secret, ticket.clone(), app.corpid, app.permanent_code);
    let client = builder.build().unwrap();
    let [call, _] = calls(Vendor::WeCom);
    let read = || client.call(call.operation, &call.arguments);

    let failure = read().await.unwrap_err();
    assert!(failure.to_string().contains("no suite_ticket has been set yet"), "{failure}");
    assert!(server.requests().is_empty());

    ticket.set(app.suite_ticket);
    read().await.unwrap();
    read().await.unwrap();
    assert_eq!(order(&server), ["get_suite_token", "get_corp_token", call.operation, call.operation]);

    // The corporation's token alone is rejected: the suite's is good for another.
    server.forget();
    server.fault(Target::Operation(call.operation.to_owned()), Fault::TokenRejected);
    read().await.unwrap();
    assert_eq!(order(&server), [call.operation, "get_corp_token", call.operation]);

    server.revoke_tokens();
    server.forget();
    read().await.unwrap();
    let expected = [call.operation, "get_corp_token", "get_suite_token", "get_corp_token", call.operation];
    assert_eq!(order(&server), expected);
}

#[tokio::test]
async fn a_suite_of_dingtalk_waits_for_its_ticket_and_takes_the_newest() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let app = credentials::DINGTALK;
    let ticket = huiyi_dingtalk::SuiteTicket::default();
    let builder = huiyi_dingtalk::Client::builder().app(app.app_key, app.secret).base_url(server.base_url());
    let client = builder.suite(ticket.clone(), app.corp_id).build().unwrap();
    let [call, _] = calls(Vendor::DingTalk);
    let read = || client.call(call.operation, &call.arguments);

    let failure = read().await.unwrap_err();
    assert!(failure.to_string().contains("no suiteTicket has been set yet"), "{failure}");
    assert!(server.requests().is_empty());

    ticket.set("the-first-ticket");
    ticket.set(app.suite_ticket);
    read().await.unwrap();
    server.revoke_tokens();
    read().await.unwrap();

    let corp_token = "create_corp_access_token";
    assert_eq!(order(&server), [corp_token, call.operation, call.operation, corp_token, call.operation]);
}
