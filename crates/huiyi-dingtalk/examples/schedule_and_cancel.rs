//! Books a conference for tomorrow, looks it up, and cancels it.
//!
//! ```text
//! cargo run -p huiyi-dingtalk --example schedule_and_cancel
//! ```
//!
//! To call DingTalk it needs `DINGTALK_UNION_ID`, the unionId of the user who books.

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_dingtalk::types::{
    CancelScheduleConferenceRequest, CreateScheduleConferenceRequest, MuteOnJoin, ScheduleExtraSettings,
    ScheduleSettings,
};
use huiyi_mock::Loopback;
use serde_json::json;
use support::{Outcome, Setup, answer_in_turn, clock_time, tomorrow_at};

#[tokio::main]
async fn main() -> ExitCode {
    support::run(example).await
}

pub(crate) async fn example(setup: Setup) -> Outcome {
    let organiser = setup.variable("DINGTALK_UNION_ID", "qzR1iSMDvzR9iP7P0ZKZobSiEiE")?;
    if let Some(server) = &setup.loopback {
        rehearse(server);
    }
    let client = &setup.client;

    let settings = ScheduleSettings::new()
        .mute_on_join(MuteOnJoin::AboveSix)
        .mozi_conf_virtual_extra_setting(ScheduleExtraSettings::new().waiting_room(true).join_before_host(false));
    let title = "Quarterly review 季度回顾";
    let request = CreateScheduleConferenceRequest::new(organiser.as_str(), title, tomorrow_at(10), tomorrow_at(11))
        .schedule_conf_setting_model(settings);
    let booked = client.create_schedule_conference(request).send().await?.into_inner();
    let id = booked.schedule_conference_id.ok_or("the answer has no id of the booking")?;
    println!("Booked: {id}");

    let look_up = || client.get_schedule_conference(&*id, &*organiser).send();
    let found = look_up().await?.into_inner();
    let (start, end) = (clock_time(found.start_time.as_ref()), clock_time(found.end_time.as_ref()));
    println!("  {}", found.title.unwrap_or_default());
    println!("  tomorrow, {start} to {end} in China");
    println!("  code {}, link {}", found.room_code.unwrap_or_default(), found.url.unwrap_or_default());

    let request = CancelScheduleConferenceRequest::new(id.as_str(), organiser.as_str());
    client.cancel_schedule_conference(request).send().await?;
    println!("Cancelled.");

    match look_up().await {
        Ok(_) => println!("It can still be looked up."),
        Err(error) => println!("Looked up once more: {}", error),
    }
    Ok(())
}

/// Gives the server inside this process more realistic answers than the examples on DingTalk's pages.
fn rehearse(server: &Loopback) {
    let found = json!({
        "title": "Quarterly review 季度回顾", "startTime": tomorrow_at(10), "endTime": tomorrow_at(11),
        "roomCode": "838 722 9146", "url": "https://meeting.dingtalk.com/j/Bsbp3iQmUyJJ9",
    });
    let cancelled = json!({"code": "resourceCancel", "message": "RESOURCE CANCEL", "requestid": "30EE8654-57F7"});
    answer_in_turn(server, "get_schedule_conference", [(200, found), (400, cancelled)]);
}
