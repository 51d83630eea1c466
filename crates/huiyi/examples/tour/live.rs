//! The same calls to the real vendors, with credentials and ids from the environment.
//!
//! Only reading calls are made, unless `HUIYI_TOUR_CREATE=1` allows the program to create a meeting. For Tencent
//! Meeting that is the only call.

use std::error::Error;
use std::process::ExitCode;

use huiyi::{dingtalk, feishu, tencent, wecom};

use crate::table::Table;

/// The variables of each vendor: credentials, then ids. Any value is accepted, unless one is given here.
const NEEDED: [(&str, &[&str]); 4] = [
    ("Feishu", &["FEISHU_APP_ID", "FEISHU_APP_SECRET", "FEISHU_MEETING_ID"]),
    ("WeCom", &["WECOM_CORP_ID", "WECOM_CORP_SECRET", "WECOM_MEETING_ID"]),
    ("DingTalk", &["DINGTALK_APP_KEY", "DINGTALK_APP_SECRET", "DINGTALK_CONFERENCE_ID"]),
    (
        "Tencent",
        &[
            "TENCENT_MEETING_APP_ID",
            "TENCENT_MEETING_SECRET_ID",
            "TENCENT_MEETING_SECRET_KEY",
            "TENCENT_MEETING_USER_ID",
            "HUIYI_TOUR_CREATE=1",
        ],
    ),
];

/// Calls every vendor whose variables are all set, and names the variables of the others.
pub(crate) async fn run() -> Result<ExitCode, Box<dyn Error>> {
    let mut table = Table::default();
    let mut ready = Vec::new();
    for (vendor, names) in NEEDED {
        let missing: Vec<&str> = names.iter().copied().filter(|name| !is_set(name)).collect();
        if missing.is_empty() {
            ready.push(vendor);
        } else {
            println!("{vendor:<9} not called; not set in the environment: {}", missing.join(", "));
        }
    }
    for vendor in &ready {
        match *vendor {
            "Feishu" => {
                let client = feishu::Client::from_env()?;
                let result = client.get_meeting(value("FEISHU_MEETING_ID")).with_participants(true).send().await;
                let line = "GET /open-apis/vc/v1/meetings/{meeting_id}";
                table.success(vendor, "get_meeting", line, result.map(|answer| crate::feishu::shown(&answer.meeting)));
            }
            "WeCom" => {
                let client = wecom::Client::from_env()?;
                let request = wecom::types::GetMeetingInfoRequest::new().meetingid(value("WECOM_MEETING_ID"));
                let result = client.get_meeting_info().body(request).send().await;
                let line = "POST /cgi-bin/meeting/get_info";
                table.success(vendor, "get_meeting_info", line, result.map(|answer| crate::wecom::shown(&answer)));
            }
            "DingTalk" => {
                let client = dingtalk::Client::from_env()?;
                let result = client.get_video_conference(value("DINGTALK_CONFERENCE_ID")).send().await;
                let line = "GET /v1.0/conference/videoConferences/{conferenceId}";
                table.success(
                    vendor,
                    "get_video_conference",
                    line,
                    result.map(|answer| crate::dingtalk::shown(&answer)),
                );
            }
            _ => {
                let client = tencent::Client::from_env()?;
                let request = crate::tencent::meeting_of_tomorrow(value("TENCENT_MEETING_USER_ID"))?;
                let result = client.create_meeting(request).send().await;
                table.success(
                    vendor,
                    "create_meeting",
                    "POST /v1/meetings",
                    result.map(|answer| crate::tencent::shown(&answer)),
                );
            }
        }
    }
    if ready.is_empty() {
        return Ok(ExitCode::from(2));
    }
    table.print();
    Ok(if table.is_as_expected() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns whether a variable is set, and has the given value if there is one.
fn is_set(needed: &str) -> bool {
    match needed.split_once('=') {
        Some((name, wanted)) => variable(name).is_some_and(|value| value == wanted),
        None => variable(needed).is_some(),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn value(name: &str) -> String {
    variable(name).unwrap_or_default()
}
