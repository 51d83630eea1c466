//! How the head of a refusal is read, also if members have other types than documented.

#[path = "../src/answer.rs"]
#[allow(dead_code, reason = "tested in part")]
mod answer;

use huiyi_feishu::core::reqwest::StatusCode;
use huiyi_feishu::core::reqwest::header::HeaderMap;
use huiyi_feishu::core::vendor::{Failure, Received, Verdict};

fn failure(body: &str) -> Failure {
    let received = Received { operation: None, status: StatusCode::BAD_REQUEST, headers: &HeaderMap::new(), body };
    let Verdict::Failure(failure) = answer::read(&received) else { panic!("{body} is not a failure") };
    failure
}

#[test]
fn an_ill_typed_member_of_a_refusal_empties_no_other() {
    for (body, message, details) in [
        (r#"{"code":1,"msg":17}"#, "17", ""),
        (r#"{"code":1,"msg":{"a":1},"error_description":"no"}"#, "no", ""),
        (r#"{"code":1,"msg":null,"error":"invalid_grant"}"#, "invalid_grant", ""),
        (r#"{"code":1,"msg":"no","error":[1]}"#, "no", ""),
        (r#"{"code":1,"msg":"no","error":{"helps":[{"#, "no", ""),
        (r#"{"code":1,"msg":"no","error":{"helps":17,"field_violations":{"field":"x"}}}"#, "no", ""),
        (
            r#"{"code":1,"msg":"no","error":{"helps":[7],"field_violations":[7,{"field":"x","description":3}]}}"#,
            "no",
            "field `x`: 3",
        ),
        (
            r#"{"code":1,"msg":"no","error":{"permission_violations":[{"scope":1},"s",{"subject":"vc:room"}]}}"#,
            "no",
            "missing scope: 1 or vc:room",
        ),
    ] {
        let failure = failure(body);

        assert_eq!((failure.message.as_str(), failure.details.join("; ").as_str()), (message, details), "{body}");
    }
}

#[test]
fn the_request_id_and_the_help_are_found_beside_ill_typed_members() {
    let body = r#"{"code":1,"msg":[],"error":{"log_id":"l-1","logid":{},"helps":[{"url":{}},7,{"url":"u"}],"troubleshooter":"t"}}"#;

    let failure = failure(body);

    assert_eq!(failure.request_id.as_deref(), Some("l-1"));
    assert_eq!(failure.help.as_deref(), Some("u"));
}
