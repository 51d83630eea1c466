//! Typed client of the DingTalk video-conference API (钉钉视频会议): instant and booked conferences, members,
//! cloud recordings and their texts, live streams, minutes.
//!
//! ```no_run
//! # async fn run(app_secret: String) -> Result<(), Box<dyn std::error::Error>> {
//! use huiyi_dingtalk::{Client, types::CreateVideoConferenceRequest};
//!
//! let client = Client::builder().app("dingabcdef", app_secret).build()?;
//!
//! let request = CreateVideoConferenceRequest::new("27SaQ3iiHLN0xxxx", "Weekly").invite_user_ids(["iSKzJxxxxx"]);
//! let conference = client.create_video_conference(request).send().await?.into_inner();
//! println!("join with the code {:?}", conference.room_code);
//!
//! let mut pages = client.list_members(conference.conference_id.unwrap_or_default()).pages();
//! while let Some(page) = pages.next().await {
//!     page?.answer.member_models.iter().for_each(|member| println!("{:?}", member.user_nick));
//! }
//! # Ok(()) }
//! ```
//!
//! * Ids named `userId` or `creatorId` are **unionIds**, see each field. Times are milliseconds.
//! * Rate limits come as HTTP 403. The client tells them apart from missing permissions and from the monthly quota,
//!   and retries only rate limits: [`Error::kind`].
//! * A response with HTTP status 200 and `"success": false`, or with a return code other than 200, is an error.
//! * Apps outside China pass [`DINGTALK_INTERNATIONAL`] to [`ClientBuilder::base_url`].
//! * Lists have [`pages()`](builder::ListMembers::pages) and [`stream()`](builder::ListMembers::stream).
//!
//! All operations follow, by resource. Those marked SDK are in DingTalk's official SDK but have no documentation
//! page, so their permission points, limits and error codes are not known. The search of this documentation also
//! finds an operation by its Chinese title or its path.
//!
#![doc = include_str!("generated/operations.md")]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[allow(unused_extern_crates, reason = "generated code names the types of this crate by their full path")]
extern crate self as huiyi_dingtalk;

mod answer;
mod auth;
mod client;
#[cfg(feature = "events")]
pub mod events;
mod readings;
mod wait;
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, reason = "generated: what the page does not explain stays as it is")]
mod generated;

pub use client::{ClientBuilder, DINGTALK, DINGTALK_INTERNATIONAL, LoginError};
pub use generated::{Client, builder, error_codes, types};
pub use huiyi_core::download::Download;
pub use huiyi_core::error::{Action, Error, ErrorCode, ErrorKind};
pub use huiyi_core::operation::Operation;
pub use huiyi_core::paging::{Cursor, Items, Page, PageError, Pages};
/// The ticket that DingTalk pushes to a third-party app about every 5 hours, as the event `suite_ticket`. A receiver
/// or a long connection that has a clone of it sets it; otherwise set it in the handler of the event.
#[doc(inline)]
pub use huiyi_core::ticket::Ticket as SuiteTicket;
pub use huiyi_core::user_token::{KeepTokens, UserTokens};
pub use huiyi_core::wait::{JobError, JobState, WaitForJob};
pub use huiyi_core::{
    self as core, Answer, BoxFuture, BuildError, CustomRequest, IntoSecret, MemoryStore, QuotaPolicy, RetryPolicy,
    StaticToken, StoreError, StoredToken, Token, TokenSource, TokenStore, reqwest, wire,
};

pub(crate) use huiyi_core::Session;

/// The program in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// A forgotten required argument is a compile error.
///
/// ```compile_fail,E0061
/// fn forgets(client: huiyi_dingtalk::Client) {
///     let _ = client.get_schedule_conference();
/// }
/// ```
#[cfg(doctest)]
struct RequiredArguments;
