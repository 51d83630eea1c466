//! Tencent Meeting's signatures and OAuth tokens.

use huiyi_mock::{Loopback, Vendor, credentials};
use serde_json::{Value, json};

use crate::client::{Answer, NOW, Session, post, send, tencent_headers};

const APP: credentials::Tencent = credentials::TENCENT;
const MEETING: &str = "/v1/meetings/1?instanceid=1&operator_id=123%2B123+%E4%B8%AD&operator_id_type=1";
const OAUTH: &str = "/wemeet-webapi/v2/oauth2/oauth";

/// Signs a request, changes its headers, and sends it.
async fn get_meeting(nonce: &str, timestamp: i64, bend: impl Fn(&mut Vec<(String, String)>)) -> Answer {
    let session = Session::start(Vendor::Tencent).await;
    let mut headers = tencent_headers("GET", MEETING, b"", nonce, timestamp);
    bend(&mut headers);
    send_with(&session.server, &headers).await
}

async fn send_with(server: &Loopback, headers: &[(String, String)]) -> Answer {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&name[..], &value[..])).collect();
    send(server, "GET", MEETING, &headers, b"").await.unwrap()
}

fn set(name: &'static str, value: &'static str) -> impl Fn(&mut Vec<(String, String)>) {
    move |headers| {
        headers.retain(|(key, _)| key != name);
        if !value.is_empty() {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
}

fn code(answer: &Answer) -> (u16, i64) {
    (answer.status, answer.json()["error_info"]["error_code"].as_i64().unwrap())
}

#[tokio::test]
async fn a_good_signature_opens_a_call() {
    let answer = get_meeting("1", NOW, |_| {}).await;

    assert_eq!(answer.status, 200);
    assert!(answer.header("X-TC-Trace").is_some());
}

#[tokio::test]
async fn the_body_is_signed_as_sent_and_a_form_is_not() {
    let session = Session::start(Vendor::Tencent).await;
    let text = "{\"userid\": \"测试\" }".as_bytes();
    let headers = tencent_headers("POST", "/v1/meetings", text, "1", NOW);
    let mut headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&name[..], &value[..])).collect();

    let answer = send(&session.server, "POST", "/v1/meetings", &headers, text).await.unwrap();
    // Only the fields are missing; the signature is valid.
    assert_eq!(code(&answer), (400, 200_006));

    headers.push(("Content-Type", "multipart/form-data; boundary=x"));
    let answer = send(&session.server, "POST", "/v1/meetings", &headers, text).await.unwrap();
    assert_eq!(code(&answer), (400, 200_003));
}

#[tokio::test]
async fn each_mistake_has_its_code() {
    assert_eq!(code(&get_meeting("1", NOW, set("X-TC-Signature", "x")).await), (400, 200_003));
    assert_eq!(code(&get_meeting("1", NOW, set("X-TC-Key", "x")).await), (400, 190_303));
    assert_eq!(code(&get_meeting("1", NOW, set("AppId", "x")).await), (400, 190_303));
    assert_eq!(code(&get_meeting("1", NOW, set("AppId", "")).await), (400, 200_001));
    assert_eq!(code(&get_meeting("1", NOW, set("SdkId", "x")).await), (400, 190_303));
    assert_eq!(code(&get_meeting("1", NOW, set("X-TC-Registered", "0")).await), (400, 200_001));
    assert_eq!(code(&get_meeting("1", NOW, set("X-TC-Registered", "")).await), (400, 200_001));
    assert_eq!(code(&get_meeting("1", NOW, set("X-TC-Timestamp", "x")).await), (400, 200_006));
    assert_eq!(code(&get_meeting("-1", NOW, |_| {}).await), (400, 200_006));
    assert_eq!(get_meeting("1", NOW, set("SdkId", APP.sdk_id)).await.status, 200);
}

#[tokio::test]
async fn the_longer_code_comes_with_190303() {
    let answer = get_meeting("1", NOW, set("X-TC-Key", "x")).await;

    assert_eq!(answer.json()["error_info"]["new_error_code"], 200_190_303);
}

#[tokio::test]
async fn the_clock_may_be_off_by_five_minutes() {
    assert_eq!(get_meeting("1", NOW - 300, |_| {}).await.status, 200);
    assert_eq!(get_meeting("1", NOW + 300, |_| {}).await.status, 200);
    assert_eq!(code(&get_meeting("1", NOW - 301, |_| {}).await), (400, 190_300));
    assert_eq!(code(&get_meeting("1", NOW + 301, |_| {}).await), (400, 190_300));
}

#[tokio::test]
async fn a_pair_of_timestamp_and_nonce_works_once() {
    let session = Session::start(Vendor::Tencent).await;
    let headers = tencent_headers("GET", MEETING, b"", "7", NOW);
    let later = tencent_headers("GET", MEETING, b"", "7", NOW + 1);

    assert_eq!(send_with(&session.server, &headers).await.status, 200);
    assert_eq!(code(&send_with(&session.server, &headers).await), (400, 190_301));
    assert_eq!(send_with(&session.server, &later).await.status, 200);
}

async fn oauth(server: &Loopback, call: &str, body: Value) -> Value {
    let answer = post(server, &format!("{OAUTH}/{call}"), &[], body).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

async fn oauth_meeting(server: &Loopback, token: &Value, nonce: &str) -> Answer {
    let now = NOW.to_string();
    let headers = [
        ("AccessToken", token.as_str().unwrap()),
        ("OpenId", APP.open_id),
        ("X-TC-Timestamp", &now),
        ("X-TC-Nonce", nonce),
    ];
    send(server, "GET", MEETING, &headers, b"").await.unwrap()
}

#[tokio::test]
async fn a_code_brings_tokens_that_a_refresh_replaces() {
    let server = Session::start(Vendor::Tencent).await.server;
    let by_code = json!({"sdk_id": APP.sdk_id, "secret": APP.oauth_secret, "auth_code": APP.auth_code});

    let first = oauth(&server, "access_token", by_code.clone()).await;
    let before = oauth_meeting(&server, &first["data"]["access_token"], "1").await;
    let by_refresh =
        json!({"sdk_id": APP.sdk_id, "open_id": APP.open_id, "refresh_token": first["data"]["refresh_token"]});
    let second = oauth(&server, "refresh_token", by_refresh.clone()).await;
    let after = oauth_meeting(&server, &first["data"]["access_token"], "2").await;
    let renewed = oauth_meeting(&server, &second["data"]["access_token"], "3").await;

    assert_eq!(first["data"]["expires"], NOW + 21_600);
    assert_eq!((before.status, renewed.status), (200, 200));
    assert_eq!(code(&after), (400, 190_303));
    assert_eq!(oauth(&server, "refresh_token", by_refresh).await["code"], 1006);
    assert_eq!(oauth(&server, "access_token", by_code).await["code"], 1002);
}

#[tokio::test]
async fn users_have_tokens_of_their_own_and_renew_no_others() {
    let server = Session::start(Vendor::Tencent).await.server;
    let (other_code, other_id) = (format!("{}@li", APP.auth_code), format!("{}@li", APP.open_id));
    let login = |code: &str| json!({"sdk_id": APP.sdk_id, "secret": APP.oauth_secret, "auth_code": code});
    let renewal = |id: &str, token: &Value| json!({"sdk_id": APP.sdk_id, "open_id": id, "refresh_token": token});

    let one = oauth(&server, "access_token", login(APP.auth_code)).await;
    let other = oauth(&server, "access_token", login(&other_code)).await;
    let stolen = oauth(&server, "refresh_token", renewal(APP.open_id, &other["data"]["refresh_token"])).await;
    let renewed = oauth(&server, "refresh_token", renewal(&other_id, &other["data"]["refresh_token"])).await;

    assert_eq!((&one["data"]["open_id"], &other["data"]["open_id"]), (&json!(APP.open_id), &json!(other_id)));
    assert_eq!((&stolen["code"], &renewed["data"]["open_id"]), (&json!(1006), &json!(other_id)));
    assert_eq!(oauth_meeting(&server, &one["data"]["access_token"], "1").await.status, 200);
    // The token belongs to the other user, the open id does not.
    let answer = oauth_meeting(&server, &renewed["data"]["access_token"], "2").await;
    assert_eq!(code(&answer), (400, 190_303));
}

#[tokio::test]
async fn oauth_refusals_come_in_their_own_envelope() {
    let server = Session::start(Vendor::Tencent).await.server;

    let secret = json!({"sdk_id": APP.sdk_id, "secret": "x", "auth_code": APP.auth_code});
    let field = json!({"sdk_id": APP.sdk_id, "secret": APP.oauth_secret});
    let user = json!({"access_token": "x", "open_id": APP.open_id});

    assert_eq!(oauth(&server, "access_token", secret).await["code"], 1003);
    assert_eq!(oauth(&server, "access_token", field).await["code"], 10);
    assert_eq!(oauth(&server, "user_info", user).await["code"], 1005);
}

#[tokio::test]
async fn a_token_expires_by_the_servers_clock() {
    let server = Session::start(Vendor::Tencent).await.server;
    let by_code = json!({"sdk_id": APP.sdk_id, "secret": APP.oauth_secret, "auth_code": APP.auth_code});
    server.set_token_life(60);

    server.set_unix_time(NOW - 60);
    let tokens = oauth(&server, "access_token", by_code).await;
    server.set_unix_time(NOW);
    let answer = oauth_meeting(&server, &tokens["data"]["access_token"], "1").await;

    assert_eq!(tokens["data"]["expires"], NOW);
    assert_eq!(code(&answer), (400, 190_303));
}
