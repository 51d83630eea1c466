//! How the head of an answer is read: success or failure, its code and words.

#[path = "../src/answer.rs"]
#[allow(dead_code, reason = "tested in part")]
mod answer;

use huiyi_tencent::core::reqwest::StatusCode;
use huiyi_tencent::core::reqwest::header::HeaderMap;
use huiyi_tencent::core::vendor::{Received, Verdict};

fn read(status: u16, body: &str) -> Verdict {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    answer::read(&Received { operation: None, status, headers: &HeaderMap::new(), body })
}

#[test]
fn both_shapes_of_a_refusal_have_the_documented_code() {
    for body in [
        r#"{"error_info":{"error_code":9003,"message":"MEETING NOT EXIST"}}"#,
        r#"{"error_info":{"error_code":9003,"new_error_code":200009003,"message":"MEETING NOT EXIST"}}"#,
    ] {
        assert!(matches!(read(400, body), Verdict::Failure(failure) if failure.code.as_deref() == Some("9003")));
    }
}

#[test]
fn an_ill_typed_member_of_a_refusal_empties_no_other() {
    for (body, code, message) in [
        (r#"{"error_info":{"error_code":9003,"message":17}}"#, Some("9003"), "17"),
        (r#"{"error_info":{"error_code":9003,"message":{"a":1},"new_error_code":[]}}"#, Some("9003"), ""),
        (r#"{"error_info":{"error_code":[1],"new_error_code":"200009003","message":"no"}}"#, Some("200009003"), "no"),
        (r#"{"error_info":"no such meeting"}"#, None, "no such meeting"),
        (r#"{"error_info":[],"code":{},"message":"no"}"#, None, "no"),
        (r#"{"code":1002,"message":["no"]}"#, Some("1002"), ""),
    ] {
        let Verdict::Failure(failure) = read(400, body) else { return assert_eq!(body, "a failure") };

        assert_eq!((failure.code.as_deref(), failure.message.as_str()), (code, message), "{body}");
    }
}

#[test]
fn an_error_under_200_is_a_failure_unless_its_code_is_0() {
    assert!(matches!(read(200, r#"{"error_info":{"error_code":9003}}"#), Verdict::Failure(_)));
    assert!(matches!(read(200, r#"{"error_info":{"error_code":0,"message":"ok"}}"#), Verdict::Success { .. }));
    assert!(matches!(read(400, r#"{"error_info":{"error_code":0,"message":"ok"}}"#), Verdict::Failure(_)));
}

#[test]
fn a_plain_code_under_200_is_a_failure_unless_it_is_0() {
    let refused = read(200, r#"{"nonce":"98187ecdebca4846","code":1002,"message":"auth_code invalid"}"#);

    assert!(matches!(refused, Verdict::Failure(failure) if failure.code.as_deref() == Some("1002")));
    assert_eq!(read(200, r#"{"code":0,"message":"OK"}"#), Verdict::Success { warning: None });
    let bare = read(200, r#"{"error_code":9003,"error_msg":"MEETING NOT EXIST"}"#);
    assert!(matches!(bare, Verdict::Failure(failure) if failure.message == "MEETING NOT EXIST"));
}

#[test]
fn a_code_that_is_data_is_no_failure() {
    for body in [r#"{"roles":[{"code":17,"message":"hello"}]}"#, r#"{"code":{"value":1},"message":"hello"}"#] {
        assert_eq!(read(200, body), Verdict::Success { warning: None }, "{body}");
    }
}

#[test]
fn a_title_that_names_the_member_is_no_failure() {
    let body = r#"{"subject":"what is \"error_info\"?"}"#;

    assert_eq!(read(200, body), Verdict::Success { warning: None });
}

#[test]
fn a_page_is_malformed() {
    assert!(matches!(read(502, "<html></html>"), Verdict::Malformed(_)));
    assert!(matches!(read(200, "<html></html>"), Verdict::Malformed(_)));
}
