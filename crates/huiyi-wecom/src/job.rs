//! Jobs that give members accounts with advanced features, or revoke them.
//!
//! Pages: <https://developer.work.weixin.qq.com/document/path/99508>,
//! <https://developer.work.weixin.qq.com/document/path/99509>.

use huiyi_core::RetryPolicy;
use huiyi_core::wait::{JobState, WaitForJob};

use crate::Client;
use crate::types::{
    GetVipAddJobResultRequest, GetVipDelJobResultRequest, SubmitVipAddJobResponse, SubmitVipDelJobResponse,
    VipJobResult,
};

/// The code of both result operations for a job that is still running.
const STILL_RUNNING: &str = "770007";

impl Client {
    /// Waits for a job that [`submit_vip_add_job`](Client::submit_vip_add_job) has started, and returns who got an
    /// account.
    ///
    /// `job` is the answer of that operation, or the id in it.
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_wecom::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use huiyi_wecom::types::SubmitVipAddJobRequest;
    ///
    /// let job = client.submit_vip_add_job(SubmitVipAddJobRequest::new(["zhangsan", "lisi"])).send().await?;
    /// let result = client.wait_for_vip_add_job(job.into_inner()).result().await?;
    /// println!("without an account: {:?}", result.fail_userid_list);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "高级功能账号")]
    pub fn wait_for_vip_add_job(&self, job: impl Into<VipJob>) -> WaitForJob<VipJobResult> {
        // The wait polls by itself; retries underneath would add calls at another pace.
        let (client, VipJob(id)) = (self.with_retry(RetryPolicy::off()), job.into());
        WaitForJob::new(&self.session, id.clone(), move || {
            let call = client.get_vip_add_job_result(GetVipAddJobResultRequest::new(&*id));
            async move {
                match call.send().await {
                    Ok(answer) => Ok(JobState::Done(answer.into_inner().job_result)),
                    Err(error) => JobState::of_refusal(error, STILL_RUNNING),
                }
            }
        })
    }

    /// Waits for a job that [`submit_vip_del_job`](Client::submit_vip_del_job) has started, and returns who lost
    /// the account.
    ///
    /// `job` is the answer of that operation, or the id in it.
    #[doc(alias = "高级功能账号")]
    pub fn wait_for_vip_del_job(&self, job: impl Into<VipJob>) -> WaitForJob<VipJobResult> {
        let (client, VipJob(id)) = (self.with_retry(RetryPolicy::off()), job.into());
        WaitForJob::new(&self.session, id.clone(), move || {
            let call = client.get_vip_del_job_result(GetVipDelJobResultRequest::new(&*id));
            async move {
                match call.send().await {
                    Ok(answer) => Ok(JobState::Done(answer.into_inner().job_result)),
                    Err(error) => JobState::of_refusal(error, STILL_RUNNING),
                }
            }
        })
    }
}

/// A job on accounts; made from the answer of the operation that started it, or from its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VipJob(String);

impl VipJob {
    /// Returns the id of the job, for [`Client::get_vip_add_job_result`] and [`Client::get_vip_del_job_result`].
    pub fn id(&self) -> &str {
        &self.0
    }
}

impl From<&str> for VipJob {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<String> for VipJob {
    fn from(id: String) -> Self {
        Self(id)
    }
}

/// An answer without an id gives an empty id, which WeCom rejects.
impl From<SubmitVipAddJobResponse> for VipJob {
    fn from(answer: SubmitVipAddJobResponse) -> Self {
        Self(answer.jobid.unwrap_or_default())
    }
}

/// An answer without an id gives an empty id, which WeCom rejects.
impl From<SubmitVipDelJobResponse> for VipJob {
    fn from(answer: SubmitVipDelJobResponse) -> Self {
        Self(answer.jobid.unwrap_or_default())
    }
}
