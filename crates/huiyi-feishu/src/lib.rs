//! Typed client of the Feishu/Lark Video Conferencing (飞书视频会议) API: reservations, meetings,
//! recordings, rooms, reports, minutes.
//!
//! ```no_run
//! # async fn run(app_secret: String) -> Result<(), Box<dyn std::error::Error>> {
//! use huiyi_feishu::Client;
//!
//! let client = Client::builder().app("cli_a1b2c3", app_secret).build()?;
//! let request = client.get_meeting("6911188411932033028").with_participants(true);
//! let meeting = request.send().await?.into_inner().meeting;
//! println!("{:?}: {} participants", meeting.topic, meeting.participants.len());
//! # Ok(()) }
//! ```
//!
//! * One method per operation on [`Client`]; search this documentation by the vendor's English or
//!   Chinese title, or by path.
//! * Tenant tokens are fetched, cached and refreshed; a rejected token is replaced once. Operations that accept
//!   only user tokens need [`Client::as_user`] or [`ClientBuilder::user_source`]; without one they fail before
//!   anything is sent.
//! * A failure is an [`Error`]. It prints as one line and has `.kind()`, `.code()`, `.request_id()`,
//!   `.retry_after()`.
//! * Lists have `.stream()` and `.pages()`; downloads stream, see [`Download`].
//! * Exports are jobs: [`Client::wait_for_export`] waits for one and downloads its file.
//!   [`Client::wait_for_minute`] waits for the minutes of an uploaded file.
//! * Lark users pass [`LARK`] to [`ClientBuilder::base_url`].
//!
//! The documentation of each method has the link to the vendor's page, the token kinds, scopes, quota and error codes;
//! [`Client::operations`] returns the same as data. All operations by resource:
//!
#![doc = include_str!("generated/operations.md")]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[allow(unused_extern_crates, reason = "generated code names the types of this crate by their full path")]
extern crate self as huiyi_feishu;

mod answer;
mod auth;
mod client;
mod display_time;
#[cfg(feature = "events")]
pub mod events;
mod export;
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, reason = "generated: what the page does not explain stays as it is")]
mod generated;
mod minute;
mod oauth;

pub use client::{ClientBuilder, FEISHU, LARK};
pub use display_time::{parse_display_duration, parse_display_time};
pub use export::{ExportTask, WaitForExport};
pub use generated::{Client, builder, error_codes, types};
pub use huiyi_core::download::Download;
pub use huiyi_core::error::{Action, Error, ErrorCode, ErrorKind};
pub use huiyi_core::operation::Operation;
pub use huiyi_core::paging::{Cursor, Items, Page, PageError, Pages};
pub use huiyi_core::pkce::Verifier;
/// The ticket that Feishu pushes to a store app every hour, as the event `app_ticket`. A receiver of events that has
/// a clone of it sets it; otherwise set it in the handler of the event.
///
/// ```
/// let ticket = huiyi_feishu::AppTicket::default();
/// ticket.set("g05e97b3GAHB4E3M2VDBPLKGCNSWFTF4QNNVRLJ7");
/// ```
#[doc(inline)]
pub use huiyi_core::ticket::Ticket as AppTicket;
pub use huiyi_core::user_token::{KeepTokens, UserTokens};
pub use huiyi_core::wait::{JobError, WaitForJob};
pub use huiyi_core::{
    self as core, Answer, BoxFuture, BuildError, CustomRequest, IntoSecret, MemoryStore, QuotaPolicy, RetryPolicy,
    StaticToken, StoreError, StoredToken, Token, TokenSource, TokenStore, reqwest, wire,
};
pub use minute::MinuteToken;
pub use oauth::Login;

pub(crate) use huiyi_core::Session;

/// The programs in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// A forgotten required argument is a compile error.
///
/// ```compile_fail,E0061
/// fn forgets(client: huiyi_feishu::Client) {
///     let _ = client.get_meeting();
/// }
/// ```
#[cfg(doctest)]
struct RequiredArguments;
