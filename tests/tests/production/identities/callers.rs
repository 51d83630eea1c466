//! Several callers of one client, users, and builders.

use futures_util::future::join_all;
use huiyi_core::{BuildError, ErrorKind, QuotaPolicy, StaticToken, Token};
use huiyi_mock::{Loopback, Vendor, credentials};
use huiyi_tests::by_name::ByName;
use huiyi_tests::fault_matrix::calls;
use huiyi_tests::kept::Kept;
use huiyi_tests::logins;
use huiyi_tests::subject::Subject;

use super::support::{presented, tokens};

/// The app and two users call at the same time, with clients that share one base.
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

/// When the vendor rejects a user's given token, the app's token does not replace it.
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

/// A service for many users builds one client of its third-party app. The app itself cannot call.
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

/// A name of what is wrong, and the builder's error.
type Attempt = (&'static str, Option<BuildError>);

/// Tries all ways to pass a token, an account or a user's name to a builder.
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

/// A builder shares connections with its clones, but not with a clone that has another user agent.
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
