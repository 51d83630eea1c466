//! Feishu: book a meeting, look it up, change it, join, read its details afterwards, delete the booking.

use std::error::Error;

use huiyi::feishu::types::{
    ApplyReserveRequest, ReserveMeetingSettings, ReserveMeetingSettingsUpdate, UpdateReserveRequest,
};
use huiyi::feishu::types::{Meeting, MeetingInitialType};
use huiyi::feishu::{Client, RetryPolicy};
use huiyi_mock::{Loopback, credentials};

use crate::table::{Seen, Table, request_line};

const VENDOR: &str = "Feishu";
const RESERVE: &str = "6911188411932033028";

pub(crate) async fn tour(server: &Loopback, table: &mut Table) -> Result<(), Box<dyn Error>> {
    let app = credentials::FEISHU;
    let client = Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url()).build()?;

    let settings = ReserveMeetingSettings::new()
        .topic("my meeting")
        .meeting_initial_type(MeetingInitialType::Group)
        .password("971024");
    let request =
        ApplyReserveRequest::new(settings).end_time(1_608_888_867).owner_id("ou_3ec3f6a28a0d08c45d895276e8e5e19b");
    let result = client.apply_reserve(request).send().await;
    let seen = result.map(|answer| Seen { title: answer.reserve.url.clone(), ..Seen::default() });
    table.success(VENDOR, "apply_reserve", &request_line(server, "apply_reserve"), seen);

    let result = client.get_reserve(RESERVE).send().await;
    let seen = result.map(|answer| Seen { title: answer.reserve.url.clone(), ..Seen::default() });
    table.success(VENDOR, "get_reserve", &request_line(server, "get_reserve"), seen);

    let change =
        UpdateReserveRequest::new().meeting_settings(ReserveMeetingSettingsUpdate::new().topic("moved meeting"));
    let result = client.update_reserve(RESERVE).body(change).send().await;
    let seen = result.map(|answer| Seen { title: answer.reserve.url.clone(), ..Seen::default() });
    table.success(VENDOR, "update_reserve", &request_line(server, "update_reserve"), seen);

    let result = client.get_active_meeting(RESERVE).with_participants(true).send().await;
    table.success(
        VENDOR,
        "get_active_meeting",
        &request_line(server, "get_active_meeting"),
        result.map(|answer| shown(&answer.meeting)),
    );

    let result = client.get_meeting("6911188411934433028").with_participants(true).send().await;
    table.success(
        VENDOR,
        "get_meeting",
        &request_line(server, "get_meeting"),
        result.map(|answer| shown(&answer.meeting)),
    );

    let result = client.delete_reserve(RESERVE).send().await;
    table.success(VENDOR, "delete_reserve", &request_line(server, "delete_reserve"), result.map(|_| Seen::default()));

    let stranger = Client::builder()
        .app(app.app_id, "not-the-secret")
        .base_url(server.base_url())
        .retry(RetryPolicy::off())
        .build()?;
    let result = stranger.get_meeting("6911188411934433028").send().await;
    table.failure(VENDOR, "get_meeting", "a wrong app secret", result);
    Ok(())
}

/// Returns the table fields of a meeting.
pub(crate) fn shown(meeting: &Meeting) -> Seen {
    Seen {
        title: meeting.topic.clone(),
        start: meeting.start_time.as_ref().map(|time| time.as_seconds()),
        participants: Some(meeting.participants.len()),
    }
}
