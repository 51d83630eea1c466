//! Quotas that several processes share, and how a process works while it cannot reach the others.

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

/// Quotas that several processes share.
///
/// Windows are exact: a permit is taken when a call is sent, and becomes free one
/// [`length`](SharedWindow::length) after the call was [settled](Self::settle). Within a process, callers go
/// in order of arrival. Each process also keeps its own count, so the store is asked only for calls that this
/// process alone could make.
///
/// While the store fails, the process uses only [its share](Self::processes) of each quota.
pub trait SharedQuota: Send + Sync + 'static {
    /// Takes a permit in all of these windows, or in none.
    ///
    /// If a permit is never settled because its process ended, it counts as settled after `longest`. If no
    /// permit is free, the result is the estimated wait for a caller with `ahead` other callers of its
    /// process before it.
    fn reserve<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        longest: Duration,
        ahead: u32,
    ) -> BoxFuture<'a, Result<Reserved, SharedQuotaError>>;

    /// Ends a call: its permits are free one window from now, or at once if the call was not sent.
    fn settle<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        permit: u64,
        ended: Ended,
    ) -> BoxFuture<'a, Result<(), SharedQuotaError>>;

    /// Returns the number of processes. A process that cannot reach the store uses this fraction of each
    /// quota: one divided by this number.
    fn processes(&self) -> u32;
}

/// Why a store of shared quotas failed.
pub type SharedQuotaError = Box<dyn Error + Send + Sync>;

/// A limit in a form that is the same in all processes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SharedWindow {
    /// Names vendor, host, app, tenant, operation and limit. Contains no secret.
    pub key: String,
    /// Number of calls allowed in the window.
    pub calls: u32,
    /// Length of the window.
    pub length: Duration,
}

impl SharedWindow {
    /// Creates a limit, for tests of a store.
    pub fn new(key: impl Into<String>, calls: u32, length: Duration) -> Self {
        Self { key: key.into(), calls, length }
    }
}

/// The store's reply to a caller that wants a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// The caller has the permit with this number.
    Granted(u64),
    /// No permit is free for this long.
    Wait(Duration),
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The call was sent: an answer came, or the call failed on the way.
    Sent,
    /// The call was certainly not sent.
    NotSent,
}

/// If the store takes longer than this to reply, it counts as failed.
const PATIENCE: Duration = Duration::from_secs(1);

/// A store that failed is not asked again for this long.
const PAUSE: Duration = Duration::from_secs(1);

/// The shared quotas of a client.
pub(super) struct Shared {
    store: Arc<dyn SharedQuota>,
    /// Vendor, host and app.
    scope: String,
    /// The share of this process if it works alone. It always counts, so it knows what was used.
    alone: Quotas,
    /// Number of callers that wait for a shared permit, by operation.
    waiting: Mutex<HashMap<&'static str, u32>>,
    /// The time before which the store is not asked, in nanoseconds.
    down_until: AtomicU64,
}

impl Shared {
    pub(super) fn new(store: Arc<dyn SharedQuota>, scope: String, alone: Quotas) -> Self {
        Self { store, scope, alone, waiting: Mutex::default(), down_until: AtomicU64::new(0) }
    }

    /// Returns the fraction of each quota that one process may use.
    pub(super) fn share(&self) -> f64 {
        self.alone.share
    }

    /// Takes a permit from the shared store for a caller that has one in its own process.
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
                    // Most of the callers ahead have gone by now.
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

/// Counts a caller as waiting until this is dropped.
struct InQueue<'a> {
    shared: &'a Shared,
    operation: &'static str,
    /// Number of callers that were waiting before it.
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

/// Returns the store's reply, or `None` if it does not come in time.
async fn in_time<T>(clock: &Arc<dyn Clock>, mut answer: BoxFuture<'_, T>) -> Option<T> {
    let mut limit = clock.sleep(PATIENCE);
    std::future::poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => limit.as_mut().poll(context).map(|()| None),
    })
    .await
}
