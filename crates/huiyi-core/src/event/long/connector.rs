//! Opening a long connection: its settings, and the stream of what arrives.

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

/// Opens a long connection, over which the vendor's events come without an address of one's own.
///
/// [`run`](Self::run) calls a handler for each event; [`connect`](Self::connect) gives a stream, for programs that
/// acknowledge by themselves. Both run on tokio.
///
/// * The connection is opened again whenever it ends, with growing, random, capped pauses and without end. Only a
///   refusal at the first start that no retry mends, such as a wrong secret, is the end.
/// * A connection over which nothing comes back is noticed: within twice the vendor's ping interval, and within 40
///   seconds by default.
/// * When the vendor announces the end of a connection, the next one is open before the old one is closed.
/// * Proxies are read from the environment, and TLS is that of the client. An HTTP client of one's own opens the
///   connection as well, and must not speak HTTP/2 then: it has no such upgrade.
/// * Vendors share the events of an app out to all its connections, each event to one of them.
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
    /// A connector of a vendor's.
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

    /// Tells this function what goes wrong: connections that end, events that are not acknowledged in time, messages
    /// that cannot be read. With the feature `tracing` it is logged as well. If the function panics, nothing else fails.
    pub fn on_incident(mut self, tell: impl Fn(Incident) + Send + Sync + 'static) -> Self {
        self.on_incident = Some(Arc::new(tell));
        self
    }

    /// Remembers events here, so that a repetition is not handled again; for [`run`](Self::run). By default the last
    /// 65536 are remembered in this process. Several processes need a memory that they share.
    pub fn seen(mut self, seen: impl Seen) -> Self {
        self.seen = Some(Arc::new(seen));
        self
    }

    /// How many handlers of [`run`](Self::run) run at the same time; at least one, 256 by default.
    pub fn at_once(mut self, handlers: u32) -> Self {
        self.at_once = handlers.max(1);
        self
    }

    /// Acknowledges an event of [`run`](Self::run) within this time even if its handler has not finished. By default,
    /// and at most, four fifths of the time that the vendor waits.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.answer_within = Some(time);
        self
    }

    /// How much memory events may take that are not settled, by estimate; 48 MiB by default. Beyond it an event waits a
    /// second for room, and then the vendor is asked to deliver it again.
    pub fn room(mut self, bytes: usize) -> Self {
        self.room = bytes;
        self
    }

    /// Ends a connection over which a larger message comes; 16 MiB by default.
    pub fn largest_message(mut self, bytes: usize) -> Self {
        self.largest = bytes;
        self
    }

    /// How long a ping may remain without an answer; 20 seconds by default. Below some seconds, connections are given up
    /// that only lost a packet.
    pub fn pong_within(mut self, time: Duration) -> Self {
        self.tempo.patience = time;
        self
    }

    /// The longest pause before the next try; a minute by default.
    pub fn longest_pause(mut self, time: Duration) -> Self {
        self.tempo.longest_pause = time;
        self.tempo.slow_pause = self.tempo.slow_pause.min(time);
        self
    }

    /// Replaces a connection that is so old, without a gap.
    pub fn renew_after(mut self, time: Duration) -> Self {
        self.tempo.renew = Some(time);
        self
    }

    /// How long events in hand may take when it is stopped; 30 seconds by default.
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

    /// Watches the connection, and can stop it.
    #[must_use]
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }

    /// How long the vendor waits for an acknowledgement.
    pub(super) fn answer_limit(&self) -> Duration {
        self.tempo.answer
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// Connects, in a task of its own that ends when the stream is dropped.
    ///
    /// # Errors
    ///
    /// If the client was not built with the credentials of an app, or no HTTP client can be set up.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
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

/// The events that come over a long connection: a stream.
///
/// It ends when it was [stopped](Watch::stop), or after an error: the vendor refused for good. When it is dropped, the
/// connection is closed, and what was not acknowledged comes again.
#[must_use = "the connection ends when it is dropped"]
pub struct LongConnection<E> {
    arrived: mpsc::UnboundedReceiver<Result<Arrival<E>, Error>>,
    watch: Watch,
    task: JoinHandle<()>,
}

impl<E: EventSet> LongConnection<E> {
    /// The next event; `None` when it was stopped. The stream in one method.
    ///
    /// # Errors
    ///
    /// The vendor's refusal that no retry mends. Nothing comes after it.
    pub async fn next(&mut self) -> Option<Result<Arrival<E>, Error>> {
        self.arrived.recv().await
    }

    /// Watches the connection, and can stop it.
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
