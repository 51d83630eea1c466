//! Waits for meetings to end and for recordings to become ready; writes the participants as CSV, and the
//! transcript.
//!
//! ```text
//! cargo run -p huiyi-feishu --features axum --example feishu_events
//! FEISHU_APP_ID=.. FEISHU_APP_SECRET=.. FEISHU_ENCRYPT_KEY=.. FEISHU_VERIFICATION_TOKEN=.. \
//!     cargo run -p huiyi-feishu --features axum --example feishu_events -- 0.0.0.0:8080
//! ```
//!
//! Set the request address in Feishu's developer console to `https://<host>/hooks/feishu`. Without keys the program
//! delivers two stored events to itself and ends.

mod support;

use std::error::Error;
use std::time::Duration;

use axum::Router;
use huiyi_feishu::Client;
use huiyi_feishu::events::axum::route;
use huiyi_feishu::events::{Delivery, Endpoint, Event, EventReceiver, MemorySeen};

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = support::client(include_str!("support/meeting_events.json")).await?;
    let key = std::env::var("FEISHU_ENCRYPT_KEY");
    let is_rehearsal = key.is_err();
    let token = std::env::var("FEISHU_VERIFICATION_TOKEN").unwrap_or_else(|_| "loopback-token".to_owned());
    let receiver = EventReceiver::builder()
        .encrypt_key(key.unwrap_or_else(|_| "loopback-encrypt-key".to_owned()))
        .verification_token(token);
    // The stored events are older than the default limit.
    let receiver = if is_rehearsal { receiver.max_age(Duration::MAX) } else { receiver }.build()?;
    let endpoint = Endpoint::builder(receiver)
        .seen(MemorySeen::new(100_000))
        .on_incident(|incident| eprintln!("{incident}"))
        .handler(move |delivery| handle(client.clone(), delivery));

    let router = Router::new().route("/hooks/feishu", route(endpoint.clone()));
    let listener = tokio::net::TcpListener::bind(support::argument(1, "127.0.0.1:0")).await?;
    let address = format!("http://{}/hooks/feishu", listener.local_addr()?);
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    if is_rehearsal {
        support::deliver(&address, include_str!("support/meeting_events_deliveries.json")).await?;
        endpoint.drained().await;
        return Ok(());
    }
    Ok(server.await??)
}

async fn handle(client: Client, delivery: Delivery<Event>) -> Result<(), Failure> {
    match delivery.into_event() {
        Event::MeetingEnded(ended) => participants(&client, &ended.meeting.id.unwrap_or_default()).await,
        Event::RecordingReady(ready) => transcript(&client, &ready.url.unwrap_or_default()).await,
        // Other events that the app subscribes to are only acknowledged.
        _ => Ok(()),
    }
}

async fn participants(client: &Client, meeting: &str) -> Result<(), Failure> {
    let meeting = client.get_meeting(meeting).with_participants(true).send().await?.into_inner().meeting;
    println!("participant,joined,left,seconds in the meeting");
    for person in meeting.participants {
        let seconds = |time: Option<huiyi_feishu::wire::UnixSecondsText>| time.map_or(0, |time| time.as_seconds());
        println!(
            "{},{},{},{}",
            person.id.unwrap_or_default(),
            seconds(person.first_join_time),
            seconds(person.final_leave_time),
            person.in_meeting_duration.map_or(0, |seconds| seconds.get()),
        );
    }
    Ok(())
}

/// The last part of a recording's link is the token of its minutes (妙记).
async fn transcript(client: &Client, link: &str) -> Result<(), Failure> {
    let path = link.split('?').next().unwrap_or_default().trim_end_matches('/');
    let token = path.rsplit('/').next().unwrap_or_default();
    let transcript = client.download_minute_transcript(token).send().await?.into_inner();
    let text = transcript.with_limit(10 << 20).collect().await?;
    let file = std::env::temp_dir().join(format!("{token}.txt"));
    tokio::fs::write(&file, &text).await?;
    println!("{} has {} bytes", file.display(), text.len());
    Ok(())
}
