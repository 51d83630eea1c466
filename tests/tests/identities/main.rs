//! Who a call is made as: the app or a user, chosen per call; what wants another credential is not sent; renewed
//! tokens are kept before they are used; apps that act for other corporations.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod callers;
mod choice;
mod renewal;
mod support;
mod third_party;
mod witness;
