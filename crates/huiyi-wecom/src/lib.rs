//! Typed client of the WeCom Meeting API (企业微信会议): scheduling, invitees, attendees, enrollment, control of
//! running meetings, polls, webinars, telephone, rooms, layouts, recordings, transcripts.
//!
//! ```no_run
//! # async fn run(corp_secret: String) -> Result<(), Box<dyn std::error::Error>> {
//! use huiyi_wecom::{Client, types::{CreateMeetingRequest, ListAttendeesRequest}};
//!
//! let client = Client::builder().corp("ww1234567890abcdef", corp_secret).build()?;
//!
//! let request = CreateMeetingRequest::new("zhangsan", "Weekly").meeting_start(1_799_028_000).meeting_duration(1800);
//! let meeting = client.create_meeting(request.invitees(["lisi", "wangwu"])).send().await?;
//! println!("join with the code {:?}", meeting.meeting_code);
//!
//! let request = ListAttendeesRequest::new(meeting.meetingid.as_deref().unwrap_or_default());
//! let mut pages = client.list_attendees(request).pages();
//! while let Some(page) = pages.next().await {
//!     page?.answer.attendees.iter().for_each(|attendee| println!("{:?}", attendee.userid));
//! }
//! # Ok(()) }
//! ```
//!
//! * WeCom requires its token in the URL. The client adds it to the request at the last moment, so it appears in no
//!   error, log, span or `Debug` output.
//! * Failures have HTTP status 200; the client returns them as an [`Error`], which prints as one line.
//! * A success may carry a warning such as `Warning: wrong json format`. Then WeCom may not have understood part of
//!   the request: see [`Answer::warning`].
//! * After a wrong secret, calls fail for a minute without a new token request, since WeCom bans the caller's address
//!   for an hour after many attempts.
//! * `allow_external_user` has two opposite meanings. When a meeting is scheduled, it lets everybody in; when a
//!   running meeting or a webinar is changed, it keeps outsiders away. The documentation of each field says which.
//! * `invitees`, `hosts` and `enroll_id_list` have different shapes in different calls. If an object needs only an
//!   id, the id is enough: `.invitees(["lisi"])`. And `true` is enough for the flags that WeCom writes as 0 and 1
//!   or as 1 and 2.
//! * Lists have [`pages()`](builder::ListAttendees::pages) and [`stream()`](builder::ListAttendees::stream). Read
//!   them with their own [`next()`](Items::next) and [`collect()`](Items::collect), or as a `Stream` with any
//!   crate; they need not be pinned.
//! * A few fields have two names on the vendor's pages:
//!   [`recordings()`](types::ListRecordingsResponse::recordings), [`files()`](types::MeetingRecording::files),
//!   [`title_or_subject()`](types::GetWebinarResponse::title_or_subject),
//!   [`mutes_on_entry()`](types::WebinarMediaSetting::mutes_on_entry) and
//!   [`enter_mute_mode()`](types::MeetingSettings::enter_mute_mode) return the one that was sent.
//!
//! All operations follow, by resource. The search of this documentation also finds an operation by its Chinese
//! title or its path; [`Client::operations`] returns them as data.
//!
#![doc = include_str!("generated/operations.md")]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[allow(unused_extern_crates, reason = "generated code names the types of this crate by their full path")]
extern crate self as huiyi_wecom;

mod answer;
mod auth;
mod client;
#[cfg(feature = "events")]
pub mod events;
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, reason = "generated: what the page does not explain stays as it is")]
mod generated;
mod job;
mod readings;
mod shorthands;

pub use client::{ClientBuilder, WECOM};
pub use generated::{Client, builder, error_codes, types};
pub use huiyi_core::download::Download;
pub use huiyi_core::error::{Action, Error, ErrorCode, ErrorKind};
pub use huiyi_core::operation::Operation;
pub use huiyi_core::paging::{Cursor, Items, Page, PageError, Pages};
/// The ticket that WeCom pushes to a third-party app every 10 minutes, as the event `suite_ticket`. A receiver of
/// events that has a clone of it sets it; otherwise set it in the handler of the event.
#[doc(inline)]
pub use huiyi_core::ticket::Ticket as SuiteTicket;
pub use huiyi_core::wait::{JobError, WaitForJob};
pub use huiyi_core::{
    self as core, Answer, BoxFuture, BuildError, CustomRequest, IntoSecret, MemoryStore, QuotaPolicy, RetryPolicy,
    StaticToken, StoreError, StoredToken, Token, TokenSource, TokenStore, reqwest, wire,
};
pub use job::VipJob;

pub(crate) use huiyi_core::Session;

/// The program in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// A forgotten required argument is a compile error.
///
/// ```compile_fail,E0061
/// fn forgets(client: huiyi_wecom::Client) {
///     let _ = client.create_meeting();
/// }
/// ```
#[cfg(doctest)]
struct RequiredArguments;
