//! Prints the cloud recordings of a member's meetings on one day, with their transcripts.
//!
//! ```text
//! cargo run -p huiyi-wecom --example recordings_of_a_day -- <userid> <day, such as 2026-11-20>
//! ```

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_wecom::types::{GetTranscriptRequest, ListRecordingsRequest, RecordingState, TranscriptParagraph};
use huiyi_wecom::{Client, ErrorKind};
use support::{Outcome, Stage};

pub(crate) const SCENE: &str = include_str!("support/recordings_of_a_day.json");

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let arguments = stage.arguments(&["lisi", "2026-11-20"])?;
    let [userid, day] = arguments.as_slice() else { return Err("name a userid and a day".into()) };

    let (start, end) = support::day(day)?;
    let request = ListRecordingsRequest::new(start, end).userid(userid).limit(20);
    let mut pages = stage.client.list_recordings(request).pages();
    while let Some(page) = pages.next().await {
        for recording in page?.answer.recordings() {
            let began = recording.meeting_start_time.as_ref().map(|time| support::time(time.as_millis() / 1000));
            println!("{} {}", began.as_deref().unwrap_or("?"), recording.title.as_deref().unwrap_or("?"));
            if recording.state != Some(RecordingState::Ready) {
                println!("      not ready yet");
                continue;
            }
            let meetingid = recording.meetingid.as_deref().unwrap_or_default();
            for file in recording.files() {
                let megabytes = file.record_size.unwrap_or_default() / 1_000_000;
                println!("      {megabytes} MB, {}", file.sharing_url.as_deref().unwrap_or("not shared"));
                show_transcript(&stage.client, meetingid, file.record_file_id.as_deref().unwrap_or_default()).await?;
            }
        }
    }
    Ok(())
}

async fn show_transcript(client: &Client, meetingid: &str, record_file_id: &str) -> Outcome {
    let request = GetTranscriptRequest::new(record_file_id, meetingid).limit(100);
    let mut paragraphs = client.get_transcript(request).stream();
    loop {
        match paragraphs.next().await {
            Some(Ok(paragraph)) => println!("      {}", line(&paragraph)),
            None => return Ok(()),
            Some(Err(error)) if error.kind() == ErrorKind::NotFound => {
                println!("      no transcript");
                return Ok(());
            }
            Some(Err(error)) => return Err(error.into()),
        }
    }
}

/// Formats a paragraph as `00:04 zhangsan: ..`; times in transcripts are milliseconds since the start of the
/// recording.
fn line(paragraph: &TranscriptParagraph) -> String {
    let seconds = paragraph.start_time.unwrap_or_default() / 1000;
    let speaker = paragraph.speaker_info.as_ref().and_then(|speaker| speaker.userid.as_deref());
    let words = paragraph.sentences.iter().flat_map(|sentence| &sentence.words);
    let text: String = words.filter_map(|word| word.text.as_deref()).collect();
    format!("{:02}:{:02} {}: {text}", seconds / 60, seconds % 60, speaker.unwrap_or("somebody"))
}
