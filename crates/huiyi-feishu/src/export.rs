//! From an ordered export to its file: asking until the job is done, then downloading.
//!
//! Pages: the four "Export .." calls, "Query export task results" and "Download export file" under
//! <https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/vc-v1/export/get>. They do not say
//! how long an export takes, hence a wait that grows and a bound.

use std::fmt;
use std::time::Duration;

use huiyi_core::download::Download;
use huiyi_core::{Error, ErrorKind};

use crate::Client;
use crate::types::{
    ExportMeetingDetailsResponse, ExportParticipantDetailsResponse, ExportParticipantQualityResponse,
    ExportResourceReservationsResponse, ExportStatus,
};

/// No wait is shorter, so that a job is never asked for in a tight loop.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

impl Client {
    /// Waits for an export that was ordered, and gives its file.
    ///
    /// `task` is the answer of one of the four `export_..` operations, or the id in it. Nothing is
    /// sent before [`download`](WaitForExport::download) or [`file_token`](WaitForExport::file_token).
    /// Only who ordered an export may download it: use the same client, with the same user if any.
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
        WaitForExport {
            client: self.clone(),
            task: task.into(),
            first: Duration::from_secs(1),
            longest: Duration::from_secs(15),
            total: Duration::from_secs(600),
        }
    }
}

/// The job of an export; made from the answer of the operation that ordered it, or from its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExportTask(String);

impl ExportTask {
    /// The id of the job, as [`Client::get_export_task`] takes it.
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

/// An answer without an id gives an empty one, which is refused before anything is sent.
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
#[derive(Clone)]
#[must_use = "nothing is sent before `download` or `file_token`"]
pub struct WaitForExport {
    client: Client,
    task: ExportTask,
    first: Duration,
    longest: Duration,
    total: Duration,
}

impl WaitForExport {
    /// The first wait between two questions and the longest one; in between it doubles.
    ///
    /// Default: 1 and 15 seconds; at least 0.1 seconds.
    pub fn with_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first.max(SHORTEST_WAIT);
        self.longest = longest.max(self.first);
        self
    }

    /// Gives up after so long. Default: 10 minutes. The job itself goes on.
    pub fn with_total(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// Waits until the file is there and starts to download it.
    ///
    /// # Errors
    ///
    /// [`ExportError`]; see there.
    pub async fn download(self) -> Result<Download, ExportError> {
        let client = self.client.clone();
        let token = self.file_token().await?;
        Ok(client.download_export(token).send().await?.into_inner())
    }

    /// Waits until the file is there and gives its token, as [`Client::download_export`] takes it.
    ///
    /// # Errors
    ///
    /// [`ExportError`]; see there.
    pub async fn file_token(self) -> Result<String, ExportError> {
        let clock = self.client.session.transport().clock();
        let started = clock.monotonic();
        let mut wait = self.first;
        loop {
            let job = self.client.get_export_task(self.task.id()).send().await?.into_inner();
            match job.status {
                Some(ExportStatus::Completed) => {
                    let token = job.file_token.filter(|token| !token.is_empty());
                    return token.ok_or(ExportError::NoFile { task: self.task });
                }
                Some(ExportStatus::Failed) => {
                    return Err(ExportError::Failed { task: self.task, reason: job.fail_msg.unwrap_or_default() });
                }
                // Being worked on, or in a state that this version does not know.
                _ => {}
            }
            let left = self.total.saturating_sub(clock.monotonic().saturating_sub(started));
            if left.is_zero() {
                return Err(ExportError::NotInTime { task: self.task, total: self.total });
            }
            // The last question is asked when the time is up.
            clock.sleep(wait.min(left)).await;
            wait = wait.saturating_mul(2).min(self.longest);
        }
    }
}

impl fmt::Debug for WaitForExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitForExport").field("task", &self.task).field("total", &self.total).finish_non_exhaustive()
    }
}

/// Why an export gave no file.
#[non_exhaustive]
pub enum ExportError {
    /// Feishu could not make the file. Ordering it again may help; the reason says more.
    Failed {
        /// The job.
        task: ExportTask,
        /// Feishu's words, perhaps none.
        reason: String,
    },
    /// The job is still going on after the time that [`WaitForExport::with_total`] allows. It can be
    /// waited for again.
    NotInTime {
        /// The job.
        task: ExportTask,
        /// The time allowed.
        total: Duration,
    },
    /// The job is done, but Feishu named no file.
    NoFile {
        /// The job.
        task: ExportTask,
    },
    /// A call failed: asking for the state of the job, or for the file. If it was `Unavailable` or
    /// `RateLimited`, the job can be waited for again.
    Call(Error),
}

impl ExportError {
    /// What the failure means for the caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Call(error) => error.kind(),
            Self::NotInTime { .. } => ErrorKind::Unavailable,
            Self::Failed { .. } | Self::NoFile { .. } => ErrorKind::Other,
        }
    }

    /// The error of the call that failed, if one did.
    pub fn call(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Error> for ExportError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { task, reason } if reason.is_empty() => write!(f, "the export {} failed", task.id()),
            Self::Failed { task, reason } => write!(f, "the export {} failed: {reason}", task.id()),
            Self::NotInTime { task, total } => {
                write!(f, "the export {} is not done after {:.1} s", task.id(), total.as_secs_f64())
            }
            Self::NoFile { task } => write!(f, "the export {} is done but has no file", task.id()),
            Self::Call(error) => write!(f, "{}", error),
        }
    }
}

impl fmt::Debug for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Failed { .. } => "Failed",
            Self::NotInTime { .. } => "NotInTime",
            Self::NoFile { .. } => "NoFile",
            Self::Call(_) => "Call",
        };
        f.debug_tuple(name).field(&format_args!("{self}")).finish()
    }
}

impl std::error::Error for ExportError {}
