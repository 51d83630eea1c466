//! What the benchmarks share: CPU times, a server with fixed answers, the same call written by hand with plain
//! reqwest and serde, and meetings of any size.

#![warn(missing_docs)]

pub mod cpu;
pub mod plain;
pub mod sample;
pub mod server;
