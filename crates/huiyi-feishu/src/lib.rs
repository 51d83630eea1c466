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
//! # Operations by resource
//!
//! | resource | 资源 | operations |
//! |---|---|---|
//! | reservations | 预约 | [`apply_reserve`](Client::apply_reserve), [`update_reserve`](Client::update_reserve), [`delete_reserve`](Client::delete_reserve), [`get_reserve`](Client::get_reserve), [`get_active_meeting`](Client::get_active_meeting) |
//! | meetings | 会议 | [`get_meeting`](Client::get_meeting), [`invite_participants`](Client::invite_participants), [`remove_participants`](Client::remove_participants), [`end_meeting`](Client::end_meeting), [`set_meeting_host`](Client::set_meeting_host), [`list_meetings_by_no`](Client::list_meetings_by_no), [`search_meetings`](Client::search_meetings), [`subscribe_meeting_events`](Client::subscribe_meeting_events), [`unsubscribe_meeting_events`](Client::unsubscribe_meeting_events) |
//! | recordings | 录制 | [`get_recording`](Client::get_recording), [`set_recording_permission`](Client::set_recording_permission), [`start_recording`](Client::start_recording), [`stop_recording`](Client::stop_recording), [`subscribe_recording_events`](Client::subscribe_recording_events), [`unsubscribe_recording_events`](Client::unsubscribe_recording_events) |
//! | minutes | 妙记 | [`get_minute`](Client::get_minute), [`get_minute_media`](Client::get_minute_media), [`download_minute_transcript`](Client::download_minute_transcript), [`get_minute_statistics`](Client::get_minute_statistics), [`get_minute_artifacts`](Client::get_minute_artifacts), [`search_minutes`](Client::search_minutes), [`subscribe_minute_events`](Client::subscribe_minute_events), [`unsubscribe_minute_events`](Client::unsubscribe_minute_events), [`update_minute_title`](Client::update_minute_title), [`create_minute_from_file`](Client::create_minute_from_file), [`replace_minute_speaker`](Client::replace_minute_speaker), [`replace_minute_words`](Client::replace_minute_words), [`list_minute_speakers`](Client::list_minute_speakers), [`update_minute_summary`](Client::update_minute_summary), [`edit_minute_todos`](Client::edit_minute_todos), [`request_minute_permission`](Client::request_minute_permission), [`share_minute_with_participants`](Client::share_minute_with_participants) |
//! | AI notes | 纪要 | [`get_note`](Client::get_note), [`subscribe_note_events`](Client::subscribe_note_events), [`unsubscribe_note_events`](Client::unsubscribe_note_events), [`get_unified_note_transcript`](Client::get_unified_note_transcript) |
//! | statistics | 会议数据 | [`list_meeting_details`](Client::list_meeting_details), [`list_participant_details`](Client::list_participant_details), [`list_participant_quality`](Client::list_participant_quality), [`list_resource_reservations`](Client::list_resource_reservations) |
//! | exports | 导出 | [`export_meeting_details`](Client::export_meeting_details), [`export_participant_details`](Client::export_participant_details), [`export_participant_quality`](Client::export_participant_quality), [`export_resource_reservations`](Client::export_resource_reservations), [`get_export_task`](Client::get_export_task), [`download_export`](Client::download_export) |
//! | reports | 会议报告 | [`get_daily_report`](Client::get_daily_report), [`list_top_users`](Client::list_top_users) |
//! | rooms | 会议室 | [`create_room`](Client::create_room), [`list_rooms`](Client::list_rooms), [`update_room`](Client::update_room), [`delete_room`](Client::delete_room), [`get_room`](Client::get_room), [`batch_get_rooms`](Client::batch_get_rooms), [`search_rooms`](Client::search_rooms) |
//! | room levels | 会议室层级 | [`create_room_level`](Client::create_room_level), [`list_room_levels`](Client::list_room_levels), [`delete_room_level`](Client::delete_room_level), [`update_room_level`](Client::update_room_level), [`get_room_level`](Client::get_room_level), [`batch_get_room_levels`](Client::batch_get_room_levels), [`search_room_levels`](Client::search_room_levels) |
//! | room configuration | 会议室配置 | [`get_scope_config`](Client::get_scope_config), [`set_scope_config`](Client::set_scope_config), [`create_deployment_code`](Client::create_deployment_code) |
//! | who may reserve a room | 会议室预定限制 | [`get_reserve_config`](Client::get_reserve_config), [`update_reserve_config`](Client::update_reserve_config), [`get_reserve_form`](Client::get_reserve_form), [`update_reserve_form`](Client::update_reserve_form), [`get_reserve_admin`](Client::get_reserve_admin), [`update_reserve_admin`](Client::update_reserve_admin), [`get_disable_inform`](Client::get_disable_inform), [`update_disable_inform`](Client::update_disable_inform) |
//! | alerts | 告警 | [`list_alerts`](Client::list_alerts) |
//! | bots in meetings | 会议机器人 | [`join_meeting_as_bot`](Client::join_meeting_as_bot), [`leave_meeting_as_bot`](Client::leave_meeting_as_bot), [`send_bot_message`](Client::send_bot_message), [`control_countdown`](Client::control_countdown), [`list_user_active_meetings`](Client::list_user_active_meetings), [`list_bot_events`](Client::list_bot_events), [`invite_participants_as_bot`](Client::invite_participants_as_bot), [`end_meeting_as_bot`](Client::end_meeting_as_bot), [`take_meeting_screenshot`](Client::take_meeting_screenshot), [`mute_participant`](Client::mute_participant), [`request_participant_unmute`](Client::request_participant_unmute), [`get_or_create_meeting_chat`](Client::get_or_create_meeting_chat), [`get_bot_realtime_endpoint`](Client::get_bot_realtime_endpoint) |
//! | tokens, signed-in user | 登录与凭证 | [`get_user_info`](Client::get_user_info), [`resend_app_ticket`](Client::resend_app_ticket); tokens themselves are handled by the client |
//! | room configuration, old | 会议室配置（历史版本） | [`get_room_config`](Client::get_room_config), [`set_room_config`](Client::set_room_config), [`create_checkboard_access_code`](Client::create_checkboard_access_code), [`create_room_access_code`](Client::create_room_access_code) |
//!
//! The documentation of each method has the link to the vendor's page, the token kinds, scopes, quota and error
//! codes; [`Client::operations`] returns the same as data.

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
/// The ticket that Feishu pushes to a store app every hour; the handler of the `app_ticket` event sets it.
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
