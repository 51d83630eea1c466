//! Schedules a meeting for tomorrow and prints how to join it.
//!
//! ```text
//! cargo run -p huiyi-feishu --example schedule_meeting
//! FEISHU_APP_ID=.. FEISHU_APP_SECRET=.. cargo run -p huiyi-feishu --example schedule_meeting -- <open_id> <topic>
//! ```
//!
//! With the app's own token, Feishu requires the owner of the meeting, hence the `open_id`.

mod support;

use std::time::{Duration, SystemTime};

use huiyi_feishu::ErrorKind;
use huiyi_feishu::types::{ApplyReserveRequest, MeetingInitialType, ReserveMeetingSettings};
use support::argument;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = support::client(include_str!("support/schedule_meeting.json")).await?;

    let settings = ReserveMeetingSettings::new()
        .topic(argument(2, "周会 Weekly"))
        .meeting_initial_type(MeetingInitialType::Group)
        .auto_record(true);
    let order = ApplyReserveRequest::new(settings)
        .owner_id(argument(1, "ou_3ec3f6a28a0d08c45d895276e8e5e19b"))
        .end_time(SystemTime::now() + Duration::from_secs(24 * 3600));

    let reserve = match client.apply_reserve(order).send().await {
        Ok(answer) => answer.into_inner().reserve,
        Err(error) if error.kind() == ErrorKind::Permission => return Err("the app needs the scope vc:reserve".into()),
        Err(error) => return Err(error.to_string().into()),
    };
    println!("meeting number  {}", reserve.meeting_no.as_deref().unwrap_or("-"));
    println!("link            {}", reserve.url.as_deref().unwrap_or("-"));
    println!("reservation     {}", reserve.id.as_deref().unwrap_or("-"));
    Ok(())
}
