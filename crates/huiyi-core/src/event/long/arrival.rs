//! One event as it came over a long connection, with its acknowledgement.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, mpsc};

use super::common::Common;
use super::protocol::{Message, Receipt};
use super::state::Counters;
use crate::event::incident::{EventName, Incident};
use crate::event::{Delivery, EventSet};

/// An event that arrived over a long connection. Call [`ack`](Self::ack) when you have handled it.
///
/// The acknowledgement is sent over the same connection. If that connection has ended, or the event is dropped without
/// `ack` or `fail`, the vendor delivers it again.
#[must_use = "an event that is dropped is not acknowledged, and is delivered again"]
pub struct Arrival<E> {
    delivery: Delivery<E>,
    settle: Settle,
}

/// The acknowledgement that an event waits for.
pub(super) struct Settle {
    pub(super) receipt: Option<Receipt>,
    pub(super) out: mpsc::UnboundedSender<Message>,
    pub(super) pending: Arc<Pending>,
    #[allow(dead_code, reason = "held until it is dropped")]
    pub(super) in_hand: InHand,
    pub(super) common: Arc<Common>,
    /// Its place in memory.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// What is known of an event until it is settled.
pub(super) struct Pending {
    pub(super) name: EventName,
    pub(super) came: Duration,
    settled: AtomicBool,
}

impl Pending {
    pub(super) fn new(name: EventName, came: Duration) -> Self {
        Self { name, came, settled: AtomicBool::new(false) }
    }

    pub(super) fn is_settled(&self) -> bool {
        self.settled.load(Ordering::Acquire)
    }
}

/// The events of a connection that are not settled.
#[derive(Default)]
pub(super) struct Hand {
    count: AtomicUsize,
    emptied: Notify,
}

impl Hand {
    pub(super) fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// Waits until the last event has been settled.
    pub(super) async fn idle(&self) {
        self.emptied.notified().await;
    }
}

/// One of these events.
pub(super) struct InHand(Arc<Hand>);

impl InHand {
    pub(super) fn new(hand: &Arc<Hand>) -> Self {
        hand.count.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(hand))
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        if self.0.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.emptied.notify_one();
        }
    }
}

impl<E: EventSet> Arrival<E> {
    pub(super) fn new(delivery: Delivery<E>, settle: Settle) -> Self {
        Self { delivery, settle }
    }

    /// Returns the event and its delivery metadata.
    #[must_use]
    pub fn delivery(&self) -> &Delivery<E> {
        &self.delivery
    }

    /// Returns the event.
    #[must_use]
    pub fn event(&self) -> &E {
        self.delivery.event()
    }

    /// Acknowledges the event: the vendor does not deliver it again.
    pub fn ack(mut self) {
        self.settle.settle(true);
    }

    /// Asks the vendor to deliver the event again.
    pub fn fail(mut self) {
        self.settle.settle(false);
    }

    /// Returns the event, and what acknowledges it.
    pub(super) fn into_parts(self) -> (Delivery<E>, Settle) {
        (self.delivery, self.settle)
    }
}

impl Settle {
    /// Returns how long ago the event arrived.
    pub(super) fn age(&self) -> Duration {
        self.common.now().saturating_sub(self.pending.came)
    }

    pub(super) fn settle(&mut self, is_done: bool) {
        let Some(receipt) = self.receipt.take() else { return };
        self.pending.settled.store(true, Ordering::Release);
        let took = self.age();
        let sent = self.out.send(receipt(is_done, took)).is_ok();
        let counters = &self.common.counters;
        Counters::add(if is_done { &counters.acknowledged } else { &counters.failed });
        if !sent {
            self.common.tell(Incident::Unacknowledged { event: self.pending.name.clone() });
        }
    }
}

impl Drop for Settle {
    fn drop(&mut self) {
        if self.receipt.take().is_some() {
            self.pending.settled.store(true, Ordering::Release);
            self.common.tell(Incident::Unacknowledged { event: self.pending.name.clone() });
        }
    }
}

/// Omits the contents, which may be secret.
impl<E> fmt::Debug for Arrival<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Arrival").field(&self.delivery).finish()
    }
}
