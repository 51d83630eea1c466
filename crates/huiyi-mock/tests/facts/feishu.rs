//! Feishu's tokens.

use huiyi_mock::{Loopback, Vendor, credentials};
use serde_json::{Value, json};

use crate::client::{Answer, post, send};

const TENANT: &str = "/open-apis/auth/v3/tenant_access_token/internal";
const OAUTH: &str = "/open-apis/authen/v2/oauth/token";
const MEETING: &str = "/open-apis/vc/v1/meetings/6911188411932033028";
const APP: credentials::Feishu = credentials::FEISHU;

pub(crate) async fn tenant_token(server: &Loopback) -> String {
    let body = json!({"app_id": APP.app_id, "app_secret": APP.app_secret});
    let answer = post(server, TENANT, &[], body).await;
    answer.json()["tenant_access_token"].as_str().unwrap().to_owned()
}

pub(crate) async fn user_token(server: &Loopback) -> String {
    let by_code = json!({"grant_type": "authorization_code", "code": APP.code});
    let answer = user_tokens(server, by_code).await;
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn user_tokens(server: &Loopback, fields: Value) -> Answer {
    let mut body = json!({"client_id": APP.app_id, "client_secret": APP.app_secret});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    post(server, OAUTH, &[], body).await
}

async fn get_meeting(server: &Loopback, token: &str) -> Answer {
    let header = format!("Bearer {token}");
    send(server, "GET", MEETING, &[("Authorization", &header)], b"").await.unwrap()
}

#[tokio::test]
async fn a_tenant_token_opens_a_call() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();

    let token = tenant_token(&server).await;
    let answer = get_meeting(&server, &token).await;

    assert!(token.starts_with("t-token-sentinel-1-"));
    assert_eq!(answer.status, 200);
    assert!(answer.json()["data"]["meeting"]["id"].is_string());
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    assert!(answer.header("date").is_some() && answer.header("x-tt-logid").is_some());
    assert_eq!((server.token_requests(), server.calls("get_meeting").len()), (1, 1));
}

#[tokio::test]
async fn every_token_request_brings_another_token() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();

    let (first, second) = (tenant_token(&server).await, tenant_token(&server).await);

    assert_ne!(first, second);
    assert_eq!(get_meeting(&server, &first).await.status, 200);
}

#[tokio::test]
async fn a_wrong_secret_is_10015_and_a_wrong_app_10003() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();

    let secret = post(&server, TENANT, &[], json!({"app_id": APP.app_id, "app_secret": "x"})).await;
    let app = post(&server, TENANT, &[], json!({"app_id": "x", "app_secret": APP.app_secret})).await;

    assert_eq!((secret.status, &secret.json()["code"]), (400, &json!(10015)));
    assert_eq!((app.status, &app.json()["code"]), (400, &json!(10003)));
}

#[tokio::test]
async fn bad_tokens_are_told_apart() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();

    let missing = send(&server, "GET", MEETING, &[], b"").await.unwrap();
    let shapeless = get_meeting(&server, "x").await;
    let unknown = get_meeting(&server, "t-unknown").await;
    let user = get_meeting(&server, "u-unknown").await;

    assert_eq!(missing.json()["code"], 99991661);
    assert_eq!(shapeless.json()["code"], 99991671);
    assert_eq!(unknown.json()["code"], 99991663);
    assert_eq!(user.json()["code"], 99991668);
}

#[tokio::test]
async fn a_refusal_carries_the_log_id_twice_and_a_link() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();

    let answer = get_meeting(&server, "t-unknown").await;

    let error = &answer.json()["error"];
    assert_eq!(error["logid"].as_str(), answer.header("X-Tt-Logid"));
    assert!(error["troubleshooter"].as_str().unwrap().contains("99991663"));
}

#[tokio::test]
async fn a_call_for_users_refuses_a_tenant_token() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let header = format!("Bearer {}", tenant_token(&server).await);

    let answer =
        send(&server, "GET", "/open-apis/authen/v1/user_info", &[("Authorization", &header)], b"").await.unwrap();

    assert_eq!(answer.json()["code"], 99991663);
}

#[tokio::test]
async fn the_custom_app_token_call_brings_the_tenant_token_as_well() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let body = json!({"app_id": APP.app_id, "app_secret": APP.app_secret});

    let answer = post(&server, "/open-apis/auth/v3/app_access_token/internal", &[], body).await;

    let token = answer.json()["tenant_access_token"].as_str().unwrap().to_owned();
    assert_eq!(answer.json()["app_access_token"], token.as_str());
    assert_eq!(get_meeting(&server, &token).await.status, 200);
}

#[tokio::test]
async fn a_store_app_needs_its_ticket_and_then_its_app_token() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let app = |ticket: &str| json!({"app_id": APP.app_id, "app_secret": APP.app_secret, "app_ticket": ticket});
    let tenant = |token: &Value| json!({"app_access_token": token, "tenant_key": APP.tenant_key});
    let (app_path, tenant_path) = ("/open-apis/auth/v3/app_access_token", "/open-apis/auth/v3/tenant_access_token");

    let wrong_ticket = post(&server, app_path, &[], app("x")).await;
    let app_token = post(&server, app_path, &[], app(APP.app_ticket)).await.json();
    let wrong_token = post(&server, tenant_path, &[], tenant(&json!("a-x"))).await;
    let token = post(&server, tenant_path, &[], tenant(&app_token["app_access_token"])).await.json();

    assert_eq!(wrong_ticket.json()["code"], 10012);
    assert_eq!(wrong_token.json()["code"], 99991664);
    assert_eq!(get_meeting(&server, token["tenant_access_token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_code_and_each_refresh_token_work_once() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let by_code = json!({"grant_type": "authorization_code", "code": APP.code});

    let first = user_tokens(&server, by_code.clone()).await.json();
    let again = user_tokens(&server, by_code).await;
    let by_refresh = json!({"grant_type": "refresh_token", "refresh_token": first["refresh_token"]});
    let second = user_tokens(&server, by_refresh.clone()).await.json();
    let spent = user_tokens(&server, by_refresh).await;

    assert_eq!(get_meeting(&server, second["access_token"].as_str().unwrap()).await.status, 200);
    assert_eq!((again.status, &again.json()["code"]), (400, &json!(20065)));
    assert_eq!((spent.status, &spent.json()["code"]), (400, &json!(20073)));
    assert!(spent.json()["error_description"].is_string() && spent.json()["msg"].is_null());
}

#[tokio::test]
async fn an_expired_user_token_is_99991677_and_can_be_refreshed() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let by_code = json!({"grant_type": "authorization_code", "code": "code-loopback-2"});
    let first = user_tokens(&server, by_code).await.json();

    server.expire_tokens();
    let expired = get_meeting(&server, first["access_token"].as_str().unwrap()).await;
    let by_refresh = json!({"grant_type": "refresh_token", "refresh_token": first["refresh_token"]});
    let second = user_tokens(&server, by_refresh).await;

    assert_eq!(expired.json()["code"], 99991677);
    assert_eq!(second.json()["code"], 0);
}

#[tokio::test]
async fn revoked_refresh_tokens_are_20064() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let by_code = json!({"grant_type": "authorization_code", "code": APP.code});
    let first = user_tokens(&server, by_code).await.json();

    server.revoke_refresh_tokens();
    let by_refresh = json!({"grant_type": "refresh_token", "refresh_token": first["refresh_token"]});
    let answer = user_tokens(&server, by_refresh).await;

    assert_eq!(answer.json()["code"], 20064);
}
