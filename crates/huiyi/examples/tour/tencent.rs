//! Tencent Meeting: a recurring meeting with live stream, host key and guests.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use huiyi::tencent::types::{
    BookingType, CreateMeetingRequest, CreateMeetingResponse, Guest, InstanceId, LiveConfig, LiveWatermark,
};
use huiyi::tencent::types::{MeetingSettings, MeetingType, RecurringRule, UserObject};
use huiyi::tencent::{Client, RetryPolicy};
use huiyi_mock::{Fault, Loopback, Target, credentials};

use crate::table::{Seen, Table, request_line};

const VENDOR: &str = "Tencent";

pub(crate) async fn tour(
    server: &Loopback,
    table: &mut Table,
    secret_key: Option<String>,
) -> Result<(), Box<dyn Error>> {
    let app = credentials::TENCENT;
    let secret_key = secret_key.unwrap_or_else(|| app.secret_key.to_owned());
    let client = Client::builder().keys(app.app_id, app.secret_id, secret_key).base_url(server.base_url()).build()?;

    let result = client.create_meeting(recurring_meeting()).send().await;
    table.success(
        VENDOR,
        "create_meeting",
        &request_line(server, "create_meeting"),
        result.map(|answer| shown(&answer)),
    );

    let late = client.with_retry(RetryPolicy::off());
    server.fault(Target::Operation("create_meeting".to_owned()), Fault::ClockSkew);
    let result = late.create_meeting(recurring_meeting()).send().await;
    table.failure(VENDOR, "create_meeting", "a clock that is wrong", result);
    Ok(())
}

/// Returns a meeting on seven consecutive days, with a live stream and a host key.
pub(crate) fn recurring_meeting() -> CreateMeetingRequest {
    let settings =
        MeetingSettings::new().allow_in_before_host(true).auto_in_waiting_room(false).allow_unmute_self(false);
    let watermark = LiveWatermark::new().watermark_opt(0);
    let live = LiveConfig::new()
        .live_subject("test_subject")
        .live_summary("test_summary")
        .enable_live_password(true)
        .live_password("1234")
        .enable_live_im(true)
        .enable_live_replay(true)
        .live_watermark(watermark);
    CreateMeetingRequest::new("tester", "tester's meeting", BookingType::Scheduled, 1_572_172_200, 1_572_175_800)
        .instanceid(InstanceId::Pc)
        .hosts([UserObject::new("tester")])
        .invitees([UserObject::new("test1"), UserObject::new("test2")])
        .guests([Guest::new("86", "13800000000").guest_name("guest")])
        .password("1111")
        .enable_host_key(true)
        .host_key("168168")
        .settings(settings)
        .meeting_type(MeetingType::Recurring)
        .recurring_rule(RecurringRule::new().recurring_type(0).until_type(1).until_count(7))
        .enable_live(true)
        .live_config(live)
}

/// Returns a meeting of half an hour at this time tomorrow.
pub(crate) fn meeting_of_tomorrow(user: String) -> Result<CreateMeetingRequest, Box<dyn Error>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let start = i64::try_from(now)? + 24 * 3600;
    Ok(CreateMeetingRequest::new(user, "huiyi tour", BookingType::Scheduled, start, start + 1800)
        .instanceid(InstanceId::Pc))
}

/// Returns the table fields of a created meeting.
pub(crate) fn shown(answer: &CreateMeetingResponse) -> Seen {
    let Some(meeting) = answer.meeting_info_list.first() else {
        return Seen::default();
    };
    Seen {
        title: meeting.subject.clone(),
        start: meeting.start_time.as_ref().map(|time| time.as_seconds()),
        participants: Some(meeting.participants.len()),
    }
}
