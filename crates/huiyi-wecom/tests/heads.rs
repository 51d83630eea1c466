//! How the head of an answer is read: success or failure, its code, words, waits and request id.

#[path = "../src/answer.rs"]
#[allow(dead_code, reason = "tested in part")]
mod answer;

use huiyi_wecom::Client;
use huiyi_wecom::core::reqwest::StatusCode;
use huiyi_wecom::core::reqwest::header::HeaderMap;
use huiyi_wecom::core::vendor::{Received, Verdict};

fn read(body: &str) -> Verdict {
    answer::read(&Received { operation: None, status: StatusCode::OK, headers: &HeaderMap::new(), body })
}

#[test]
fn a_warning_in_a_success_is_kept() {
    let reading = read(r#"{"errcode":0,"errmsg":"ok, Warning: wrong json format. "}"#);

    assert!(matches!(reading, Verdict::Success { warning: Some(text) } if text.contains("wrong json format")));
}

#[test]
fn a_limit_says_how_long_the_api_is_blocked() {
    for (code, seconds) in [("45009", Some(60)), ("\"45009\"", Some(60)), ("45033", None), ("40014", None)] {
        let body = format!(r#"{{"errcode":{code},"errmsg":"no"}}"#);

        let Verdict::Failure(failure) = read(&body) else { return assert_eq!(body, "a failure") };

        assert_eq!(failure.retry_after.map(|wait| wait.as_secs()), seconds, "{code}");
    }
}

fn read_as(operation: &str, body: &str) -> Verdict {
    let operation = Client::operations().iter().find(|known| known.id == operation).copied();
    answer::read(&Received { operation, status: StatusCode::OK, headers: &HeaderMap::new(), body })
}

#[test]
fn without_a_code_a_documented_member_makes_a_success() {
    assert_eq!(read_as("get_meeting_info", r#"{"title":"weekly"}"#), Verdict::Success { warning: None });
    assert_eq!(read(r#"{"access_token":"t","expires_in":7200}"#), Verdict::Success { warning: None });
    for body in ["{}", r#"{"something":"else"}"#] {
        assert!(matches!(read_as("get_meeting_info", body), Verdict::Malformed(_)), "{body}");
    }
}

#[test]
fn a_refusal_in_another_spelling_keeps_its_code_and_words() {
    for (body, code) in [
        (r#"{"error":{"code":10021,"message":"no"}}"#, Some("10021")),
        (r#"{"error":"no","title":"x"}"#, None),
        (r#"{"errcode":null,"errmsg":"no"}"#, None),
        (r#"{"errmsg":"no","title":"x"}"#, None),
        (r#"{"code":7,"message":"no"}"#, Some("7")),
    ] {
        let Verdict::Failure(failure) = read_as("get_meeting_info", body) else {
            return assert_eq!(body, "a failure");
        };
        assert_eq!((failure.code.as_deref(), failure.message.as_str()), (code, "no"), "{body}");
    }
}

#[test]
fn the_hint_becomes_the_request_id() {
    let body = r#"{"errcode":40014,"errmsg":"invalid access_token, hint: [1600000007_5_abc], from ip: 1.2.3.4, more info at https://open.work.weixin.qq.com/devtool/query?e=40014"}"#;

    let Verdict::Failure(failure) = read(body) else { return assert_eq!(body, "a failure") };

    assert_eq!(failure.request_id.as_deref(), Some("1600000007_5_abc"));
    assert_eq!(failure.help.as_deref(), Some("https://open.work.weixin.qq.com/devtool/query?e=40014"));
}
