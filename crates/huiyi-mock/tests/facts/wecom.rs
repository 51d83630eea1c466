//! WeCom's tokens.

use huiyi_mock::{Loopback, Vendor, credentials};
use serde_json::{Value, json};

use crate::client::{post, send};

const APP: credentials::WeCom = credentials::WECOM;
const INFO: &str = "/cgi-bin/meeting/get_info";

pub(crate) async fn access_token(server: &Loopback) -> String {
    let answer = get_token(server, APP.corpid, APP.secret).await;
    answer["access_token"].as_str().unwrap().to_owned()
}

async fn get_token(server: &Loopback, corpid: &str, secret: &str) -> Value {
    let target = format!("/cgi-bin/gettoken?corpid={corpid}&corpsecret={secret}");
    let answer = send(server, "GET", &target, &[], b"").await.unwrap();
    assert_eq!(answer.status, 200);
    answer.json()
}

async fn get_info(server: &Loopback, query: &str) -> Value {
    let answer = post(server, &format!("{INFO}{query}"), &[], json!({"meetingid": "1"})).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

#[tokio::test]
async fn the_token_travels_in_the_query() {
    let server = Loopback::start(Vendor::WeCom).await.unwrap();

    let token = access_token(&server).await;
    let answer = get_info(&server, &format!("?access_token={token}")).await;

    assert!(token.starts_with("token-sentinel-1-"));
    assert_eq!(answer["errcode"], 0);
    assert_eq!(server.token_requests(), 1);
}

#[tokio::test]
async fn wrong_credentials_are_refused_inside_http_200() {
    let server = Loopback::start(Vendor::WeCom).await.unwrap();

    assert_eq!(get_token(&server, "x", APP.secret).await["errcode"], 40013);
    assert_eq!(get_token(&server, APP.corpid, "x").await["errcode"], 40001);
}

#[tokio::test]
async fn bad_tokens_are_told_apart() {
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let query = format!("?access_token={}", access_token(&server).await);

    assert_eq!(get_info(&server, "").await["errcode"], 41001);
    assert_eq!(get_info(&server, "?access_token=x").await["errcode"], 40014);
    server.expire_tokens();
    assert_eq!(get_info(&server, &query).await["errcode"], 42001);
}

#[tokio::test]
async fn a_suite_gets_the_token_of_a_corporation() {
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let suite = json!({"suite_id": APP.suite_id, "suite_secret": APP.suite_secret, "suite_ticket": APP.suite_ticket});
    let corporation = json!({"auth_corpid": APP.corpid, "permanent_code": APP.permanent_code});
    let path = "/cgi-bin/service/get_corp_token?suite_access_token=";

    let suite = post(&server, "/cgi-bin/service/get_suite_token", &[], suite).await.json();
    let suite_token = suite["suite_access_token"].as_str().unwrap();
    let token = post(&server, &format!("{path}{suite_token}"), &[], corporation.clone()).await.json();
    let refused = post(&server, &format!("{path}x"), &[], corporation).await.json();

    let query = format!("?access_token={}", token["access_token"].as_str().unwrap());
    assert_eq!(get_info(&server, &query).await["errcode"], 0);
    assert_eq!(get_info(&server, &format!("?access_token={suite_token}")).await["errcode"], 40014);
    assert_eq!(refused["errcode"], 40082);
}
