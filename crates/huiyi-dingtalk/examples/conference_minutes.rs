//! Prints the minutes of a scheduled conference as Markdown: summary, chapters, to-dos.
//!
//! ```text
//! cargo run -p huiyi-dingtalk --example conference_minutes > minutes.md
//! ```
//!
//! To call DingTalk it needs `DINGTALK_SCHEDULE_CONFERENCE_ID`, `DINGTALK_EVENT_ID` (the calendar event), and
//! `DINGTALK_UNION_ID` of a user who may read the minutes.

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_dingtalk::{Client, Error};
use huiyi_mock::Loopback;
use serde_json::json;
use support::{Outcome, Setup, answer_in_turn};

#[tokio::main]
async fn main() -> ExitCode {
    support::run(example).await
}

pub(crate) async fn example(setup: Setup) -> Outcome {
    let conference = setup.variable("DINGTALK_SCHEDULE_CONFERENCE_ID", "6139b4a0c1")?;
    let event = setup.variable("DINGTALK_EVENT_ID", "cnNTbW1YbxxxxdEgvdlQrQT09")?;
    let user = setup.variable("DINGTALK_UNION_ID", "WFBkgJvtSaA1jK4sgiEiE")?;
    if let Some(server) = &setup.loopback {
        rehearse(server);
    }

    let found = setup.client.list_schedule_conference_minutes(conference, event, &*user).send().await?;
    for minutes in found.into_inner().minutes_details {
        let Some(task) = minutes.task_uuid else { continue };
        println!("# {}\n", minutes.title.as_deref().unwrap_or("Minutes"));
        print!("{}", markdown(&setup.client, &task, &user).await?);
    }
    Ok(())
}

/// Formats the parts of one set of minutes that have a text.
async fn markdown(client: &Client, task: &str, user: &str) -> Result<String, Error> {
    let summary = client.get_minutes_summary(task, user).send().await?.into_inner();
    let chapters = client.list_minutes_chapters(task, user).send().await?.into_inner();
    let todos = client.list_minutes_todos(task, user).send().await?.into_inner();

    let chapters: Vec<String> = chapters
        .chapter_list
        .iter()
        .map(|chapter| {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            format!("### {}\n\n{}\n", text(&chapter.title), text(&chapter.content))
        })
        .collect();
    let todos: Vec<String> = todos
        .dingtalk_todo_list
        .iter()
        .map(|todo| {
            let mark = if todo.is_done == Some(true) { 'x' } else { ' ' };
            format!("* [{mark}] {}", todo.title.as_deref().unwrap_or_default())
        })
        .collect();
    let mut page = section("Summary", summary.full_summary.as_deref().unwrap_or_default());
    page += &section("Chapters", &chapters.join("\n"));
    page += &section("To do", &todos.join("\n"));
    Ok(page)
}

/// Formats a section; returns an empty string if there is no text.
fn section(title: &str, text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!("## {title}\n\n{}\n\n", text.trim_end()) }
}

/// Makes the server inside this process return the minutes of one conference.
fn rehearse(server: &Loopback) {
    let minutes = json!({"minutesDetails": [{"taskUuid": "7632756964333839", "title": "周会 Weekly"}]});
    let summary = json!({"fullSummary": "The launch is on Friday."});
    let chapters = json!({"chapterList": [{"title": "Launch", "content": "What is left until Friday."}]});
    let todos = json!({"dingtalkTodoList": [
        {"title": "Book the rooms", "isDone": true},
        {"title": "写发布说明", "isDone": false},
    ]});
    answer_in_turn(server, "list_schedule_conference_minutes", [(200, minutes)]);
    answer_in_turn(server, "get_minutes_summary", [(200, summary)]);
    answer_in_turn(server, "list_minutes_chapters", [(200, chapters)]);
    answer_in_turn(server, "list_minutes_todos", [(200, todos)]);
}
