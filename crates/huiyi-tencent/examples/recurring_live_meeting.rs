//! Books a daily meeting with a host key and a live stream, and prints how to join and watch it.
//!
//! ```text
//! cargo run -p huiyi-tencent --example recurring_live_meeting -- <userid>
//! ```

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_tencent::types::{
    BookingType, CreateMeetingRequest, InstanceId, LiveConfig, MeetingSettings, MeetingType, MuteOnJoin, RecurringRule,
    RecurringType, UntilType, UserObject,
};
use support::{Outcome, Stage};

/// The server sends the example answers of the page.
pub(crate) const SCENE: &str = "{}";

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let [userid] = stage.arguments(["tester"])?;
    let start = support::tomorrow_at(10)?;

    let series =
        RecurringRule::new().recurring_type(RecurringType::Daily).until_type(UntilType::ByCount).until_count(7);
    let settings = MeetingSettings::new()
        .mute_enable_type_join(MuteOnJoin::AfterSix)
        .allow_unmute_self(false)
        .allow_in_before_host(true)
        .auto_in_waiting_room(false);
    let live = LiveConfig::new()
        .live_subject("test_subject")
        .live_summary("test_summary")
        .enable_live_password(true)
        .live_password("1234")
        .enable_live_im(true)
        .enable_live_replay(true);
    let request =
        CreateMeetingRequest::new(&*userid, format!("{userid}'s meeting"), BookingType::Scheduled, start, start + 3600)
            .instanceid(InstanceId::Pc)
            .hosts([UserObject::new(&*userid)])
            .password("1111")
            .enable_host_key(true)
            .host_key("168168")
            .meeting_type(MeetingType::Recurring)
            .recurring_rule(series)
            .settings(settings)
            .enable_live(true)
            .live_config(live);

    let created = stage.client.create_meeting(request).send().await?.into_inner();
    for meeting in created.meeting_info_list {
        println!("{}, number {}", text(&meeting.subject), text(&meeting.meeting_code));
        println!("  first   {}", meeting.start_time.map_or_else(String::new, |time| support::local(time.as_seconds())));
        println!("  join    {}", text(&meeting.join_url));
        // Debug output hides secrets; `expose` shows this one on purpose.
        println!("  host    key {}", meeting.host_key.as_ref().map_or("none", |key| key.expose()));
        println!("  watch   {}", text(&meeting.live_config.unwrap_or_default().live_addr));
    }
    Ok(())
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or("(none)")
}
