//! Handling what arrives: the handler's result is the acknowledgement.

use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::connector::Connector;
use crate::error::{Error, ErrorKind};
use crate::event::incident::HandlerError;
use crate::event::{
    Delivery, Endpoint, EventSet, Incoming, Limits, MemorySeen, Receive, Received, RejectReason, Rejection,
};
use crate::token::within::within;

/// More events than there is ever room for.
const MOST: u32 = 1 << 24;
/// How many events are remembered, and for how long: Feishu repeats the last time after seven hours.
const REMEMBERED: usize = 1 << 16;
const REPEATED_WITHIN: Duration = Duration::from_secs(8 * 3600);

/// Stands for a receiver: what comes over a long connection needs no check.
struct OverTheLine<E> {
    vendor: &'static str,
    limits: Limits,
    events: PhantomData<fn() -> E>,
}

impl<E: EventSet> Receive for OverTheLine<E> {
    type Event = E;

    fn vendor(&self) -> &'static str {
        self.vendor
    }

    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn receive_parts(&self, _incoming: Incoming<'_>) -> Result<Received<E>, Rejection> {
        Err(Rejection::new(self.vendor, RejectReason::Method))
    }
}

impl<E: EventSet> Connector<E> {
    /// Connects and calls the handler for each event until [stopped](super::Watch::stop).
    ///
    /// * If the handler succeeds, the event is acknowledged; if it fails or panics, the vendor delivers it again.
    /// * A handler that takes longer than the vendor waits continues after the acknowledgement. If it then fails, it is
    ///   called up to two more times, because the vendor does not deliver again.
    /// * Repetitions are acknowledged and not handled. The handler must still tolerate the same event twice, because no
    ///   record is perfect.
    /// * After a stop, events in progress are finished and acknowledged, for at most
    ///   [`stop_within`](Self::stop_within).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] if the client has no app credentials or the HTTP client cannot be set up; the vendor's
    /// refusal of the first connection if a retry cannot fix it.
    pub async fn run<H, F, Err>(self, handler: H) -> Result<(), Error>
    where
        H: Fn(Delivery<E>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Err>> + Send + 'static,
        Err: Into<HandlerError> + 'static,
    {
        self.run_until(std::future::pending::<()>(), handler).await
    }

    /// Like [`run`](Self::run), and stops when a future completes, for instance tokio's `ctrl_c`.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run).
    pub async fn run_until<S, H, F, Err>(self, stop: S, handler: H) -> Result<(), Error>
    where
        S: Future,
        H: Fn(Delivery<E>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Err>> + Send + 'static,
        Err: Into<HandlerError> + 'static,
    {
        let transport = self.session().transport().clone();
        let (vendor, clock) = (transport.vendor.name, Arc::clone(transport.clock()));
        let limits = Limits::new(REPEATED_WITHIN).with_clock(Arc::clone(&clock));
        let receiver = OverTheLine { vendor, limits, events: PhantomData };
        // The room of the connections bounds how much is in hand.
        let mut endpoint = Endpoint::builder(receiver).queue(MOST).at_once(self.at_once);
        endpoint = match &self.seen {
            Some(seen) => endpoint.seen(Arc::clone(seen)),
            None => endpoint.seen(MemorySeen::with_clock(REMEMBERED, Arc::clone(&clock))),
        };
        if let Some(tell) = self.on_incident.clone() {
            endpoint = endpoint.on_incident(move |incident| tell(incident));
        }
        if let Some(time) = self.answer_within {
            endpoint = endpoint.answer_within(time);
        }
        let endpoint = endpoint.handler(handler);
        let (within_time, watch, stop_within) = (self.answer_limit(), self.watch(), self.stop_within);
        let mut connection = self
            .connect()
            .map_err(|error| Error::new(vendor, "long_connection", ErrorKind::Misuse, error.to_string()))?;
        let mut stop = std::pin::pin!(stop);
        let mut is_told = false;
        let mut asked = watch.stop.subscribe();
        let mut stopped_at = None;
        loop {
            let arrival = tokio::select! {
                biased;
                _ = &mut stop, if !is_told => {
                    is_told = true;
                    watch.stop();
                    continue;
                }
                _ = asked.wait_for(|asked| *asked), if stopped_at.is_none() => {
                    stopped_at = Some(clock.monotonic());
                    continue;
                }
                arrival = connection.next() => arrival,
            };
            let Some(arrival) = arrival else { break };
            let (delivery, mut settle) = arrival?.into_parts();
            let endpoint = endpoint.clone();
            let room = settle.room.take();
            // On the heap: many events may wait here, and a future has room for a value several times.
            let deliveries = vec![delivery];
            tokio::spawn(async move {
                let is_done = endpoint.take(deliveries, (within_time, settle.age()), room).await;
                settle.settle(is_done);
            });
        }
        // Handlers that continued after their acknowledgement have what is left of the time.
        let over = stopped_at.map_or(Duration::ZERO, |since| clock.monotonic().saturating_sub(since));
        let _ = within(&*clock, stop_within.saturating_sub(over), endpoint.drained()).await;
        Ok(())
    }
}
