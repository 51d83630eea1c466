//! What an answer of DingTalk says: the status tells failure, the body says which.

use std::time::Duration;

use huiyi_core::envelope;
use huiyi_core::error::ErrorCode;
use huiyi_core::reqwest::header::HeaderMap;
use huiyi_core::vendor::{Failure, Reading, Received};

use crate::generated::operations;

/// Reads the head of an answer.
///
/// A success may have a member `code` of its own; see [`failed_success`].
pub(crate) fn read(answer: &Received<'_>) -> Reading {
    let body = answer.body.trim_ascii_start();
    if answer.status.is_success() && (body.is_empty() || (body.starts_with('{') && !is_ban(body))) {
        return failed_success(body).map_or(Reading::Success { warning: None }, Reading::Failure);
    }
    if is_ban(body) {
        return Reading::Failure(banned());
    }
    match refusal(body) {
        Some(failure) if !answer.status.is_success() => Reading::Failure(failure),
        _ if !body.starts_with('{') && looks_like_ban_page(body) => Reading::Failure(banned()),
        _ => Reading::Malformed("the answer is not the JSON object that DingTalk documents".to_owned()),
    }
}

/// DingTalk's headers give no hint; [`lasts`] has what its pages say.
pub(crate) fn wait_hint(_headers: &HeaderMap) -> Option<Duration> {
    None
}

/// The protection in front of the API answers in its own shape when it bans an address. The same words
/// further down are somebody's data.
fn is_ban(body: &str) -> bool {
    body.len() < 4096
        && envelope::mentions(body, "\"punish\"")
        && first(body, ["punish"]).is_some_and(|value| value == "deny")
}

fn looks_like_ban_page(body: &str) -> bool {
    body.contains("punish") && body.contains("x5sec")
}

fn banned() -> Failure {
    Failure {
        code: Some("punish".to_owned()),
        message: "the caller's IP address is banned for about five minutes: more than 10,000 requests in 20 seconds"
            .to_owned(),
        retry_after: Some(BAN),
        ..Failure::default()
    }
}

/// How long the ban of an address lasts.
const BAN: Duration = Duration::from_secs(5 * 60);

/// How long a limit lasts: those per second and per minute say which they are.
fn lasts(code: Option<&str>) -> Option<Duration> {
    let limit = code?.strip_prefix("Forbidden.AccessDenied.")?;
    if limit.starts_with("QpsLimit") {
        Some(Duration::from_secs(1))
    } else if limit.starts_with("QpmLimit") {
        Some(Duration::from_secs(60))
    } else {
        None
    }
}

/// The first of these members that has a value. The gateway spells its members in several ways, sometimes in
/// two of them at once, and an id may be a number.
fn first<const N: usize>(body: &str, spellings: [&str; N]) -> Option<String> {
    envelope::head(body, spellings, None).ok()?.into_iter().flatten().find(|text| !text.is_empty())
}

fn request_id(body: &str) -> Option<String> {
    first(body, ["requestid", "requestId", "RequestId", "request_id"])
}

/// What a refusal says, if it says something.
fn refusal(body: &str) -> Option<Failure> {
    let code = first(body, ["code", "Code", "errcode"]);
    let message = first(body, ["message", "Message", "errmsg"]);
    if code.is_none() && message.is_none() {
        return None;
    }
    let message = message.or_else(|| first(body, ["description", "Description"])).unwrap_or_default();
    let retry_after = lasts(code.as_deref());
    Some(Failure { code, message, request_id: request_id(body), retry_after, ..Failure::default() })
}

/// Answers with a verdict on themselves have little else in them; longer ones are not read twice.
const LONGEST_VERDICT: usize = 1024;

/// The failure that a success stands for; `None` if it is one.
///
/// Some successes say something about themselves: `{"code": 200, "cause": "success"}`, `{"code": "200"}`,
/// `{"success": true}`. Their pages let the same answer say that the call failed.
fn failed_success(body: &str) -> Option<Failure> {
    if body.len() > LONGEST_VERDICT {
        return None;
    }
    let [code, success] = envelope::head(body, ["code", "success"], None).ok()?;
    let code = code.filter(|code| is_failure(code));
    let failed = success.is_some_and(|text| text == "0" || text.eq_ignore_ascii_case("false"));
    if code.is_none() && !failed {
        return None;
    }
    let message = first(body, ["cause", "case", "message"]);
    let message = message.unwrap_or_else(|| "the answer says that the call failed".to_owned());
    let retry_after = lasts(code.as_deref());
    Some(Failure { code, message, request_id: request_id(body), retry_after, ..Failure::default() })
}

/// Whether a code is a number other than that of success, or stands in the error table. Any other text
/// might be some call's word for success.
fn is_failure(code: &str) -> bool {
    match code.parse::<i64>() {
        Ok(number) => number != 200 && number != 0,
        Err(_) => ErrorCode::find(operations::ERROR_CODES, code).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use huiyi_core::reqwest::StatusCode;
    use huiyi_core::reqwest::header::HeaderMap;
    use huiyi_core::vendor::{Reading, Received};

    fn read(status: u16, body: &str) -> Reading {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        super::read(&Received { operation: None, status, headers: &HeaderMap::new(), body })
    }

    #[test]
    fn a_code_in_a_success_is_data() {
        for body in [
            r#"{"code":200,"cause":"sucess"}"#,
            r#"{"code":"200"}"#,
            r#"{"code":null,"success":null}"#,
            r#"{"code":"ok"}"#,
            r#"{"success":"true"}"#,
            r#"{"requestId":"1","url":"u"}"#,
        ] {
            assert_eq!(read(200, body), Reading::Success { warning: None }, "{body}");
        }
    }

    #[test]
    fn a_success_that_says_it_failed_is_a_failure() {
        for (body, code, message) in [
            (r#"{"code":400,"cause":"not the host"}"#, Some("400"), "not the host"),
            (r#"{"code":"500","case":"busy"}"#, Some("500"), "busy"),
            (r#"{"code":"systemError","message":"SYSTEM ERROR"}"#, Some("systemError"), "SYSTEM ERROR"),
            (r#"{"success":false}"#, None, "the answer says that the call failed"),
        ] {
            let Reading::Failure(failure) = read(200, body) else { return assert_eq!(body, "a failure") };

            assert_eq!((failure.code.as_deref(), failure.message.as_str()), (code, message));
        }
    }

    #[test]
    fn a_refusal_has_code_message_and_request_id() {
        let body = r#"{"code":"InvalidAuthentication","requestid":"30EE8654","message":"bad token"}"#;

        let Reading::Failure(failure) = read(400, body) else { return assert_eq!(body, "a failure") };

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
            let Reading::Failure(failure) = read(400, body) else { return assert_eq!(body, "a failure") };

            let read = (failure.code.as_deref(), failure.message.as_str(), failure.request_id.as_deref());
            assert_eq!(read, (Some("paramError"), "bad", Some("30")), "{body}");
        }
    }

    #[test]
    fn a_success_that_failed_is_seen_whatever_its_request_id_is() {
        for id in [r#""requestid":30"#, r#""requestid":"30","requestId":"31""#, r#""request_id":30"#] {
            let body = format!(r#"{{"code":400,"cause":"not the host","case":"",{id}}}"#);

            let Reading::Failure(failure) = read(200, &body) else { return assert_eq!(body, "a failure") };

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
            assert_eq!(read(200, body), Reading::Success { warning: None }, "{body}");
        }
        let body = r#"{"code":"paramError","message":"no such title","titles":["punish","deny"]}"#;
        assert!(matches!(read(400, body), Reading::Failure(failure) if failure.message == "no such title"));
    }

    #[test]
    fn a_ban_is_told_in_clear_words_under_any_status() {
        let body = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"a"}"#;

        for status in [200, 403] {
            assert!(matches!(read(status, body), Reading::Failure(failure) if failure.message.contains("banned")));
        }
    }

    #[test]
    fn a_page_is_malformed() {
        assert!(matches!(read(502, "<html>Bad Gateway</html>"), Reading::Malformed(_)));
        assert!(matches!(read(200, "<html>login</html>"), Reading::Malformed(_)));
    }
}
