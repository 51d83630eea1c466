//! The vendor's part of the contract: who may call, and the form of a refusal.

use huiyi_tests::by_name::ByName;
use huiyi_tests::family::Family;
use serde_json::Value;

use super::mock::{Answer, Received};

/// The request id in every refusal.
pub(crate) const REQUEST_ID: &str = "2024061712345678";

/// The message in every refusal.
pub(crate) const MESSAGE: &str = "无权限 (contract)";

/// The vendor as the tests see it, written from its pages and not from the client.
pub(crate) trait Side: Sync {
    fn family(&self) -> Family;

    /// Returns a client for each kind of credential, under the spec's name of the kind. Each has a fixed credential,
    /// sends once, and keeps no quota.
    fn clients(&self, base_url: &str) -> Vec<(&'static str, Box<dyn ByName>)>;

    /// Returns the headers that carry this kind of credential.
    fn credential_headers(&self, credential: &str) -> &'static [&'static str];

    /// Returns the query pairs that carry it.
    fn credential_query(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Checks the credential of a request.
    fn check_credential(&self, credential: &str, request: &Received) -> Result<(), String>;

    /// Returns an answer that refuses an operation with a code.
    fn refusal(&self, operation: &str, code: &Value, status: u16) -> Answer;

    /// Returns a success without content.
    fn bare_success(&self) -> Value;

    /// Returns the firewall's answer under HTTP 200 and its code, if the vendor has one. Such a vendor's own refusals
    /// never come under HTTP 200.
    fn ban(&self) -> Option<(Answer, &'static str)> {
        None
    }
}

/// Returns an error if two values differ.
pub(crate) fn equal<T: PartialEq + std::fmt::Debug>(what: &str, actual: T, expected: T) -> Result<(), String> {
    if actual == expected { Ok(()) } else { Err(format!("{what} is {actual:?} instead of {expected:?}")) }
}
