//! What only Tencent Meeting has. One program, since linking one takes longer than running a module.
//!
//! A private module of the crate is tested by including its file: the unit tests of the crate itself would need a
//! second build of the generated code.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod documentation;
mod errors;
mod examples;
mod heads;
mod large_parts;
mod readings;
mod signature;
mod support;
mod upload_parts;
mod uploads;
mod waits;
