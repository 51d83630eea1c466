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

#[cfg(test)]
mod tests {
    use huiyi_core::reqwest::StatusCode;
    use huiyi_core::reqwest::header::HeaderMap;
    use huiyi_core::vendor::{Received, Verdict};

    fn read(status: u16, body: &str) -> Verdict {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        super::read(&Received { operation: None, status, headers: &HeaderMap::new(), body })
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
            (
                r#"{"error_info":{"error_code":[1],"new_error_code":"200009003","message":"no"}}"#,
                Some("200009003"),
                "no",
            ),
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
}
