//! One call, from its arguments to an answer.
//!
//! A generated builder fills a [`Request`](request::Request). The pipeline adds credentials, takes a quota
//! permit, signs, sends and reads, and retries if that is safe. `answer` interprets the answer; `token`
//! supplies the tokens.

pub mod custom;
pub(crate) mod decision;
pub mod identity;
#[doc(hidden)]
pub mod path;
pub(crate) mod pipeline;
pub mod quota;
#[doc(hidden)]
pub mod request;
pub mod retry;
pub mod session;
pub mod wait;
