//! Prints who attended the meetings of a day, as CSV.
//!
//! ```text
//! cargo run -p huiyi-feishu --example attendance_csv > attendance.csv
//! FEISHU_APP_ID=.. FEISHU_APP_SECRET=.. cargo run -p huiyi-feishu --example attendance_csv -- 2026-05-20
//! ```
//!
//! The day is a calendar day in China (UTC+8). The example follows the pages of both lists.

mod support;

use huiyi_feishu::parse_display_time;
use huiyi_feishu::types::{MeetingDetail, ParticipantDetail};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = support::client(include_str!("support/attendance_csv.json")).await?;
    let day = support::argument(1, "2022-12-23").replace('-', ".");
    let midnight =
        parse_display_time(&format!("{day} 00:00:00 (GMT+08:00)")).ok_or("the day is YYYY-MM-DD")?.as_seconds();

    println!("meeting,number,name,department,joined,left,time in meeting");
    let (mut meetings, mut rows) = (0, 0);
    let list = client.list_meeting_details(midnight, midnight + 86_399).page_size(100);
    let mut pages = list.pages();
    while let Some(page) = pages.next().await {
        for meeting in page?.answer.meeting_list {
            meetings += 1;
            // Feishu returns these times as display text, but its parameters take Unix seconds.
            let time = |text: &Option<String>| parse_display_time(text.as_deref().unwrap_or_default());
            let (Some(start), Some(end)) = (time(&meeting.meeting_start_time), time(&meeting.meeting_end_time)) else {
                continue;
            };
            let number = meeting.meeting_id.as_deref().unwrap_or_default();
            let list = client.list_participant_details(start, end, number);
            let mut pages = list.page_size(100).pages();
            while let Some(page) = pages.next().await {
                match page {
                    Ok(page) => rows += print(&meeting, &page.answer.participants),
                    // If one meeting cannot be read, the others are still printed.
                    Err(failed) => eprintln!("{number}: {}", failed.error),
                }
            }
        }
    }
    eprintln!("\n{meetings} meetings, {rows} rows");
    Ok(())
}

fn print(meeting: &MeetingDetail, participants: &[ParticipantDetail]) -> usize {
    for person in participants {
        let cells = [
            &meeting.meeting_topic,
            &meeting.meeting_id,
            &person.participant_name,
            &person.department,
            &person.join_time,
            &person.leave_time,
            &person.time_in_meeting,
        ];
        println!("{}", cells.map(|cell| quoted(cell.as_deref().unwrap_or_default())).join(","));
    }
    participants.len()
}

/// A cell of a CSV file (RFC 4180).
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
