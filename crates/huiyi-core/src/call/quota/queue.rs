//! Waits for a permit.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::Refused;
use super::ledger::{LaneIndex, PICK_UP, Ticket, Turn};
use super::permit::Permit;
use super::tenant::Tenant;
use crate::clock::BoxFuture;

/// Longest time after which a caller checks whether those before it have stalled.
const LONGEST_WATCH: Duration = Duration::from_secs(32);

/// A caller in its lane. When dropped, it leaves the lane, and its permit goes to the next caller.
pub(super) struct Waiting {
    tenant: Arc<Tenant>,
    lane: LaneIndex,
    ticket: Ticket,
    /// The longest vendor block that the caller waits for.
    patience: Duration,
    timer: Option<(Duration, BoxFuture<'static, ()>)>,
    /// How long after the first caller's turn this caller checks by itself.
    watch: Duration,
    done: bool,
}

impl Waiting {
    pub(super) fn new(tenant: Arc<Tenant>, lane: LaneIndex, patience: Duration) -> Self {
        let ticket = tenant.change(|ledger, _, _| ledger.ticket());
        Self { tenant, lane, ticket, patience, timer: None, watch: PICK_UP, done: false }
    }

    /// Sets the timer for the next check, unless the running timer ends early enough.
    fn set_timer(&mut self, turn: &Turn, now: Duration) {
        let at = match turn {
            Turn::Mine => return,
            Turn::Blocked(until) => *until,
            Turn::NotBefore { at, first: true } => *at,
            Turn::NotBefore { at, first: false } => {
                let latest = at.saturating_add(self.watch);
                if self.timer.as_ref().is_some_and(|(set, _)| *set > now && *set <= latest) {
                    return;
                }
                latest
            }
        };
        if self.timer.as_ref().is_none_or(|(set, _)| *set != at) {
            self.timer = Some((at, self.tenant.clock().sleep(at.saturating_sub(now))));
        }
    }
}

impl Future for Waiting {
    type Output = Result<Permit, Refused>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let (lane, ticket) = (self.lane, self.ticket);
            let (turn, now) = self
                .tenant
                .change(|ledger, now, wakers| (ledger.look(lane, ticket, context.waker(), now, wakers), now));
            match turn {
                Turn::Mine => {
                    self.done = true;
                    return Poll::Ready(Ok(Permit::new(Arc::clone(&self.tenant), ticket)));
                }
                Turn::Blocked(until) if until.saturating_sub(now) > self.patience => {
                    return Poll::Ready(Err(Refused { wait: until.saturating_sub(now), by_vendor: true }));
                }
                Turn::Blocked(_) | Turn::NotBefore { .. } => self.set_timer(&turn, now),
            }
            let Some((_, timer)) = &mut self.timer else { return Poll::Pending };
            if timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.timer = None;
            if matches!(turn, Turn::NotBefore { first: false, .. }) {
                self.watch = (self.watch * 2).min(LONGEST_WATCH);
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.done {
            let (lane, ticket) = (self.lane, self.ticket);
            self.tenant.change(|ledger, now, wakers| ledger.leave(lane, ticket, now, wakers));
        }
    }
}
