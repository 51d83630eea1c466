//! An observer that remembers every attempt.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use huiyi_core::ErrorKind;
use huiyi_core::clock::Clock;
use huiyi_core::observe::{Attempt, Observer};

/// One attempt of a call.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The operation.
    pub operation: String,
    /// 1 for the first attempt of a call; 0 if nothing was sent because there was no token.
    pub number: u32,
    /// The kind of its failure; `None` for a success.
    pub kind: Option<ErrorKind>,
    /// When it began, by the client's clock.
    pub began: Duration,
    /// The whole attempt as `Debug` shows it.
    pub shown: String,
}

/// The attempts of a client so far. Clones share them.
#[derive(Clone)]
pub struct Attempts {
    clock: Arc<dyn Clock>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Attempts {
    /// Starts without attempts. `clock` is the client's clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, seen: Arc::default() }
    }

    /// Returns the attempts in the order in which they ended.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns how many were sent.
    pub fn count(&self) -> usize {
        self.seen().iter().filter(|seen| seen.number > 0).count()
    }
}

impl Observer for Attempts {
    fn attempt(&self, attempt: &Attempt<'_>) {
        let began = self.clock.monotonic().saturating_sub(attempt.duration);
        let seen = Seen {
            operation: attempt.operation.to_owned(),
            number: attempt.number,
            kind: attempt.kind,
            began,
            shown: format!("{attempt:?}"),
        };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }
}

impl std::fmt::Debug for Attempts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Attempts").field(&self.count()).finish()
    }
}
