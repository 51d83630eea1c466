//! Waits for a vendor's job: polls its state until it ends, with growing pauses and a time limit.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{BoxFuture, Clock};
use crate::error::{Error, ErrorKind};
use crate::session::Session;

/// Shortest pause, so a job is never polled in a tight loop.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

/// The state of a job in one answer of the vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobState<T> {
    /// The job is running, or its state is unknown.
    Running,
    /// The job has finished with this result.
    Done(T),
    /// The job failed for this reason; empty if the vendor gives no reason.
    Failed(String),
}

/// How often and how long a job is polled.
#[derive(Clone, Copy, Debug)]
struct Pace {
    first: Duration,
    longest: Duration,
    total: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_secs(15), total: Duration::from_secs(600) }
    }
}

impl Pace {
    /// Waits before the next poll. Returns whether there is one: the last poll happens when the time is up.
    async fn next(&self, clock: &dyn Clock, started: Duration, wait: &mut Duration) -> bool {
        let left = self.total.saturating_sub(clock.monotonic().saturating_sub(started));
        if left.is_zero() {
            return false;
        }
        clock.sleep((*wait).min(left)).await;
        *wait = wait.saturating_mul(2).min(self.longest);
        true
    }
}

impl<T> JobState<T> {
    /// Returns the job state that a refused poll stands for: the job is running if the code says so or if the
    /// vendor is busy.
    ///
    /// # Errors
    ///
    /// Returns every other error unchanged.
    #[doc(hidden)]
    pub fn of_refusal(error: Error, still_running: &str) -> Result<Self, Error> {
        let busy = matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::RateLimited);
        if busy || error.code() == Some(still_running) { Ok(Self::Running) } else { Err(error) }
    }
}

type Ask<T> = Box<dyn Fn() -> BoxFuture<'static, Result<JobState<T>, Error>> + Send + Sync>;

/// Waits for a job of the vendor. Nothing is sent before [`result`](Self::result) is called.
#[must_use = "nothing is sent before `result`"]
pub struct WaitForJob<T> {
    job: String,
    clock: Arc<dyn Clock>,
    ask: Ask<T>,
    pace: Pace,
}

impl<T> WaitForJob<T> {
    /// Creates a wait for the job with this name. `ask` requests the job's state from the vendor.
    #[doc(hidden)]
    pub fn new<F>(session: &Session, job: impl Into<String>, ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<JobState<T>, Error>> + Send + 'static,
        T: 'static,
    {
        let clock = Arc::clone(session.transport().clock());
        Self { job: job.into(), clock, ask: Box::new(move || Box::pin(ask())), pace: Pace::default() }
    }

    /// Sets the first and the longest pause between two polls. The pause doubles in between.
    ///
    /// Default: 1 and 15 seconds; at least 0.1 seconds.
    pub fn with_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.pace.first = first.max(SHORTEST_WAIT);
        self.pace.longest = longest.max(self.pace.first);
        self
    }

    /// Sets the time limit of the wait. Default: 10 minutes. The job itself continues.
    pub fn with_total(mut self, total: Duration) -> Self {
        self.pace.total = total;
        self
    }

    /// Waits until the job is done and returns its result.
    ///
    /// # Errors
    ///
    /// See [`JobError`].
    pub async fn result(self) -> Result<T, JobError> {
        let started = self.clock.monotonic();
        let mut wait = self.pace.first;
        loop {
            match (self.ask)().await.map_err(JobError::Call)? {
                JobState::Done(result) => return Ok(result),
                JobState::Failed(reason) => return Err(JobError::Failed { job: self.job, reason }),
                JobState::Running => {}
            }
            if !self.pace.next(&*self.clock, started, &mut wait).await {
                return Err(JobError::NotInTime { job: self.job, total: self.pace.total });
            }
        }
    }
}

impl<T> fmt::Debug for WaitForJob<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitForJob").field("job", &self.job).field("pace", &self.pace).finish_non_exhaustive()
    }
}

/// Why a job gave no result.
#[non_exhaustive]
pub enum JobError {
    /// The job failed at the vendor.
    Failed {
        /// The job.
        job: String,
        /// The vendor's message; may be empty.
        reason: String,
    },
    /// The job is still running after the time set with [`WaitForJob::with_total`]. You can wait for it
    /// again.
    NotInTime {
        /// The job.
        job: String,
        /// The time limit.
        total: Duration,
    },
    /// Polling the state of the job failed. If the error is `Unavailable` or `RateLimited`, you can wait for
    /// the job again.
    Call(Error),
}

impl JobError {
    /// Returns the kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Call(error) => error.kind(),
            Self::NotInTime { .. } => ErrorKind::Unavailable,
            Self::Failed { .. } => ErrorKind::Other,
        }
    }

    /// Returns the error of the failed call, if there is one.
    pub fn call(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { job, reason } if reason.is_empty() => write!(f, "the job {job} failed"),
            Self::Failed { job, reason } => write!(f, "the job {job} failed: {reason}"),
            Self::NotInTime { job, total } => {
                write!(f, "the job {job} is not done after {:.1} s", total.as_secs_f64())
            }
            Self::Call(error) => write!(f, "{error}"),
        }
    }
}

impl fmt::Debug for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Failed { .. } => "Failed",
            Self::NotInTime { .. } => "NotInTime",
            Self::Call(_) => "Call",
        };
        f.debug_tuple(name).field(&format_args!("{self}")).finish()
    }
}

impl std::error::Error for JobError {}
