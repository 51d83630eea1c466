//! Builds an endpoint.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryFutureExt;
use tokio::sync::Semaphore;

use super::{Endpoint, Inner};
use crate::event::incident::{HandlerError, Incident};
use crate::event::{Delivery, Receive, Seen};

/// Builds an [`Endpoint`].
#[must_use = "a builder does nothing until it is given a handler"]
pub struct EndpointBuilder<R: Receive> {
    receiver: R,
    seen: Option<Arc<dyn Seen>>,
    on_incident: Option<Box<dyn Fn(Incident) + Send + Sync>>,
    answer_within: Option<Duration>,
    queue: u32,
    at_once: u32,
}

impl<R: Receive> EndpointBuilder<R> {
    pub(super) fn new(receiver: R) -> Self {
        Self { receiver, seen: None, on_incident: None, answer_within: None, queue: 1024, at_once: 64 }
    }

    /// Records deliveries here, so repeated deliveries are not handled again. Default: no record.
    pub fn seen(mut self, seen: impl Seen) -> Self {
        self.seen = Some(Arc::new(seen));
        self
    }

    /// Calls this function with each problem. With the feature `tracing` problems are also logged. If the function
    /// panics, nothing else fails.
    pub fn on_incident(mut self, tell: impl Fn(Incident) + Send + Sync + 'static) -> Self {
        self.on_incident = Some(Box::new(tell));
        self
    }

    /// Answers within this time even if the handler has not finished. The default, and the maximum, is four fifths
    /// of the time that the vendor waits.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.answer_within = Some(time);
        self
    }

    /// Limits the number of requests in progress, including those being handled; at least one. Default: 1024.
    pub fn queue(mut self, deliveries: u32) -> Self {
        self.queue = deliveries.max(1);
        self
    }

    /// Limits the number of requests that are handled at the same time; at least one. Default: 64.
    pub fn at_once(mut self, deliveries: u32) -> Self {
        self.at_once = deliveries.max(1);
        self
    }

    /// Builds the endpoint with this handler.
    pub fn handler<H, F, Err>(self, handler: H) -> Endpoint<R>
    where
        H: Fn(Delivery<R::Event>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Err>> + Send + 'static,
        Err: Into<HandlerError> + 'static,
    {
        let places =
            |number: u32| Semaphore::new(usize::try_from(number).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS));
        Endpoint(Arc::new(Inner {
            receiver: self.receiver,
            handler: Box::new(move |delivery| Box::pin(handler(delivery).map_err(Into::into))),
            seen: self.seen,
            on_incident: self.on_incident,
            answer_within: self.answer_within,
            capacity: self.queue,
            queue: Arc::new(places(self.queue)),
            at_once: places(self.at_once),
            reading: places(self.queue),
        }))
    }
}

impl<R: Receive> fmt::Debug for EndpointBuilder<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointBuilder").field("vendor", &self.receiver.vendor()).finish_non_exhaustive()
    }
}
