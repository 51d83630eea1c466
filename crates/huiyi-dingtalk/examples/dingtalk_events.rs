//! Waits for meetings to end, and prints who took part as CSV.
//!
//! ```text
//! cargo run -p huiyi-dingtalk --features axum --example dingtalk_events
//! ```
//!
//! To receive events from DingTalk it needs `DINGTALK_EVENT_TOKEN`, `DINGTALK_EVENT_KEY`, `DINGTALK_EVENT_ADDRESS`
//! (where to listen) and `DINGTALK_APP_KEY`. Otherwise the program delivers a stored event to itself and ends.

pub(crate) mod support;

use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use huiyi_dingtalk::Client;
use huiyi_dingtalk::events::axum::route;
use huiyi_dingtalk::events::{Delivery, Endpoint, Event, EventReceiver, MeetingChangeScene, MemorySeen};
use serde_json::json;
use support::{Outcome, Setup, answer_in_turn, clock_time};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    support::run(example).await
}

pub(crate) async fn example(setup: Setup) -> Outcome {
    let is_rehearsal = setup.loopback.is_some();
    if let Some(server) = &setup.loopback {
        let members = json!({"totalCount": 2, "memberModels": [
            {"userNick": "小钉", "joinTime": 1_764_296_400_000_i64, "leaveTime": 1_764_299_990_000_i64},
            {"userNick": "Ms Li", "joinTime": 1_764_296_520_000_i64, "leaveTime": 1_764_299_950_000_i64},
        ]});
        answer_in_turn(server, "list_members", [(200, members)]);
    }
    let token = setup.variable("DINGTALK_EVENT_TOKEN", "loopback-token")?;
    let key = setup.variable("DINGTALK_EVENT_KEY", "bG9vcGJhY2stYWVzLWtleS1sb29wYmFjay1hZXMtazE")?;
    let address = setup.variable("DINGTALK_EVENT_ADDRESS", "127.0.0.1:0")?;
    let app = setup.variable("DINGTALK_APP_KEY", "dingloopback")?;
    let receiver = EventReceiver::builder().keys(token, key).client_id(app);
    // The stored events are older than the default limit.
    let receiver = if is_rehearsal { receiver.max_age(Duration::MAX) } else { receiver }.build()?;
    let client = setup.client.clone();
    let endpoint = Endpoint::builder(receiver)
        .seen(MemorySeen::new(100_000))
        .on_incident(|incident| eprintln!("{incident}"))
        .handler(move |delivery| handle(client.clone(), delivery));

    let router = Router::new().route("/hooks/dingtalk", route(endpoint.clone()));
    let listener = tokio::net::TcpListener::bind(address).await?;
    let address = format!("http://{}/hooks/dingtalk", listener.local_addr()?);
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
    let Event::MeetingStatusChange(change) = delivery.into_event() else { return Ok(()) };
    if change.change_scene != Some(MeetingChangeScene::Closed) {
        return Ok(());
    }
    println!("participant,joined,left");
    let meeting = change.open_conf_model.conference_id.unwrap_or_default();
    let mut pages = client.list_members(meeting).max_results(100).pages();
    while let Some(page) = pages.next().await {
        for member in page.map_err(|failed| failed.error)?.answer.member_models {
            let (joined, left) = (clock_time(member.join_time.as_ref()), clock_time(member.leave_time.as_ref()));
            println!("{},{joined},{left}", member.user_nick.unwrap_or_default());
        }
    }
    Ok(())
}
