//! Where Feishu's pages contradict themselves, each other or the official SDKs: one test for each
//! reading that this crate takes.
//!
//! `bodies`, `queries` and `credentials` look at what is sent, `values`, `errors` and `codes` at what is
//! made of an answer, `document` at what many operations have in common.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bodies;
mod codes;
mod credentials;
mod document;
mod errors;
mod queries;
#[path = "../support/mod.rs"]
mod support;
mod values;

use std::sync::Arc;

use huiyi_feishu::{Client, StaticToken, Verifier};
use huiyi_mock::Loopback;
use serde_json::Value;

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

/// The JSON body of the one request of an operation.
fn body(server: &Loopback, operation: &str) -> Value {
    support::sent(server, operation).json().unwrap()
}
