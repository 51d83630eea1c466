//! Code that the examples share: a client, and the formatting of times.
//!
//! With `TENCENT_MEETING_APP_ID`, `TENCENT_MEETING_SECRET_ID` and `TENCENT_MEETING_SECRET_KEY` in the environment,
//! the client calls Tencent Meeting. Without them it calls a server in this process that behaves like Tencent
//! Meeting and sends the answers of a scene, a JSON file in this folder.

#![allow(dead_code, reason = "each example uses a part of it")]

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials};
use huiyi_tencent::{BuildError, Client};
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use jiff::{Span, Timestamp, Zoned};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// The result of an example.
pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// A client, and the server in this process if the client calls it.
pub(crate) struct Stage {
    pub(crate) client: Client,
    /// `None` if the client calls Tencent Meeting.
    pub(crate) server: Option<Loopback>,
}

/// Runs an example and prints a failure in one line.
pub(crate) async fn run(scene: &str, example: impl AsyncFnOnce(&Stage) -> Outcome) -> ExitCode {
    let outcome = match Stage::new(scene).await {
        Ok(stage) => example(&stage).await,
        Err(error) => Err(error),
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    match error.downcast_ref::<huiyi_tencent::Error>() {
        Some(error) => eprintln!("{}", error),
        None => eprintln!("{error}"),
    }
    ExitCode::FAILURE
}

impl Stage {
    /// Returns a client of Tencent Meeting if the environment has credentials, otherwise a rehearsal.
    pub(crate) async fn new(scene: &str) -> Result<Self, Box<dyn Error>> {
        match Client::from_env() {
            Ok(client) => Ok(Self { client, server: None }),
            Err(BuildError::Environment { missing }) if missing.len() == 3 => {
                eprintln!("(a rehearsal with a server in this process: {} are not set)\n", missing.join(", "));
                Self::rehearsal(scene).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Starts a server in this process that sends the scene's answers to each operation in order.
    ///
    /// `FILES` in the scene stands for the address of a server with files to download.
    pub(crate) async fn rehearsal(scene: &str) -> Result<Self, Box<dyn Error>> {
        let server = Loopback::start(Vendor::Tencent).await?;
        let scene: BTreeMap<String, Vec<Value>> = serde_json::from_str(&scene.replace("FILES", &files().await?))?;
        for (operation, answers) in scene {
            for answer in answers {
                let once = Fault::Status { status: 200, headers: Vec::new(), body: answer.to_string() };
                server.fault(Target::Operation(operation.clone()), once);
            }
        }
        let app = credentials::TENCENT;
        let builder = Client::builder().keys(app.app_id, app.secret_id, app.secret_key);
        Ok(Self { client: builder.base_url(server.base_url()).build()?, server: Some(server) })
    }

    /// Returns the arguments of the program; in a rehearsal, those of the scene.
    pub(crate) fn arguments<const N: usize>(&self, rehearsal: [&str; N]) -> Result<[String; N], String> {
        if self.server.is_some() {
            return Ok(rehearsal.map(str::to_owned));
        }
        let given: Vec<String> = std::env::args().skip(1).collect();
        given.try_into().map_err(|_| format!("{N} arguments are needed, for instance: {}", rehearsal.join(" ")))
    }
}

/// China's time zone, which has had no summer time since 1991.
fn china() -> TimeZone {
    TimeZone::fixed(offset(8))
}

/// Returns this hour of tomorrow in China, in Unix seconds.
pub(crate) fn tomorrow_at(hour: i8) -> Result<i64, jiff::Error> {
    let tomorrow = Zoned::now().with_time_zone(china()).date().tomorrow()?;
    Ok(tomorrow.at(hour, 0, 0, 0).to_zoned(china())?.timestamp().as_second())
}

/// Returns the first and the last second of `count` days in China, starting at a day such as `2026-03-02`.
pub(crate) fn days(first: &str, count: i64) -> Result<(i64, i64), jiff::Error> {
    let start = first.parse::<Date>()?.to_zoned(china())?;
    let end = start.checked_add(Span::new().days(count))?;
    Ok((start.timestamp().as_second(), end.timestamp().as_second() - 1))
}

/// Formats a time in China, such as `2026-03-02 10:00`.
pub(crate) fn local(unix_seconds: i64) -> String {
    match Timestamp::from_second(unix_seconds) {
        Ok(time) => time.to_zoned(china()).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => unix_seconds.to_string(),
    }
}

/// Serves a megabyte at every path, as a file host does.
async fn files() -> std::io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ =
                    stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1048576\r\n\r\n").await;
                let _ = stream.write_all(&vec![0; 1 << 20]).await;
            });
        }
    });
    Ok(format!("http://{address}"))
}

/// Sends stored deliveries to this address, as Tencent Meeting does.
pub(crate) async fn deliver(address: &str, deliveries: &str) -> Outcome {
    #[derive(serde::Deserialize)]
    struct Stored {
        query: String,
        headers: std::collections::BTreeMap<String, String>,
        body: String,
    }
    let http = huiyi_tencent::reqwest::Client::builder().no_proxy().build()?;
    for stored in serde_json::from_str::<Vec<Stored>>(deliveries)? {
        let mut request = http.post(format!("{address}{}", stored.query)).body(stored.body);
        for (name, value) in stored.headers {
            request = request.header(name, value);
        }
        eprintln!("delivered: {}", request.send().await?.status());
    }
    Ok(())
}
