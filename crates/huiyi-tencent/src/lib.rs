//! Typed client of the Tencent Meeting (腾讯会议) REST API: meetings, participants, real-time
//! control, polls, webinars, recordings, transcripts, rooms, users, departments.
//!
//! ```no_run
//! # async fn run(secret_key: String) -> Result<(), Box<dyn std::error::Error>> {
//! use huiyi_tencent::Client;
//!
//! let client = Client::builder().keys("211153201", "AKIDz8krbsJ5yKBZ", secret_key).build()?;
//! let request = client.get_meeting_by_code("806146667").userid("tester1");
//! for meeting in request.send().await?.into_inner().meeting_info_list {
//!     println!("{:?} {:?}", meeting.subject, meeting.status);
//! }
//! # Ok(()) }
//! ```
//!
//! * One method per operation on [`Client`]; search this documentation by the English or Chinese title, or by path.
//!   An operation with several meanings also has a method for each of them.
//! * Internal apps sign each request over the exact bytes that are sent, with a new nonce and timestamp for every
//!   attempt. Third-party apps use OAuth: [`Client::as_user`], [`ClientBuilder::user_refresh_token`].
//! * The operator and its kind of device are set once: [`Client::operator`].
//! * A failure is an [`Error`]. It prints as one line and has `.kind()`, `.code()`, `.request_id()`,
//!   `.retry_after()`.
//! * Lists have `.stream()` and `.pages()`, whatever paging the vendor uses. Recordings are uploaded as streams,
//!   see [`upload`].
//! * Names of people, summaries and similar texts are sent as Base64; such fields are [`wire::Base64Text`] and are
//!   decoded on demand.
//!
//! The documentation of each method has the link to the vendor's page, the token kinds, quota and error codes;
//! [`Client::operations`] returns the same as data. Receiving events (webhooks) needs the
//! feature `events`. All operations by resource:
//!
#![doc = include_str!("generated/operations.md")]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[allow(unused_extern_crates, reason = "generated code names the types of this crate by their full path")]
extern crate self as huiyi_tencent;

mod answer;
mod auth;
mod client;
#[cfg(feature = "events")]
pub mod events;
mod export;
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, reason = "generated: what the page does not explain stays as it is")]
mod generated;
mod operator;
mod sign;
mod sts;
pub mod upload;
mod views;

pub use auth::{Login, OAUTH};
pub use client::{ClientBuilder, TENCENT};
pub use export::ExportJob;
pub use generated::{Client, builder, error_codes, types};
pub use huiyi_core::download::Download;
pub use huiyi_core::error::{Action, Error, ErrorCode, ErrorKind};
pub use huiyi_core::operation::Operation;
pub use huiyi_core::paging::{Cursor, Items, Page, PageError, Pages};
pub use huiyi_core::user_token::{KeepTokens, UserTokens};
pub use huiyi_core::wait::{JobError, WaitForJob};
pub use huiyi_core::{
    self as core, Answer, BoxFuture, BuildError, CustomRequest, IntoSecret, MemoryStore, QuotaPolicy, RetryPolicy,
    StaticToken, StoreError, StoredToken, Token, TokenSource, TokenStore, reqwest, wire,
};
pub use operator::Operator;
pub use sts::StsToken;

pub(crate) use huiyi_core::Session;

/// The programs in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// A forgotten required argument is a compile error.
///
/// ```compile_fail,E0061
/// fn forgets(client: huiyi_tencent::Client) {
///     let _ = client.get_meeting();
/// }
/// ```
#[cfg(doctest)]
struct RequiredArguments;
