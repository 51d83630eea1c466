//! A quota permit, held while a call runs.

use std::fmt;
use std::sync::Arc;

use super::ledger::Ticket;
use super::reports::Reservation;
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

impl Permit {
    /// Creates the permit of a call that is not counted.
    pub(super) fn uncounted() -> Self {
        Self::default()
    }

    pub(super) fn new(tenant: Arc<Tenant>, ticket: Ticket) -> Self {
        Self { own: Some((tenant, ticket)), alone: None, shared: None }
    }

    /// Returns the permit of a call that is not sent yet.
    pub(crate) fn unsent(self) -> Unsent {
        Unsent(self)
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
        drop(self.shared.take());
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        for (tenant, ticket) in [self.own.take(), self.alone.take()].into_iter().flatten() {
            tenant.change(|ledger, now, _| ledger.settle(ticket, now));
        }
        if let Some(shared) = self.shared.take() {
            shared.sent();
        }
    }
}

/// The permit of a call that is not sent yet. Dropping it releases the permit.
#[must_use = "a permit that is dropped is free again"]
pub(crate) struct Unsent(Permit);

impl Unsent {
    /// Returns the permit of a call that is sent next.
    pub(crate) fn sending(mut self) -> Permit {
        std::mem::take(&mut self.0)
    }

    /// Also counts the call in the ledger of the process's own share.
    pub(super) fn add(&mut self, mut alone: Permit) {
        self.0.alone = alone.own.take();
    }

    /// Also counts the call in the shared store.
    pub(super) fn reserved(&mut self, reservation: Reservation) {
        self.0.shared = Some(reservation);
    }
}

impl Drop for Unsent {
    fn drop(&mut self) {
        std::mem::take(&mut self.0).release();
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permit")
    }
}
