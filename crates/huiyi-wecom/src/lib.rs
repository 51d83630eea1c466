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
//! * WeCom wants its token in the URL. It is added to the request at the last moment and appears in no error, log,
//!   span or `Debug` output.
//! * Failures arrive under HTTP 200; they are an [`Error`] all the same, which prints as one line.
//! * A success may carry a warning such as `Warning: wrong json format`, after which part of the request may not have
//!   been understood: [`Answer::warning`].
//! * A wrong secret is not tried again for a minute: WeCom bans the caller's address for an hour.
//! * `allow_external_user` lets everybody in where a meeting is scheduled and keeps outsiders away where a running
//!   meeting or a webinar is changed; each field's text says which.
//! * `invitees`, `hosts` and `enroll_id_list` have another shape from call to call. Ids will do wherever an object
//!   needs nothing else: `.invitees(["lisi"])`, and `true` where WeCom wants 0 and 1 or 1 and 2.
//! * Lists have [`pages()`](builder::ListAttendees::pages) and [`stream()`](builder::ListAttendees::stream). Read
//!   them with their own [`next()`](Items::next) and [`collect()`](Items::collect), or as a `Stream` with whatever
//!   crate you like; they need not be pinned.
//! * A few fields have two names on the vendor's pages:
//!   [`recordings()`](types::ListRecordingsResponse::recordings), [`files()`](types::MeetingRecording::files),
//!   [`title_or_subject()`](types::GetWebinarResponse::title_or_subject),
//!   [`mutes_on_entry()`](types::WebinarMediaSetting::mutes_on_entry) and
//!   [`enter_mute_mode()`](types::MeetingSettings::enter_mute_mode) read whichever came.
//!
//! Below are all operations by resource. Searching this documentation finds an operation also by its Chinese title or
//! its path; [`Client::operations`] has them as data.
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
/// The ticket that WeCom pushes every ten minutes to a third-party app: the handler of the `suite_ticket`
/// event sets it.
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

/// What compiles lacks nothing: a forgotten argument is an error of the compiler.
///
/// ```compile_fail,E0061
/// fn forgets(client: huiyi_wecom::Client) {
///     let _ = client.create_meeting();
/// }
/// ```
#[cfg(doctest)]
struct RequiredArguments;
