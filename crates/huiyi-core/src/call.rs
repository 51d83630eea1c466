//! One call, from its arguments to an answer.
//!
//! A generated builder fills a [`Request`](request::Request); the pipeline takes it through credentials, quota,
//! signature, sending and reading, and repeats it where that is safe. What an answer means is in `answer`;
//! where tokens come from is in `token`.

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
