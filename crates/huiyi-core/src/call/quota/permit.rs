//! A quota permit, held while a call runs.

use std::fmt;
use std::sync::Arc;

use super::ledger::Ticket;
use super::shared::{Ended, SharedQuota, SharedWindow};
use super::tenant::Tenant;

/// The quota permit of one call.
///
/// Dropping it is the same as [`settle`](Self::settle), because an abandoned call may have reached the
/// vendor.
#[must_use = "a permit that is dropped counts as used"]
#[derive(Default)]
pub(crate) struct Permit {
    own: Option<(Arc<Tenant>, Ticket)>,
    /// The permit in this process's own share, if quotas are shared.
    alone: Option<(Arc<Tenant>, Ticket)>,
    shared: Option<Reservation>,
}

/// A permit in the shared store.
pub(super) struct Reservation {
    pub(super) store: Arc<dyn SharedQuota>,
    pub(super) windows: Arc<[SharedWindow]>,
    pub(super) number: u64,
}

impl Permit {
    /// Creates the permit of a call that is not counted.
    pub(super) fn uncounted() -> Self {
        Self::default()
    }

    pub(super) fn new(tenant: Arc<Tenant>, ticket: Ticket) -> Self {
        Self { own: Some((tenant, ticket)), alone: None, shared: None }
    }

    /// Also counts the call in the ledger of the process's own share.
    pub(super) fn add(&mut self, mut alone: Self) {
        self.alone = alone.own.take();
    }

    pub(super) fn reserved(&mut self, reservation: Reservation) {
        self.shared = Some(reservation);
    }

    /// Records that the answer came or the call failed after it was sent: the permit is free one window from
    /// now.
    pub(crate) fn settle(self) {
        drop(self);
    }

    /// Records that the call was certainly not sent: the permit is free at once.
    pub(crate) fn release(mut self) {
        for (tenant, ticket) in [self.own.take(), self.alone.take()].into_iter().flatten() {
            tenant.change(|ledger, now, wakers| ledger.not_sent(ticket, now, wakers));
        }
        settle(self.shared.take(), Ended::NotSent);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        for (tenant, ticket) in [self.own.take(), self.alone.take()].into_iter().flatten() {
            tenant.change(|ledger, now, _| ledger.settle(ticket, now));
        }
        settle(self.shared.take(), Ended::Sent);
    }
}

/// Tells the store in the background, so the call does not wait. Without a runtime, or if the store fails,
/// the other processes count the permit longer than necessary.
fn settle(reservation: Option<Reservation>, ended: Ended) {
    let Some(Reservation { store, windows, number }) = reservation else { return };
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(async move {
            let _ = store.settle(&windows, number, ended).await;
        });
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permit")
    }
}
