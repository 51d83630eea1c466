//! Downloads all recordings of a day, three at a time, and prints the progress.
//!
//! ```text
//! cargo run -p huiyi-tencent --example download_recordings -- <userid> <day> <folder>
//! ```

pub(crate) mod support;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use huiyi_tencent::reqwest;
use huiyi_tencent::types::{OperatorIdType, RecordState};
use support::{Outcome, Stage};
use tokio::io::AsyncWriteExt as _;

/// The number of concurrent downloads.
const AT_ONCE: usize = 3;

pub(crate) const SCENE: &str = include_str!("support/download_recordings.json");

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let temporary = std::env::temp_dir().join("huiyi-recordings");
    let [userid, day, folder] = stage.arguments(["tester", "2026-03-02", &temporary.to_string_lossy()])?;
    tokio::fs::create_dir_all(&folder).await?;

    let files = files(&stage.client, &userid, &day, Path::new(&folder)).await?;
    println!("{} files", files.len());
    // The links work without credentials for 6 hours, so a plain HTTP client fetches them.
    let http = reqwest::Client::new();
    let downloads = stream::iter(files).map(|(address, path)| download(&http, address, path));
    let bytes: Vec<u64> = downloads.buffer_unordered(AT_ONCE).try_collect().await?;
    println!("{} bytes in {} files under {folder}", bytes.iter().sum::<u64>(), bytes.len());
    Ok(())
}

/// Returns the links of the day's recordings, and the path of each file.
async fn files(
    client: &huiyi_tencent::Client,
    userid: &str,
    day: &str,
    folder: &Path,
) -> Result<Vec<(String, PathBuf)>, Box<dyn Error>> {
    let (from, to) = support::days(day, 1)?;
    let mut files = Vec::new();
    let list = client.list_records(from, to).operator_id(userid).operator_id_type(OperatorIdType::Userid);
    let mut records = list.stream();
    while let Some(record) = records.next().await {
        let record = record?;
        if record.state != Some(RecordState::Completed) {
            eprintln!("{}: not ready yet", record.subject.unwrap_or_default());
            continue;
        }
        let list = client.list_record_addresses(record.meeting_record_id.unwrap_or_default());
        let mut addresses = list.operator_id(userid).operator_id_type(OperatorIdType::Userid).stream();
        while let Some(file) = addresses.next().await {
            let file = file?;
            let (Some(address), Some(id)) = (file.download_address, file.record_file_id) else { continue };
            let kind = file.download_address_file_type.unwrap_or_else(|| "mp4".to_owned());
            files.push((address.expose().to_owned(), folder.join(file_name(record.subject.as_deref(), &id, &kind))));
        }
    }
    Ok(files)
}

/// Builds a file name from the subject and the unique id. It has only letters, digits and underscores, whatever the
/// vendor sends.
fn file_name(subject: Option<&str>, id: &str, kind: &str) -> String {
    let safe = |text: &str| text.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect::<String>();
    format!("{}-{}.{}", safe(subject.unwrap_or("recording")), safe(id), safe(kind))
}

async fn download(http: &reqwest::Client, address: String, path: PathBuf) -> Result<u64, Box<dyn Error>> {
    let response = http.get(address).send().await?.error_for_status()?;
    let (total, mut written, mut shown) = (response.content_length().unwrap_or_default(), 0, 0);
    // An incomplete file has another name, so nobody mistakes it for the recording.
    let mut partial = path.clone().into_os_string();
    partial.push(".part");
    let mut file = tokio::fs::File::create(&partial).await?;
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.try_next().await? {
        file.write_all(&piece).await?;
        written += piece.len() as u64;
        let percent = (written * 100).checked_div(total).unwrap_or_default();
        if percent / 25 > shown / 25 {
            eprintln!("{percent:>3} %  {}", path.display());
        }
        shown = percent;
    }
    file.flush().await?;
    tokio::fs::rename(partial, path).await?;
    Ok(written)
}
