//! Reads Feishu's responses: `code` decides, never the message, and not the status alone.

use std::time::Duration;

use huiyi_core::envelope::{self, text};
use huiyi_core::reqwest::header::HeaderMap;
use huiyi_core::vendor::{Failure, Received, Verdict};
use serde_json::Value;

/// Reads the head of a response.
pub(crate) fn read(answer: &Received<'_>) -> Verdict {
    let code = match envelope::head(answer.body, ["code"], Some("data")) {
        Ok([code]) => code,
        Err(_) => return Verdict::Malformed("the answer is not the JSON object that Feishu documents".to_owned()),
    };
    match code.as_deref() {
        Some("0") if answer.status.is_success() => Verdict::Success { warning: None },
        None if answer.status.is_success() => {
            let failure = failure(answer.body, None);
            if failure.message.is_empty() {
                Verdict::Malformed("the answer has no `code`".to_owned())
            } else {
                Verdict::Failure(failure)
            }
        }
        _ => Verdict::Failure(failure(answer.body, code)),
    }
}

/// Reads the wait that a rate limit asks for, in seconds.
pub(crate) fn wait_hint(headers: &HeaderMap) -> Option<Duration> {
    huiyi_core::header_seconds(headers, "x-ogw-ratelimit-reset")
}

/// Reads the details of an error response. All members are optional, the OAuth calls use other names, and a member
/// of an undocumented type does not make the others unreadable.
fn failure(body: &str, code: Option<String>) -> Failure {
    let refusal: Value = serde_json::from_str(body).unwrap_or_default();
    let detail = &refusal["error"];
    let words = [&refusal["msg"], &refusal["error_description"], detail].into_iter().find_map(text);
    let mut failure =
        Failure { code: code.filter(|code| code != "0"), message: words.unwrap_or_default(), ..Failure::default() };
    let list = |name: &str| detail[name].as_array().into_iter().flatten();
    for violation in list("field_violations") {
        if let Some(field) = text(&violation["field"]) {
            let description = text(&violation["description"]).unwrap_or_else(|| "invalid".to_owned());
            failure.details.push(format!("field `{field}`: {description}"));
        }
    }
    let scope = |violation: &Value| text(&violation["scope"]).or_else(|| text(&violation["subject"]));
    let scopes: Vec<String> = list("permission_violations").filter_map(scope).collect();
    if !scopes.is_empty() {
        failure.details.push(format!("missing scope: {}", scopes.join(" or ")));
    }
    // Some pages call it `log_id`.
    failure.request_id = text(&detail["logid"]).or_else(|| text(&detail["log_id"]));
    failure.help = list("helps").find_map(|help| text(&help["url"])).or_else(|| text(&detail["troubleshooter"]));
    if failure.message.is_empty() {
        // A truncated document may still contain the message.
        failure.message = envelope::head(body, ["msg"], None).ok().and_then(|[words]| words).unwrap_or_default();
    }
    failure
}
