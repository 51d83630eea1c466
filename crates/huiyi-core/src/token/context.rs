//! What token sources need from their client.

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

/// A step of a store or a keeper takes at most the time limit divided by this number.
const PART: u32 = 8;

/// A step of a store or a keeper takes at most this long.
const LONGEST_STEP: Duration = Duration::from_secs(3);

/// Clock, limits and store that the tokens of a client share.
#[derive(Clone)]
pub struct TokenContext {
    /// The client's clock.
    pub clock: Arc<dyn Clock>,
    /// Its random numbers.
    pub entropy: Arc<dyn Entropy>,
    /// The shared token store, if there is one.
    pub store: Option<Arc<dyn TokenStore>>,
    /// The time limit of one request.
    pub time_limit: Duration,
    /// Counts running fetches.
    pub fetches: Fetches,
    /// Receives failures that do not fail a call.
    pub observer: Option<Arc<dyn Observer>>,
}

impl TokenContext {
    /// Creates a context with this clock and these random numbers, without a store.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, time_limit: Duration) -> Self {
        Self { clock, entropy, store: None, time_limit, fetches: Fetches::default(), observer: None }
    }

    /// Longest time that a step of a store or a keeper may delay a call.
    pub(super) fn patience(&self) -> Duration {
        (self.time_limit / PART).min(LONGEST_STEP)
    }

    /// Runs a step of foreign code with a time limit; a panic counts as a failure.
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
    /// It returned an error or panicked.
    Error,
    /// It exceeded the time limit.
    TooSlow,
}

impl fmt::Debug for TokenContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("time_limit", &self.time_limit).finish_non_exhaustive()
    }
}
