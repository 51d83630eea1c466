//! What a request must look like: method, path, query, headers and body, each in full.

use huiyi_tests::examples::{self, Example, text};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::mock::Received;
use super::side::{Side, equal};

/// Compares a request with the example that it was made from.
pub(crate) fn check(
    side: &dyn Side,
    credential: Option<&str>,
    example: &Example,
    request: &Received,
) -> Result<(), String> {
    equal("the method", request.method.as_str(), &example.method)?;
    check_path(example, request.path())?;
    check_query(side, credential, example, request)?;
    check_headers(side, credential, example, request)?;
    check_body(example, request)?;
    credential.map_or(Ok(()), |credential| side.check_credential(credential, request))
}

/// Compares the path segment by segment, so an argument can neither end a segment nor start one.
fn check_path(example: &Example, path: &str) -> Result<(), String> {
    let decoded: Vec<String> =
        path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect();
    let mut expected = Vec::new();
    for segment in example.path.split('/') {
        let argument = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        expected.push(match argument {
            Some(name) => text(example.arguments.path.get(name).unwrap_or(&Value::Null)),
            None => segment.to_owned(),
        });
    }
    equal("the path", decoded, expected)
}

fn check_query(side: &dyn Side, credential: Option<&str>, example: &Example, request: &Received) -> Result<(), String> {
    let mut expected = example.query();
    if credential.is_some() {
        expected.extend(side.credential_query());
    }
    expected.sort();
    let mut sent = request.query.clone();
    sent.sort();
    equal("the query", sent, expected)
}

fn check_headers(
    side: &dyn Side,
    credential: Option<&str>,
    example: &Example,
    request: &Received,
) -> Result<(), String> {
    let accepted = if example.raw { "*/*" } else { "application/json" };
    equal("Accept", request.header("accept"), Some(accepted))?;
    let agent = format!("huiyi-{}/{}", side.family().name, env!("CARGO_PKG_VERSION"));
    equal("User-Agent", request.header("user-agent"), Some(agent.as_str()))?;
    let with_body = example.arguments.body.is_some();
    equal("Content-Type", request.header("content-type"), with_body.then_some("application/json"))?;
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
    equal("Content-Length", length, request.body.len())?;
    for (name, value) in &example.arguments.header {
        equal(name, request.header(&name.to_lowercase()), Some(text(value).as_str()))?;
    }
    // `accept-encoding` is sent with the feature `gzip`.
    let general = ["host", "accept", "user-agent", "content-type", "content-length", "accept-encoding"];
    let credential = credential.map_or(&[][..], |credential| side.credential_headers(credential));
    let is_known = |name: &str| {
        general.contains(&name)
            || credential.contains(&name)
            || example.arguments.header.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let strays: Vec<&String> = request.headers.iter().map(|(name, _)| name).filter(|name| !is_known(name)).collect();
    equal("the list of further headers", strays, Vec::new())?;
    let mut names: Vec<&String> = request.headers.iter().map(|(name, _)| name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    equal("the number of different headers", names.len(), count)
}

fn check_body(example: &Example, request: &Received) -> Result<(), String> {
    let Some(expected) = &example.arguments.body else {
        return equal("the body", String::from_utf8_lossy(&request.body).as_ref(), "");
    };
    let sent: Value =
        serde_json::from_slice(&request.body).map_err(|error| format!("the body is not JSON: {error}"))?;
    if examples::equal(&sent, expected) { Ok(()) } else { Err(format!("the body is {sent} instead of {expected}")) }
}
