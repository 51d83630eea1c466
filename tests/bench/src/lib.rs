//! What the benchmarks share: a server with fixed answers, the same call written by hand with plain reqwest and
//! serde, and meetings of any size.

#![warn(missing_docs)]

pub mod plain;
pub mod sample;
pub mod server;
