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
//! # Operations by resource
//!
//! | resource | 资源 | operations |
//! |---|---|---|
//! | OAuth tokens | 登录与凭证 | [`create_oauth_token`](Client::create_oauth_token), [`refresh_oauth_token`](Client::refresh_oauth_token), [`get_oauth_user_info`](Client::get_oauth_user_info) |
//! | meetings | 会议 | [`get_meeting_by_code`](Client::get_meeting_by_code), [`list_user_meetings`](Client::list_user_meetings), [`create_meeting`](Client::create_meeting), [`get_meetings`](Client::get_meetings), [`get_meeting`](Client::get_meeting), [`update_meeting`](Client::update_meeting), [`cancel_meeting`](Client::cancel_meeting), [`dismiss_meeting`](Client::dismiss_meeting), [`list_ended_meetings`](Client::list_ended_meetings), [`find_device_meetings`](Client::find_device_meetings), [`get_ms_open_id`](Client::get_ms_open_id), [`get_meeting_quality`](Client::get_meeting_quality), [`get_meeting_qos`](Client::get_meeting_qos), [`search_meetings`](Client::search_meetings) |
//! | participants | 参会成员 | [`list_participants`](Client::list_participants), [`list_real_time_participants`](Client::list_real_time_participants) |
//! | invitees | 受邀成员 | [`list_invitees`](Client::list_invitees), [`set_invitees`](Client::set_invitees), [`change_invitees`](Client::change_invitees) |
//! | guests | 会议嘉宾 | [`list_guests`](Client::list_guests), [`set_guests`](Client::set_guests), [`list_guests_by_code`](Client::list_guests_by_code), [`set_guests_by_code`](Client::set_guests_by_code) |
//! | waiting rooms | 等候室 | [`list_waiting_room_records`](Client::list_waiting_room_records), [`list_waiting_room_participants`](Client::list_waiting_room_participants), [`get_waiting_room_welcome_message`](Client::get_waiting_room_welcome_message), [`set_waiting_room_welcome_message`](Client::set_waiting_room_welcome_message) |
//! | control of a running meeting | 会中控制 | [`update_meeting_status`](Client::update_meeting_status), [`mute_participant`](Client::mute_participant), [`set_cohost`](Client::set_cohost), [`kick_out_participants`](Client::kick_out_participants), [`stop_screen_share`](Client::stop_screen_share), [`set_participant_video`](Client::set_participant_video), [`set_document_upload_permission`](Client::set_document_upload_permission), [`control_waiting_room`](Client::control_waiting_room), [`rename_participants`](Client::rename_participants), [`set_real_time_asr`](Client::set_real_time_asr), [`call_members`](Client::call_members) |
//! | personal join links | 专属参会链接 | [`create_customer_short_url`](Client::create_customer_short_url), [`list_customer_short_urls`](Client::list_customer_short_urls) |
//! | sign-ins | 签到 | [`start_sign_in`](Client::start_sign_in), [`stop_sign_in`](Client::stop_sign_in), [`list_sign_in_records`](Client::list_sign_in_records), [`list_sign_ins`](Client::list_sign_ins) |
//! | documents | 文档 | [`list_user_documents`](Client::list_user_documents), [`list_meeting_documents`](Client::list_meeting_documents), [`upload_document`](Client::upload_document), [`set_document_permission`](Client::set_document_permission), [`delete_document`](Client::delete_document) |
//! | polls | 投票 | [`create_poll_theme`](Client::create_poll_theme), [`update_poll_theme`](Client::update_poll_theme), [`get_poll_theme`](Client::get_poll_theme), [`delete_poll`](Client::delete_poll), [`list_polls`](Client::list_polls), [`get_poll`](Client::get_poll), [`start_poll`](Client::start_poll), [`finish_poll`](Client::finish_poll) |
//! | votes, old | 投票（旧） | [`list_vote_themes`](Client::list_vote_themes), [`create_vote_theme`](Client::create_vote_theme), [`update_vote_theme`](Client::update_vote_theme), [`delete_vote_theme`](Client::delete_vote_theme), [`list_votes`](Client::list_votes), [`get_vote`](Client::get_vote), [`delete_vote`](Client::delete_vote) |
//! | enrolment | 报名 | [`list_enrollments`](Client::list_enrollments), [`review_enrollments`](Client::review_enrollments), [`get_enroll_config`](Client::get_enroll_config), [`update_enroll_config`](Client::update_enroll_config), [`list_enroll_ids`](Client::list_enroll_ids), [`import_enrollments`](Client::import_enrollments), [`delete_enrollments`](Client::delete_enrollments) |
//! | webinars | 网络研讨会 | [`create_webinar`](Client::create_webinar), [`get_webinar`](Client::get_webinar), [`update_webinar`](Client::update_webinar), [`cancel_webinar`](Client::cancel_webinar), [`list_webinar_guests`](Client::list_webinar_guests), [`set_webinar_guests`](Client::set_webinar_guests), [`set_webinar_warm_up`](Client::set_webinar_warm_up) |
//! | live streaming | 直播 | [`update_live_config`](Client::update_live_config), [`update_live_config_by_code`](Client::update_live_config_by_code), [`list_live_replays`](Client::list_live_replays), [`list_live_replays_by_code`](Client::list_live_replays_by_code), [`delete_live_replays`](Client::delete_live_replays), [`set_live_stream_address`](Client::set_live_stream_address), [`get_live_view_info`](Client::get_live_view_info), [`get_push_stream_info`](Client::get_push_stream_info) |
//! | layouts | 布局 | [`list_layout_templates`](Client::list_layout_templates), [`list_layouts`](Client::list_layouts), [`create_layouts`](Client::create_layouts), [`update_layout`](Client::update_layout), [`delete_layout`](Client::delete_layout), [`batch_delete_layouts`](Client::batch_delete_layouts), [`set_default_layout`](Client::set_default_layout), [`list_advanced_layouts`](Client::list_advanced_layouts), [`create_advanced_layouts`](Client::create_advanced_layouts), [`update_advanced_layout`](Client::update_advanced_layout), [`batch_delete_advanced_layouts`](Client::batch_delete_advanced_layouts), [`get_applied_layout`](Client::get_applied_layout), [`apply_layout`](Client::apply_layout) |
//! | backgrounds | 背景 | [`list_backgrounds`](Client::list_backgrounds), [`create_backgrounds`](Client::create_backgrounds), [`delete_background`](Client::delete_background), [`batch_delete_backgrounds`](Client::batch_delete_backgrounds), [`set_default_background`](Client::set_default_background), [`set_virtual_background`](Client::set_virtual_background) |
//! | meeting room connectors | MRA | [`set_mra_layout`](Client::set_mra_layout), [`hang_up_mra`](Client::hang_up_mra), [`set_mra_hand`](Client::set_mra_hand), [`get_mra_state`](Client::get_mra_state) |
//! | telephone calls | 电话（PSTN） | [`list_callouts`](Client::list_callouts), [`start_callouts`](Client::start_callouts), [`cancel_callouts`](Client::cancel_callouts), [`list_phone_ms_open_ids`](Client::list_phone_ms_open_ids), [`export_call_details`](Client::export_call_details), [`get_call_detail_export`](Client::get_call_detail_export) |
//! | preparation mode | 准备模式 | [`list_prepare_mode_records`](Client::list_prepare_mode_records) |
//! | personal meeting IDs | 个人会议号 | [`list_pmi_meetings`](Client::list_pmi_meetings), [`get_pmi_config`](Client::get_pmi_config), [`update_pmi_config`](Client::update_pmi_config) |
//! | real-time transcription | 实时转写 | [`set_asr_hot_words`](Client::set_asr_hot_words), [`export_asr_transcript`](Client::export_asr_transcript), [`set_asr_push`](Client::set_asr_push) |
//! | toolkit apps | 扩展应用 | [`bind_toolkit`](Client::bind_toolkit) |
//! | JSAPI | JSAPI | [`get_jsapi_ticket`](Client::get_jsapi_ticket), [`get_jsapi_user`](Client::get_jsapi_user) |
//! | authorisations | 用户授权 | [`cancel_user_auth`](Client::cancel_user_auth) |
//! | recordings, transcripts | 云录制 | [`list_records`](Client::list_records), [`delete_record`](Client::delete_record), [`delete_record_file`](Client::delete_record_file), [`list_record_access_members`](Client::list_record_access_members), [`add_record_access_members`](Client::add_record_access_members), [`remove_record_access_members`](Client::remove_record_access_members), [`review_record_access_requests`](Client::review_record_access_requests), [`list_record_events`](Client::list_record_events), [`get_record_settings`](Client::get_record_settings), [`update_record_settings`](Client::update_record_settings), [`get_transcript`](Client::get_transcript), [`list_transcript_paragraphs`](Client::list_transcript_paragraphs), [`search_transcript`](Client::search_transcript), [`set_record_transfer`](Client::set_record_transfer), [`list_record_views`](Client::list_record_views) |
//! | addresses of recordings | 录制地址 | [`list_record_addresses`](Client::list_record_addresses), [`get_record_file`](Client::get_record_file) |
//! | access to recordings | 录制访问数据 | [`get_record_metrics`](Client::get_record_metrics) |
//! | uploads of recordings | 上传录制 | [`upload_recording`](Client::upload_recording), [`upload_record_file`](Client::upload_record_file), [`prepare_record_upload`](Client::prepare_record_upload), [`upload_record_part`](Client::upload_record_part), [`finish_record_upload`](Client::finish_record_upload) |
//! | smart minutes | 智能纪要 | [`list_smart_chapters`](Client::list_smart_chapters), [`get_smart_summary`](Client::get_smart_summary), [`get_smart_minutes`](Client::get_smart_minutes), [`list_smart_speakers`](Client::list_smart_speakers), [`list_smart_topics`](Client::list_smart_topics) |
//! | users | 用户 | [`get_user_by_uuid`](Client::get_user_by_uuid), [`create_user`](Client::create_user), [`update_user_by_uuid`](Client::update_user_by_uuid), [`delete_user_by_uuid`](Client::delete_user_by_uuid), [`get_user`](Client::get_user), [`update_user`](Client::update_user), [`delete_user`](Client::delete_user), [`set_user_enabled`](Client::set_user_enabled), [`send_user_activation`](Client::send_user_activation), [`send_user_verification`](Client::send_user_verification), [`add_ai_account`](Client::add_ai_account), [`remove_ai_account`](Client::remove_ai_account), [`get_account_statistics`](Client::get_account_statistics), [`search_users`](Client::search_users), [`list_users`](Client::list_users), [`transfer_user_assets`](Client::transfer_user_assets), [`get_user_basic_info`](Client::get_user_basic_info), [`create_activation_links`](Client::create_activation_links), [`create_verification_links`](Client::create_verification_links), [`convert_open_ids`](Client::convert_open_ids) |
//! | departments | 部门 | [`create_department`](Client::create_department), [`list_departments`](Client::list_departments), [`get_department`](Client::get_department), [`update_department`](Client::update_department), [`list_department_users`](Client::list_department_users), [`delete_departments`](Client::delete_departments) |
//! | corporation-wide lists | 账户级列表 | [`list_ended_corp_meetings`](Client::list_ended_corp_meetings), [`list_live_corp_meetings`](Client::list_live_corp_meetings), [`list_upcoming_corp_meetings`](Client::list_upcoming_corp_meetings), [`list_role_users`](Client::list_role_users), [`list_corp_meetings`](Client::list_corp_meetings), [`list_corp_records`](Client::list_corp_records), [`list_corp_users`](Client::list_corp_users) |
//! | corporate resources | 企业资源 | [`list_large_meeting_users`](Client::list_large_meeting_users), [`authorize_large_meeting_users`](Client::authorize_large_meeting_users), [`revoke_large_meeting_users`](Client::revoke_large_meeting_users), [`list_booking_users`](Client::list_booking_users), [`authorize_booking_users`](Client::authorize_booking_users), [`revoke_booking_users`](Client::revoke_booking_users), [`list_virtual_room_users`](Client::list_virtual_room_users), [`reserve_virtual_rooms`](Client::reserve_virtual_rooms), [`release_virtual_rooms`](Client::release_virtual_rooms) |
//! | roles | 企业角色 | [`list_roles`](Client::list_roles), [`assign_role`](Client::assign_role), [`change_role`](Client::change_role), [`delete_role`](Client::delete_role) |
//! | meeting rooms | 会议室（Rooms） | [`list_rooms`](Client::list_rooms), [`get_room`](Client::get_room), [`create_room_activation_code`](Client::create_room_activation_code), [`get_room_background`](Client::get_room_background), [`set_room_background`](Client::set_room_background), [`list_room_meetings`](Client::list_room_meetings), [`find_room_by_screencast_code`](Client::find_room_by_screencast_code), [`update_room`](Client::update_room), [`get_room_config`](Client::get_room_config), [`update_room_config`](Client::update_room_config), [`call_room`](Client::call_room), [`cancel_room_call`](Client::cancel_room_call), [`get_room_call`](Client::get_room_call), [`book_rooms`](Client::book_rooms), [`release_rooms`](Client::release_rooms), [`get_room_inventory`](Client::get_room_inventory), [`get_room_account_statistics`](Client::get_room_account_statistics) |
//! | alarms and controllers | 会议室监控 | [`list_room_alarms`](Client::list_room_alarms), [`list_room_controllers`](Client::list_room_controllers) |
//! | devices | 设备 | [`list_devices`](Client::list_devices) |
//! | exports | 导出 | [`export_participants`](Client::export_participants), [`get_export_job`](Client::get_export_job) |
//! | chats | 会议聊天 | [`export_chat`](Client::export_chat) |
//! | logs | 日志 | [`upload_log_public_key`](Client::upload_log_public_key), [`list_admin_logs`](Client::list_admin_logs) |
//! | members of the corporation | 企业通讯录成员 | [`search_members`](Client::search_members), [`lookup_members_by_email`](Client::lookup_members_by_email), [`lookup_members_by_phone`](Client::lookup_members_by_phone) |
//! | STS tokens | STS-Token | [`request_sts_token`](Client::request_sts_token) |
//!
//! The documentation of each method has the link to the vendor's page, the token kinds, quota and error codes;
//! [`Client::operations`] returns the same as data. Receiving events (webhooks) needs the feature `events`.

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
