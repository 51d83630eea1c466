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
            // An operation outside the specs: its members are not known.
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
