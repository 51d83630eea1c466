//! Jobs of a vendor: asking for the state until the job is over, with waits that grow and a bound.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{BoxFuture, Clock};
use crate::error::{Error, ErrorKind};
use crate::session::Session;

/// No wait is shorter, so that a job is never asked for in a tight loop.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

/// The state of a job, as one answer of the vendor has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobState<T> {
    /// The job is being worked on, or is in a state that is not known.
    Running,
    /// The job is done and has this result.
    Done(T),
    /// The job failed, for this reason; empty if the vendor gives none.
    Failed(String),
}

/// How often a job is asked for, and for how long.
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
    /// Waits before the next question. Returns whether there is a next one: the last is asked when the time is up.
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
    /// What a refused question says about the job: it is going on if the code means so, or if the vendor is busy.
    ///
    /// # Errors
    ///
    /// Every other error, as it is.
    #[doc(hidden)]
    pub fn of_refusal(error: Error, still_running: &str) -> Result<Self, Error> {
        let busy = matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::RateLimited);
        if busy || error.code() == Some(still_running) { Ok(Self::Running) } else { Err(error) }
    }
}

type Ask<T> = Box<dyn Fn() -> BoxFuture<'static, Result<JobState<T>, Error>> + Send + Sync>;

/// Waits for a job of the vendor. Nothing is sent before [`result`](Self::result).
#[must_use = "nothing is sent before `result`"]
pub struct WaitForJob<T> {
    job: String,
    clock: Arc<dyn Clock>,
    ask: Ask<T>,
    pace: Pace,
}

impl<T> WaitForJob<T> {
    /// A wait for the job of this name, whose state `ask` asks the vendor for.
    #[doc(hidden)]
    pub fn new<F>(session: &Session, job: impl Into<String>, ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<JobState<T>, Error>> + Send + 'static,
        T: 'static,
    {
        let clock = Arc::clone(session.transport().clock());
        Self { job: job.into(), clock, ask: Box::new(move || Box::pin(ask())), pace: Pace::default() }
    }

    /// The first wait between two questions and the longest one; in between it doubles.
    ///
    /// Default: 1 and 15 seconds; at least 0.1 seconds.
    pub fn with_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.pace.first = first.max(SHORTEST_WAIT);
        self.pace.longest = longest.max(self.pace.first);
        self
    }

    /// Gives up after so long. Default: 10 minutes. The job itself goes on.
    pub fn with_total(mut self, total: Duration) -> Self {
        self.pace.total = total;
        self
    }

    /// Waits until the job is done and gives its result.
    ///
    /// # Errors
    ///
    /// [`JobError`]; see there.
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
    /// The vendor could not do the job. The reason says more.
    Failed {
        /// The job.
        job: String,
        /// The vendor's words, perhaps none.
        reason: String,
    },
    /// The job is still going on after the time that [`WaitForJob::with_total`] allows. It can be waited
    /// for again.
    NotInTime {
        /// The job.
        job: String,
        /// The time allowed.
        total: Duration,
    },
    /// Asking for the state of the job failed. If the error is `Unavailable` or `RateLimited`, the job can be
    /// waited for again.
    Call(Error),
}

impl JobError {
    /// What the failure means for the caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Call(error) => error.kind(),
            Self::NotInTime { .. } => ErrorKind::Unavailable,
            Self::Failed { .. } => ErrorKind::Other,
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
