//! What only DingTalk has. One program, since linking one takes longer than running a module.
//!
//! A private module of the crate is tested by including its file: the unit tests of the crate itself would need a
//! second build of the generated code.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod errors;
mod event_names;
mod examples;
mod heads;
mod readings;
mod room_labels;
mod support;
mod waits;

// `heads` names it by its path in the crate.
use huiyi_dingtalk::Client;
