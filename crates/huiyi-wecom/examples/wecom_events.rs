//! Waits for meetings to end, and prints who took part as CSV.
//!
//! ```text
//! cargo run -p huiyi-wecom --features axum --example wecom_events -- 0.0.0.0:8080
//! ```
//!
//! To receive events from WeCom it also needs `WECOM_EVENT_TOKEN`, `WECOM_EVENT_KEY` and `WECOM_CORP_ID`. Without
//! credentials the program delivers a stored event to itself and ends.

pub(crate) mod support;

use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use huiyi_wecom::Client;
use huiyi_wecom::events::axum::route;
use huiyi_wecom::events::{Delivery, Endpoint, Event, EventReceiver, MemorySeen};
use huiyi_wecom::types::ListAttendeesRequest;
use support::{Outcome, Stage};

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub(crate) const SCENE: &str = include_str!("support/participants.json");

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let address = stage.arguments(&["127.0.0.1:0"])?.remove(0);
    let is_rehearsal = stage.server.is_some();
    let variable = |name, rehearsal: &str| if is_rehearsal { Ok(rehearsal.to_owned()) } else { std::env::var(name) };
    let token = variable("WECOM_EVENT_TOKEN", "loopback-token")?;
    let key = variable("WECOM_EVENT_KEY", "bG9vcGJhY2stYWVzLWtleS1sb29wYmFjay1hZXMtazE")?;
    let receiver =
        EventReceiver::builder().keys(token, key).receive_id(variable("WECOM_CORP_ID", "ww0123456789abcdef")?);
    // The stored events are older than the default limit.
    let receiver = if is_rehearsal { receiver.max_age(Duration::MAX) } else { receiver }.build()?;
    let client = stage.client.clone();
    let endpoint = Endpoint::builder(receiver)
        .seen(MemorySeen::new(100_000))
        .on_incident(|incident| eprintln!("{incident}"))
        .handler(move |delivery| handle(client.clone(), delivery));

    let router = Router::new().route("/hooks/wecom", route(endpoint.clone()));
    let listener = tokio::net::TcpListener::bind(address).await?;
    let address = format!("http://{}/hooks/wecom", listener.local_addr()?);
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    if is_rehearsal {
        support::deliver(&address, include_str!("support/meeting_events_deliveries.json")).await?;
        endpoint.drained().await;
        return Ok(());
    }
    Ok(server.await??)
}

async fn handle(client: Client, delivery: Delivery<Event>) -> Result<(), Failure> {
    // Other events that the app subscribes to are only acknowledged.
    let Event::MeetingEnded(ended) = delivery.into_event() else { return Ok(()) };
    let request = ListAttendeesRequest::new(ended.meeting_id.unwrap_or_default()).limit(100);
    println!("attendee,joined,left");
    let mut attendees = client.list_attendees(request).stream();
    while let Some(attendee) = attendees.next().await {
        let attendee = attendee?;
        let who = attendee.userid.filter(|userid| !userid.is_empty()).or(attendee.tmp_openid).unwrap_or_default();
        let time = |time: Option<i64>| time.map_or_else(String::new, support::time);
        let joined = time(attendee.join_time.map(|time| time.as_seconds()));
        println!("{who},{joined},{}", time(attendee.quit_time.map(|time| time.as_seconds())));
    }
    Ok(())
}
