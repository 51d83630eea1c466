//! The ledger of one tenant with its lock and clock.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;
use std::time::Duration;

use super::ledger::Ledger;
use crate::clock::Clock;

/// Wakers to wake or drop after the lock is released. Both may run code of the caller's runtime, which may
/// call back into this module.
#[derive(Default)]
pub(super) struct Wakers {
    wake: Vec<Waker>,
    unused: Vec<Waker>,
}

impl Wakers {
    /// Adds a waker to wake, if there is one.
    pub(super) fn wake(&mut self, waker: Option<Waker>) {
        self.wake.extend(waker);
    }

    /// Adds a waker to drop, if there is one.
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

    /// Reads or changes the ledger. The time is read under the lock, so it never goes back. Callers are woken
    /// after the lock is released.
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
