//! Handles the deliveries of one request, before and after its answer.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};

use super::Inner;
use crate::StoreError;
use crate::clock::BoxFuture;
use crate::event::incident::{EventName, HandlerError, Incident};
use crate::event::{Claim, Delivery, Receive, Seen};

/// Time limit for the record of deliveries: a part of the time that the vendors wait.
const RECORD_WITHIN: Duration = Duration::from_millis(300);
/// A claim lasts until the answer plus this time. The claim of a process that crashes must end before the vendor
/// delivers again; DingTalk does so after 10 seconds.
const MARGIN: Duration = Duration::from_secs(3);
/// How long each extension of a claim lasts, while the handler continues after the answer.
const EXTENSION: Duration = Duration::from_secs(20);
/// Pause between extensions.
const EXTEND_EVERY: Duration = Duration::from_secs(5);
/// Pause after a failed extension.
const EXTEND_AGAIN: Duration = Duration::from_secs(2);
/// How often, and for how long, an acknowledged event that another process has claimed is checked. A claim without a
/// process ends in this time.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const LOOK_FOR: Duration = Duration::from_secs(60);
/// The pauses before the handler is called again after the answer.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(30)];

/// Records whether the answer or the first failure came first; exactly one of them wins.
#[derive(Clone, Default)]
pub(super) struct State(Arc<AtomicU8>);

const OPEN: u8 = 0;
const REFUSED: u8 = 1;
const ACKNOWLEDGED: u8 = 2;

impl State {
    /// Records that the time of the answer has come. Returns whether it is the acknowledgement.
    pub(super) fn answer(&self) -> bool {
        self.settle(ACKNOWLEDGED) == ACKNOWLEDGED
    }

    /// Records that a delivery is not handled. Returns whether the vendor delivers again.
    fn refuse(&self) -> bool {
        self.settle(REFUSED) == REFUSED
    }

    fn is_refused(&self) -> bool {
        self.0.load(Ordering::Acquire) == REFUSED
    }

    fn settle(&self, state: u8) -> u8 {
        match self.0.compare_exchange(OPEN, state, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => state,
            Err(earlier) => earlier,
        }
    }
}

/// The deliveries of one request.
pub(super) struct Work<R: Receive> {
    pub(super) endpoint: Arc<Inner<R>>,
    pub(super) state: State,
    /// When the request is answered, on the monotonic clock.
    pub(super) answer_at: Duration,
}

impl<R: Receive> Work<R> {
    /// Handles deliveries one after another. Returns whether all succeeded; after the answer nobody uses the result.
    pub(super) async fn handle(self, deliveries: Vec<Delivery<R::Event>>) -> bool {
        // The semaphore is never closed, so there is no error.
        let place = self.endpoint.at_once.acquire().await;
        // Those that wait for their place take little memory.
        let in_hand = Box::pin(self.handle_all(deliveries)).await;
        drop(place);
        for delivery in in_hand {
            Box::pin(self.look_after(&delivery)).await;
        }
        !self.state.is_refused()
    }

    /// Handles all deliveries but those in hand elsewhere, and returns these. One that fails does not keep the others
    /// waiting: it may fail each time that it is delivered.
    async fn handle_all(&self, deliveries: Vec<Delivery<R::Event>>) -> Vec<Delivery<R::Event>> {
        let mut in_hand = Vec::new();
        for delivery in deliveries {
            match self.claim(&delivery).await {
                Claim::Done => {}
                Claim::InHand => in_hand.push(delivery),
                Claim::New => self.handle_one(&delivery).await,
            }
        }
        in_hand
    }

    /// Takes care of a delivery that is in hand elsewhere and may still fail there. Before the answer, the vendor is
    /// asked to deliver again. After it, nobody else does it.
    async fn look_after(&self, delivery: &Delivery<R::Event>) {
        let until = self.endpoint.now().saturating_add(LOOK_FOR);
        loop {
            // It does not wait in its place.
            let place = self.endpoint.at_once.acquire().await;
            match self.claim(delivery).await {
                Claim::Done => return,
                Claim::New => return self.handle_one(delivery).await,
                Claim::InHand if self.state.refuse() => return,
                Claim::InHand => {}
            }
            drop(place);
            if self.endpoint.now() >= until {
                let error = "another process claimed the event and did not report a result within 60 s".into();
                self.endpoint.tell(Incident::Lost { event: EventName::of(delivery), error });
                return;
            }
            self.endpoint.clock_sleep(LOOK_EVERY).await;
        }
    }

    /// Handles one delivery, which is claimed until then.
    async fn handle_one(&self, delivery: &Delivery<R::Event>) {
        let handled = {
            let (handling, claiming) = (pin!(self.call_until(delivery)), pin!(self.extend(delivery)));
            match select(handling, claiming).await {
                Either::Left((handled, _)) => handled,
                Either::Right((never, _)) => match never {},
            }
        };
        match handled {
            Ok(()) => {
                let keep = self.endpoint.receiver.limits().max_age().saturating_mul(2);
                self.record(delivery, |seen, key| seen.done(key, keep)).await;
            }
            Err(incident) => {
                self.record(delivery, |seen, key| seen.give_up(key)).await;
                self.endpoint.tell(incident);
            }
        }
    }

    /// Calls the handler until it succeeds, or the vendor must deliver again, or no attempt is left.
    async fn call_until(&self, delivery: &Delivery<R::Event>) -> Result<(), Incident> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let Err(error) = self.call(delivery).await else { return Ok(()) };
            let event = EventName::of(delivery);
            if self.state.refuse() {
                return Err(Incident::Failed { event, error });
            }
            let Some(pause) = pauses.next() else { return Err(Incident::Lost { event, error }) };
            self.endpoint.tell(Incident::Failed { event, error });
            self.endpoint.clock_sleep(pause).await;
        }
    }

    /// Calls the handler; a panic counts as an error.
    async fn call(&self, delivery: &Delivery<R::Event>) -> Result<(), HandlerError> {
        let delivery = delivery.clone();
        let called = async { (self.endpoint.handler)(delivery).await };
        AssertUnwindSafe(called).catch_unwind().await.unwrap_or_else(|_| Err("the handler panicked".into()))
    }

    /// Claims a delivery. If it cannot be recorded, it counts as new.
    async fn claim(&self, delivery: &Delivery<R::Event>) -> Claim {
        let time = self.until_answer().saturating_add(MARGIN);
        self.record(delivery, |seen, key| seen.claim(key, time)).await.unwrap_or(Claim::New)
    }

    /// Extends the claim again and again after the answer.
    async fn extend(&self, delivery: &Delivery<R::Event>) -> Infallible {
        if self.endpoint.seen.is_none() || delivery.id().is_none() {
            return std::future::pending().await;
        }
        let mut pause = self.until_answer();
        loop {
            self.endpoint.clock_sleep(pause).await;
            let extended = self.record(delivery, |seen, key| seen.extend(key, EXTENSION)).await;
            pause = if extended.is_some() { EXTEND_EVERY } else { EXTEND_AGAIN };
        }
    }

    fn until_answer(&self) -> Duration {
        self.answer_at.saturating_sub(self.endpoint.now())
    }

    /// Asks the record of deliveries, and waits a short time for it. A panic counts as an error. Returns `None` if there
    /// is no answer, no record, or no id.
    async fn record<T>(
        &self,
        delivery: &Delivery<R::Event>,
        ask: impl for<'a> FnOnce(&'a dyn Seen, &'a str) -> BoxFuture<'a, Result<T, StoreError>>,
    ) -> Option<T> {
        let (Some(seen), Some(key)) = (&self.endpoint.seen, delivery.key()) else { return None };
        let asked = AssertUnwindSafe(async { ask(&**seen, &key).await }).catch_unwind();
        let error = match select(pin!(asked), self.endpoint.clock_sleep(RECORD_WITHIN)).await {
            Either::Left((Ok(Ok(answer)), _)) => return Some(answer),
            Either::Left((Ok(Err(error)), _)) => Some(error),
            Either::Left((Err(_), _)) => Some(StoreError::new("the record panicked")),
            Either::Right(_) => None,
        };
        self.endpoint.tell(Incident::Unremembered { event: EventName::of(delivery), error });
        None
    }
}
