//! From an ordered export of participants to the link of its file.
//!
//! Page: <https://cloud.tencent.com/document/product/1095/107771>.

use huiyi_core::wait::{JobState, WaitForJob};

use crate::Client;
use crate::types::{ExportJobStatus, ExportParticipantsResponse, GetExportJobResponse, OperatorIdType};

impl Client {
    /// Waits for an export that was ordered, and gives the link of its file, which works for two hours.
    ///
    /// `job` is the answer of [`export_participants`](Client::export_participants), or the id in it. The
    /// operator is the one who ordered the export.
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_tencent::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use huiyi_tencent::types::{ExportParticipantsRequest, OperatorIdType};
    ///
    /// let order = ExportParticipantsRequest::new("7567173273889276131");
    /// let order = order.operator_id("tester").operator_id_type(OperatorIdType::Userid);
    /// let job = client.export_participants(order).send().await?.into_inner();
    /// println!("{}", client.wait_for_export(job, "tester", OperatorIdType::Userid).result().await?);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "导出")]
    pub fn wait_for_export(
        &self,
        job: impl Into<ExportJob>,
        operator_id: impl Into<String>,
        operator_id_type: OperatorIdType,
    ) -> WaitForJob<String> {
        let ExportJob(id) = job.into();
        let (client, job, operator_id) = (self.clone(), id.clone(), operator_id.into());
        WaitForJob::new(&self.session, job, move || {
            let call = client.get_export_job(id.clone()).operator_id(operator_id.clone());
            let call = call.operator_id_type(operator_id_type.clone());
            async move { Ok(state(call.send().await?.into_inner())) }
        })
    }
}

/// A job that is done without a link has failed.
fn state(job: GetExportJobResponse) -> JobState<String> {
    match job.status {
        Some(ExportJobStatus::Done) => match job.url.filter(|url| !url.is_empty()) {
            Some(url) => JobState::Done(url),
            None => JobState::Failed("it is done but has no file".to_owned()),
        },
        Some(ExportJobStatus::Failed) => JobState::Failed(job.error_msg.unwrap_or_default()),
        _ => JobState::Running,
    }
}

/// The job of an export; made from the answer of the operation that ordered it, or from its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExportJob(String);

impl ExportJob {
    /// The id of the job, as [`Client::get_export_job`] takes it.
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

/// An answer without an id gives an empty one, which is refused before anything is sent.
impl From<ExportParticipantsResponse> for ExportJob {
    fn from(answer: ExportParticipantsResponse) -> Self {
        Self(answer.job_id.unwrap_or_default())
    }
}
