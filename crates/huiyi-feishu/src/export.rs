//! Waiting for an export: polls until the job is done, then downloads the file.
//!
//! Pages: the four "Export .." calls, "Query export task results" and "Download export file" under
//! <https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/vc-v1/export/get>. They do not say how long an
//! export takes, so the pauses grow and the total time is limited.

use std::time::Duration;

use huiyi_core::download::Download;
use huiyi_core::wait::{JobError, JobState, WaitForJob};

use crate::Client;
use crate::types::{
    ExportMeetingDetailsResponse, ExportParticipantDetailsResponse, ExportParticipantQualityResponse,
    ExportResourceReservationsResponse, ExportStatus, GetExportTaskResponse,
};

impl Client {
    /// Waits for an export and downloads its file.
    ///
    /// `task` is the answer of one of the four `export_..` operations, or the id in it. Nothing is sent before
    /// [`download`](WaitForExport::download) or [`file_token`](WaitForExport::file_token). An export can be
    /// downloaded only by the app or user that started it: use the same client, with the same user if any.
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_feishu::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use huiyi_feishu::types::ExportMeetingDetailsRequest;
    ///
    /// let order = ExportMeetingDetailsRequest::new(1_655_276_858, 1_655_363_258);
    /// let task = client.export_meeting_details(order).send().await?.into_inner();
    /// let file = client.wait_for_export(task).download().await?.with_limit(50 << 20);
    /// std::fs::write("meetings.xlsx", file.collect().await?)?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "导出")]
    pub fn wait_for_export(&self, task: impl Into<ExportTask>) -> WaitForExport {
        let (client, ExportTask(id)) = (self.clone(), task.into());
        let job = WaitForJob::new(&self.session, id.clone(), move || {
            let call = client.get_export_task(id.clone());
            async move { Ok(state(call.send().await?.into_inner())) }
        });
        WaitForExport { client: self.clone(), job }
    }
}

/// A job that is done without a file has failed. A job with an unknown status is still running.
fn state(job: GetExportTaskResponse) -> JobState<String> {
    match job.status {
        Some(ExportStatus::Completed) => match job.file_token.filter(|token| !token.is_empty()) {
            Some(token) => JobState::Done(token),
            None => JobState::Failed("it is done but has no file".to_owned()),
        },
        Some(ExportStatus::Failed) => JobState::Failed(job.fail_msg.unwrap_or_default()),
        _ => JobState::Running,
    }
}

/// The job of an export; made from the answer of the operation that started it, or from its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExportTask(String);

impl ExportTask {
    /// Returns the id of the job, for [`Client::get_export_task`].
    pub fn id(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ExportTask {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<String> for ExportTask {
    fn from(id: String) -> Self {
        Self(id)
    }
}

/// An answer without an id gives an empty id, and the call fails before anything is sent.
macro_rules! from_answer {
    ($($answer:ty),+) => {$(
        impl From<$answer> for ExportTask {
            fn from(answer: $answer) -> Self {
                Self(answer.task_id.unwrap_or_default())
            }
        }
    )+};
}

from_answer!(
    ExportMeetingDetailsResponse,
    ExportParticipantDetailsResponse,
    ExportParticipantQualityResponse,
    ExportResourceReservationsResponse
);

/// Waits for an export; made by [`Client::wait_for_export`].
#[derive(Debug)]
#[must_use = "nothing is sent before `download` or `file_token`"]
pub struct WaitForExport {
    client: Client,
    job: WaitForJob<String>,
}

impl WaitForExport {
    /// Sets the first and the longest pause between two polls; the pause doubles from one to the other.
    ///
    /// Default: 1 and 15 seconds; at least 0.1 seconds.
    pub fn with_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.job = self.job.with_backoff(first, longest);
        self
    }

    /// Sets the time after which the wait gives up. Default: 10 minutes. The job itself continues.
    pub fn with_total(mut self, total: Duration) -> Self {
        self.job = self.job.with_total(total);
        self
    }

    /// Waits until the file is ready and starts to download it.
    ///
    /// # Errors
    ///
    /// [`JobError`]; see there.
    pub async fn download(self) -> Result<Download, JobError> {
        let token = self.job.result().await?;
        let file = self.client.download_export(token).send().await.map_err(JobError::Call)?;
        Ok(file.into_inner())
    }

    /// Waits until the file is ready and returns its token, for [`Client::download_export`].
    ///
    /// # Errors
    ///
    /// [`JobError`]; see there.
    pub async fn file_token(self) -> Result<String, JobError> {
        self.job.result().await
    }
}
