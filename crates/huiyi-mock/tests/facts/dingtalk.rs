//! DingTalk's tokens.

use huiyi_mock::{Loopback, Vendor, credentials};
use serde_json::{Value, json};

use crate::client::{Answer, post, send};

const APP: credentials::DingTalk = credentials::DINGTALK;
const TOKEN: &str = "/v1.0/oauth2/accessToken";

pub(crate) async fn access_token(server: &Loopback) -> String {
    let body = json!({"appKey": APP.app_key, "appSecret": APP.secret});
    post(server, TOKEN, &[], body).await.json()["accessToken"].as_str().unwrap().to_owned()
}

async fn get_conference(server: &Loopback, token: &str) -> Answer {
    let header = [("x-acs-dingtalk-access-token", token)];
    send(server, "GET", "/v1.0/conference/videoConferences/1", &header, b"").await.unwrap()
}

#[tokio::test]
async fn the_raw_token_opens_a_call() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();

    let token = access_token(&server).await;

    assert!(token.starts_with("token-sentinel-1-"));
    assert_eq!(get_conference(&server, &token).await.status, 200);
    assert_eq!(get_conference(&server, &format!("\"{token}\"")).await.status, 400);
}

#[tokio::test]
async fn a_refusal_has_the_request_id_in_lower_case_and_in_a_header() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();

    let answer = get_conference(&server, "x").await;

    assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("InvalidAuthentication")));
    assert_eq!(answer.json()["requestid"].as_str(), answer.header("x-acs-request-id"));
}

#[tokio::test]
async fn a_missing_token_is_named() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();

    let answer = send(&server, "GET", "/v1.0/conference/videoConferences/1", &[], b"").await.unwrap();

    assert_eq!(answer.json()["code"], "Missingx-acs-dingtalk-access-token");
}

#[tokio::test]
async fn wrong_credentials_have_another_code_in_every_call() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let refused = async |path: &str, body: Value| {
        let answer = post(&server, path, &[], body).await;
        (answer.status, answer.json()["code"].as_str().unwrap().to_owned())
    };
    let corp = |corp_id: &str| format!("/v1.0/oauth2/{corp_id}/token");
    let client =
        |secret: &str, grant: &str| json!({"client_id": APP.app_key, "client_secret": secret, "grant_type": grant});
    let suite = |secret: &str, ticket: &str| json!({"suiteKey": APP.app_key, "suiteSecret": secret, "suiteTicket": ticket, "authCorpId": "x"});
    let corp_access = "/v1.0/oauth2/corpAccessToken";

    let app = refused(TOKEN, json!({"appKey": APP.app_key, "appSecret": "x"})).await;
    assert_eq!(app, (400, "invalidClientIdOrSecret".to_owned()));
    let unified = refused(&corp(APP.corp_id), client("x", "client_credentials")).await;
    assert_eq!(unified, (400, "invalid.client".to_owned()));
    let grant = refused(&corp(APP.corp_id), client(APP.secret, "x")).await;
    assert_eq!(grant, (400, "unsupported.grant.type".to_owned()));
    let corporation = refused(&corp("x"), client(APP.secret, "client_credentials")).await;
    assert_eq!(corporation, (401, "unauthorized.client".to_owned()));
    let key = refused(corp_access, suite("x", APP.suite_ticket)).await;
    assert_eq!(key, (400, "invalidSuiteKey".to_owned()));
    let ticket = refused(corp_access, suite(APP.secret, "x")).await;
    assert_eq!(ticket, (400, "invalidSuiteTicket".to_owned()));
    let enabled = refused(corp_access, suite(APP.secret, APP.suite_ticket)).await;
    assert_eq!(enabled, (400, "invalidAuthInfo".to_owned()));
}

#[tokio::test]
async fn unified_and_corporation_tokens_open_calls() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let unified = json!({"client_id": APP.app_key, "client_secret": APP.secret, "grant_type": "client_credentials"});
    let corporation = json!({"suiteKey": APP.app_key, "suiteSecret": APP.secret,
        "suiteTicket": APP.suite_ticket, "authCorpId": APP.corp_id});

    let unified = post(&server, &format!("/v1.0/oauth2/{}/token", APP.corp_id), &[], unified).await.json();
    let corporation = post(&server, "/v1.0/oauth2/corpAccessToken", &[], corporation).await.json();

    for token in [&unified["access_token"], &corporation["accessToken"]] {
        assert_eq!(get_conference(&server, token.as_str().unwrap()).await.status, 200);
    }
}

#[tokio::test]
async fn user_and_suite_tokens_do_not_open_calls() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let user = json!({"clientId": APP.app_key, "clientSecret": APP.secret,
        "code": APP.code, "grantType": "authorization_code"});
    let suite = json!({"suiteKey": APP.app_key, "suiteSecret": APP.secret, "suiteTicket": APP.suite_ticket});

    let user = post(&server, "/v1.0/oauth2/userAccessToken", &[], user).await.json();
    let suite = post(&server, "/v1.0/oauth2/suiteAccessToken", &[], suite).await.json();

    for token in [&user["accessToken"], &suite["accessToken"]] {
        let answer = get_conference(&server, token.as_str().unwrap()).await;
        assert_eq!(answer.json()["code"], "InvalidAuthentication");
    }
}

#[tokio::test]
async fn a_refresh_token_works_once() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let path = "/v1.0/oauth2/userAccessToken";
    let user = json!({"clientId": APP.app_key, "clientSecret": APP.secret,
        "code": APP.code, "grantType": "authorization_code"});

    let first = post(&server, path, &[], user).await.json();
    let refresh = json!({"clientId": APP.app_key, "clientSecret": APP.secret,
        "refreshToken": first["refreshToken"], "grantType": "refresh_token"});
    let second = post(&server, path, &[], refresh.clone()).await;
    let spent = post(&server, path, &[], refresh).await;

    assert_eq!((second.status, spent.status), (200, 400));
}
