//! Waiting for an export until the link of its file is ready.
//!
//! Page: <https://cloud.tencent.com/document/product/1095/107771>.

use huiyi_core::wait::{JobState, WaitForJob};
use huiyi_core::wire::Secret;

use crate::Client;
use crate::types::{
    ExportCallDetailsResponse, ExportJobStatus, ExportParticipantsResponse, GetCallDetailExportResponse,
    GetExportJobResponse, PstnExportStatus,
};

impl Client {
    /// Waits for an export of participants, and returns the link of its file, which works for 2 hours
    /// and needs no token.
    ///
    /// `job` is the answer of [`export_participants`](Client::export_participants), or the id in it. The
    /// [`operator`](Client::operator) of the client must be the one that started the export.
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_tencent::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use huiyi_tencent::types::{ExportParticipantsRequest, OperatorIdType};
    ///
    /// let client = client.operator("tester");
    /// let order = ExportParticipantsRequest::new("7567173273889276131");
    /// let order = order.operator_id("tester").operator_id_type(OperatorIdType::Userid);
    /// let job = client.export_participants(order).send().await?.into_inner();
    /// let link = client.wait_for_export(job).result().await?;
    /// println!("{}", link.expose());
    /// # Ok(()) }
    /// ```
    #[doc(alias = "导出")]
    pub fn wait_for_export(&self, job: impl Into<ExportJob>) -> WaitForJob<Secret> {
        let (client, ExportJob(id)) = (self.clone(), job.into());
        WaitForJob::new(&self.session, id.clone(), move || {
            let call = client.get_export_job(&*id);
            async move { Ok(participants(call.send().await?.into_inner())) }
        })
    }

    /// Waits for an export of phone calls, and returns the link of its file, which works for 2 hours
    /// and needs no token.
    ///
    /// `job` is the answer of [`export_call_details`](Client::export_call_details), or the id in it. The
    /// [`operator`](Client::operator) of the client must be the one that started the export.
    #[doc(alias = "导出")]
    pub fn wait_for_call_detail_export(&self, job: impl Into<ExportJob>) -> WaitForJob<Secret> {
        let (client, ExportJob(id)) = (self.clone(), job.into());
        WaitForJob::new(&self.session, id.clone(), move || {
            let call = client.get_call_detail_export(&*id);
            async move { Ok(call_details(call.send().await?.into_inner())) }
        })
    }
}

fn participants(job: GetExportJobResponse) -> JobState<Secret> {
    match job.status {
        Some(ExportJobStatus::Done) => done(job.url),
        Some(ExportJobStatus::Failed) => JobState::Failed(job.error_msg.unwrap_or_default()),
        _ => JobState::Running,
    }
}

/// No status means "failed", so a task with an error message has failed.
fn call_details(job: GetCallDetailExportResponse) -> JobState<Secret> {
    match (job.status, job.error_msg.filter(|error| !error.is_empty())) {
        (Some(PstnExportStatus::Finished), None) => done(job.job_url),
        (_, Some(error)) => JobState::Failed(error),
        _ => JobState::Running,
    }
}

/// A job that is done without a link has failed.
fn done(link: Option<Secret>) -> JobState<Secret> {
    match link.filter(|link| !link.expose().is_empty()) {
        Some(link) => JobState::Done(link),
        None => JobState::Failed("it is done but has no file".to_owned()),
    }
}

/// The job of an export; made from the answer of the operation that started it, or from its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExportJob(String);

impl ExportJob {
    /// Returns the id of the job, for [`Client::get_export_job`] and [`Client::get_call_detail_export`].
    pub fn id(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ExportJob {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<String> for ExportJob {
    fn from(id: String) -> Self {
        Self(id)
    }
}

/// An answer without an id gives an empty id, and the call fails before anything is sent.
impl From<ExportParticipantsResponse> for ExportJob {
    fn from(answer: ExportParticipantsResponse) -> Self {
        Self(answer.job_id.unwrap_or_default())
    }
}

/// An answer without an id gives an empty id, and the call fails before anything is sent.
impl From<ExportCallDetailsResponse> for ExportJob {
    fn from(answer: ExportCallDetailsResponse) -> Self {
        Self(answer.job_id.unwrap_or_default())
    }
}
