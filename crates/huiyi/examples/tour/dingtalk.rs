//! DingTalk: a running conference.

use std::error::Error;

use huiyi::dingtalk::Client;
use huiyi::dingtalk::types::GetVideoConferenceResponse;
use huiyi_mock::{Fault, Loopback, Target, credentials};

use crate::table::{Seen, Table, request_line};

const VENDOR: &str = "DingTalk";

pub(crate) async fn tour(server: &Loopback, table: &mut Table) -> Result<(), Box<dyn Error>> {
    let app = credentials::DINGTALK;
    let client = Client::builder().app(app.app_key, app.secret).base_url(server.base_url()).build()?;

    let result = client.get_video_conference("61289fxxx").send().await;
    table.success(
        VENDOR,
        "get_video_conference",
        &request_line(server, "get_video_conference"),
        result.map(|answer| shown(&answer)),
    );

    server.fault(Target::Operation("get_video_conference".to_owned()), Fault::MonthlyQuota);
    let result = client.get_video_conference("61289fxxx").send().await;
    table.failure(VENDOR, "get_video_conference", "the month's calls used up", result);
    Ok(())
}

/// Returns the table fields of a conference.
pub(crate) fn shown(answer: &GetVideoConferenceResponse) -> Seen {
    let conference = &answer.conf_info;
    Seen {
        title: conference.title.clone(),
        start: conference.start_time.as_ref().map(|time| time.as_millis() / 1000),
        participants: conference.attend_num.and_then(|count| usize::try_from(count).ok()),
    }
}
