//! Quotas that several processes keep together, and what a process does while it cannot reach the others.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use super::permit::{Permit, Reservation};
use super::policy::Mode;
use super::{Quotas, Refused};
use crate::clock::{BoxFuture, Clock};
use crate::operation::Operation;

/// Quotas that several processes keep together.
///
/// Windows are kept exactly: a permit is taken when a call is sent, and is free again one
/// [`length`](SharedWindow::length) after the call was [settled](Self::settle). Within a process callers go in the
/// order of arrival; each process keeps its own count as well, so the store is asked only for calls that this
/// process alone could make.
///
/// While the store fails, the process works alone with [its share](Self::processes) of each quota.
pub trait SharedQuota: Send + Sync + 'static {
    /// Takes a permit in all of these windows, or in none.
    ///
    /// A permit that is never settled, because its process died, counts as settled after `longest`. If no permit is
    /// free, the answer is after how long one may be for a caller that has so many others of its process `ahead`.
    fn reserve<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        longest: Duration,
        ahead: u32,
    ) -> BoxFuture<'a, Result<Reserved, SharedQuotaError>>;

    /// Ends a call: its permits are free one window from now, or at once if it was not sent.
    fn settle<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        permit: u64,
        ended: Ended,
    ) -> BoxFuture<'a, Result<(), SharedQuotaError>>;

    /// How many processes there are: one that cannot reach the others uses this fraction of each quota.
    fn processes(&self) -> u32;
}

/// Why a store of shared quotas failed.
pub type SharedQuotaError = Box<dyn Error + Send + Sync>;

/// A limit as all processes know it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SharedWindow {
    /// Names vendor, host, app, tenant and operation, and the limit. Holds no secret.
    pub key: String,
    /// How many calls there may be in it.
    pub calls: u32,
    /// Its length.
    pub length: Duration,
}

impl SharedWindow {
    /// A limit, for the tests of a store.
    pub fn new(key: impl Into<String>, calls: u32, length: Duration) -> Self {
        Self { key: key.into(), calls, length }
    }
}

/// What a store says to a caller that wants a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// The permit with this number is the caller's.
    Granted(u64),
    /// None is free for so long.
    Wait(Duration),
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was sent: an answer came, or it failed on the way.
    Sent,
    /// It was certainly not sent.
    NotSent,
}

/// After so long without an answer the store counts as failed.
const PATIENCE: Duration = Duration::from_secs(1);

/// So long a store that failed is not asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// The shared quotas of a client.
pub(super) struct Shared {
    store: Arc<dyn SharedQuota>,
    /// Vendor, host and app.
    scope: String,
    /// What this process may do without the others. It counts always, so that it knows what was used.
    alone: Quotas,
    /// Callers that wait for the other processes, by operation.
    waiting: Mutex<HashMap<&'static str, u32>>,
    /// The store is not asked before.
    down_until: AtomicU64,
}

impl Shared {
    pub(super) fn new(store: Arc<dyn SharedQuota>, scope: String, alone: Quotas) -> Self {
        Self { store, scope, alone, waiting: Mutex::default(), down_until: AtomicU64::new(0) }
    }

    /// The fraction of each quota that is one process's.
    pub(super) fn share(&self) -> f64 {
        self.alone.share
    }

    /// Takes a permit among all processes for a caller that has one in its own.
    pub(super) async fn enter(
        &self,
        operation: &'static Operation,
        tenant: Option<&Arc<str>>,
        mut permit: Permit,
    ) -> Result<Permit, Refused> {
        let windows = self.windows(operation, tenant);
        let clock = &self.alone.clock;
        let queue = InQueue::new(self, operation.id);
        let mut ahead = queue.ahead;
        loop {
            if windows.is_empty() {
                return Ok(permit);
            }
            if u128::from(self.down_until.load(Ordering::Relaxed)) > clock.monotonic().as_nanos() {
                let alone = match self.alone.enter_alone(operation, tenant).await {
                    Ok(alone) => alone,
                    Err(refused) => {
                        permit.release();
                        return Err(refused);
                    }
                };
                permit.add(alone);
                return Ok(permit);
            }
            let reserve = self.store.reserve(&windows, self.alone.time_limit * 2, ahead);
            match in_time(clock, reserve).await {
                Some(Ok(Reserved::Granted(number))) => {
                    permit.add(self.alone.record(operation, tenant));
                    permit.reserved(Reservation { store: Arc::clone(&self.store), windows, number });
                    return Ok(permit);
                }
                Some(Ok(Reserved::Wait(wait))) if self.alone.policy.mode == Mode::Refuse => {
                    permit.release();
                    return Err(Refused { wait, by_vendor: false });
                }
                Some(Ok(Reserved::Wait(wait))) => {
                    clock.sleep(wait.max(Duration::from_millis(1))).await;
                    // Most of those before it have gone by now.
                    ahead /= 2;
                }
                Some(Err(error)) => self.failed(clock, &error.to_string()),
                None => self.failed(clock, "no answer in time"),
            }
        }
    }

    fn failed(&self, clock: &Arc<dyn Clock>, reason: &str) {
        let until = clock.monotonic().saturating_add(PAUSE).as_nanos();
        self.down_until.store(u64::try_from(until).unwrap_or(u64::MAX), Ordering::Relaxed);
        crate::observe::trace::warn(&format!("shared quotas cannot be reached, this process works alone: {reason}"));
    }

    fn windows(&self, operation: &Operation, tenant: Option<&Arc<str>>) -> Arc<[SharedWindow]> {
        let tenant = tenant.map_or("", |tenant| tenant);
        let window = |limit: &crate::operation::Limit| {
            let (calls, length) = self.alone.whole(limit);
            let name = if limit.shared { "*" } else { operation.id };
            let key = format!("{}:{tenant}:{name}:{}/{}", self.scope, limit.requests, limit.per_seconds);
            SharedWindow { key, calls, length }
        };
        operation.limits.iter().map(window).collect()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl fmt::Debug for dyn SharedQuota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedQuota")
    }
}

/// Counts a caller as waiting for as long as it lives.
struct InQueue<'a> {
    shared: &'a Shared,
    operation: &'static str,
    /// How many there were before it.
    ahead: u32,
}

impl<'a> InQueue<'a> {
    fn new(shared: &'a Shared, operation: &'static str) -> Self {
        let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.entry(operation).or_default();
        let ahead = *count;
        *count += 1;
        drop(waiting);
        Self { shared, operation, ahead }
    }
}

impl Drop for InQueue<'_> {
    fn drop(&mut self) {
        let mut waiting = self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = waiting.get_mut(self.operation) {
            *count = count.saturating_sub(1);
        }
    }
}

/// What the store says, or `None` if it says nothing in time.
async fn in_time<T>(clock: &Arc<dyn Clock>, mut answer: BoxFuture<'_, T>) -> Option<T> {
    let mut limit = clock.sleep(PATIENCE);
    std::future::poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => limit.as_mut().poll(context).map(|()| None),
    })
    .await
}
