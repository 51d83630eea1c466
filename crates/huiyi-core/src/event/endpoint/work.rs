//! Handles the deliveries of one request, before and after its answer.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};

use super::Inner;
use crate::StoreError;
use crate::clock::BoxFuture;
use crate::event::incident::{EventName, HandlerError, Incident};
use crate::event::{Claim, Delivery, Receive};

/// Time limit for the record of deliveries: a part of the time that the vendors wait.
const MEMORY_WITHIN: Duration = Duration::from_millis(300);
/// How long a delivery is claimed: longer than handling takes. If a process crashes, its claim remains for this
/// time.
const CLAIM: Duration = Duration::from_secs(300);
/// The pauses before the handler is called again after the answer.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(30)];

/// Records whether the answer or the end of the handler came first; exactly one of them wins.
#[derive(Clone, Default)]
pub(super) struct State(Arc<AtomicU8>);

const OPEN: u8 = 0;
const ENDED: u8 = 1;
const ANSWERED: u8 = 2;

impl State {
    /// Records that the answer is sent. Returns whether the handler had not ended before.
    pub(super) fn answer(&self) -> bool {
        self.0.compare_exchange(OPEN, ANSWERED, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Records that the handler has ended. Returns whether the answer had not been sent before.
    fn end(&self) -> bool {
        self.0.compare_exchange(OPEN, ENDED, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// The deliveries of one request.
pub(super) struct Work<R: Receive> {
    pub(super) endpoint: Arc<Inner<R>>,
    pub(super) state: State,
}

impl<R: Receive> Work<R> {
    /// Handles deliveries one after another. Returns whether all succeeded; after the answer nobody uses the result.
    pub(super) async fn handle(self, deliveries: Vec<Delivery<R::Event>>) -> bool {
        // The semaphore is never closed, so there is no error.
        let _place = self.endpoint.at_once.acquire().await;
        // Those that wait for their place take little memory.
        Box::pin(self.handle_all(deliveries)).await
    }

    async fn handle_all(&self, deliveries: Vec<Delivery<R::Event>>) -> bool {
        for delivery in deliveries {
            match self.claim(&delivery).await {
                Claim::Done => continue,
                // The process that handles it may still fail.
                Claim::InHand => return false,
                Claim::New => {}
            }
            if !self.handle_one(&delivery).await {
                return false;
            }
        }
        self.state.end();
        true
    }

    /// Handles one delivery. Returns `false` if the vendor must deliver again.
    async fn handle_one(&self, delivery: &Delivery<R::Event>) -> bool {
        let mut pauses = PAUSES.into_iter();
        loop {
            let Err(error) = self.call(delivery).await else {
                self.done(delivery).await;
                return true;
            };
            let event = EventName::of(delivery);
            if self.state.end() {
                self.give_up(delivery).await;
                self.endpoint.tell(Incident::Failed { event, error });
                return false;
            }
            let Some(pause) = pauses.next() else {
                self.give_up(delivery).await;
                self.endpoint.tell(Incident::Lost { event, error });
                return true;
            };
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
        let (Some(seen), Some(key)) = (&self.endpoint.seen, delivery.key()) else { return Claim::New };
        self.remember(delivery, seen.claim(&key, CLAIM)).await.unwrap_or(Claim::New)
    }

    async fn done(&self, delivery: &Delivery<R::Event>) {
        let (Some(seen), Some(key)) = (&self.endpoint.seen, delivery.key()) else { return };
        let keep = self.endpoint.receiver.limits().max_age().saturating_mul(2);
        self.remember(delivery, seen.done(&key, keep)).await;
    }

    async fn give_up(&self, delivery: &Delivery<R::Event>) {
        let (Some(seen), Some(key)) = (&self.endpoint.seen, delivery.key()) else { return };
        self.remember(delivery, seen.give_up(&key)).await;
    }

    /// Waits a short time for the record of deliveries.
    async fn remember<T>(
        &self,
        delivery: &Delivery<R::Event>,
        answer: BoxFuture<'_, Result<T, StoreError>>,
    ) -> Option<T> {
        let error = match select(answer, self.endpoint.clock_sleep(MEMORY_WITHIN)).await {
            Either::Left((Ok(answer), _)) => return Some(answer),
            Either::Left((Err(error), _)) => Some(error),
            Either::Right(_) => None,
        };
        self.endpoint.tell(Incident::Unremembered { event: EventName::of(delivery), error });
        None
    }
}
