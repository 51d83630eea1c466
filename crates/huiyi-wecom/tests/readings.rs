//! Contradictions in the vendor's pages and how the client treats them, one fact per test.
//!
//! The table and the example of a page may differ in names, types, wrappers and values, and so may two pages. For
//! request fields the test checks the request that arrived; for response fields, the answer that the client
//! returns. `x-page-defects` of `openapi.json` lists the disagreements; `every_disagreement_has_a_test` in
//! `coverage.rs` checks that each has a test.

mod coverage;
mod envelope;
mod names;
mod paging;
mod places;
mod repeats;
mod required;
mod shapes;
mod types_received;
mod types_sent;
mod values;
