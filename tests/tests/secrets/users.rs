//! Tokens of users, suites and corporations.

use huiyi_core::secrecy::ExposeSecret;
use huiyi_core::user_token::UserTokens;
use huiyi_core::{MemoryStore, QuotaPolicy, StaticToken, StoredToken, TokenStore};
use huiyi_mock::{Loopback, Vendor, credentials, shared_http};
use huiyi_tests::by_name::ByName;
use huiyi_tests::clock::TestClock;
use huiyi_tests::fault_matrix::{calls, family};
use huiyi_tests::kept::Kept;
use huiyi_tests::logins;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Debug;
use std::sync::Arc;

use crate::ear::{heard, listen};
use crate::forms::{Search, secrets_of};
use crate::said::{debugged, said_by, said_by_failure};

/// Returns everything that a pair of tokens prints about itself, alone and in the places that keep it.
async fn said_by_tokens(tokens: &UserTokens) -> (Vec<String>, Vec<String>) {
    let refresh = tokens.refresh.clone().unwrap();
    let stored = StoredToken::new(tokens.access.clone(), std::time::SystemTime::now() + tokens.expires_in);
    let store = MemoryStore::default();
    store.save("key", &stored).await.unwrap();
    let mut texts = debugged(tokens);
    texts.extend(debugged(&StaticToken::new(tokens.access.clone())));
    for value in [&stored as &dyn Debug, &store, &refresh, &tokens.access] {
        texts.extend(debugged(value));
    }
    (vec![tokens.access.expose().to_owned(), refresh.expose_secret().to_owned()], texts)
}

/// Returns a value of a type that is read from JSON, as `Debug` prints it.
fn typed<T: DeserializeOwned + Debug>(json: Value) -> Vec<String> {
    debugged(&serde_json::from_value::<T>(json).unwrap())
}

/// Lets a user's client renew its tokens twice; then the refresh token is refused.
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
