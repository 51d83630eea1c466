//! What an answer of Feishu says: `code` decides, never the message and not the status alone.

use std::time::Duration;

use huiyi_core::envelope;
use huiyi_core::reqwest::header::HeaderMap;
use huiyi_core::vendor::{Failure, Reading, Received};
use serde::Deserialize;

/// Reads the head of an answer.
pub(crate) fn read(answer: &Received<'_>) -> Reading {
    let code = match envelope::head(answer.body, ["code"], Some("data")) {
        Ok([code]) => code,
        Err(_) => return Reading::Malformed("the answer is not the JSON object that Feishu documents".to_owned()),
    };
    match code.as_deref() {
        Some("0") if answer.status.is_success() => Reading::Success { warning: None },
        None if answer.status.is_success() => {
            let failure = failure(answer.body, None);
            if failure.message.is_empty() {
                Reading::Malformed("the answer has no `code`".to_owned())
            } else {
                Reading::Failure(failure)
            }
        }
        _ => Reading::Failure(failure(answer.body, code)),
    }
}

/// The wait that a rate limit asks for, in seconds.
pub(crate) fn wait_hint(headers: &HeaderMap) -> Option<Duration> {
    huiyi_core::header_seconds(headers, "x-ogw-ratelimit-reset")
}

/// The refusal's details. All members are optional, and the OAuth calls spell them differently.
#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    msg: Option<String>,
    #[serde(default)]
    error_description: Option<String>,
    #[serde(default)]
    error: Option<Detail>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Detail {
    Object(Box<DetailObject>),
    Other(serde_json::Value),
}

#[derive(Deserialize)]
struct DetailObject {
    #[serde(default)]
    logid: Option<String>,
    /// Feishu writes `log_id` on some pages.
    #[serde(default)]
    log_id: Option<String>,
    #[serde(default)]
    troubleshooter: Option<String>,
    #[serde(default)]
    helps: Option<Vec<Help>>,
    #[serde(default)]
    field_violations: Option<Vec<FieldViolation>>,
    #[serde(default)]
    permission_violations: Option<Vec<PermissionViolation>>,
}

#[derive(Deserialize)]
struct Help {
    #[serde(default)]
    url: Option<String>,
}

#[derive(Deserialize)]
struct FieldViolation {
    #[serde(default)]
    field: Option<String>,
    #[serde(default)]
    description: Option<String>,
}

#[derive(Deserialize)]
struct PermissionViolation {
    #[serde(default, alias = "subject")]
    scope: Option<String>,
}

fn failure(body: &str, code: Option<String>) -> Failure {
    let refusal: Refusal = serde_json::from_str(body).unwrap_or_default();
    let mut failure = Failure {
        code: code.filter(|code| code != "0"),
        message: refusal.msg.or(refusal.error_description).unwrap_or_default(),
        ..Failure::default()
    };
    match refusal.error {
        Some(Detail::Object(detail)) => add_detail(&mut failure, *detail),
        Some(Detail::Other(serde_json::Value::String(name))) if failure.message.is_empty() => failure.message = name,
        _ => {}
    }
    failure
}

fn add_detail(failure: &mut Failure, detail: DetailObject) {
    for violation in detail.field_violations.unwrap_or_default() {
        if let Some(field) = violation.field {
            let description = violation.description.unwrap_or_else(|| "invalid".to_owned());
            failure.details.push(format!("field `{field}`: {description}"));
        }
    }
    let scopes: Vec<String> =
        detail.permission_violations.unwrap_or_default().into_iter().filter_map(|violation| violation.scope).collect();
    if !scopes.is_empty() {
        failure.details.push(format!("missing scope: {}", scopes.join(" or ")));
    }
    failure.request_id = detail.logid.or(detail.log_id);
    let help = detail.helps.unwrap_or_default().into_iter().find_map(|help| help.url);
    failure.help = help.or(detail.troubleshooter);
}
