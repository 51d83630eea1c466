//! Schedules a weekly meeting with hosts and reminders, and prints its dates.
//!
//! ```text
//! cargo run -p huiyi-wecom --example schedule_recurring -- <userid of the administrator> <userids of the hosts>
//! ```

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_wecom::types::{
    CreateMeetingRequest, CreateMeetingSettings, EnterMuteMode, GetMeetingInfoRequest, RemindScope, ReminderSettings,
    RepeatType, RepeatUntilType,
};
use support::{Outcome, Stage};

pub(crate) const SCENE: &str = include_str!("support/schedule_recurring.json");

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let client = &stage.client;
    let members = stage.arguments(&["zhangsan", "lisi", "wangwu"])?;
    let (admin, hosts) = members.split_first().ok_or("name the administrator")?;

    let settings = CreateMeetingSettings::new()
        .hosts(hosts)
        .remind_scope(RemindScope::Everyone)
        .enable_enter_mute(EnterMuteMode::OverSixPeople)
        .allow_external_user(false); // only members; in a running meeting the same name means the opposite
    let series = ReminderSettings::new()
        .is_repeat(true)
        .repeat_type(RepeatType::Weekly)
        .repeat_until_type(RepeatUntilType::Count)
        .repeat_until_count(6)
        .remind_before([0, 15 * 60]);
    let request = CreateMeetingRequest::new(admin, "Platform team, weekly")
        .meeting_start(support::next_monday_at_ten()?)
        .meeting_duration(45 * 60)
        .invitees(&members)
        .settings(settings)
        .reminders(series);

    let created = match client.create_meeting(request).send().await {
        Ok(created) => created,
        Err(error) if error.code() == Some("400302") => {
            println!("this meeting exists already; `skip_duplicate_check(true)` would create another one");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let meetingid = created.meetingid.as_deref().ok_or("the vendor gave no meetingid")?;
    let meeting = client.get_meeting_info().body(GetMeetingInfoRequest::new().meetingid(meetingid)).send().await?;

    println!("{}, code {}", text(&meeting.title), text(&meeting.meeting_code));
    println!("  {}", text(&meeting.meeting_link));
    if let Some(hosts) = &meeting.settings.hosts {
        println!("  hosts      {}", hosts.userid.as_deref().unwrap_or_default().join(", "));
    }
    let reminders: Vec<String> = meeting.reminders.remind_before.iter().map(|before| reminder(*before)).collect();
    println!("  reminders  {}", reminders.join(", "));
    for occurrence in &meeting.sub_meetings {
        if let (Some(start), Some(end)) = (&occurrence.start_time, &occurrence.end_time) {
            println!("  {} to {}", support::date_and_time(start.as_seconds()), support::time(end.as_seconds()));
        }
    }
    for userid in &created.excess_users {
        println!("  not invited, since the meeting is full: {userid}");
    }
    Ok(())
}

fn text(field: &Option<String>) -> &str {
    field.as_deref().unwrap_or("?")
}

fn reminder(seconds_before: i64) -> String {
    match seconds_before {
        0 => "when it begins".to_owned(),
        seconds => format!("{} minutes before", seconds / 60),
    }
}
