//! Typed client of the WeCom (企业微信) meeting API: scheduling, invitees, attendees, enrolment,
//! real-time control, polls, webinars, rooms, recordings.
//!
//! ```no_run
//! # async fn run(corp_secret: String) -> Result<(), Box<dyn std::error::Error>> {
//! use huiyi_wecom::{Client, types::GetMeetingInfoRequest};
//!
//! let client = Client::builder().corp("ww1234567890abcdef", corp_secret).build()?;
//! let meeting = client.get_meeting_info().body(GetMeetingInfoRequest::new().meetingid("hyXXXXX")).send().await?;
//! println!("{:?} at {:?}", meeting.title, meeting.meeting_start);
//! # Ok(()) }
//! ```
//!
//! * One method per operation on [`Client`]; search this documentation by the English or Chinese
//!   title, or by path.
//! * WeCom wants its token in the URL. It is added to the request at the last moment and appears
//!   in no error, log, span or `Debug` output.
//! * Failures arrive under HTTP 200; they become [`Error<ApiError>`] with the status that they
//!   mean. Ask with [`ErrorExt`]: `.kind()`, `.code()`, `.retry_after()`.
//! * A success may carry a remark such as `Warning: wrong json format`; see [`ResponseExt`].
//! * A wrong secret is not tried again for a minute: WeCom bans the caller's address for an hour.

#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[allow(unused_extern_crates, reason = "generated code names the types of this crate by their full path")]
extern crate self as huiyi_wecom;

mod answer;
mod auth;
mod client;
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, reason = "generated: what the page does not explain stays as it is")]
mod generated;
mod readings;
mod shorthands;

pub use auth::SuiteTicket;
pub use client::{ClientBuilder, WECOM};
pub use generated::{Client, builder, types};
pub use huiyi_core::operation::Operation;
pub use huiyi_core::download::{Download, DownloadError};
pub use huiyi_core::error::{ApiError, ErrorKind};
pub use huiyi_core::paging::{Cursor, Page, PageError, Pages};
pub use huiyi_core::{
    self as core, BoxFuture, BuildError, ByteStream, Error, ErrorExt, MemoryStore, QuotaPolicy, ResponseExt,
    ResponseValue, RetryPolicy, StaticToken, Token, TokenSource, TokenStore, progenitor_client, reqwest, wire,
};

pub(crate) use huiyi_core::Session;
