//! What the examples share: a client, and times as people read them.
//!
//! With `WECOM_CORP_ID` and `WECOM_CORP_SECRET` in the environment the client calls WeCom. Without them it calls
//! a server in this process that speaks as WeCom does and answers with a scene, a JSON file beside this one.

#![allow(dead_code, reason = "each example uses a part of it")]

use std::collections::BTreeMap;
use std::error::Error;

use huiyi_loopback::{Fault, Loopback, Target, Vendor, credentials};
use huiyi_wecom::Client;
use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, offset};
use jiff::{Timestamp, Zoned};
use serde_json::Value;

/// A client, and the server that it calls if there are no credentials.
pub(crate) struct Stage {
    pub(crate) client: Client,
    _server: Option<Loopback>,
}

/// A client of WeCom, or of a server that answers each operation with the scene's answers in their order.
pub(crate) async fn stage(scene: &str) -> Result<Stage, Box<dyn Error>> {
    if ["WECOM_CORP_ID", "WECOM_CORP_SECRET"].iter().any(|name| std::env::var_os(name).is_some()) {
        return Ok(Stage { client: Client::from_env()?, _server: None });
    }
    println!("(no WECOM_CORP_ID and WECOM_CORP_SECRET: a rehearsal, with a server in this process)\n");
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
    Ok(Stage { client, _server: Some(server) })
}

/// The arguments of the program, or what the rehearsal takes.
pub(crate) fn arguments(rehearsal: &[&str]) -> Vec<String> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if given.is_empty() { rehearsal.iter().map(|argument| argument.to_string()).collect() } else { given }
}

/// China's time, which has had no summer time since 1991.
fn china() -> TimeZone {
    TimeZone::fixed(offset(8))
}

/// Next Monday, ten o'clock in China, in Unix seconds.
pub(crate) fn next_monday_at_ten() -> Result<i64, jiff::Error> {
    let today = Zoned::now().with_time_zone(china());
    let monday = today.date().nth_weekday(1, Weekday::Monday)?;
    Ok(monday.at(10, 0, 0, 0).to_zoned(china())?.timestamp().as_second())
}

/// Where a day such as `2026-11-20` begins and ends in China, in Unix seconds.
pub(crate) fn day(text: &str) -> Result<(i64, i64), jiff::Error> {
    let day: Date = text.parse()?;
    let midnight = |day: Date| day.to_zoned(china()).map(|midnight| midnight.timestamp().as_second());
    Ok((midnight(day)?, midnight(day.tomorrow()?)?))
}

/// Unix seconds as `Mon 2027-01-04 10:00` in China.
pub(crate) fn date_and_time(seconds: i64) -> String {
    shown(seconds, "%a %Y-%m-%d %H:%M")
}

/// Unix seconds as `10:00` in China.
pub(crate) fn time(seconds: i64) -> String {
    shown(seconds, "%H:%M")
}

fn shown(seconds: i64, format: &str) -> String {
    let moment = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.to_zoned(china()).strftime(format).to_string()
}
