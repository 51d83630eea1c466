//! A place in the quota, for as long as a call is under way.

use std::fmt;
use std::sync::Arc;

use super::ledger::Ticket;
use super::tenant::Tenant;

/// A place in the quota of one call.
///
/// Dropped, it counts as [`answered`](Self::answered): a call that is given up may have reached the vendor.
#[must_use = "a place that is dropped counts as used"]
pub(crate) struct Place(Option<(Arc<Tenant>, Ticket)>);

impl Place {
    /// That of a call which is not counted.
    pub(super) fn uncounted() -> Self {
        Self(None)
    }

    pub(super) fn new(tenant: Arc<Tenant>, ticket: Ticket) -> Self {
        Self(Some((tenant, ticket)))
    }

    /// The answer came, or the call failed after it was sent: the place is free one window from now.
    pub(crate) fn answered(self) {
        drop(self);
    }

    /// The call was certainly not sent: the place is free at once.
    pub(crate) fn give_back(mut self) {
        if let Some((tenant, ticket)) = self.0.take() {
            tenant.change(|ledger, now, wakers| ledger.not_sent(ticket, now, wakers));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((tenant, ticket)) = self.0.take() {
            tenant.change(|ledger, now, _| ledger.answered(ticket, now));
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place")
    }
}
