//! A whole meeting by `curl`, as from any language.

use std::process::Command;

use huiyi_mock::{Sandbox, Vendor, credentials};
use serde_json::{Value, json};

use crate::inbox::now;

/// Runs a program; returns its output as JSON.
fn run(command: &mut Command) -> Value {
    let output = tokio::task::block_in_place(|| command.output()).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

/// Sends a request with these headers.
fn curl(method: &str, url: &str, headers: &[&str], body: Option<&Value>) -> Value {
    let mut command = Command::new("curl");
    command.args(["-sS", "-X", method, url]);
    for header in headers {
        command.args(["-H", header]);
    }
    if let Some(body) = body {
        command.args(["-H", "Content-Type: application/json", "-d", &body.to_string()]);
    }
    run(&mut command)
}

/// Returns whether these programs are installed; prints the one that is not.
fn has(programs: &[&str]) -> bool {
    let is_missing = |program: &&&str| Command::new(**program).arg("version").output().is_err();
    match programs.iter().find(is_missing) {
        Some(missing) => {
            println!("skipped: {missing} is not installed");
            false
        }
        None => true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn feishu() {
    if !has(&["curl"]) {
        return;
    }
    let sandbox = Sandbox::start(Vendor::Feishu).await.unwrap();
    let (base, app) = (sandbox.base_url(), credentials::FEISHU);
    let api = format!("{base}/open-apis");
    let keys = json!({"app_id": app.app_id, "app_secret": app.app_secret});
    let token = curl("POST", &format!("{api}/auth/v3/tenant_access_token/internal"), &[], Some(&keys));
    let token = format!("Authorization: Bearer {}", token["tenant_access_token"].as_str().unwrap());
    let call = |method: &str, path: &str, body: Option<Value>| {
        curl(method, &format!("{api}/vc/v1/{path}"), &[&token], body.as_ref())
    };

    let body = json!({"owner_id": "ou_host", "meeting_settings": {"topic": "Weekly"}});
    let reserve = call("POST", "reserves/apply", Some(body));
    let (id, number) = (reserve["data"]["reserve"]["id"].as_str().unwrap(), &reserve["data"]["reserve"]["meeting_no"]);
    assert_eq!(call("GET", &format!("reserves/{id}"), None)["data"]["reserve"]["meeting_settings"]["topic"], "Weekly");
    let control = format!("{base}/_sandbox/meetings/{}", number.as_str().unwrap());
    let state = curl("POST", &format!("{control}/join"), &[], Some(&json!({"user": "ou_host"})));
    assert_eq!(state["meetings"][0]["state"], "running");
    let active = call("GET", &format!("reserves/{id}/get_active_meeting"), None);
    let meeting = active["data"]["meeting"]["id"].as_str().unwrap();
    let user = ["Authorization: Bearer u-anybody"];
    assert_eq!(curl("PATCH", &format!("{api}/vc/v1/meetings/{meeting}/end"), &user, None)["code"], 0);
    assert_eq!(call("GET", &format!("meetings/{meeting}/recording"), None)["code"], 124_002);
    curl("POST", &format!("{control}/record"), &[], None);
    let recording = call("GET", &format!("meetings/{meeting}/recording"), None);
    assert!(recording["data"]["recording"]["url"].is_string());
    assert_eq!(call("DELETE", &format!("reserves/{id}"), None)["code"], 0);
    assert_eq!(call("DELETE", &format!("reserves/{id}"), None)["code"], 121_004);
}

#[tokio::test(flavor = "multi_thread")]
async fn wecom() {
    if !has(&["curl"]) {
        return;
    }
    let sandbox = Sandbox::start(Vendor::WeCom).await.unwrap();
    let (base, app) = (sandbox.base_url(), credentials::WECOM);
    let login = format!("{base}/cgi-bin/gettoken?corpid={}&corpsecret={}", app.corpid, app.secret);
    let token = curl("GET", &login, &[], None);
    let token = token["access_token"].as_str().unwrap();
    let call = |path: &str, body: Value| {
        curl("POST", &format!("{base}/cgi-bin/meeting/{path}?access_token={token}"), &[], Some(&body))
    };

    let start = now() + 3600;
    let body = json!({"admin_userid": "zhangsan", "title": "Weekly", "meeting_start": start, "meeting_duration": 1800});
    let id = call("create", body)["meetingid"].clone();
    assert_eq!(call("get_info", json!({"meetingid": id}))["title"], "Weekly");
    assert_eq!(call("get_user_meetingid", json!({"userid": "zhangsan"}))["meetingid_list"], json!([id]));
    let passed = curl("POST", &format!("{base}/_sandbox/advance"), &[], Some(&json!({"seconds": 4000})));
    assert_eq!(passed["meetings"][0]["state"], "running");
    assert_eq!(call("cancel", json!({"meetingid": id}))["errcode"], 400_224);
    assert_eq!(call("realcontrol/dismiss", json!({"meetingid": id}))["errcode"], 0);
    assert_eq!(call("get_info", json!({"meetingid": id}))["status"], 3);
    assert_eq!(call("get_info", json!({"meetingid": "no"}))["errcode"], 90_602);
}

#[tokio::test(flavor = "multi_thread")]
async fn dingtalk() {
    if !has(&["curl"]) {
        return;
    }
    let sandbox = Sandbox::start(Vendor::DingTalk).await.unwrap();
    let (base, app) = (sandbox.base_url(), credentials::DINGTALK);
    let keys = json!({"appKey": app.app_key, "appSecret": app.secret});
    let token = curl("POST", &format!("{base}/v1.0/oauth2/accessToken"), &[], Some(&keys));
    let token = format!("x-acs-dingtalk-access-token: {}", token["accessToken"].as_str().unwrap());
    let call = |method: &str, path: &str, body: Option<Value>| {
        curl(method, &format!("{base}/v1.0/conference/{path}"), &[&token], body.as_ref())
    };

    let created = call("POST", "videoConferences", Some(json!({"userId": "host", "confTitle": "Now"})));
    let id = created["conferenceId"].as_str().unwrap();
    assert_eq!(call("GET", &format!("videoConferences/{id}"), None)["confInfo"]["status"], 2);
    let join = format!("{base}/_sandbox/meetings/{id}/join");
    curl("POST", &join, &[], Some(&json!({"user": "guest"})));
    assert_eq!(call("GET", &format!("videoConferences/{id}/members"), None)["totalCount"], 2);
    assert_eq!(call("DELETE", &format!("videoConferences/{id}?unionId=host"), None)["code"], 200);
    assert_eq!(call("DELETE", &format!("videoConferences/{id}?unionId=host"), None)["code"], "resourceClose");
    let refused = curl("POST", &join, &[], Some(&json!({"user": "guest"})));
    assert_eq!(refused["error"], format!("the meeting {id} has ended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tencent() {
    if !has(&["curl", "openssl"]) {
        return;
    }
    let sandbox = Sandbox::start(Vendor::Tencent).await.unwrap();
    let app = credentials::TENCENT;
    let call = |method: &str, target: &str, body: Option<Value>| {
        let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sandbox/tencent.sh"));
        command.args([method, target]).args(body.map(|body| body.to_string()));
        command.env("TENCENT_MEETING_BASE_URL", sandbox.base_url()).env("TENCENT_MEETING_APP_ID", app.app_id);
        command.env("TENCENT_MEETING_SECRET_ID", app.secret_id).env("TENCENT_MEETING_SECRET_KEY", app.secret_key);
        run(&mut command)
    };

    let (start, end) = ((now() + 3600).to_string(), (now() + 5400).to_string());
    let body = json!({
        "userid": "host", "instanceid": 1, "subject": "Weekly", "type": 0, "start_time": start, "end_time": end,
    });
    let created = call("POST", "/v1/meetings", Some(body));
    let id = created["meeting_info_list"][0]["meeting_id"].as_str().unwrap();
    let query = "operator_id=host&operator_id_type=1&instanceid=1";
    let read = call("GET", &format!("/v1/meetings/{id}?{query}"), None);
    assert_eq!(read["meeting_info_list"][0]["status"], "MEETING_STATE_INIT");
    sandbox.join(id, "host").unwrap();
    let cancel = json!({"userid": "host", "instanceid": 1, "reason_code": 1});
    let refused = call("POST", &format!("/v1/meetings/{id}/cancel"), Some(cancel));
    assert_eq!(refused["error_info"]["error_code"], 13_602);
    let dismiss = json!({"operator_id": "host", "operator_id_type": 1, "instanceid": 1, "reason_code": 1});
    call("POST", &format!("/v1/meetings/{id}/dismiss"), Some(dismiss));
    let read = call("GET", &format!("/v1/meetings/{id}?{query}"), None);
    assert_eq!(read["meeting_info_list"][0]["status"], "MEETING_STATE_ENDED");
}
