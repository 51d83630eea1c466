//! The identity of a call: the app or a user, chosen per call. A call that needs another credential is not sent.
//! Renewed tokens are kept before they are used. Apps can act for other corporations.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod callers;
mod choice;
mod renewal;
mod support;
mod third_party;
mod witness;
