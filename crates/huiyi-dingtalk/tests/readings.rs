//! DingTalk's pages contradict themselves, each other and the official SDK: the tests check what the client sends
//! and accepts. The specs name the pages and the SDK.

mod answers;
mod document;
mod paging;
mod requests;
