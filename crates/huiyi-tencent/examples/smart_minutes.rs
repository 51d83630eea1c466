//! Prints the smart minutes of a recording as Markdown: summary, chapters, minutes, to-dos.
//!
//! ```text
//! cargo run -p huiyi-tencent --example smart_minutes -- <userid> <record file id> > minutes.md
//! ```

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_tencent::types::{OperatorIdType, SmartTextType};
use huiyi_tencent::wire::Base64Text;
use huiyi_tencent::{Client, ErrorKind};
use support::{Outcome, Stage};

pub(crate) const SCENE: &str = include_str!("support/smart_minutes.json");

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let [userid, file] = stage.arguments(["tester", "1318080811111111111"])?;
    match page(&stage.client, &userid, &file).await {
        Ok(page) => print!("{page}"),
        Err(error) if error.kind() == ErrorKind::NotFound => println!("There is no recording {file} (any more)."),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn page(client: &Client, userid: &str, file: &str) -> Result<String, huiyi_tencent::Error> {
    let by = OperatorIdType::Userid;
    // The four calls do not depend on each other, so they run concurrently.
    let (recording, summary, chapters, minutes) = futures_util::try_join!(
        client.get_record_file(file).operator_id(userid).operator_id_type(by.clone()).send(),
        client.get_smart_summary(file).operator_id(userid).operator_id_type(by.clone()).send(),
        client.list_smart_chapters(file).operator_id(userid).operator_id_type(by.clone()).send(),
        client
            .get_smart_minutes(file)
            .operator_id(userid)
            .operator_id_type(by.clone())
            .text_type(SmartTextType::Markdown)
            .send(),
    )?;

    let mut page = format!("# Meeting {}\n", recording.meeting_code.as_deref().unwrap_or_default());
    if let Some(address) = &recording.view_address {
        page += &format!("\n[Recording]({address})\n");
    }
    page += &section("Summary", &plain(summary.ai_summary.as_ref()));
    let chapters: Vec<String> = chapters
        .chapter_list
        .iter()
        .map(|chapter| {
            let seconds = chapter.start_time.as_ref().map_or(0, |time| time.get()) / 1000;
            format!("* {:02}:{:02} {}", seconds / 60, seconds % 60, plain(chapter.chapter_name.as_ref()))
        })
        .collect();
    page += &section("Chapters", &chapters.join("\n"));
    page += &section("Minutes", minutes.meeting_minute.minute.as_deref().unwrap_or_default());
    page += &section("To do", minutes.meeting_minute.todo.as_deref().unwrap_or_default());
    Ok(page)
}

/// Formats a section; returns an empty string if there is no text.
fn section(title: &str, text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!("\n## {title}\n\n{}\n", text.trim_end()) }
}

/// Decodes a text, which the vendor sends as Base64.
fn plain(text: Option<&Base64Text>) -> String {
    text.map_or_else(String::new, |text| text.decode_utf8().unwrap_or_else(|_| text.as_str().to_owned()))
}
