//! Typed client of the Tencent Meeting (腾讯会议) REST API: meetings, participants, real-time
//! control, polls, webinars, recordings, transcripts, rooms, users, departments.
//!
//! ```no_run
//! # async fn run(secret_key: String) -> Result<(), Box<dyn std::error::Error>> {
//! use huiyi_tencent::{Client, types::InstanceId};
//!
//! let client = Client::builder().keys("211153201", "AKIDz8krbsJ5yKBZ", secret_key).build()?;
//! let call = client.get_meeting().meeting_id("7567173273889276131").operator_id("tester").operator_id_type(1);
//! for meeting in call.instanceid(InstanceId::Pc).send().await?.into_inner().meeting_info_list {
//!     println!("{:?} {:?}", meeting.meeting_code, meeting.subject);
//! }
//! # Ok(()) }
//! ```
//!
//! * One method per operation on [`Client`]; search this documentation by the English or Chinese
//!   title, or by path.
//! * Internal apps sign each request over the exact bytes that are sent, with a fresh nonce and
//!   timestamp for every attempt. Third-party apps use OAuth: [`Client::as_user`],
//!   [`ClientBuilder::user_refresh_token`].
//! * Failures are [`Error<ApiError>`]; ask them with [`ErrorExt`]: `.kind()`, `.code()`,
//!   `.request_id()`, `.retry_after()`.
//! * Lists have `.stream()` and `.pages()`, whatever shape their paging has.

#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[allow(unused_extern_crates, reason = "generated code names the types of this crate by their full path")]
extern crate self as huiyi_tencent;

mod answer;
mod auth;
mod client;
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, reason = "generated: what the page does not explain stays as it is")]
mod generated;
mod sign;
pub mod upload;
mod views;

pub use auth::{Login, OAUTH};
pub use client::{ClientBuilder, TENCENT};
pub use generated::{Client, builder, types};
pub use huiyi_core::operation::Operation;
pub use huiyi_core::download::{Download, DownloadError};
pub use huiyi_core::error::{ApiError, ErrorKind};
pub use huiyi_core::paging::{Cursor, Page, PageError, Pages};
pub use huiyi_core::user_token::{KeepTokens, UserTokens};
pub use huiyi_core::{
    self as core, BoxFuture, BuildError, ByteStream, Error, ErrorExt, MemoryStore, QuotaPolicy, ResponseExt,
    ResponseValue, RetryPolicy, StaticToken, Token, TokenSource, TokenStore, progenitor_client, reqwest, wire,
};

pub(crate) use huiyi_core::Session;
