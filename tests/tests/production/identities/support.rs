//! What these tests share.

use huiyi_mock::{Loopback, Request, Vendor};
use huiyi_tests::examples::Example;
use huiyi_tests::fault_matrix::family;
use std::collections::BTreeSet;

/// Returns one call of each operation that can be called by name. Uploads of forms cannot.
pub(crate) fn examples(vendor: Vendor) -> Vec<Example> {
    let mut seen = BTreeSet::new();
    let family = family(vendor);
    let mut examples = family.spec().examples();
    examples.retain(|example| family.operations.contains(&&*example.operation));
    examples.retain(|example| seen.insert(example.operation.clone()));
    examples
}

/// Returns the kind of credential that a request carries, by the specs' name, and its text.
pub(crate) fn presented(vendor: Vendor, request: &Request) -> Option<(&'static str, String)> {
    match vendor {
        Vendor::Feishu => {
            let token = request.header("authorization")?.strip_prefix("Bearer ")?.to_owned();
            Some((if token.starts_with("u-") { "user" } else { "tenant" }, token))
        }
        Vendor::WeCom => Some(("access_token", request.query_value("access_token")?)),
        Vendor::DingTalk => Some(("access_token", request.header("x-acs-dingtalk-access-token")?.to_owned())),
        Vendor::Tencent => match request.header("AccessToken") {
            Some(token) => Some(("oauth", token.to_owned())),
            None => Some(("aksk", request.header("X-TC-Signature")?.to_owned())),
        },
    }
}

/// Returns the tokens that the calls of an operation carried, sorted.
pub(crate) fn tokens(server: &Loopback, operation: &str) -> Vec<String> {
    let calls = server.calls(operation);
    let mut tokens: Vec<String> = calls.iter().map(|request| presented(server.vendor(), request).unwrap().1).collect();
    tokens.sort();
    tokens
}
