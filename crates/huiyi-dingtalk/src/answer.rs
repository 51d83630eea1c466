//! What an answer of DingTalk says: the status tells failure, the body says which.

use std::time::Duration;

use huiyi_core::error::ErrorCode;
use huiyi_core::reqwest::header::HeaderMap;
use huiyi_core::vendor::{Answer, Failure, Reading};
use serde::Deserialize;

use crate::generated::operations;

/// Reads the head of an answer.
///
/// A success may have a member `code` of its own; see [`Verdict`].
pub(crate) fn read(answer: &Answer<'_>) -> Reading {
    let body = answer.body.trim_ascii_start();
    if answer.status.is_success() && (body.is_empty() || (body.starts_with('{') && !is_ban(body))) {
        return Verdict::of(body).map_or(Reading::Success { warning: None }, Reading::Failure);
    }
    if is_ban(body) {
        return Reading::Failure(banned());
    }
    match serde_json::from_str::<Refusal>(body) {
        Ok(refusal) if !answer.status.is_success() && refusal.says_something() => Reading::Failure(refusal.into()),
        _ if !body.starts_with('{') && looks_like_ban_page(body) => Reading::Failure(banned()),
        _ => Reading::Malformed("the answer is not the JSON object that DingTalk documents".to_owned()),
    }
}

/// DingTalk's headers give no hint; [`lasts`] has what its pages say.
pub(crate) fn wait_hint(_headers: &HeaderMap) -> Option<Duration> {
    None
}

/// The protection in front of the API answers in its own shape when it bans an address.
fn is_ban(body: &str) -> bool {
    body.len() < 4096 && body.contains("\"punish\"") && body.contains("\"deny\"")
}

fn looks_like_ban_page(body: &str) -> bool {
    body.contains("punish") && body.contains("x5sec")
}

fn banned() -> Failure {
    Failure {
        code: Some("punish".to_owned()),
        message: "the caller's IP address is banned for about five minutes: more than 10,000 requests in 20 seconds"
            .to_owned(),
        request_id: None,
        help: None,
        retry_after: Some(BAN),
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

/// The gateway spells its members in several ways.
#[derive(Deserialize)]
struct Refusal {
    #[serde(default, alias = "Code", alias = "errcode", deserialize_with = "huiyi_core::wire::lenient::opt_string")]
    code: Option<String>,
    #[serde(default, alias = "Message", alias = "errmsg", deserialize_with = "huiyi_core::wire::lenient::opt_string")]
    message: Option<String>,
    #[serde(default, alias = "requestId", alias = "RequestId", alias = "request_id")]
    requestid: Option<String>,
    #[serde(default, alias = "Description")]
    description: Option<String>,
}

impl Refusal {
    fn says_something(&self) -> bool {
        self.code.is_some() || self.message.is_some()
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.message.or(refusal.description).unwrap_or_default();
        let retry_after = lasts(refusal.code.as_deref());
        Self { code: refusal.code, message, request_id: refusal.requestid, help: None, retry_after }
    }
}

/// What some successes say about themselves: `{"code": 200, "cause": "success"}`, `{"code": "200"}`,
/// `{"success": true}`. Their pages let the same answer say that the call failed.
#[derive(Deserialize)]
struct Verdict {
    #[serde(default, deserialize_with = "huiyi_core::wire::lenient::opt_string")]
    code: Option<String>,
    #[serde(default, alias = "case", deserialize_with = "huiyi_core::wire::lenient::opt_string")]
    cause: Option<String>,
    #[serde(default, deserialize_with = "huiyi_core::wire::lenient::opt_string")]
    message: Option<String>,
    #[serde(default, alias = "requestId")]
    requestid: Option<String>,
    #[serde(default, deserialize_with = "huiyi_core::wire::lenient::opt_bool")]
    success: Option<bool>,
}

impl Verdict {
    /// Answers with a verdict have little else in them; longer ones are not read twice.
    const LONGEST: usize = 1024;

    /// The failure that a success stands for; `None` if it is one.
    fn of(body: &str) -> Option<Failure> {
        let verdict: Self = (body.len() <= Self::LONGEST).then(|| serde_json::from_str(body).ok())??;
        let code = verdict.code.filter(|code| is_failure(code));
        if code.is_none() && verdict.success != Some(false) {
            return None;
        }
        let message =
            verdict.cause.or(verdict.message).unwrap_or_else(|| "the answer says that the call failed".to_owned());
        let retry_after = lasts(code.as_deref());
        Some(Failure { code, message, request_id: verdict.requestid, help: None, retry_after })
    }
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
    use huiyi_core::vendor::{Answer, Reading};

    fn read(status: u16, body: &str) -> Reading {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        super::read(&Answer { status, headers: &HeaderMap::new(), body })
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
