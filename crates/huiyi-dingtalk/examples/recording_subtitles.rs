//! Prints the transcript of a recorded conference as subtitles (SubRip, `.srt`).
//!
//! ```text
//! cargo run -p huiyi-dingtalk --example recording_subtitles > conference.srt
//! ```
//!
//! To call DingTalk it needs `DINGTALK_CONFERENCE_ID`, and `DINGTALK_UNION_ID` of a user who may see the recording.
//! There is a transcript only if the conference was recorded in the cloud with minutes.

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_dingtalk::types::TranscriptParagraph;
use huiyi_mock::Loopback;
use serde_json::json;
use support::{Outcome, Setup, answer_in_turn};

#[tokio::main]
async fn main() -> ExitCode {
    support::run(example).await
}

pub(crate) async fn example(setup: Setup) -> Outcome {
    let id = setup.variable("DINGTALK_CONFERENCE_ID", "6139b4a0c1")?;
    let user = setup.variable("DINGTALK_UNION_ID", "WFBkgJvtSaA1jK4sgiEiE")?;
    if let Some(server) = &setup.loopback {
        rehearse(server);
    }

    let mut number = 0;
    let mut pages = setup.client.list_cloud_record_texts(id).union_id(user).max_results(2000).pages();
    while let Some(page) = pages.next().await {
        for paragraph in page?.answer.paragraph_list {
            for (start, end, text) in lines(&paragraph) {
                number += 1;
                println!("{number}\n{} --> {}\n{text}\n", timestamp(start), timestamp(end.max(start + 1000)));
            }
        }
    }
    eprintln!("{number} subtitles");
    Ok(())
}

/// Returns the sentences of a paragraph with their milliseconds; the first one has the speaker's name.
fn lines(paragraph: &TranscriptParagraph) -> Vec<(i64, i64, String)> {
    let speaker = paragraph.nick_name.as_deref().unwrap_or("?");
    let mut lines: Vec<(i64, i64, String)> = paragraph
        .sentence_list
        .iter()
        .map(|sentence| {
            let text = sentence.sentence.clone().unwrap_or_default();
            (sentence.start_time.unwrap_or_default(), sentence.end_time.unwrap_or_default(), text)
        })
        .collect();
    match lines.first_mut() {
        Some((_, _, text)) => text.insert_str(0, &format!("{speaker}: ")),
        None => {
            let text = format!("{speaker}: {}", paragraph.paragraph.as_deref().unwrap_or_default());
            lines.push((paragraph.start_time.unwrap_or_default(), paragraph.end_time.unwrap_or_default(), text));
        }
    }
    lines
}

/// Formats milliseconds for SubRip.
fn timestamp(millis: i64) -> String {
    let seconds = millis / 1000;
    format!("{:02}:{:02}:{:02},{:03}", seconds / 3600, seconds / 60 % 60, seconds % 60, millis % 1000)
}

/// Makes the server inside this process return two pages of texts.
fn rehearse(server: &Loopback) {
    let sentence = |start: i64, end: i64, text: &str| json!({"startTime": start, "endTime": end, "sentence": text});
    let paragraph = |cursor: i64, name: &str, sentences: &[serde_json::Value]| json!({"nextTtoken": cursor, "nickName": name, "recordId": 44444, "sentenceList": sentences});
    let greeting = [sentence(7_940, 10_210, "嘿！你好，"), sentence(10_210, 12_480, "这里是小钉。")];
    let reply = [sentence(13_020, 16_900, "Good morning. Can everybody hear me?")];
    let first = json!({"hasMore": true, "paragraphList": [
        paragraph(1_631_172_045_153_000, "小钉", &greeting),
        paragraph(1_631_172_050_233_000, "Ms Li", &reply),
    ]});
    let second = json!({"hasMore": false, "paragraphList": [
        paragraph(1_631_172_058_004_000, "老王", &[sentence(3_671_500, 3_674_250, "那就到这里，散会。")]),
    ]});
    answer_in_turn(server, "list_cloud_record_texts", [(200, first), (200, second)]);
}
