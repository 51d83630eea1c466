//! Prints who attended a recurring meeting in a week, and for how long, as CSV.
//!
//! ```text
//! cargo run -p huiyi-tencent --example weekly_attendance_csv -- <userid> <meeting number> <first day> > week.csv
//! ```
//!
//! A person who leaves and comes back has one row per meeting, with the sum of the minutes.

pub(crate) mod support;

use std::collections::BTreeMap;
use std::process::ExitCode;

use huiyi_tencent::types::Participant;
use support::{Outcome, Stage};

pub(crate) const SCENE: &str = include_str!("support/weekly_attendance_csv.json");

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let client = &stage.client;
    let [userid, number, monday] = stage.arguments(["tester", "806146667", "2026-03-02"])?;
    let (from, to) = support::days(&monday, 7)?;

    let list = client.list_ended_meetings(&*userid).meeting_code(&*number).start_time(from).end_time(to);
    let meetings = list.page(1).page_size(20).stream().collect().await?;

    println!("meeting,person,name,minutes");
    let mut weekly: BTreeMap<(String, String), i64> = BTreeMap::new();
    for meeting in &meetings {
        let start = meeting.start_time.as_ref().map_or_else(String::new, |time| support::local(time.as_seconds()));
        let mut list = client.list_participants(meeting.meeting_id.as_deref().unwrap_or_default());
        if let Some(occurrence) = &meeting.sub_meeting_id {
            list = list.sub_meeting_id(&**occurrence);
        }
        let mut present: BTreeMap<(String, String), i64> = BTreeMap::new();
        let mut participants = list.userid(&*userid).size(100).stream();
        while let Some(participant) = participants.next().await {
            let participant = participant?;
            *present.entry(person(&participant)).or_default() += seconds(&participant);
        }
        for ((id, name), seconds) in present {
            println!("{}", [&*start, &id, &name, &(seconds / 60).to_string()].map(quoted).join(","));
            *weekly.entry((id, name)).or_default() += seconds;
        }
    }
    for ((id, name), seconds) in weekly {
        println!("{}", ["week", &id, &name, &(seconds / 60).to_string()].map(quoted).join(","));
    }
    eprintln!("\n{} meetings", meetings.len());
    Ok(())
}

/// Returns id and name. Guests have no userid, but an id within the meeting; names are sent as Base64.
fn person(participant: &Participant) -> (String, String) {
    let ids = [&participant.userid, &participant.open_id, &participant.ms_open_id, &participant.phone];
    let id = ids.into_iter().flatten().find(|id| !id.is_empty()).cloned().unwrap_or_default();
    let name = participant.user_name.as_ref();
    (id, name.map_or_else(String::new, |name| name.decode_utf8().unwrap_or_else(|_| name.as_str().to_owned())))
}

fn seconds(participant: &Participant) -> i64 {
    match (&participant.join_time, &participant.left_time) {
        (Some(joined), Some(left)) => (left.as_seconds() - joined.as_seconds()).max(0),
        _ => 0,
    }
}

/// A cell of a CSV file (RFC 4180).
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
