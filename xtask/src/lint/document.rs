//! Checks of the document's own keys: info, servers, tags, security schemes, envelope, quota, error table.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Lint;
use crate::bundle::enveloped;
use crate::document::{Trail, array, below, components, operations, trail, webhooks};
use crate::names::is_error_kind;

/// Members of an entry of the error table.
const ERROR_KEYS: [&str; 5] = ["code", "status", "kind", "meaning", "action"];
/// How a quota may be counted.
const COUNTED: [&str; 3] = ["operation", "together", "no"];
/// Members of `x-envelope`.
const ENVELOPE_KEYS: [&str; 2] = ["wraps", "request_id_headers"];
/// Members of a tag.
const TAG_KEYS: [&str; 3] = ["name", "x-title-zh", "description"];
/// Members of a quota.
const QUOTA_KEYS: [&str; 6] = ["per_second", "per_minute", "per_hour", "per_day", "scope", "counted"];

/// Checks everything outside `paths` and `components/schemas`.
pub fn check(lint: &mut Lint<'_>) {
    check_info(lint);
    check_servers(lint, &[], lint.root(), true);
    check_tags(lint);
    check_security(lint, &trail(&["security"]), lint.root().get("security"));
    check_error_table(lint);
    check_envelope(lint);
    if let Some(quota) = lint.root().get("x-rate-limit") {
        check_quota(lint, &trail(&["x-rate-limit"]), quota);
    }
}

fn check_envelope(lint: &mut Lint<'_>) {
    let Some(envelope) = lint.root().get("x-envelope").and_then(Value::as_object) else {
        return lint.complain(&[], "no x-envelope", "say what it wraps, and which headers have the request id");
    };
    let place = trail(&["x-envelope"]);
    for key in envelope.keys().filter(|key| !ENVELOPE_KEYS.contains(&key.as_str())) {
        lint.complain(&place, format!("unknown key `{key}`"), "see specs/README.md");
    }
    if !envelope.get("wraps").and_then(Value::as_str).is_some_and(|kind| enveloped::KINDS.contains(&kind)) {
        lint.complain(&place, "what it wraps is not known", "write wraps: data, beside or nothing");
    }
    if !envelope.get("request_id_headers").is_some_and(Value::is_array) {
        lint.complain(&place, "no request_id_headers", "list the headers, or none: []");
    }
}

fn check_info(lint: &mut Lint<'_>) {
    let version = lint.root().get("openapi").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("3.0.") {
        lint.complain(&trail(&["openapi"]), format!("the version is {version:?}"), "write 3.0.3");
    }
    let info = lint.root().get("info").cloned().unwrap_or_default();
    let place = trail(&["info"]);
    for key in ["title", "version", "description"] {
        match info.get(key).and_then(Value::as_str) {
            Some(text) if !text.trim().is_empty() => {}
            _ => lint.complain(&place, format!("no {key}"), "write it as text"),
        }
    }
    let version = info.get("version").and_then(Value::as_str).unwrap_or_default();
    if !version.chars().all(|c| c.is_ascii_graphic()) {
        lint.complain(&place, "the version is not plain ASCII", "every call would panic");
    }
}

/// Checks the servers of the document, or of a path that is on another host.
pub fn check_servers(lint: &mut Lint<'_>, place: &[String], holder: &Value, needed: bool) {
    let urls: Vec<&str> =
        array(holder, "servers").filter_map(|server| server.get("url").and_then(Value::as_str)).collect();
    let place = below(place, &["servers"]);
    if urls.is_empty() && needed {
        lint.complain(&place, "no server", "write the bare host as the url");
    }
    for url in urls {
        let host = url.strip_prefix("https://").unwrap_or_default();
        if host.is_empty() || host.contains('/') {
            lint.complain(&place, format!("the url {url:?} is not a bare https host"), "paths are complete in `paths`");
        }
    }
}

fn check_tags(lint: &mut Lint<'_>) {
    let place = trail(&["tags"]);
    let mut seen = BTreeSet::new();
    let operations = operations(lint.root()).into_iter().map(|operation| operation.value);
    let events = webhooks(lint.root()).into_iter().map(|webhook| webhook.value);
    let used: BTreeSet<&str> = operations
        .chain(events)
        .flat_map(|value| value.get("tags").and_then(Value::as_array).into_iter().flatten())
        .filter_map(Value::as_str)
        .collect();
    for tag in array(lint.root(), "tags") {
        lint.known_keys(&place, tag, &TAG_KEYS);
        let name = tag.get("name").and_then(Value::as_str).unwrap_or_default();
        if !seen.insert(name.to_owned()) {
            lint.complain(&place, format!("the tag {name} is declared twice"), "keep one");
        }
        if tag.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
            lint.complain(&place, format!("the tag {name} has no description"), "write one line");
        }
        if tag.get("x-title-zh").and_then(Value::as_str).is_none_or(str::is_empty) {
            lint.complain(
                &place,
                format!("the tag {name} has no x-title-zh"),
                "write the Chinese name of the resource",
            );
        }
        if !used.contains(name) {
            lint.warn(&place, format!("no operation has the tag {name}"), "drop it if that stays so");
        }
    }
}

/// Checks a `security` list: known schemes, without scopes.
pub fn check_security(lint: &mut Lint<'_>, place: &Trail, security: Option<&Value>) {
    let known: Vec<&String> = components(lint.root(), "securitySchemes").map(|(name, _)| name).collect();
    for alternative in security.and_then(Value::as_array).into_iter().flatten() {
        let Some(schemes) = alternative.as_object() else {
            lint.complain(place, "a security alternative is not a mapping", "write `{tenant: []}`");
            continue;
        };
        for name in schemes.keys().filter(|name| !known.contains(name)) {
            lint.complain(place, format!("the security scheme {name} is not declared"), "see securitySchemes");
        }
    }
    if security.is_some_and(|security| !security.is_array()) {
        lint.complain(place, "`security` is not a list", "write `[{tenant: []}]`");
    }
}

/// Checks a quota of the document or of an operation.
pub fn check_quota(lint: &mut Lint<'_>, place: &Trail, quota: &Value) {
    if quota.as_str() == Some("none") {
        return;
    }
    let Some(map) = quota.as_object() else {
        lint.complain(place, "the quota is neither a mapping nor `none`", "write {per_second: .., scope: ..}");
        return;
    };
    lint.known_keys(place, quota, &QUOTA_KEYS);
    let limits: Vec<&Value> = map.iter().filter(|(key, _)| key.starts_with("per_")).map(|(_, value)| value).collect();
    if limits.is_empty() || limits.iter().any(|limit| limit.as_u64().is_none_or(|n| n == 0 || n > u32::MAX.into())) {
        lint.complain(place, "the quota has no positive number", "write per_second, per_minute, per_hour or per_day");
    }
    let counted = map.get("counted").map(|counted| counted.as_str().unwrap_or_default());
    if counted.is_some_and(|counted| !COUNTED.contains(&counted)) {
        lint.complain(place, "how the quota is counted is not known", "write operation, together or no");
    }
    if counted == Some("together") && place.len() > 1 {
        lint.complain(place, "one operation's quota is counted together", "say it of the document");
    }
    if map.get("scope").is_some_and(|scope| !scope.is_string()) {
        lint.complain(place, "the scope of the quota is not text", "say whose calls are counted");
    }
}

fn check_error_table(lint: &mut Lint<'_>) {
    let Some(table) = lint.root().get("x-error-codes").and_then(Value::as_array) else {
        lint.complain(&[], "no x-error-codes", "write the vendor's table of error codes");
        return;
    };
    let mut seen = BTreeMap::new();
    for (index, entry) in table.iter().enumerate() {
        let place = below(&trail(&["x-error-codes"]), &[&index.to_string()]);
        let Some(code) = entry.get("code").and_then(code_text) else {
            lint.complain(&place, "an entry without a code", "write the number or text that is on the wire");
            continue;
        };
        if seen.insert(code.clone(), ()).is_some() {
            lint.complain(&place, format!("the code {code} is in the table twice"), "keep one");
        }
        if entry.get("kind").is_none() || entry.get("meaning").is_none() {
            lint.complain(&place, format!("the code {code} has no kind or no meaning"), "write both");
        }
        check_error_entry(lint, &place, &code, entry);
    }
}

/// Checks the members of an error entry of the document or of an operation.
pub fn check_error_entry(lint: &mut Lint<'_>, place: &Trail, code: &str, entry: &Value) {
    lint.known_keys(place, entry, &ERROR_KEYS);
    if let Some(kind) = entry.get("kind")
        && !kind.as_str().is_some_and(is_error_kind)
    {
        lint.complain(place, format!("the code {code} has the unknown kind {kind}"), "see the table of kinds");
    }
    if let Some(action) = entry.get("action")
        && !action.as_str().is_some_and(|action| ["refresh", "backoff", "none"].contains(&action))
    {
        lint.complain(place, format!("the code {code} has the unknown action {action}"), "refresh, backoff or none");
    }
    if let Some(status) = entry.get("status")
        && !status.as_u64().is_some_and(|status| (100..600).contains(&status))
    {
        lint.complain(place, format!("the code {code} has the status {status}"), "an HTTP status is a number");
    }
    if let Some(meaning) = entry.get("meaning") {
        let text = meaning.as_str().unwrap_or_default();
        if let Some((what, help)) = super::texts::fault(text, super::texts::Extent::Line) {
            lint.complain(place, format!("meaning of {code}: {what}"), help);
        }
    }
}

/// Returns a code as text: numbers in decimal.
pub fn code_text(code: &Value) -> Option<String> {
    match code {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}
