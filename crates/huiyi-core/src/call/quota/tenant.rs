//! The ledger of one tenant behind its lock, with the clock.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;
use std::time::Duration;

use super::ledger::Ledger;
use crate::clock::Clock;

/// What is done with wakers after the lock is released: waking, or dropping one, may run code of the caller's
/// runtime, and that may come back here.
#[derive(Default)]
pub(super) struct Wakers {
    wake: Vec<Waker>,
    unused: Vec<Waker>,
}

impl Wakers {
    /// Wakes it, if there is one.
    pub(super) fn wake(&mut self, waker: Option<Waker>) {
        self.wake.extend(waker);
    }

    /// Drops it, if there is one.
    pub(super) fn discard(&mut self, waker: Option<Waker>) {
        self.unused.extend(waker);
    }
}

#[derive(Debug)]
pub(super) struct Tenant {
    clock: Arc<dyn Clock>,
    ledger: Mutex<Ledger>,
}

impl Tenant {
    pub(super) fn new(clock: Arc<dyn Clock>, ledger: Ledger) -> Self {
        Self { clock, ledger: Mutex::new(ledger) }
    }

    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Looks at the ledger or changes it. The time is read under the lock, so that it never goes back; callers
    /// are woken outside of it.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Ledger, Duration, &mut Wakers) -> T) -> T {
        let mut wakers = Wakers::default();
        let changed = {
            let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut ledger, self.clock.monotonic(), &mut wakers)
        };
        wakers.wake.into_iter().for_each(Waker::wake);
        changed
    }
}
