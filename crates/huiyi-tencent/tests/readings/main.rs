//! How the vendor's pages are read where they contradict themselves, each other or the SDK: what goes
//! over the wire, and what is understood of the answers.

#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod names;
mod paging;
mod received;
mod sent;
mod signing;
mod support;
