//! Prints who took part in a meeting, members and guests, and for how long.
//!
//! ```text
//! cargo run -p huiyi-wecom --example participants -- <meetingid>
//! ```

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_wecom::types::{Attendee, AttendeeRole, ListAttendeesRequest};
use support::{Outcome, Stage};

pub(crate) const SCENE: &str = include_str!("support/participants.json");

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let meetingid = &stage.arguments(&["hyUhDoCwAAlTk7XNqR5Fh8fVZZ1v1Pg"])?[0];

    // A page has at most 100 attendees; the stream fetches the next page when it needs it.
    let request = ListAttendeesRequest::new(meetingid).limit(100);
    let mut attendees = stage.client.list_attendees(request).stream();
    let (mut members, mut guests) = (Vec::new(), Vec::new());
    while let Some(attendee) = attendees.next().await {
        let attendee = attendee?;
        if is_member(&attendee) { members.push(attendee) } else { guests.push(attendee) }
    }

    show("members", &members);
    show("from outside, or out of the app's sight", &guests);
    Ok(())
}

/// Only members that the app may see have a userid.
fn is_member(attendee: &Attendee) -> bool {
    attendee.userid.as_deref().is_some_and(|userid| !userid.is_empty())
}

fn show(title: &str, attendees: &[Attendee]) {
    println!("{} {title}", attendees.len());
    for attendee in attendees {
        let who = if is_member(attendee) { &attendee.userid } else { &attendee.tmp_openid };
        let joined = attendee.join_time.as_ref().map(|time| time.as_seconds());
        let left = attendee.quit_time.as_ref().map(|time| time.as_seconds());
        let from = joined.map_or("?".to_owned(), support::time);
        let to = left.map_or("now".to_owned(), support::time);
        let minutes = joined.zip(left).map_or("?".to_owned(), |(joined, left)| ((left - joined) / 60).to_string());
        println!("  {:<12} {from} to {to} {minutes:>4} min   {}", who.as_deref().unwrap_or("?"), role(attendee));
    }
}

fn role(attendee: &Attendee) -> &'static str {
    match &attendee.role {
        Some(AttendeeRole::Creator | AttendeeRole::CreatorAndHost | AttendeeRole::CreatorAndCoHost) => "creator",
        Some(AttendeeRole::Host | AttendeeRole::CoHost | AttendeeRole::VisitorAndHost) => "host",
        Some(AttendeeRole::Visitor) => "visitor",
        _ => "participant",
    }
}
