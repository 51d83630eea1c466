//! A receiver with a handler for servers. It answers every delivery in time.

mod builder;
mod work;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use http::Request;
use tokio::sync::Semaphore;

pub use builder::EndpointBuilder;
use work::{State, Work};

use super::incident::{HandlerError, Incident};
use super::{Delivery, Incoming, Receive, Reply, Seen, try_again};
use crate::clock::BoxFuture;

/// A receiver with a handler for its events. Clones share one endpoint.
///
/// * If the handler succeeds, the delivery is acknowledged; if it fails, the vendor delivers again. A delivery of
///   several events is acknowledged if the handler succeeds with all of them. If it fails with one, the others are
///   handled nevertheless, and the vendor delivers all again.
/// * If the handler takes longer than the vendor waits, it continues after the answer. If it then fails, it is
///   called up to two more times, because the vendor does not deliver again.
/// * The [queue](EndpointBuilder::queue) limits the number of requests in progress; the vendor is asked to deliver
///   further ones later.
/// * With a [record](EndpointBuilder::seen) of deliveries, repeated deliveries are acknowledged but not handled. The
///   handler must still tolerate the same event twice, because no record is perfect. While
///   another process, or an earlier request, is still handling the event, the vendor is asked to deliver it later. If
///   that process crashes, the event is handled when the vendor repeats it.
///
/// An endpoint needs tokio. With the feature `axum` it is mounted in one line; with any other server, call
/// [`answer`](Self::answer) for each request.
pub struct Endpoint<R: Receive>(Arc<Inner<R>>);

type Handler<E> = dyn Fn(Delivery<E>) -> BoxFuture<'static, Result<(), HandlerError>> + Send + Sync;

struct Inner<R: Receive> {
    receiver: R,
    handler: Box<Handler<R::Event>>,
    seen: Option<Arc<dyn Seen>>,
    on_incident: Option<Box<dyn Fn(Incident) + Send + Sync>>,
    answer_within: Option<Duration>,
    capacity: u32,
    queue: Arc<Semaphore>,
    at_once: Semaphore,
    #[cfg_attr(not(feature = "axum"), allow(dead_code, reason = "bodies are read by the server"))]
    reading: Semaphore,
}

impl<R: Receive> Endpoint<R> {
    /// Creates an endpoint with a queue of 1024 requests, of which 64 are handled at the same time, and without a
    /// record of deliveries.
    pub fn new<H, F, Err>(receiver: R, handler: H) -> Self
    where
        H: Fn(Delivery<R::Event>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Err>> + Send + 'static,
        Err: Into<HandlerError> + 'static,
    {
        Self::builder(receiver).handler(handler)
    }

    /// Starts building an endpoint.
    pub fn builder(receiver: R) -> EndpointBuilder<R> {
        EndpointBuilder::new(receiver)
    }

    /// Returns the receiver.
    #[must_use]
    pub fn receiver(&self) -> &R {
        &self.0.receiver
    }

    /// Answers a request.
    pub async fn answer<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Reply {
        // Nothing borrowed from the request is kept across an await, so the future is `Send`.
        let received = self.0.receiver.receive_parts(Incoming::of(request));
        self.answer_to(received).await
    }

    async fn answer_to(&self, received: Result<super::Received<R::Event>, super::Rejection>) -> Reply {
        let received = match received {
            Ok(received) => received,
            Err(rejection) => {
                self.0.tell(Incident::Rejected(rejection));
                return rejection.reply();
            }
        };
        // A fifth of the time is reserved for the network.
        let limit = received.answer_within() * 4 / 5;
        let limit = self.0.answer_within.map_or(limit, |ours| ours.min(limit));
        let (deliveries, reply) = received.into_parts();
        if deliveries.is_empty() {
            return reply;
        }
        let Ok(permit) = Arc::clone(&self.0.queue).try_acquire_owned() else {
            self.0.tell(Incident::QueueFull { vendor: self.0.receiver.vendor() });
            return try_again();
        };
        if self.finishes(deliveries, permit, limit).await { reply } else { try_again() }
    }

    /// Handles deliveries that did not arrive by HTTP. The vendor waits for `within`, of which `over` has already
    /// passed. Returns whether to acknowledge them. `keep` is dropped when the handler has ended.
    #[cfg(feature = "long-connection")]
    pub(super) async fn take(
        &self,
        deliveries: Vec<Delivery<R::Event>>,
        (within, over): (Duration, Duration),
        keep: impl Send + 'static,
    ) -> bool {
        let limit = within * 4 / 5;
        let limit = self.0.answer_within.map_or(limit, |ours| ours.min(limit)).saturating_sub(over);
        let Ok(permit) = Arc::clone(&self.0.queue).try_acquire_owned() else {
            self.0.tell(Incident::QueueFull { vendor: self.0.receiver.vendor() });
            return false;
        };
        self.finishes(deliveries, (permit, keep), limit).await
    }

    /// Handles deliveries. Returns whether to acknowledge them: they are handled, or will be handled after the
    /// answer.
    async fn finishes(
        &self,
        deliveries: Vec<Delivery<R::Event>>,
        permit: impl Send + 'static,
        limit: Duration,
    ) -> bool {
        let (state, answer_at) = (State::default(), self.0.now().saturating_add(limit));
        let limit = self.0.clock_sleep(limit);
        let work = Work { endpoint: Arc::clone(&self.0), state: state.clone(), answer_at };
        // The handler continues even if the vendor closes the connection.
        let task = tokio::spawn(async move {
            let done = work.handle(deliveries).await;
            drop(permit);
            done
        });
        match select(task, limit).await {
            Either::Left((done, _)) => done.unwrap_or(false),
            Either::Right(_) => state.answer(),
        }
    }

    /// Waits until no event is in progress. Use it at shutdown, after the server has stopped accepting requests.
    pub async fn drained(&self) {
        // The semaphore is never closed, so there is no error.
        let _all = self.0.queue.acquire_many(self.0.capacity).await;
    }

    /// Takes one of the limited places for reading a body.
    #[cfg(feature = "axum")]
    pub(super) fn reading_place(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        let place = self.0.reading.try_acquire().ok();
        if place.is_none() {
            self.0.tell(Incident::QueueFull { vendor: self.0.receiver.vendor() });
        }
        place
    }

    /// Refuses a request without reading its body.
    #[cfg(feature = "axum")]
    pub(super) fn refuse(&self, reason: super::RejectReason) -> Reply {
        let rejection = super::Rejection::new(self.0.receiver.vendor(), reason);
        self.0.tell(Incident::Rejected(rejection));
        rejection.reply()
    }

    /// Waits for `time` on the receiver's clock.
    #[cfg(feature = "axum")]
    pub(super) fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        self.0.clock_sleep(time)
    }
}

impl<R: Receive> Inner<R> {
    fn now(&self) -> Duration {
        self.receiver.limits().clock().monotonic()
    }

    fn clock_sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        self.receiver.limits().clock().sleep(time)
    }

    fn tell(&self, incident: Incident) {
        incident.tell(self.on_incident.as_deref());
    }
}

impl<R: Receive> Clone for Endpoint<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R: Receive> fmt::Debug for Endpoint<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("vendor", &self.0.receiver.vendor()).finish_non_exhaustive()
    }
}
