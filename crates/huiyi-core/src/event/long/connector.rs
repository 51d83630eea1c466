//! Settings for opening a long connection, and the stream of its events.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinHandle;

use super::arrival::Arrival;
use super::common::{Common, Tell, permits};
use super::dial::{Dial, HttpDial};
use super::protocol::Protocol;
use super::state::{State, Watch};
use super::supervisor::Supervisor;
use super::tempo::Tempo;
use crate::client::BuildError;
use crate::error::Error;
use crate::event::incident::Incident;
use crate::event::{EventSet, Seen};
use crate::session::Session;

/// Opens a long connection: the vendor sends events over it, so the application needs no public address.
///
/// [`run`](Self::run) calls a handler for each event; [`connect`](Self::connect) returns a stream, for programs that
/// acknowledge events themselves. Both run on tokio.
///
/// * If the connection ends, it is opened again, as often as needed, with growing random pauses up to a maximum. It
///   stops only if the vendor refuses the first connection for a reason that a retry cannot fix, such as a wrong secret.
/// * A dead connection is noticed within 40 seconds by default. If only WebSocket pings are still answered, it is
///   noticed within twice the vendor's ping interval.
/// * If the vendor announces the end of a connection, a new one is opened before the old one is closed.
/// * Proxies are read from the environment; TLS is that of the client. If you supply your own HTTP client, it must use
///   HTTP/1.1: this upgrade does not exist in HTTP/2.
/// * If an app has several connections, the vendor sends each event to one of them.
#[must_use = "nothing is opened until it runs or connects"]
pub struct Connector<E> {
    protocol: Result<Arc<dyn Protocol<E>>, BuildError>,
    dial: Option<Arc<dyn Dial>>,
    session: Session,
    tempo: Tempo,
    room: usize,
    largest: usize,
    pub(super) on_incident: Option<Tell>,
    pub(super) seen: Option<Arc<dyn Seen>>,
    pub(super) answer_within: Option<Duration>,
    pub(super) at_once: u32,
    pub(super) stop_within: Duration,
    state: watch::Sender<State>,
    watch: Watch,
}

impl<E: EventSet> Connector<E> {
    /// Creates a connector for a vendor's protocol.
    #[doc(hidden)]
    pub fn new(session: &Session, protocol: Result<Arc<dyn Protocol<E>>, BuildError>) -> Self {
        let tempo = protocol.as_ref().map(|protocol| protocol.tempo()).unwrap_or_default();
        let (state, watched) = watch::channel(State::Connecting);
        let watch = Watch { state: watched, counters: Arc::default(), stop: watch::Sender::new(false) };
        Self {
            protocol,
            dial: None,
            session: session.clone(),
            tempo,
            room: 48 << 20,
            largest: 16 << 20,
            on_incident: None,
            seen: None,
            answer_within: None,
            at_once: 256,
            stop_within: Duration::from_secs(30),
            state,
            watch,
        }
    }

    /// Calls this function with each problem: a connection that ended, an event that was not acknowledged in time, a
    /// message that cannot be read. With the feature `tracing` problems are also logged. If the function panics, nothing
    /// else fails.
    pub fn on_incident(mut self, tell: impl Fn(Incident) + Send + Sync + 'static) -> Self {
        self.on_incident = Some(Arc::new(tell));
        self
    }

    /// Records events here, so [`run`](Self::run) does not handle a repetition again. Default: a record of the last
    /// 65,536 events in this process. Several processes need a shared record.
    pub fn seen(mut self, seen: impl Seen) -> Self {
        self.seen = Some(Arc::new(seen));
        self
    }

    /// Sets how many handlers of [`run`](Self::run) run at the same time; at least one. Default: 256.
    pub fn at_once(mut self, handlers: u32) -> Self {
        self.at_once = handlers.max(1);
        self
    }

    /// Acknowledges an event of [`run`](Self::run) within this time even if its handler has not finished. The default,
    /// and the maximum, is four fifths of the time that the vendor waits.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.answer_within = Some(time);
        self
    }

    /// Sets how many bytes of memory unsettled events may use, estimated. Default: 48 MiB. Above it, an event waits one
    /// second; then the vendor is asked to deliver it again.
    pub fn room(mut self, bytes: usize) -> Self {
        self.room = bytes;
        self
    }

    /// Sets the largest message in bytes. A larger one ends the connection. Default: 16 MiB.
    pub fn largest_message(mut self, bytes: usize) -> Self {
        self.largest = bytes;
        self
    }

    /// Sets how long an answer to a ping may take; at most three quarters of the ping interval. Default: 20 seconds. With
    /// only a few seconds, a single lost packet ends a connection.
    pub fn pong_within(mut self, time: Duration) -> Self {
        self.tempo.patience = time;
        self
    }

    /// Sets the longest pause before the next attempt. Default: one minute.
    pub fn longest_pause(mut self, time: Duration) -> Self {
        self.tempo.longest_pause = time;
        self.tempo.slow_pause = self.tempo.slow_pause.min(time);
        self
    }

    /// Replaces a connection of about this age (between seven eighths of it and all of it) without a gap. Default: never
    /// for Feishu, 6 hours for DingTalk.
    pub fn renew_after(mut self, time: Duration) -> Self {
        self.tempo.renew = Some(time);
        self
    }

    /// Sets how long events in progress may take after a stop. Default: 30 seconds.
    pub fn stop_within(mut self, time: Duration) -> Self {
        self.stop_within = time;
        self
    }

    /// Changes the time limits, for tests.
    #[doc(hidden)]
    pub fn tempo(mut self, change: impl FnOnce(&mut Tempo)) -> Self {
        change(&mut self.tempo);
        self
    }

    /// Opens connections in another way, for tests.
    #[doc(hidden)]
    pub fn dial(mut self, dial: impl Dial) -> Self {
        self.dial = Some(Arc::new(dial));
        self
    }

    /// Returns a handle that shows the state of the connection and can stop it.
    #[must_use]
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }

    /// Returns how long the vendor waits for an acknowledgement.
    pub(super) fn answer_limit(&self) -> Duration {
        self.tempo.answer
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// Connects in a separate task. The task ends when the stream is dropped.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the client has no app credentials, or the HTTP client cannot be set up.
    ///
    /// # Panics
    ///
    /// If called outside a tokio runtime.
    pub fn connect(self) -> Result<LongConnection<E>, BuildError> {
        let protocol = self.protocol?;
        let transport = self.session.transport();
        let dial = match self.dial {
            Some(dial) => dial,
            None => {
                let (secure, local) = transport.upgrading()?;
                Arc::new(HttpDial { secure, local }) as Arc<dyn Dial>
            }
        };
        let room_size = permits(self.room);
        let common = Arc::new(Common {
            vendor: protocol.vendor(),
            tempo: self.tempo,
            clock: Arc::clone(transport.clock()),
            entropy: Arc::clone(transport.entropy()),
            counters: Arc::clone(&self.watch.counters),
            on_incident: self.on_incident,
            room: Arc::new(Semaphore::new(usize::try_from(room_size).unwrap_or(1))),
            room_size,
            largest: self.largest,
        });
        let (arrivals, arrived) = mpsc::unbounded_channel();
        let supervisor = Supervisor::new(protocol, dial, common, arrivals, self.state);
        let task = tokio::spawn(supervisor.run(self.watch.stop.subscribe(), self.stop_within));
        Ok(LongConnection { arrived, watch: self.watch, task })
    }
}

impl<E> fmt::Debug for Connector<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").field("session", &self.session).finish_non_exhaustive()
    }
}

/// The events of a long connection, as a stream.
///
/// It ends after a [stop](Watch::stop), or after an error that a retry cannot fix. If it is dropped, the connection is
/// closed, and the vendor delivers unacknowledged events again.
#[must_use = "the connection ends when it is dropped"]
pub struct LongConnection<E> {
    arrived: mpsc::UnboundedReceiver<Result<Arrival<E>, Error>>,
    watch: Watch,
    task: JoinHandle<()>,
}

impl<E: EventSet> LongConnection<E> {
    /// Returns the next event; `None` after a stop.
    ///
    /// # Errors
    ///
    /// The vendor's refusal, if a retry cannot fix it. It is the last item.
    pub async fn next(&mut self) -> Option<Result<Arrival<E>, Error>> {
        self.arrived.recv().await
    }

    /// Returns a handle that shows the state of the connection and can stop it.
    #[must_use]
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }
}

impl<E> Stream for LongConnection<E> {
    type Item = Result<Arrival<E>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.arrived.poll_recv(context)
    }
}

impl<E> Drop for LongConnection<E> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl<E> fmt::Debug for LongConnection<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LongConnection").field("state", &*self.watch.state.borrow()).finish_non_exhaustive()
    }
}
