//! Where DingTalk's pages contradict themselves, each other or the official SDK: what is sent and what is
//! accepted. The pages and the SDK are those named in the specs.

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
