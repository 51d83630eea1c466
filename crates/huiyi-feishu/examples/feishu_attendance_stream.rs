//! Prints attendance as people join and leave, over a long connection: no public address is needed.
//!
//! ```text
//! cargo run -p huiyi-feishu --features long-connection --example feishu_attendance_stream
//! FEISHU_APP_ID=.. FEISHU_APP_SECRET=.. \
//!     cargo run -p huiyi-feishu --features long-connection --example feishu_attendance_stream
//! ```
//!
//! In the developer console, set the app to receive events through a persistent connection. Ctrl-C stops the
//! program after the events in progress are handled. Without credentials, a gateway in this process delivers four
//! events, and the program ends.

use std::error::Error;

use huiyi_feishu::Client;
use huiyi_feishu::events::{Delivery, Event, EventMeeting, EventUser};
use huiyi_mock::{Gateway, Vendor, credentials};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let rehearsal = if std::env::var_os("FEISHU_APP_ID").is_none() { Some(rehearse().await?) } else { None };
    let client = match &rehearsal {
        None => Client::from_env()?,
        Some(gateway) => {
            let app = credentials::FEISHU;
            Client::builder().app(app.app_id, app.app_secret).base_url(gateway.base_url()).build()?
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
    match delivery.event() {
        Event::ParticipantJoined(joined) => row(time, "joined", &joined.meeting, &joined.operator),
        Event::ParticipantLeft(left) => row(time, "left", &left.meeting, &left.operator),
        Event::MeetingEnded(ended) => row(time, "ended", &ended.meeting, &EventUser::default()),
        // Other events that the app subscribes to are only acknowledged.
        _ => {}
    }
    Ok(())
}

fn row(time: i64, what: &str, meeting: &EventMeeting, who: &EventUser) {
    let user = who.id.as_ref().and_then(|id| id.user_id.as_deref()).unwrap_or_default();
    println!("{time},{what},{},{user}", meeting.topic.as_deref().unwrap_or_default());
}

/// Starts a gateway that stands in for Feishu and delivers the events of a one-hour meeting.
async fn rehearse() -> std::io::Result<Gateway> {
    eprintln!("FEISHU_APP_ID and FEISHU_APP_SECRET are not set: a gateway in this process delivers.\n");
    let gateway = Gateway::start(Vendor::Feishu).await?;
    for (number, (event_type, user)) in [
        ("vc.meeting.join_meeting_v1", "li"),
        ("vc.meeting.join_meeting_v1", "wang"),
        ("vc.meeting.leave_meeting_v1", "li"),
        ("vc.meeting.meeting_ended_v1", "wang"),
    ]
    .into_iter()
    .enumerate()
    {
        let content = format!(
            r#"{{"meeting":{{"id":"6911188411934433028","topic":"周会"}},"operator":{{"id":{{"user_id":"{user}"}}}}}}"#
        );
        gateway.push(event_type, &format!("event-{number}"), &content);
    }
    Ok(gateway)
}
