//! What an answer of DingTalk says: the status tells failure, the body says which.

use std::time::Duration;

use huiyi_core::reqwest::header::HeaderMap;
use huiyi_core::vendor::{Answer, Failure, Reading};
use serde::Deserialize;

/// Reads the head of an answer.
///
/// A success may have a member `code` of its own, so only failures are asked for one.
pub(crate) fn read(answer: &Answer<'_>) -> Reading {
    let body = answer.body.trim_ascii_start();
    if answer.status.is_success() && (body.is_empty() || (body.starts_with('{') && !is_ban(body))) {
        return Reading::Success { warning: None };
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

/// DingTalk's limits come without a hint; a window is a second.
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
        message: "the caller's IP address is banned for about five minutes: more than 10,000 requests in 20 seconds".to_owned(),
        request_id: None,
        help: None,
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
        Self { code: refusal.code, message, request_id: refusal.requestid, help: None }
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
        assert_eq!(read(200, r#"{"code":200,"cause":"sucess"}"#), Reading::Success { warning: None });
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
