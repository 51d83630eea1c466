//! Creates minutes from a recording in the drive, and prints the transcript.
//!
//! ```text
//! cargo run -p huiyi-feishu --example minutes_of_file
//! FEISHU_APP_ID=.. FEISHU_APP_SECRET=.. FEISHU_USER_ACCESS_TOKEN=.. \
//!     cargo run -p huiyi-feishu --example minutes_of_file -- <file token>
//! ```
//!
//! The file token comes from an upload to the drive. Creating minutes needs a user token.

mod support;

use huiyi_feishu::MinuteToken;
use huiyi_feishu::types::CreateMinuteFromFileRequest;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = support::client(include_str!("support/minutes_of_file.json")).await?;
    let client = support::as_user(&client).await?;
    let file = support::argument(1, "boxcnrHpsg1QDqXAAAyachabcef");

    let order = CreateMinuteFromFileRequest::new(file);
    let token = MinuteToken::from(client.create_minute_from_file(order).send().await?.into_inner());
    let minute = client.wait_for_minute(token.clone()).result().await?.minute;
    println!("# {}\n", minute.title.as_deref().unwrap_or("(without a title)"));

    let transcript = client.download_minute_transcript(token.as_str()).need_speaker(true).send().await?;
    let text = transcript.into_inner().with_limit(10 << 20).collect().await?;
    println!("{}", String::from_utf8_lossy(&text));
    Ok(())
}
