//! Secrets, tokens and signatures are in requests and nowhere else: not in `Debug`, `Display`, error chains,
//! panic messages, observers, `tracing` output or `log` records, whatever goes wrong.
//!
//! The test records all targets at the finest level, including those of reqwest and hyper. Panic messages are
//! those of `unwrap` and `expect` on the failed call; a panic hook records them.
//!
//! `cargo test -p huiyi-tests --test secrets -- --nocapture` prints how much was searched.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod ear;
mod forms;
mod links;
mod matrix;
mod planted;
mod quoted;
mod said;
mod search;
mod users;
mod wecom_urls;
