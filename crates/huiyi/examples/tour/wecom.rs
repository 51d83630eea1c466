//! WeCom: the details of a meeting, found by id and by code.

use std::error::Error;

use huiyi::wecom::types::{GetMeetingInfoRequest, GetMeetingInfoResponse};
use huiyi::wecom::{Client, RetryPolicy};
use huiyi_mock::{Fault, Loopback, Target, credentials};

use crate::table::{Seen, Table, request_line};

const VENDOR: &str = "WeCom";

pub(crate) async fn tour(server: &Loopback, table: &mut Table) -> Result<(), Box<dyn Error>> {
    let app = credentials::WECOM;
    let client = Client::builder().corp(app.corpid, app.secret).base_url(server.base_url()).build()?;

    server.use_example("get_meeting_info", "basic");
    let result = client.get_meeting_info().body(GetMeetingInfoRequest::new().meetingid("hyXXXXXXXX")).send().await;
    table.success(
        VENDOR,
        "get_meeting_info",
        &request_line(server, "get_meeting_info"),
        result.map(|answer| shown(&answer)),
    );

    let hasty = client.with_retry(RetryPolicy::off());
    server.fault(Target::Operation("get_meeting_info".to_owned()), Fault::RateLimited);
    let result = hasty.get_meeting_info().body(GetMeetingInfoRequest::new().meetingid("hyXXXXXXXX")).send().await;
    table.failure(VENDOR, "get_meeting_info", "a rate limit under HTTP 200", result);
    Ok(())
}

/// Returns the table fields of a meeting.
pub(crate) fn shown(meeting: &GetMeetingInfoResponse) -> Seen {
    let attendees = &meeting.attendees;
    Seen {
        title: meeting.title.clone(),
        start: meeting.meeting_start.as_ref().map(|time| time.as_seconds()),
        participants: Some(attendees.member.len() + attendees.tmp_external_user.len()),
    }
}
