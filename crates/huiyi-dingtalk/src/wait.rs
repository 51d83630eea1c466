//! Waiting for DingTalk's background jobs: minutes of a file, summaries, analyses of recordings.

use huiyi_core::wait::{JobState, WaitForJob};

use crate::Client;
use crate::types::{
    GetMinutesTemplateSummaryResponse, QueryA1SummaryRequest, QueryA1SummaryResponse, QueryA1SummaryResponseState,
};

impl Client {
    /// Waits for minutes that are being made, such as those of
    /// [`create_minutes_from_file`](Client::create_minutes_from_file).
    ///
    /// `task_uuid` is the id of the minutes. DingTalk does not document the state numbers, so `state` maps a number
    /// to its meaning. A response without a number counts as running.
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_dingtalk::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use huiyi_dingtalk::JobState;
    ///
    /// // The numbers that your organisation has seen.
    /// let state = |number| if number == 3 { JobState::Done(()) } else { JobState::Running };
    /// client.wait_for_minutes("7632756964333839", "WFBkgJvtSaA1jK4sgiEiE", state).result().await?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "闪记")]
    pub fn wait_for_minutes<T: 'static>(
        &self,
        task_uuid: impl Into<String>,
        union_id: impl Into<String>,
        state: impl Fn(i64) -> JobState<T> + Clone + Send + Sync + 'static,
    ) -> WaitForJob<T> {
        let (client, task, union_id) = (self.clone(), task_uuid.into(), union_id.into());
        WaitForJob::new(&self.session, task.clone(), move || {
            let (call, state) = (client.get_minutes_status(task.clone(), union_id.clone()), state.clone());
            async move { Ok(call.send().await?.into_inner().status.map_or(JobState::Running, state)) }
        })
    }

    /// Waits until a summary that [`generate_minutes_summary`](Client::generate_minutes_summary) makes has a text.
    ///
    /// The arguments are those of [`get_minutes_template_summary`](Client::get_minutes_template_summary). DingTalk
    /// does not document how it reports a failure: in that case the wait times out.
    #[doc(alias = "摘要")]
    pub fn wait_for_minutes_summary(
        &self,
        task_uuid: impl Into<String>,
        summary_template_id: impl Into<String>,
        summary_template_type: impl Into<String>,
        union_id: impl Into<String>,
    ) -> WaitForJob<GetMinutesTemplateSummaryResponse> {
        let (client, task, template) = (self.clone(), task_uuid.into(), summary_template_id.into());
        let (kind, union_id) = (summary_template_type.into(), union_id.into());
        WaitForJob::new(&self.session, task.clone(), move || {
            let call = client.get_minutes_template_summary(&*task, &*template, &*kind, &*union_id);
            async move {
                let summary = call.send().await?.into_inner();
                let text = summary.summary_text.as_deref().unwrap_or_default();
                Ok(if text.is_empty() { JobState::Running } else { JobState::Done(summary) })
            }
        })
    }

    /// Waits for an analysis of a recording of the recorder A1 that
    /// [`create_a1_summary`](Client::create_a1_summary) has started.
    ///
    /// The arguments are those of that call: the recording and the assistant. The state "not made" counts as
    /// running, since the analysis may not have begun.
    #[doc(alias = "小助理分析")]
    pub fn wait_for_a1_summary(
        &self,
        open_file_id: impl Into<String>,
        agent_id: impl Into<String>,
    ) -> WaitForJob<QueryA1SummaryResponse> {
        let (client, file, agent) = (self.clone(), open_file_id.into(), agent_id.into());
        WaitForJob::new(&self.session, file.clone(), move || {
            let body = QueryA1SummaryRequest::new().open_file_id(&*file).agent_id(&*agent);
            let call = client.query_a1_summary().body(body);
            async move {
                let answer = call.send().await?.into_inner();
                Ok(match answer.state {
                    Some(QueryA1SummaryResponseState::Made) => JobState::Done(answer),
                    Some(QueryA1SummaryResponseState::Failed) => JobState::Failed(String::new()),
                    _ => JobState::Running,
                })
            }
        })
    }
}
