//! Prints the link to a meeting's recording and its transcript.
//!
//! ```text
//! cargo run -p huiyi-feishu --example recording_transcript
//! FEISHU_APP_ID=.. FEISHU_APP_SECRET=.. cargo run -p huiyi-feishu --example recording_transcript -- <meeting id>
//! ```
//!
//! The recording opens in Minutes (妙记); the last part of its link is the token of the minutes.

mod support;

use huiyi_feishu::ErrorKind;
use huiyi_feishu::types::TranscriptFormat;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = support::client(include_str!("support/recording_transcript.json")).await?;
    let meeting = support::argument(1, "6911188411932033028");

    let recording = match client.get_recording(meeting).send().await {
        Ok(answer) => answer.into_inner().recording,
        Err(error) if error.kind() == ErrorKind::NotFound => return Err("there is no such meeting".into()),
        Err(error) => return Err(error.to_string().into()),
    };
    let link = recording.url.ok_or("the meeting was not recorded")?;
    let minutes = recording.duration.map_or(0, |milliseconds| milliseconds.get() / 60_000);
    println!("{link} ({minutes} minutes)\n");

    let token = link.split('?').next().and_then(|path| path.trim_end_matches('/').rsplit('/').next());
    let transcript = client
        .download_minute_transcript(token.unwrap_or_default())
        .file_format(TranscriptFormat::Txt)
        .need_speaker(true)
        .need_timestamp(true)
        .send()
        .await?;
    let text = transcript.into_inner().with_limit(10 << 20).collect().await?;
    println!("{}", String::from_utf8_lossy(&text));
    Ok(())
}
