//! What tokens need of their client.

use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;

use super::fetches::Fetches;
use super::store::{StoreError, TokenStore};
use super::within::within;
use crate::clock::{Clock, Entropy};
use crate::observe::trace;
use crate::observe::{Observer, StoreFailure};

/// No step of a store or a keeper takes longer than this part of the time limit ..
const PART: u32 = 8;

/// .. or than this.
const LONGEST_STEP: Duration = Duration::from_secs(3);

/// Time, limits and places that the tokens of a client have in common.
#[derive(Clone)]
pub struct TokenContext {
    /// The client's clock.
    pub clock: Arc<dyn Clock>,
    /// Its random numbers.
    pub entropy: Arc<dyn Entropy>,
    /// Where tokens are shared, if they are.
    pub store: Option<Arc<dyn TokenStore>>,
    /// The time limit of one request.
    pub time_limit: Duration,
    /// Counts what is under way.
    pub fetches: Fetches,
    /// Is told what fails beside the calls.
    pub observer: Option<Arc<dyn Observer>>,
}

impl TokenContext {
    /// Those of a client with this clock and these random numbers, without a store.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, time_limit: Duration) -> Self {
        Self { clock, entropy, store: None, time_limit, fetches: Fetches::default(), observer: None }
    }

    /// The longest that a step of a store or a keeper holds a call up.
    pub(super) fn patience(&self) -> Duration {
        (self.time_limit / PART).min(LONGEST_STEP)
    }

    /// Takes a step that is not ours: bounded, and a panic is a failure.
    pub(super) async fn step<T>(
        &self,
        key: &str,
        step: &'static str,
        future: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StepFailed> {
        let future = AssertUnwindSafe(future).catch_unwind();
        let (reason, failed) = match within(&*self.clock, self.patience(), future).await {
            Some(Ok(Ok(value))) => return Ok(value),
            Some(Ok(Err(error))) => (error.to_string(), StepFailed::Error),
            Some(Err(_)) => ("it panicked".to_owned(), StepFailed::Error),
            None => {
                let limit = self.patience().as_secs_f64();
                (format!("no answer within {limit:.1} s"), StepFailed::TooSlow)
            }
        };
        self.tell(key, step, &reason);
        Err(failed)
    }

    pub(super) fn tell(&self, key: &str, step: &'static str, reason: &str) {
        let failure = StoreFailure { key, step, reason };
        trace::store_failure(&failure);
        if let Some(observer) = &self.observer {
            observer.store_failed(&failure);
        }
    }
}

/// How a step failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StepFailed {
    /// With an answer.
    Error,
    /// Without one.
    TooSlow,
}

impl fmt::Debug for TokenContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("time_limit", &self.time_limit).finish_non_exhaustive()
    }
}
