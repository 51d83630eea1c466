//! Requests that do not fit the document.

use huiyi_mock::Vendor;
use serde_json::{Value, json};

use crate::client::{Answer, NOW, Session, send, tencent_headers};

async fn feishu(method: &str, target: &str, body: Value) -> Answer {
    let session = Session::start(Vendor::Feishu).await;
    let body = if body.is_null() { String::new() } else { body.to_string() };
    session.send(method, target, body.as_bytes()).await.unwrap()
}

fn violation(answer: &Answer) -> (u16, i64, String) {
    let json = answer.json();
    let field = &json["error"]["field_violations"][0]["field"];
    (answer.status, json["code"].as_i64().unwrap(), field.as_str().unwrap_or_default().to_owned())
}

fn refused(field: &str) -> (u16, i64, String) {
    (400, 99992402, field.to_owned())
}

#[tokio::test]
async fn an_unknown_query_parameter_is_named() {
    let answer = feishu("GET", "/open-apis/vc/v1/meetings/1?with_participant=true", Value::Null).await;

    assert_eq!(violation(&answer), refused("with_participant"));
}

#[tokio::test]
async fn a_query_parameter_of_the_wrong_type_is_named() {
    let answer = feishu("GET", "/open-apis/vc/v1/meetings/1?with_participants=1", Value::Null).await;

    assert_eq!(violation(&answer), refused("with_participants"));
}

#[tokio::test]
async fn a_query_parameter_given_twice_is_named() {
    let target = "/open-apis/vc/v1/meetings/1?user_id_type=open_id&user_id_type=user_id";

    assert_eq!(violation(&feishu("GET", target, Value::Null).await), refused("user_id_type"));
}

#[tokio::test]
async fn fields_are_named_by_their_path() {
    let target = "/open-apis/vc/v1/reserves/apply";
    let good = json!({"end_time": "1608888867", "meeting_settings": {"topic": "x"}});
    let unknown = json!({"end_time": "1608888867", "meeting_settings": {"topik": "x"}});
    let wrong = json!({"end_time": "1608888867", "meeting_settings": {"topic": 1}});
    let number = json!({"end_time": "soon", "meeting_settings": {"topic": "x"}});

    assert_eq!(feishu("POST", target, good).await.status, 200);
    assert_eq!(violation(&feishu("POST", target, unknown).await), refused("meeting_settings.topik"));
    assert_eq!(violation(&feishu("POST", target, wrong).await), refused("meeting_settings.topic"));
    assert_eq!(violation(&feishu("POST", target, number).await), refused("end_time"));
}

#[tokio::test]
async fn a_missing_or_malformed_body_is_refused() {
    let session = Session::start(Vendor::Feishu).await;
    let target = "/open-apis/vc/v1/reserves/apply";

    let missing = session.send("POST", target, b"").await.unwrap();
    let malformed = session.send("POST", target, b"{").await.unwrap();

    assert_eq!(violation(&missing), refused("body"));
    assert_eq!(violation(&malformed), refused("body"));
}

#[tokio::test]
async fn a_body_where_none_is_expected_is_refused() {
    let answer = feishu("GET", "/open-apis/vc/v1/meetings/1", json!({"a": 1})).await;

    assert_eq!(violation(&answer), refused("body"));
}

#[tokio::test]
async fn each_vendor_names_the_missing_parameter_in_its_own_way() {
    let wecom = Session::start(Vendor::WeCom).await;
    let wecom = wecom.send("POST", "/cgi-bin/meeting/cancel", b"{}").await.unwrap();
    let dingtalk = Session::start(Vendor::DingTalk).await;
    let dingtalk = dingtalk.send("DELETE", "/v1.0/conference/videoConferences/1", b"").await.unwrap();
    let tencent = Session::start(Vendor::Tencent).await;
    let tencent = tencent.send("GET", "/v1/meetings/1?operator_id=u&operator_id_type=1", b"").await.unwrap();

    assert_eq!((wecom.status, wecom.json()["errcode"].as_i64()), (200, Some(40058)));
    assert!(wecom.json()["errmsg"].as_str().unwrap().contains("meetingid"));
    assert_eq!((dingtalk.status, dingtalk.json()["code"].as_str()), (400, Some("MissingunionId")));
    assert_eq!((tencent.status, tencent.json()["error_info"]["error_code"].as_i64()), (400, Some(200_006)));
    assert!(tencent.json()["error_info"]["message"].as_str().unwrap().contains("instanceid"));
}

#[tokio::test]
async fn dingtalk_wants_json_and_says_so() {
    let session = Session::start(Vendor::DingTalk).await;
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];

    let answer = crate::client::send(&session.server, "POST", "/v1.0/oauth2/accessToken", &headers, b"appKey=x").await;

    assert_eq!(answer.unwrap().json()["code"], "Missingbody");
}

/// Uploads a form with these parts, signed like all forms, with an empty body.
async fn upload(parts: &[&str]) -> Answer {
    let session = Session::start(Vendor::Tencent).await;
    let target = "/v1/files/records/upload-all";
    let signed = tencent_headers("POST", target, b"", "1", NOW);
    let mut headers: Vec<(&str, &str)> = signed.iter().map(|(name, value)| (&name[..], &value[..])).collect();
    headers.push(("Content-Type", "multipart/form-data; boundary=loopback"));
    let mut body = String::new();
    for name in parts {
        body.push_str(&format!("--loopback\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n1\r\n"));
    }
    body.push_str("--loopback--\r\n");
    send(&session.server, "POST", target, &headers, body.as_bytes()).await.unwrap()
}

#[tokio::test]
async fn the_parts_of_a_form_are_checked() {
    let parts = [
        "operator_id",
        "operator_id_type",
        "file_name",
        "file_type",
        "file_size",
        "file_checksum",
        "file_content",
        "speak_number",
        "ai_record",
    ];

    let good = upload(&parts).await;
    let missing = upload(&parts[1..]).await;
    let unknown = upload(&[&parts[..], &["ai_rekord"][..]].concat()).await;

    assert_eq!(good.status, 200);
    for (answer, name) in [(missing, "operator_id is required"), (unknown, "ai_rekord is unknown")] {
        assert_eq!(answer.status, 400);
        assert!(answer.json()["error_info"]["message"].as_str().unwrap().contains(name));
    }
}
