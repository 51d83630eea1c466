//! Long connections to gateways that fail in every way that was seen.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod asks;
mod breaks;
mod hostile;
mod load;
#[cfg(target_os = "linux")]
mod memory;
mod side;
mod stream;
mod tickets;
mod vectors;
