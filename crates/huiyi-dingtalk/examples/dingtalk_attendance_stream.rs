//! Prints attendance as people join and leave, in Stream mode: no public address is needed.
//!
//! ```text
//! cargo run -p huiyi-dingtalk --features long-connection --example dingtalk_attendance_stream
//! DINGTALK_APP_KEY=.. DINGTALK_APP_SECRET=.. \
//!     cargo run -p huiyi-dingtalk --features long-connection --example dingtalk_attendance_stream
//! ```
//!
//! In the developer console, set the app to receive events in Stream mode. Ctrl-C stops the program after the
//! events in progress are handled. Without credentials, a gateway in this process delivers three events, and the
//! program ends.

use std::error::Error;

use huiyi_dingtalk::Client;
use huiyi_dingtalk::events::{Delivery, Event, MemberChangeScene};
use huiyi_mock::{Gateway, Vendor, credentials};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let rehearsal = if std::env::var_os("DINGTALK_APP_KEY").is_none() { Some(rehearse().await?) } else { None };
    let client = match &rehearsal {
        None => Client::from_env()?,
        Some(gateway) => {
            let app = credentials::DINGTALK;
            Client::builder().app(app.app_key, app.secret).base_url(gateway.base_url()).build()?
        }
    };
    let events = client.events().on_incident(|incident| eprintln!("{incident}"));
    let stop = async {
        match &rehearsal {
            None => tokio::signal::ctrl_c().await.unwrap_or_default(),
            Some(gateway) => {
                gateway.until(|tally| tally.acknowledged == tally.pushed).await;
            }
        }
    };
    println!("time,what,meeting,who");
    Ok(events.run_until(stop, write).await?)
}

async fn write(delivery: Delivery<Event>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let time = delivery.created().map_or(0, |created| created.as_millis() / 1000);
    // Other events that the app subscribes to are only acknowledged.
    let Event::MeetingMemberStatusChange(change) = delivery.event() else { return Ok(()) };
    let what = match &change.change_scene {
        Some(MemberChangeScene::Joined) => "joined",
        Some(MemberChangeScene::Left | MemberChangeScene::Kicked) => "left",
        _ => return Ok(()),
    };
    for member in &change.open_member_models {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        println!("{time},{what},{},{}", text(&member.conference_id), text(&member.user_nick));
    }
    Ok(())
}

/// Starts a gateway that stands in for DingTalk and delivers events of people who join and leave.
async fn rehearse() -> std::io::Result<Gateway> {
    eprintln!("DINGTALK_APP_KEY and DINGTALK_APP_SECRET are not set: a gateway in this process delivers.\n");
    let gateway = Gateway::start(Vendor::DingTalk).await?;
    for (number, (scene, nick)) in
        [("user_join", "小钉"), ("user_join", "Ms Li"), ("user_leave", "小钉")].into_iter().enumerate()
    {
        let content = format!(
            r#"{{"openMemberModels":[{{"conferenceId":"63211f0c9b6ed40","userNick":"{nick}"}}],"changeScene":"{scene}"}}"#
        );
        gateway.push("meeting_member_status_change", &format!("event-{number}"), &content);
    }
    Ok(gateway)
}
