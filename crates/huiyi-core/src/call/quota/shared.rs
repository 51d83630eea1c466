//! Quotas that several processes share, and how a process works while it cannot reach the others.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::permit::{Permit, Unsent};
use super::policy::Mode;
use super::reports::{Reports, Reservation};
use super::{Quotas, Refused};
use crate::clock::{BoxFuture, Clock};
use crate::operation::Operation;
use crate::token::within::within;

/// Quotas that several processes share.
///
/// Windows are exact: a permit is taken when a call is sent, and becomes free one
/// [`length`](SharedWindow::length) after the call was [settled](Self::settle). Within a process, callers go
/// in order of arrival. Each process also keeps its own count, so the store is asked only for calls that this
/// process alone could make.
///
/// While the store fails, the process uses only [its share](Self::processes) of each quota. It does not know what
/// the others used before, so in the first window all processes together may make up to twice as many calls as the
/// quota allows. When the store works again, the process first settles the calls that it has made meanwhile (the
/// last 10,000); those that have not ended by then count when they end.
pub trait SharedQuota: Send + Sync + 'static {
    /// Takes a permit in all of these windows, or in none.
    ///
    /// The caller chooses the number of the permit; no two processes use the same. If the permit is never
    /// settled because its process ended, it counts as settled after `longest`. If no permit is free, the result
    /// is the estimated wait for a caller with `ahead` other callers of its process before it.
    ///
    /// If the caller stops waiting for the reply, it settles the permit as not sent. The store must not grant it
    /// afterwards.
    fn reserve<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        permit: u64,
        longest: Duration,
        ahead: u32,
    ) -> BoxFuture<'a, Result<Reserved, SharedQuotaError>>;

    /// Ends a call. If it was sent, its permit is free one window after its end, which was `ago` before now. A
    /// permit that was never taken is counted, too: the process made the call while it could not reach the store.
    /// If the call was not sent, its permit is free at once.
    ///
    /// The caller repeats this after a failure, so it may happen more than once.
    fn settle<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        permit: u64,
        ended: Ended,
        ago: Duration,
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
    /// The caller has the permit.
    Granted,
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
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// A store that failed is not asked again for this long.
const PAUSE: Duration = Duration::from_secs(1);

/// A waiting caller checks this often whether the vendor blocks its call and whether the store works again.
const LOOK: Duration = Duration::from_secs(1);

/// The shared quotas of a client.
pub(super) struct Shared {
    store: Arc<dyn SharedQuota>,
    /// Vendor, host and app.
    scope: String,
    /// The share of this process if it works alone. It always counts, so it knows what was used.
    alone: Quotas,
    /// Number of callers that wait for a shared permit, by operation.
    waiting: Mutex<HashMap<&'static str, u32>>,
    /// The time before which the store is not asked, in nanoseconds; 0 if its last reply was no failure.
    down_until: AtomicU64,
    /// How calls ended.
    reports: Arc<Reports>,
}

/// A call that wants a permit of the shared store.
#[derive(Clone, Copy)]
pub(super) struct Caller<'a> {
    /// This process's quotas, which know what the vendor blocks.
    pub(super) quotas: &'a Quotas,
    pub(super) operation: &'static Operation,
    pub(super) tenant: Option<&'a Arc<str>>,
}

impl Caller<'_> {
    fn is_blocked(&self) -> bool {
        self.quotas.is_blocked(self.operation, self.tenant)
    }
}

impl Shared {
    pub(super) fn new(store: Arc<dyn SharedQuota>, scope: String, alone: Quotas) -> Self {
        let reports = Reports::new(Arc::clone(&store), Arc::clone(&alone.clock), alone.longest());
        Self { store, scope, alone, waiting: Mutex::default(), down_until: AtomicU64::new(0), reports }
    }

    /// Returns the quotas of this process if it works alone.
    pub(super) fn alone(&self) -> &Quotas {
        &self.alone
    }

    #[cfg(test)]
    pub(super) fn late_reports(&self) -> usize {
        self.reports.number()
    }

    /// Takes a permit from the shared store for a caller that has one in its own process. Returns `None`, and both
    /// permits are free again, if the vendor has blocked the call in the meantime.
    pub(super) async fn enter(&self, caller: Caller<'_>, mut permit: Unsent) -> Result<Option<Permit>, Refused> {
        let windows = self.windows(caller.operation, caller.tenant);
        if windows.is_empty() {
            return Ok(Some(permit.sending()));
        }
        let clock = &self.alone.clock;
        let queue = InQueue::new(self, caller.operation.id);
        let mut ahead = queue.ahead;
        while !caller.is_blocked() {
            if !self.may_ask()
                && let Some(alone) = self.enter_alone(caller).await?
            {
                permit.add(alone);
                permit.reserved(Reservation::uncounted(&self.reports, &windows));
                return Ok(Some(permit.sending()));
            }
            let reservation = Reservation::new(&self.reports, &windows);
            let reserve = self.store.reserve(&windows, reservation.permit, self.alone.longest(), ahead);
            match within(&**clock, PATIENCE, reserve).await {
                Some(Ok(Reserved::Granted)) => {
                    self.down_until.store(0, Ordering::Relaxed);
                    permit.reserved(reservation);
                    if caller.is_blocked() {
                        break;
                    }
                    permit.add(self.alone.record(caller.operation, caller.tenant));
                    return Ok(Some(permit.sending()));
                }
                Some(Ok(Reserved::Wait(wait))) => {
                    self.down_until.store(0, Ordering::Relaxed);
                    reservation.refused();
                    if self.alone.policy.mode == Mode::Refuse {
                        return Err(Refused { wait, by_vendor: false });
                    }
                    self.rest(caller, wait.max(Duration::from_millis(1))).await;
                    // Most of the callers ahead have gone by now.
                    ahead /= 2;
                }
                Some(Err(error)) => self.failed(clock, &error.to_string()),
                None => self.failed(clock, "no answer in time"),
            }
        }
        Ok(None)
    }

    /// Takes a permit of this process's share. Returns `None` if the store may be asked before one is free: other
    /// calls may use up the share for as long as the store works.
    async fn enter_alone(&self, caller: Caller<'_>) -> Result<Option<Permit>, Refused> {
        let mut entered = std::pin::pin!(self.alone.enter_alone(caller.operation, caller.tenant));
        loop {
            match within(&*self.alone.clock, LOOK, entered.as_mut()).await {
                Some(entered) => return entered.map(Some),
                None if self.may_ask() => return Ok(None),
                None => {}
            }
        }
    }

    /// Returns whether the store can be asked. After a failure, one caller tries it and the others work alone.
    fn may_ask(&self) -> bool {
        if self.reports.are_behind() {
            return false;
        }
        let until = self.down_until.load(Ordering::Relaxed);
        let now = self.alone.clock.monotonic();
        let next = nanos(now.saturating_add(PAUSE));
        until == 0
            || (until <= nanos(now)
                && self.down_until.compare_exchange(until, next, Ordering::Relaxed, Ordering::Relaxed).is_ok())
    }

    /// Waits until the time is over or the vendor blocks the call.
    async fn rest(&self, caller: Caller<'_>, wait: Duration) {
        let mut left = wait;
        while !left.is_zero() && !caller.is_blocked() {
            let step = left.min(LOOK);
            self.alone.clock.sleep(step).await;
            left -= step;
        }
    }

    fn failed(&self, clock: &Arc<dyn Clock>, reason: &str) {
        self.down_until.store(nanos(clock.monotonic().saturating_add(PAUSE)), Ordering::Relaxed);
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

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
