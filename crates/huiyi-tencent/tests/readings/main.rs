//! The vendor's pages contradict themselves, each other or the SDK: the tests check what the client sends and how
//! it reads responses.

#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod names;
mod paging;
mod received;
mod sent;
mod signing;
mod support;
