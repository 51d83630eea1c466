//! Reads WeCom's responses: failures have HTTP status 200 and an `errcode`.

use std::time::Duration;

use huiyi_core::envelope;
use huiyi_core::reqwest::header::HeaderMap;
use huiyi_core::vendor::{Failure, Received, Verdict};
use huiyi_core::wire::lenient;
use serde::Deserialize;

/// Reads the head of a response.
///
/// Some calls omit `errcode`. Such a response is a success only if it has a member that the operation documents:
/// WeCom's gateways also send errors in other formats.
pub(crate) fn read(answer: &Received<'_>) -> Verdict {
    let Ok([code, message]) = envelope::head(answer.body, ["errcode", "errmsg"], None) else {
        return Verdict::Malformed("the answer is not the JSON object that WeCom documents".to_owned());
    };
    match code.as_deref() {
        Some("0") if answer.status.is_success() => {
            Verdict::Success { warning: message.filter(|text| is_warning(text)) }
        }
        Some(_) => Verdict::Failure(failure(code, message.unwrap_or_default())),
        None => without_code(answer, message),
    }
}

/// Reads a response without `errcode`.
fn without_code(answer: &Received<'_>, message: Option<String>) -> Verdict {
    let other: Other = serde_json::from_str(answer.body).unwrap_or_default();
    let names = envelope::names(answer.body).unwrap_or_default();
    let documented = answer.operation.map(|operation| operation.members).unwrap_or_default();
    let has = |known: &[&str]| names.iter().any(|name| known.contains(&name.as_str()));
    if answer.status.is_success() && !has(&["error", "errmsg"]) {
        let is_known = match documented {
            // A token request, or an operation outside the specs: its members are not known.
            [] => answer.operation.is_none_or(|operation| operation.path.is_empty()) && !has(&["code", "message"]),
            documented => has(documented),
        };
        if is_known && !names.is_empty() {
            return Verdict::Success { warning: None };
        }
    }
    let code = other.error.as_ref().and_then(|error| error.code.clone()).or(other.code);
    let words = message.or_else(|| other.error.and_then(|error| error.message)).or(other.message);
    if code.is_none() && words.is_none() {
        return Verdict::Malformed("the answer has neither `errcode` nor a member that its page documents".to_owned());
    }
    Verdict::Failure(failure(code, words.unwrap_or_default()))
}

/// An error in another format than the pages describe.
#[derive(Default, Deserialize)]
struct Other {
    #[serde(default, deserialize_with = "detail")]
    error: Option<Detail>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    code: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    message: Option<String>,
}

#[derive(Default, Deserialize)]
struct Detail {
    #[serde(default, deserialize_with = "lenient::opt_string")]
    code: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_string")]
    message: Option<String>,
}

/// Reads the member `error`, which is an object or a string.
fn detail<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Detail>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(message) => Some(Detail { code: None, message: Some(message) }),
        value => serde_json::from_value(value).ok(),
    })
}

/// WeCom may carry out only part of a malformed request, and reports that only in the message.
fn is_warning(message: &str) -> bool {
    message.to_ascii_lowercase().contains("warning")
}

/// Builds a failure. The message contains a `hint: [..]`, which the vendor's support asks for.
fn failure(code: Option<String>, message: String) -> Failure {
    let request_id = message.split("hint: [").nth(1).and_then(|rest| rest.split(']').next()).map(str::to_owned);
    let help = code
        .as_deref()
        .filter(|code| *code != "0")
        .map(|code| format!("https://open.work.weixin.qq.com/devtool/query?e={code}"));
    let message = message.split(", more info at ").next().unwrap_or_default().to_owned();
    let retry_after = (code.as_deref() == Some("45009")).then_some(BLOCK);
    Failure { code, message, request_id, help, retry_after, ..Failure::default() }
}

/// How long WeCom blocks an API after its limit per minute is exceeded. After the limit per hour it is an hour, but
/// the response does not say which limit it was.
const BLOCK: Duration = Duration::from_secs(60);

/// WeCom's headers do not say how long to wait; [`BLOCK`] is from its pages.
pub(crate) fn wait_hint(_headers: &HeaderMap) -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests {
    use huiyi_core::reqwest::StatusCode;
    use huiyi_core::reqwest::header::HeaderMap;
    use huiyi_core::vendor::{Received, Verdict};

    fn read(body: &str) -> Verdict {
        super::read(&Received { operation: None, status: StatusCode::OK, headers: &HeaderMap::new(), body })
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
        let operation = crate::Client::operations().iter().find(|known| known.id == operation).copied();
        super::read(&Received { operation, status: StatusCode::OK, headers: &HeaderMap::new(), body })
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
}
