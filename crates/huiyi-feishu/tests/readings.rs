//! Feishu's pages contradict themselves, each other and the official SDKs. There is one test for each choice that
//! this crate makes.
//!
//! `bodies`, `queries` and `credentials` test requests, `values`, `errors` and `codes` test responses, `events`
//! tests events, `document` tests rules that many operations share.

mod bodies;
mod codes;
mod credentials;
mod document;
mod errors;
mod events;
mod queries;
mod values;

use std::sync::Arc;

use huiyi_feishu::{Client, StaticToken, Verifier};
use huiyi_mock::Loopback;
use serde_json::Value;

use crate::support;

/// A client of an internal app, acting for itself.
fn client(server: &Loopback) -> Client {
    support::builder(server).clock(Arc::new(support::JumpingClock::default())).build().unwrap()
}

/// The client acting for a user who has just logged in.
async fn user(server: &Loopback) -> Client {
    let verifier = Verifier::from_kept("verifier-of-at-least-forty-three-characters-0123456789");
    let login = support::builder(server).login().unwrap();
    let code = huiyi_mock::credentials::FEISHU.code;
    let tokens = login.exchange(code, "https://example.com/callback", &verifier).await.unwrap();
    client(server).as_user(StaticToken::new(tokens.access))
}

/// Returns the JSON body of the only request of an operation.
fn body(server: &Loopback, operation: &str) -> Value {
    support::sent(server, operation).json().unwrap()
}
