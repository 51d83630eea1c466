//! Typed client of the DingTalk video-conferencing API: conferences, members, booked meetings,
//! recordings, live streams, minutes.
//!
//! ```no_run
//! # async fn run(app_secret: String) -> Result<(), Box<dyn std::error::Error>> {
//! let client = huiyi_dingtalk::Client::builder().app("dingabcdef", app_secret).build()?;
//! let conference = client.get_video_conference().conference_id("61289fxxx").send().await?.into_inner().conf_info;
//! println!("{:?}: {:?} participants now", conference.title, conference.active_num);
//! # Ok(()) }
//! ```
//!
//! * One method per operation on [`Client`]; search this documentation by the English or Chinese
//!   title, or by path.
//! * Ids named `userId` or `creatorId` are **unionIds**, see each field. Times are milliseconds.
//! * Rate limits come as HTTP 403; they are told from missing permissions and from the monthly
//!   quota, and only they are retried. Ask failures with [`ErrorExt`].
//! * Apps outside China pass [`DINGTALK_INTERNATIONAL`] to [`ClientBuilder::base_url`].

#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[allow(unused_extern_crates, reason = "generated code names the types of this crate by their full path")]
extern crate self as huiyi_dingtalk;

mod answer;
mod auth;
mod client;
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, reason = "generated: what the page does not explain stays as it is")]
mod generated;

pub use auth::SuiteTicket;
pub use client::{ClientBuilder, DINGTALK, DINGTALK_INTERNATIONAL, LoginError};
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
