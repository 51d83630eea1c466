//! Reports to the shared store how calls ended. A report that fails is repeated until the store confirms it or the
//! report is too old.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::shared::{Ended, PATIENCE, SharedQuota, SharedWindow};
use crate::clock::Clock;
use crate::token::within::within;

/// The pause between two attempts to reach a store that failed.
const AGAIN: Duration = Duration::from_millis(500);

/// At most this many reports are kept for later. Beyond that, the oldest is lost.
const MOST: usize = 10_000;

/// A report that fails is repeated for at least this long.
const LEAST_EFFORT: Duration = Duration::from_secs(60);

/// A report that fails is repeated for at most this long.
const MOST_EFFORT: Duration = Duration::from_secs(600);

/// The reports that the shared store has not confirmed.
pub(super) struct Reports {
    store: Arc<dyn SharedQuota>,
    clock: Arc<dyn Clock>,
    /// After this time the store counts a permit as settled, even if it is never told.
    longest: Duration,
    /// The number of the next permit. The first one is random, so no two processes use the same numbers.
    next: AtomicU64,
    late: Mutex<Late>,
}

/// The reports that the store has not taken yet.
#[derive(Default)]
struct Late {
    reports: VecDeque<Report>,
    sender: Option<JoinHandle<()>>,
}

struct Report {
    windows: Arc<[SharedWindow]>,
    permit: u64,
    ended: Ended,
    at: Duration,
    /// After this time it is useless.
    until: Duration,
    /// Whether the store does not count the call yet.
    uncounted: bool,
}

impl Reports {
    pub(super) fn new(store: Arc<dyn SharedQuota>, clock: Arc<dyn Clock>, longest: Duration) -> Arc<Self> {
        let first = getrandom::u64().unwrap_or_else(|_| fastrand::u64(..));
        Arc::new(Self { store, clock, longest, next: AtomicU64::new(first), late: Mutex::default() })
    }

    /// Returns whether the store does not yet count all calls that this process made alone.
    pub(super) fn are_behind(self: &Arc<Self>) -> bool {
        let mut late = self.late();
        self.send_late(&mut late);
        late.reports.iter().any(|report| report.uncounted)
    }

    /// Tells the store in the background, so the call does not wait. Without a runtime, it is told with the next
    /// report.
    fn tell(self: &Arc<Self>, report: Report) {
        let runtime = Handle::try_current();
        let mut late = self.late();
        match runtime {
            Ok(runtime) if late.reports.is_empty() => {
                drop(late);
                let reports = Arc::clone(self);
                runtime.spawn(async move {
                    if !reports.has_told(&report).await {
                        let mut late = reports.late();
                        late.push(report);
                        reports.send_late(&mut late);
                    }
                });
            }
            _ => {
                late.push(report);
                self.send_late(&mut late);
            }
        }
    }

    async fn has_told(&self, report: &Report) -> bool {
        let ago = self.clock.monotonic().saturating_sub(report.at);
        let told = self.store.settle(&report.windows, report.permit, report.ended, ago);
        matches!(within(&*self.clock, PATIENCE, told).await, Some(Ok(())))
    }

    /// Starts the task that sends late reports, if there are any and it does not run.
    fn send_late(self: &Arc<Self>, late: &mut Late) {
        let runs = late.sender.as_ref().is_some_and(|sender| !sender.is_finished());
        if runs || late.reports.is_empty() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            late.sender = Some(runtime.spawn(Arc::clone(self).sender()));
        }
    }

    async fn sender(self: Arc<Self>) {
        while let Some(report) = self.first_late() {
            if self.has_told(&report).await {
                continue;
            }
            self.late().push(report);
            if Arc::strong_count(&self) == 1 {
                // The client is gone.
                return;
            }
            self.clock.sleep(AGAIN).await;
        }
    }

    /// Takes the first report that is not useless. Without one, the next report starts another sender.
    fn first_late(&self) -> Option<Report> {
        let (mut late, now) = (self.late(), self.clock.monotonic());
        while let Some(report) = late.reports.pop_front() {
            if report.until > now {
                return Some(report);
            }
        }
        late.sender = None;
        None
    }

    #[cfg(test)]
    pub(super) fn number(&self) -> usize {
        self.late().reports.len()
    }

    fn late(&self) -> MutexGuard<'_, Late> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Late {
    fn push(&mut self, report: Report) {
        if self.reports.len() >= MOST {
            self.reports.pop_front();
        }
        self.reports.push_back(report);
    }
}

/// The permit of one call in the shared store. If it is dropped, the call was not sent.
pub(super) struct Reservation {
    reports: Arc<Reports>,
    windows: Arc<[SharedWindow]>,
    pub(super) permit: u64,
    /// What the store knows of the permit.
    known: Known,
}

/// What the store knows of a permit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Nothing, and it need not hear of it.
    Nothing,
    /// Nothing, but the call counts once it is sent.
    Uncounted,
    /// It may have counted the permit.
    Counted,
}

impl Reservation {
    /// Prepares a permit that the store is asked for next.
    pub(super) fn new(reports: &Arc<Reports>, windows: &Arc<[SharedWindow]>) -> Self {
        let permit = reports.next.fetch_add(1, Ordering::Relaxed);
        Self { reports: Arc::clone(reports), windows: Arc::clone(windows), permit, known: Known::Counted }
    }

    /// Prepares a permit of a call that this process permits alone. The store counts it after the call.
    pub(super) fn uncounted(reports: &Arc<Reports>, windows: &Arc<[SharedWindow]>) -> Self {
        let mut reservation = Self::new(reports, windows);
        reservation.known = Known::Uncounted;
        reservation
    }

    /// Records that the store has refused the permit.
    pub(super) fn refused(mut self) {
        self.known = Known::Nothing;
    }

    /// Records that the call was sent and has ended.
    pub(super) fn sent(mut self) {
        self.end(Ended::Sent);
    }

    fn end(&mut self, ended: Ended) {
        let known = std::mem::replace(&mut self.known, Known::Nothing);
        if known == Known::Nothing || (known == Known::Uncounted && ended == Ended::NotSent) {
            return;
        }
        let at = self.reports.clock.monotonic();
        let useful = match known {
            Known::Counted => self.reports.longest.clamp(LEAST_EFFORT, MOST_EFFORT),
            _ => self.windows.iter().map(|window| window.length).max().unwrap_or_default(),
        };
        self.reports.tell(Report {
            windows: Arc::clone(&self.windows),
            permit: self.permit,
            ended,
            at,
            until: at.saturating_add(useful),
            uncounted: known == Known::Uncounted,
        });
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.end(Ended::NotSent);
    }
}
