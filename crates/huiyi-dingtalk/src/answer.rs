//! Reads DingTalk's responses: the status says whether the call failed, the body says why.

use std::time::Duration;

use huiyi_core::ErrorKind;
use huiyi_core::envelope;
use huiyi_core::error::ErrorCode;
use huiyi_core::reqwest::{StatusCode, header::HeaderMap};
use huiyi_core::vendor::{Failure, Received, Verdict};

use serde::Deserialize;

use crate::Client;

/// Reads the head of a response.
///
/// A success may have its own member `code`; see [`failed_success`].
pub(crate) fn read(answer: &Received<'_>) -> Verdict {
    let body = answer.body.trim_ascii_start();
    if answer.status.is_success() && (body.is_empty() || (body.starts_with('{') && !is_ban(body))) {
        return failed_success(body).map_or(Verdict::Success { warning: None }, Verdict::Failure);
    }
    if is_ban(body) {
        return Verdict::Failure(banned());
    }
    match refusal(body) {
        Some(failure) if !answer.status.is_success() => {
            Verdict::Failure(Failure { kind: failure.kind.or_else(|| busy(answer.status, &failure)), ..failure })
        }
        _ if !body.starts_with('{') && looks_like_ban_page(body) => Verdict::Failure(banned()),
        _ => Verdict::Malformed("the answer is not the JSON object that DingTalk documents".to_owned()),
    }
}

/// DingTalk's headers do not say how long to wait; [`limit`] has the times from its pages.
pub(crate) fn wait_hint(_headers: &HeaderMap) -> Option<Duration> {
    None
}

/// Returns whether the gateway's protection has banned the caller's address; its response has its own format. The
/// same words deeper in a document are data of an operation.
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

/// The duration of an address ban.
const BAN: Duration = Duration::from_secs(5 * 60);

/// A limit that was exceeded.
#[derive(Clone, Copy)]
struct Limit {
    kind: ErrorKind,
    lasts: Option<Duration>,
}

/// Returns what the code of a limit means. DingTalk sends more codes of this pattern than its table lists; the same
/// rule gives their kind and wait.
fn limit(code: &str) -> Option<Limit> {
    let limit = code.strip_prefix("Forbidden.AccessDenied.")?;
    let rate = |seconds| Some(Limit { kind: ErrorKind::RateLimited, lasts: Some(Duration::from_secs(seconds)) });
    if limit.starts_with("QpsLimit") {
        rate(1)
    } else if limit.starts_with("QpmLimit") {
        rate(60)
    } else if limit.starts_with("ApiCountLimit") {
        Some(Limit { kind: ErrorKind::QuotaExhausted, lasts: None })
    } else {
        None
    }
}

/// Returns the kind of a code that means a rate limit under status 429 alone. Under other statuses the server failed,
/// perhaps after it did what was asked; the error table says so.
fn busy(status: StatusCode, failure: &Failure) -> Option<ErrorKind> {
    let is_busy = matches!(failure.code.as_deref(), Some("system.busy" | "systemBusy"));
    (is_busy && status == StatusCode::TOO_MANY_REQUESTS).then_some(ErrorKind::RateLimited)
}

/// Returns the first of these members that has a value. The gateway spells its members in several ways, sometimes
/// in two ways at once, and an id may be a number.
fn first<const N: usize>(body: &str, spellings: [&str; N]) -> Option<String> {
    envelope::head(body, spellings, None).ok()?.into_iter().flatten().find(|text| !text.is_empty())
}

fn request_id(body: &str) -> Option<String> {
    first(body, ["requestid", "requestId", "RequestId", "request_id"])
}

/// Reads an error response; `None` if it has neither code nor message.
fn refusal(body: &str) -> Option<Failure> {
    let code = first(body, ["code", "Code", "errcode", "errorCode"]);
    let message = first(body, ["message", "Message", "errmsg", "errorMsg"]);
    if code.is_none() && message.is_none() {
        return None;
    }
    let message = message.or_else(|| first(body, ["description", "Description"])).unwrap_or_default();
    Some(failure(body, code, message))
}

fn failure(body: &str, code: Option<String>, message: String) -> Failure {
    let limit = code.as_deref().and_then(limit);
    Failure {
        message,
        details: missing_scopes(body),
        request_id: request_id(body),
        kind: limit.map(|limit| limit.kind),
        retry_after: limit.and_then(|limit| limit.lasts),
        code,
        ..Failure::default()
    }
}

/// Returns the permission points that an error response names, as a phrase.
fn missing_scopes(body: &str) -> Vec<String> {
    #[derive(Default, Deserialize)]
    struct Refusal {
        #[serde(default, alias = "accessDeniedDetail")]
        accessdenieddetail: Detail,
    }

    #[derive(Default, Deserialize)]
    struct Detail {
        #[serde(default, rename = "requiredScopes")]
        required_scopes: Vec<String>,
    }

    if !envelope::mentions(body, "requiredScopes") {
        return Vec::new();
    }
    let refusal: Refusal = serde_json::from_str(body).unwrap_or_default();
    let scopes = refusal.accessdenieddetail.required_scopes;
    if scopes.is_empty() { Vec::new() } else { vec![format!("missing scope: {}", scopes.join(", "))] }
}

/// Returns the failure that a response with a success status reports; `None` if the call succeeded.
///
/// Some successes have result members: `{"code": 200, "cause": "success"}`, `{"code": "200"}`, `{"success": true}`,
/// `{"errcode": 0}`. The same members can report a failure.
fn failed_success(body: &str) -> Option<Failure> {
    // Most responses have none of these members; skip the second parse.
    if !["\"code\"", "\"errcode\"", "\"errorCode\"", "\"success\""].iter().any(|name| envelope::mentions(body, name)) {
        return None;
    }
    let [code, old_code, other_code, success] =
        envelope::head(body, ["code", "errcode", "errorCode", "success"], None).ok()?;
    let failed = success.is_some_and(|text| text == "0" || text.eq_ignore_ascii_case("false"));
    let old_code = old_code.filter(|code| !matches!(code.as_str(), "0" | "200" | ""));
    // The gateway's errors have a message; no response of an operation has a message beside a code.
    let refuses = failed || code.is_some() && first(body, ["message", "Message"]).is_some();
    let code = match code.filter(|code| refuses && !is_success_code(code) || is_failure(code)) {
        None if failed => old_code.or(other_code),
        None => old_code,
        code => code,
    };
    if code.is_none() && !failed {
        return None;
    }
    let message = first(body, ["cause", "case", "message", "errmsg", "errorMsg", "errorMessage"]);
    let message = message.unwrap_or_else(|| "the answer says that the call failed".to_owned());
    Some(failure(body, code, message))
}

fn is_success_code(code: &str) -> bool {
    matches!(code, "0" | "200" | "") || code.eq_ignore_ascii_case("ok") || code.eq_ignore_ascii_case("success")
}

/// Returns whether a code is a number other than those of success, or a code of the error table. Any other text
/// without a message may mean success in some call.
fn is_failure(code: &str) -> bool {
    match code.parse::<i64>() {
        Ok(number) => number != 200 && number != 0,
        Err(_) => ErrorCode::find(Client::error_codes(), code).is_some(),
    }
}
