//! DingTalk's pages contradict themselves, each other and the official SDK: the tests check what the client sends
//! and accepts. The specs name the pages and the SDK.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

#[path = "readings/answers.rs"]
mod answers;
#[path = "readings/document.rs"]
mod document;
#[path = "readings/paging.rs"]
mod paging;
#[path = "readings/requests.rs"]
mod requests;
