//! How the head of an answer is read: success or failure, its code, words, scopes and request id.

#[path = "../src/answer.rs"]
#[allow(dead_code, reason = "tested in part")]
mod answer;

use huiyi_dingtalk::core::ErrorKind;
use huiyi_dingtalk::core::reqwest::StatusCode;
use huiyi_dingtalk::core::reqwest::header::HeaderMap;
use huiyi_dingtalk::core::vendor::{Received, Verdict};

fn read(status: u16, body: &str) -> Verdict {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    answer::read(&Received { operation: None, status, headers: &HeaderMap::new(), body })
}

#[test]
fn a_code_in_a_success_is_data() {
    for body in [
        r#"{"code":200,"cause":"sucess"}"#,
        r#"{"code":"200"}"#,
        r#"{"code":null,"success":null}"#,
        r#"{"code":"ok"}"#,
        r#"{"code":"success","message":"done"}"#,
        r#"{"code":"begun"}"#,
        r#"{"success":"true"}"#,
        r#"{"errcode":0,"errmsg":"ok","title":"t"}"#,
        r#"{"requestId":"1","url":"u"}"#,
    ] {
        assert_eq!(read(200, body), Verdict::Success { warning: None }, "{body}");
    }
}

#[test]
fn a_success_that_says_it_failed_is_a_failure() {
    for (body, code, message) in [
        (r#"{"code":400,"cause":"not the host"}"#, Some("400"), "not the host"),
        (r#"{"code":"500","case":"busy"}"#, Some("500"), "busy"),
        (r#"{"code":"systemError","message":"SYSTEM ERROR"}"#, Some("systemError"), "SYSTEM ERROR"),
        (r#"{"code":"unheardOf","message":"no"}"#, Some("unheardOf"), "no"),
        (r#"{"success":false}"#, None, "the answer says that the call failed"),
        (r#"{"errcode":90002,"errmsg":"not now"}"#, Some("90002"), "not now"),
        (
            r#"{"success":false,"errorCode":"noPermission","errorMsg":"not the host"}"#,
            Some("noPermission"),
            "not the host",
        ),
        (r#"{"success":false,"code":"noPermission","message":"not the host"}"#, Some("noPermission"), "not the host"),
    ] {
        let Verdict::Failure(failure) = read(200, body) else { return assert_eq!(body, "a failure") };

        assert_eq!((failure.code.as_deref(), failure.message.as_str()), (code, message));
    }
}

#[test]
fn a_long_success_that_says_it_failed_is_a_failure() {
    let body = format!(r#"{{"success":false,"code":"noPermission","message":"{}"}}"#, "x".repeat(5000));

    assert!(matches!(read(200, &body), Verdict::Failure(failure) if failure.code.as_deref() == Some("noPermission")));
}

#[test]
fn a_refusal_names_the_scopes_that_are_missing() {
    let body = r#"{"code":"x","message":"no","accessdenieddetail":{"requiredScopes":["A.Read","B.Write"]}}"#;

    assert!(
        matches!(read(403, body), Verdict::Failure(failure) if failure.details == ["missing scope: A.Read, B.Write"])
    );
}

#[test]
fn a_limit_that_no_table_lists_has_its_kind_and_its_wait() {
    for (limit, kind, seconds) in [
        ("QpsLimitForSuitekeyAndApi", ErrorKind::RateLimited, Some(1)),
        ("QpmLimitForSomething", ErrorKind::RateLimited, Some(60)),
        ("ApiCountLimitForOrg", ErrorKind::QuotaExhausted, None),
    ] {
        let body = format!(r#"{{"code":"Forbidden.AccessDenied.{limit}","message":"no"}}"#);
        let Verdict::Failure(failure) = read(403, &body) else { return assert_eq!(body, "a failure") };
        assert_eq!((failure.kind, failure.retry_after.map(|wait| wait.as_secs())), (Some(kind), seconds));
    }
}

#[test]
fn a_refusal_has_code_message_and_request_id() {
    let body = r#"{"code":"InvalidAuthentication","requestid":"30EE8654","message":"bad token"}"#;

    let Verdict::Failure(failure) = read(400, body) else { return assert_eq!(body, "a failure") };

    assert_eq!(failure.code.as_deref(), Some("InvalidAuthentication"));
    assert_eq!(failure.request_id.as_deref(), Some("30EE8654"));
}

#[test]
fn a_refusal_is_read_whatever_it_has_twice_or_as_a_number() {
    for body in [
        r#"{"code":"paramError","requestid":30,"message":"bad"}"#,
        r#"{"code":"paramError","requestid":"30","request_id":"31","message":"bad"}"#,
        r#"{"code":"paramError","Code":"other","errcode":88,"requestId":30,"message":"bad","errmsg":"other"}"#,
        r#"{"errcode":"paramError","code":null,"RequestId":"30","request_id":{},"Message":"bad","message":""}"#,
        r#"{"code":"paramError","message":"bad","description":{"a":1},"request_id":30}"#,
    ] {
        let Verdict::Failure(failure) = read(400, body) else { return assert_eq!(body, "a failure") };

        let read = (failure.code.as_deref(), failure.message.as_str(), failure.request_id.as_deref());
        assert_eq!(read, (Some("paramError"), "bad", Some("30")), "{body}");
    }
}

#[test]
fn a_success_that_failed_is_seen_whatever_its_request_id_is() {
    for id in [r#""requestid":30"#, r#""requestid":"30","requestId":"31""#, r#""request_id":30"#] {
        let body = format!(r#"{{"code":400,"cause":"not the host","case":"",{id}}}"#);

        let Verdict::Failure(failure) = read(200, &body) else { return assert_eq!(body, "a failure") };

        assert_eq!((failure.message.as_str(), failure.request_id.as_deref()), ("not the host", Some("30")));
    }
}

#[test]
fn data_with_the_words_of_a_ban_is_data() {
    for body in [
        r#"{"conferenceList":[{"title":"punish"},{"title":"deny"}]}"#,
        r#"{"conferenceList":[{"punish":"deny"}]}"#,
        r#"{"title":"\"punish\":\"deny\""}"#,
        r#"{"punish":"allow","title":"deny"}"#,
        r#"{"punish":["deny"]}"#,
    ] {
        assert_eq!(read(200, body), Verdict::Success { warning: None }, "{body}");
    }
    let body = r#"{"code":"paramError","message":"no such title","titles":["punish","deny"]}"#;
    assert!(matches!(read(400, body), Verdict::Failure(failure) if failure.message == "no such title"));
}

#[test]
fn a_ban_is_told_in_clear_words_under_any_status() {
    let body = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"a"}"#;

    for status in [200, 403] {
        assert!(matches!(read(status, body), Verdict::Failure(failure) if failure.message.contains("banned")));
    }
}

#[test]
fn a_page_is_malformed() {
    assert!(matches!(read(502, "<html>Bad Gateway</html>"), Verdict::Malformed(_)));
    assert!(matches!(read(200, "<html>login</html>"), Verdict::Malformed(_)));
}
