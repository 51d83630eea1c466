//! Typed client of the Feishu (Lark) video-conferencing API: reservations, meetings, recordings,
//! rooms, reports, minutes.
//!
//! ```no_run
//! # async fn run(app_secret: String) -> Result<(), Box<dyn std::error::Error>> {
//! use huiyi_feishu::Client;
//!
//! let client = Client::builder().app("cli_a1b2c3", app_secret).build()?;
//! let meeting = client.get_meeting().meeting_id("6911188411932033028").with_participants(true).send().await?.into_inner().meeting;
//! println!("{:?}: {} participants", meeting.topic, meeting.participants.len());
//! # Ok(()) }
//! ```
//!
//! * One method per operation on [`Client`]; search this documentation by the vendor's English or
//!   Chinese title, or by path.
//! * Tenant tokens are fetched, cached and refreshed; a rejected one is replaced once. Operations
//!   that accept user tokens only need [`Client::as_user`] or
//!   [`ClientBuilder::user_source`]; without one they fail before anything is sent.
//! * Failures are [`Error<ApiError>`]; ask them with [`ErrorExt`]: `.kind()`, `.code()`,
//!   `.request_id()`, `.retry_after()`.
//! * Lists have `.stream()` and `.pages()`; downloads stream, see [`Download`].
//! * Lark users pass [`LARK`] to [`ClientBuilder::base_url`].

#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[allow(unused_extern_crates, reason = "generated code names the types of this crate by their full path")]
extern crate self as huiyi_feishu;

mod answer;
mod auth;
mod client;
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, reason = "generated: what the page does not explain stays as it is")]
mod generated;
mod oauth;

pub use auth::AppTicket;
pub use client::{ClientBuilder, FEISHU, LARK};
pub use generated::{Client, builder, types};
pub use huiyi_core::operation::Operation;
pub use huiyi_core::download::{Download, DownloadError};
pub use huiyi_core::error::{ApiError, ErrorKind};
pub use huiyi_core::paging::{Cursor, Page, PageError, Pages};
pub use huiyi_core::pkce::Verifier;
pub use huiyi_core::user_token::{KeepTokens, UserTokens};
pub use huiyi_core::{
    self as core, BoxFuture, BuildError, ByteStream, Error, ErrorExt, MemoryStore, QuotaPolicy, ResponseExt,
    ResponseValue, RetryPolicy, StaticToken, Token, TokenSource, TokenStore, progenitor_client, reqwest, wire,
};
pub use oauth::Login;

pub(crate) use huiyi_core::Session;
