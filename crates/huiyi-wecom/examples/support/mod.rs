//! Code that the examples share: a client, and the formatting of times.
//!
//! With `WECOM_CORP_ID` and `WECOM_CORP_SECRET` in the environment, the client calls WeCom. Without them it calls a
//! server in this process that behaves like WeCom and sends the answers of a scene, a JSON file in this folder.

#![allow(dead_code, reason = "each example uses a part of it")]

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials};
use huiyi_wecom::{BuildError, Client};
use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, offset};
use jiff::{Timestamp, Zoned};
use serde_json::Value;

/// The result of an example.
pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// A client, and the server in this process if the client calls it.
pub(crate) struct Stage {
    pub(crate) client: Client,
    /// `None` if the client calls WeCom.
    pub(crate) server: Option<Loopback>,
}

/// Runs an example and prints a failure in one line.
pub(crate) async fn run(scene: &str, example: impl AsyncFnOnce(&Stage) -> Outcome) -> ExitCode {
    let outcome = match Stage::new(scene).await {
        Ok(stage) => example(&stage).await,
        Err(error) => Err(error),
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    match error.downcast_ref::<huiyi_wecom::Error>() {
        Some(error) => eprintln!("{}", error),
        None => eprintln!("{error}"),
    }
    ExitCode::FAILURE
}

impl Stage {
    /// Returns a client of WeCom if the environment has credentials, otherwise a rehearsal.
    pub(crate) async fn new(scene: &str) -> Result<Self, Box<dyn Error>> {
        match Client::from_env() {
            Ok(client) => Ok(Self { client, server: None }),
            Err(BuildError::Environment { missing }) if missing.len() == 2 => {
                println!("(a rehearsal with a server in this process: {} are not set)\n", missing.join(" and "));
                Self::rehearsal(scene).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Starts a server in this process that sends the scene's answers to each operation in order.
    pub(crate) async fn rehearsal(scene: &str) -> Result<Self, Box<dyn Error>> {
        let server = Loopback::start(Vendor::WeCom).await?;
        let scene: BTreeMap<String, Vec<Value>> = serde_json::from_str(scene)?;
        for (operation, answers) in scene {
            for answer in answers {
                let once = Fault::Status { status: 200, headers: Vec::new(), body: answer.to_string() };
                server.fault(Target::Operation(operation.clone()), once);
            }
        }
        let app = credentials::WECOM;
        let client = Client::builder().corp(app.corpid, app.secret).base_url(server.base_url()).build()?;
        Ok(Self { client, server: Some(server) })
    }

    /// Returns the arguments of the program; in a rehearsal, those of the scene.
    pub(crate) fn arguments(&self, rehearsal: &[&str]) -> Result<Vec<String>, String> {
        if self.server.is_some() {
            return Ok(rehearsal.iter().map(|argument| argument.to_string()).collect());
        }
        let given: Vec<String> = std::env::args().skip(1).collect();
        if given.len() < rehearsal.len() {
            return Err(format!("arguments are missing, for instance: {}", rehearsal.join(" ")));
        }
        Ok(given)
    }
}

/// China's time zone, which has had no summer time since 1991.
fn china() -> TimeZone {
    TimeZone::fixed(offset(8))
}

/// Returns next Monday, 10:00 in China, in Unix seconds.
pub(crate) fn next_monday_at_ten() -> Result<i64, jiff::Error> {
    let today = Zoned::now().with_time_zone(china());
    let monday = today.date().nth_weekday(1, Weekday::Monday)?;
    Ok(monday.at(10, 0, 0, 0).to_zoned(china())?.timestamp().as_second())
}

/// Returns the start and the end of a day such as `2026-11-20` in China, in Unix seconds.
pub(crate) fn day(text: &str) -> Result<(i64, i64), jiff::Error> {
    let day: Date = text.parse()?;
    let midnight = |day: Date| day.to_zoned(china()).map(|midnight| midnight.timestamp().as_second());
    Ok((midnight(day)?, midnight(day.tomorrow()?)?))
}

/// Formats Unix seconds as `Mon 2027-01-04 10:00` in China.
pub(crate) fn date_and_time(seconds: i64) -> String {
    shown(seconds, "%a %Y-%m-%d %H:%M")
}

/// Formats Unix seconds as `10:00` in China.
pub(crate) fn time(seconds: i64) -> String {
    shown(seconds, "%H:%M")
}

fn shown(seconds: i64, format: &str) -> String {
    let moment = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.to_zoned(china()).strftime(format).to_string()
}

/// Sends stored deliveries to this address, as WeCom does.
pub(crate) async fn deliver(address: &str, deliveries: &str) -> Outcome {
    #[derive(serde::Deserialize)]
    struct Stored {
        query: String,
        headers: std::collections::BTreeMap<String, String>,
        body: String,
    }
    let http = huiyi_wecom::reqwest::Client::builder().no_proxy().build()?;
    for stored in serde_json::from_str::<Vec<Stored>>(deliveries)? {
        let mut request = http.post(format!("{address}{}", stored.query)).body(stored.body);
        for (name, value) in stored.headers {
            request = request.header(name, value);
        }
        eprintln!("delivered: {}", request.send().await?.status());
    }
    Ok(())
}
