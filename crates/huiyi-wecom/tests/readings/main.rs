//! How contradictions in the vendor's pages are read, one fact per test.
//!
//! A page's table and its example may differ in names, types, wrappers and values, and so may two pages. Where the
//! reading concerns what is sent, the test looks at the request as it arrived; where it concerns what is
//! received, at the answer that the client gives. The disagreements themselves are listed in `x-page-defects` of
//! `openapi.json`; `every_disagreement_has_a_test` in `coverage.rs` keeps the two together.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod coverage;
mod envelope;
mod names;
mod paging;
mod places;
mod repeats;
mod required;
mod shapes;
mod support;
mod types_received;
mod types_sent;
mod values;
