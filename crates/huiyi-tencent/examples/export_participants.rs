//! Exports the participants of a large meeting: starts the export, waits for it, downloads the file.
//!
//! ```text
//! cargo run -p huiyi-tencent --example export_participants -- <userid> <meeting id>
//! ```

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_tencent::types::{ExportFileType, ExportParticipantsRequest, OperatorIdType};
use support::{Outcome, Stage};

pub(crate) const SCENE: &str = include_str!("support/export_participants.json");

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let [userid, meeting] = stage.arguments(["tester", "7567173273889276131"])?;
    let order = ExportParticipantsRequest::new(meeting)
        .operator_id(&*userid)
        .operator_id_type(OperatorIdType::Userid)
        .file_type(ExportFileType::Xlsx);
    let client = stage.client.operator(userid);
    let job = client.export_participants(order).send().await?.into_inner();
    let link = client.wait_for_export(job).result().await?;

    // The link needs no credentials, so it is not fetched with the vendor's client.
    let file = huiyi_tencent::reqwest::get(link.expose()).await?.error_for_status()?.bytes().await?;
    let path = std::env::temp_dir().join("participants.xlsx");
    std::fs::write(&path, &file)?;
    println!("{}: {} bytes", path.display(), file.len());
    Ok(())
}
