//! What an answer of WeCom says: failures arrive under HTTP 200 with an `errcode`.

use std::time::Duration;

use huiyi_core::envelope;
use huiyi_core::reqwest::header::HeaderMap;
use huiyi_core::vendor::{Failure, Reading, Received};

/// Reads the head of an answer. A missing `errcode` is a success: some calls leave it out.
pub(crate) fn read(answer: &Received<'_>) -> Reading {
    let Ok([code, message]) = envelope::head(answer.body, ["errcode", "errmsg"], None) else {
        return Reading::Malformed("the answer is not the JSON object that WeCom documents".to_owned());
    };
    match code.as_deref() {
        None | Some("0") if answer.status.is_success() => {
            Reading::Success { warning: message.filter(|text| is_warning(text)) }
        }
        _ => Reading::Failure(failure(code, message.unwrap_or_default())),
    }
}

/// WeCom may do part of an ill-typed request and say so only here.
fn is_warning(message: &str) -> bool {
    message.to_ascii_lowercase().contains("warning")
}

/// The message carries a `hint: [..]`, which is what the vendor's support asks for.
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

/// How long WeCom blocks an API after the limit of a minute. After that of an hour it is an hour, but the
/// answer does not say which of them it was.
const BLOCK: Duration = Duration::from_secs(60);

/// WeCom's headers give no hint; [`BLOCK`] is what its pages say.
pub(crate) fn wait_hint(_headers: &HeaderMap) -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests {
    use huiyi_core::reqwest::StatusCode;
    use huiyi_core::reqwest::header::HeaderMap;
    use huiyi_core::vendor::{Reading, Received};

    fn read(body: &str) -> Reading {
        super::read(&Received { operation: None, status: StatusCode::OK, headers: &HeaderMap::new(), body })
    }

    #[test]
    fn a_warning_in_a_success_is_kept() {
        let reading = read(r#"{"errcode":0,"errmsg":"ok, Warning: wrong json format. "}"#);

        assert!(matches!(reading, Reading::Success { warning: Some(text) } if text.contains("wrong json format")));
    }

    #[test]
    fn a_limit_says_how_long_the_api_is_blocked() {
        for (code, seconds) in [("45009", Some(60)), ("\"45009\"", Some(60)), ("45033", None), ("40014", None)] {
            let body = format!(r#"{{"errcode":{code},"errmsg":"no"}}"#);

            let Reading::Failure(failure) = read(&body) else { return assert_eq!(body, "a failure") };

            assert_eq!(failure.retry_after.map(|wait| wait.as_secs()), seconds, "{code}");
        }
    }

    #[test]
    fn a_missing_code_is_a_success() {
        assert_eq!(read(r#"{"title":"weekly"}"#), Reading::Success { warning: None });
    }

    #[test]
    fn the_hint_becomes_the_request_id() {
        let body = r#"{"errcode":40014,"errmsg":"invalid access_token, hint: [1600000007_5_abc], from ip: 1.2.3.4, more info at https://open.work.weixin.qq.com/devtool/query?e=40014"}"#;

        let Reading::Failure(failure) = read(body) else { return assert_eq!(body, "a failure") };

        assert_eq!(failure.request_id.as_deref(), Some("1600000007_5_abc"));
        assert_eq!(failure.help.as_deref(), Some("https://open.work.weixin.qq.com/devtool/query?e=40014"));
    }
}
