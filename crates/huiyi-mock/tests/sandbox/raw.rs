//! Requests as any language sends them.

use huiyi_mock::{Sandbox, Vendor, credentials, shared_http, tencent_signature};
use serde_json::{Value, json};

use crate::inbox::now;

/// Sends a request; returns the answer as JSON. Without a body it is a `GET`.
pub(crate) async fn send(sandbox: &Sandbox, target: &str, headers: &[(&str, &str)], body: Option<Value>) -> Value {
    let url = format!("{}{target}", sandbox.base_url());
    let http = shared_http(Vendor::Feishu);
    let mut request = match &body {
        Some(body) => http.post(url).json(body),
        None => http.get(url),
    };
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().json().await.unwrap()
}

/// Sends a `GET` with this bearer token to a sandbox of Feishu; returns the code.
async fn feishu(sandbox: &Sandbox, target: &str, token: &str) -> Value {
    send(sandbox, target, &[("Authorization", &format!("Bearer {token}"))], None).await["code"].clone()
}

#[tokio::test]
async fn feishu_accepts_invented_tokens_of_users_alone() {
    let sandbox = Sandbox::start(Vendor::Feishu).await.unwrap();
    let app = credentials::FEISHU;
    let keys = json!({"app_id": app.app_id, "app_secret": app.app_secret});
    let login = send(&sandbox, "/open-apis/auth/v3/tenant_access_token/internal", &[], Some(keys)).await;
    let issued = login["tenant_access_token"].as_str().unwrap();
    let reserve = "/open-apis/vc/v1/reserves/1";

    assert_eq!(feishu(&sandbox, reserve, issued).await, 121_004);
    assert_eq!(feishu(&sandbox, reserve, "u-invented").await, 121_004);
    assert_eq!(feishu(&sandbox, reserve, "t-invented").await, 99_991_663);
    assert_eq!(feishu(&sandbox, reserve, "a-invented").await, 99_991_664);
    // This operation does not take the tokens of users.
    assert_eq!(feishu(&sandbox, "/open-apis/vc/v1/room_configs/query?scope=1", "u-invented").await, 99_991_668);
    sandbox.server().revoke_tokens();
    assert_eq!(feishu(&sandbox, reserve, issued).await, 99_991_663);
}

#[tokio::test]
async fn wecom_and_dingtalk_accept_no_invented_tokens() {
    let (wecom, dingtalk) =
        (Sandbox::start(Vendor::WeCom).await.unwrap(), Sandbox::start(Vendor::DingTalk).await.unwrap());
    let suite = json!({"suite_id": credentials::WECOM.suite_id, "suite_secret": credentials::WECOM.suite_secret,
        "suite_ticket": credentials::WECOM.suite_ticket});
    let suite = send(&wecom, "/cgi-bin/service/get_suite_token", &[], Some(suite)).await;
    let corporation = json!({"auth_corpid": "x", "permanent_code": "x"});

    for token in ["invented", "u-invented", suite["suite_access_token"].as_str().unwrap()] {
        let target = format!("/cgi-bin/meeting/get_info?access_token={token}");
        assert_eq!(send(&wecom, &target, &[], Some(json!({"meetingid": "1"}))).await["errcode"], 40_014, "{token}");
        let header = [("x-acs-dingtalk-access-token", token)];
        let refused = send(&dingtalk, "/v1.0/conference/videoConferences/1", &header, None).await;
        assert_eq!(refused["code"], "InvalidAuthentication", "{token}");
    }
    let target = "/cgi-bin/service/get_corp_token?suite_access_token=invented";
    assert_eq!(send(&wecom, target, &[], Some(corporation)).await["errcode"], 40_082);
}

#[tokio::test]
async fn tencent_accepts_invented_tokens_of_users_but_no_signatures() {
    let sandbox = Sandbox::start(Vendor::Tencent).await.unwrap();
    let (app, time) = (credentials::TENCENT, now().to_string());
    let target = "/v1/meetings/1?instanceid=1&operator_id=host&operator_id_type=1";
    let common = [("X-TC-Timestamp", time.as_str()), ("AppId", app.app_id), ("X-TC-Registered", "1")];
    let code = async |headers: &[(&str, &str)]| {
        let headers = [&common[..], headers].concat();
        send(&sandbox, target, &headers, None).await["error_info"]["error_code"].clone()
    };
    let signed = |nonce: &str, key: &str| tencent_signature(app.secret_id, key, "GET", nonce, &time, target, b"");
    let (good, invented) = (signed("1", app.secret_key), signed("2", "invented"));
    let key = ("X-TC-Key", app.secret_id);

    assert_eq!(code(&[key, ("X-TC-Nonce", "1"), ("X-TC-Signature", &good)]).await, 9_003);
    assert_eq!(code(&[key, ("X-TC-Nonce", "2"), ("X-TC-Signature", &invented)]).await, 200_003);
    let user = [("AccessToken", "invented"), ("OpenId", "anybody"), ("X-TC-Nonce", "3")];
    assert_eq!(code(&user).await, 9_003);
}

#[tokio::test]
async fn wecom_names_the_missing_user() {
    let sandbox = Sandbox::start(Vendor::WeCom).await.unwrap();
    let app = credentials::WECOM;
    let login = format!("/cgi-bin/gettoken?corpid={}&corpsecret={}", app.corpid, app.secret);
    let token = send(&sandbox, &login, &[], None).await["access_token"].as_str().unwrap().to_owned();
    let code = async |path: &str, body: Value| {
        let target = format!("/cgi-bin/meeting/{path}?access_token={token}");
        send(&sandbox, &target, &[], Some(body)).await["errcode"].clone()
    };

    assert_eq!(code("create", json!({"title": "Weekly"})).await, 400_040);
    assert_eq!(code("create", json!({"title": "Weekly", "admin_userid": ""})).await, 400_040);
    assert_eq!(code("get_user_meetingid", json!({})).await, 400_038);
    assert_eq!(code("get_user_meetingid", json!({"userid": ""})).await, 400_038);
}
