//! Waits for meetings to end and for recordings to become ready; prints the participants as CSV and downloads the
//! files. The server is plain hyper.
//!
//! ```text
//! cargo run -p huiyi-tencent --features events --example tencent_events -- <userid> 0.0.0.0:8080
//! ```
//!
//! To receive events from Tencent Meeting it also needs `TENCENT_MEETING_EVENT_TOKEN` and
//! `TENCENT_MEETING_EVENT_KEY`. Without credentials the program delivers two stored events to itself and ends.

pub(crate) mod support;

use std::convert::Infallible;
use std::process::ExitCode;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use http_body_util::{BodyExt as _, Full, Limited};
use huiyi_tencent::events::{Delivery, Endpoint, Event, EventReceiver, MemorySeen, try_again};
use huiyi_tencent::types::OperatorIdType;
use huiyi_tencent::{Client, reqwest};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use support::{Outcome, Stage};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub(crate) const SCENE: &str = include_str!("support/meeting_events.json");
/// The largest body that is read; the receiver has the same limit.
const LARGEST: usize = 256 * 1024;

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let [userid, address] = stage.arguments(["tester", "127.0.0.1:0"])?;
    let is_rehearsal = stage.server.is_some();
    let variable = |name, rehearsal: &str| if is_rehearsal { Ok(rehearsal.to_owned()) } else { std::env::var(name) };
    let token = variable("TENCENT_MEETING_EVENT_TOKEN", "loopback-token")?;
    let key = variable("TENCENT_MEETING_EVENT_KEY", "bG9vcGJhY2stYWVzLWtleS1sb29wYmFjay1hZXMtazE")?;
    let receiver = EventReceiver::builder().keys(token, key);
    // The stored events are older than the default limit.
    let receiver = if is_rehearsal { receiver.max_age(Duration::MAX) } else { receiver }.build()?;
    let client = stage.client.clone();
    let endpoint = Endpoint::builder(receiver)
        .seen(MemorySeen::new(100_000))
        .on_incident(|incident| eprintln!("{incident}"))
        .handler(move |delivery| handle(client.clone(), userid.clone(), delivery));

    let listener = TcpListener::bind(address).await?;
    let address = format!("http://{}/hooks/tencent", listener.local_addr()?);
    let server = tokio::spawn(serve(listener, endpoint.clone()));
    if is_rehearsal {
        support::deliver(&address, include_str!("support/meeting_events_deliveries.json")).await?;
        endpoint.drained().await;
        return Ok(());
    }
    Ok(server.await??)
}

async fn serve(listener: TcpListener, endpoint: Endpoint<EventReceiver>) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let endpoint = endpoint.clone();
        let service = service_fn(move |request| {
            let endpoint = endpoint.clone();
            async move { Ok::<_, Infallible>(answer(&endpoint, request).await.map(Full::new)) }
        });
        tokio::spawn(async move {
            if let Err(error) =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
            {
                eprintln!("{error}");
            }
        });
    }
}

async fn answer(endpoint: &Endpoint<EventReceiver>, request: Request<Incoming>) -> Response<Bytes> {
    let (parts, body) = request.into_parts();
    match Limited::new(body, LARGEST).collect().await {
        Ok(body) => endpoint.answer(&Request::from_parts(parts, body.to_bytes())).await,
        Err(_) => try_again(),
    }
}

async fn handle(client: Client, userid: String, delivery: Delivery<Event>) -> Result<(), Failure> {
    match delivery.into_event() {
        Event::MeetingEnd(ended) => {
            participants(&client, &userid, &ended.meeting_info.meeting_id.unwrap_or_default()).await
        }
        Event::RecordingCompleted(completed) => {
            for file in completed.recording_files {
                download(&client, &userid, &file.record_file_id.unwrap_or_default()).await?;
            }
            Ok(())
        }
        // Other events that the app subscribes to are only acknowledged.
        _ => Ok(()),
    }
}

async fn participants(client: &Client, userid: &str, meeting: &str) -> Result<(), Failure> {
    println!("person,name,joined,left");
    let mut participants = client.list_participants(meeting).userid(userid).size(100).stream();
    while let Some(person) = participants.next().await {
        let person = person?;
        let name = person.user_name.and_then(|name| name.decode_utf8().ok()).unwrap_or_default();
        let time = |time: Option<huiyi_tencent::wire::UnixSecondsText>| {
            time.map_or_else(String::new, |time| support::local(time.as_seconds()))
        };
        let (joined, left) = (time(person.join_time), time(person.left_time));
        println!("{},{name},{joined},{left}", person.userid.unwrap_or_default());
    }
    Ok(())
}

async fn download(client: &Client, userid: &str, file: &str) -> Result<(), Failure> {
    let found = client
        .get_record_file(file)
        .operator_id(userid)
        .operator_id_type(OperatorIdType::Userid)
        .send()
        .await?
        .into_inner();
    let address = found.download_address.ok_or("the recording has no address")?;
    let path = std::env::temp_dir().join(format!("{file}.mp4"));
    let mut pieces = reqwest::get(address.expose()).await?.error_for_status()?.bytes_stream();
    let (mut saved, mut bytes) = (tokio::fs::File::create(&path).await?, 0);
    while let Some(piece) = pieces.try_next().await? {
        saved.write_all(&piece).await?;
        bytes += piece.len();
    }
    saved.flush().await?;
    println!("{} has {bytes} bytes", path.display());
    Ok(())
}
