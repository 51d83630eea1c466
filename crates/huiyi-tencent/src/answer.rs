//! Reads Tencent Meeting's responses: failures have an `error_info`, or a plain `code`.

use std::time::Duration;

use huiyi_core::envelope::{self, text};
use huiyi_core::reqwest::header::HeaderMap;
use huiyi_core::vendor::{Failure, Received, Verdict};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads the head of a response.
///
/// The OAuth calls and a few others fail with a plain `code` and a `message`, also with HTTP status 200. A large
/// success is not parsed here: it is only searched for the names of the error members.
pub(crate) fn read(answer: &Received<'_>) -> Verdict {
    let body = answer.body.trim_ascii_start();
    let is_success = answer.status.is_success();
    let mentions = |name| envelope::mentions(body, name);
    let succeeded = || {
        if body.is_empty() || body.starts_with(['{', '[']) { Verdict::Success { warning: None } } else { malformed() }
    };
    let names = ["\"error_info\"", "\"code\"", "\"error_code\""];
    if is_success && !names.into_iter().any(mentions) {
        return succeeded();
    }
    match serde_json::from_str::<Refusal>(body) {
        Ok(Refusal { error_info: Some(info), .. }) if is_success && info.error_code.as_deref() == Some("0") => {
            succeeded()
        }
        Ok(Refusal { error_info: Some(info), .. }) => Verdict::Failure(info.into()),
        Ok(Refusal { code: Some(code), message: Some(message), .. }) if code != "0" => {
            Verdict::Failure(Failure { code: Some(code), message, ..Failure::default() })
        }
        Ok(Refusal { error_code: Some(code), message, error_msg, .. }) if code != "0" => {
            let message = message.or(error_msg).unwrap_or_default();
            Verdict::Failure(Failure { code: Some(code), message, ..Failure::default() })
        }
        _ if is_success => succeeded(),
        Ok(Refusal { code, message, .. }) if code.is_some() || message.is_some() => {
            Verdict::Failure(Failure { code, message: message.unwrap_or_default(), ..Failure::default() })
        }
        _ => malformed(),
    }
}

fn malformed() -> Verdict {
    Verdict::Malformed("the answer is not the JSON that Tencent Meeting documents".to_owned())
}

/// Rate limits come without a hint; their window is one minute.
pub(crate) fn wait_hint(_headers: &HeaderMap) -> Option<Duration> {
    None
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default, deserialize_with = "error_info")]
    error_info: Option<ErrorInfo>,
    #[serde(default, deserialize_with = "envelope::scalar")]
    code: Option<String>,
    #[serde(default, deserialize_with = "envelope::scalar")]
    message: Option<String>,
    /// The members of `error_info`, if they come without that object.
    #[serde(default, deserialize_with = "huiyi_core::wire::lenient::opt_string")]
    error_code: Option<String>,
    #[serde(default, deserialize_with = "huiyi_core::wire::lenient::opt_string")]
    error_msg: Option<String>,
}

/// The documented code decides: `new_error_code` is on no page and often absent.
struct ErrorInfo {
    error_code: Option<String>,
    new_error_code: Option<String>,
    message: Option<String>,
}

/// Reads the known members, whatever type the others have. If it is a string instead of an object, it is the
/// message.
fn error_info<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ErrorInfo>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let member = |name: &str| value.get(name).and_then(text);
    let info = ErrorInfo {
        error_code: member("error_code"),
        new_error_code: member("new_error_code"),
        message: member("message").or_else(|| text(&value)),
    };
    Ok((value.is_object() || info.message.is_some()).then_some(info))
}

impl From<ErrorInfo> for Failure {
    fn from(info: ErrorInfo) -> Self {
        Self {
            code: info.error_code.or(info.new_error_code),
            message: info.message.unwrap_or_default(),
            ..Self::default()
        }
    }
}
