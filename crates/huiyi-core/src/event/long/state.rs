//! The state and the counters of the connections, for the application.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::error::Error;
use crate::wire::UnixMillis;

/// The state of a long connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum State {
    /// Not started yet, or connecting.
    Connecting,
    /// A connection is open since this time.
    Connected {
        /// When the connection in use was opened.
        since: UnixMillis,
    },
    /// There is no connection; the next attempt follows after a pause.
    Waiting {
        /// When the last connection was lost, or the first could not be opened.
        since: UnixMillis,
        /// How many attempts have failed in a row.
        failures: u32,
        /// When the next attempt is made.
        next: UnixMillis,
        /// Why.
        reason: DisconnectReason,
    },
    /// A stop was requested; events in progress are being finished.
    Stopping,
    /// It was stopped.
    Stopped,
    /// The vendor refused, and a retry cannot fix it.
    Refused(Error),
}

impl State {
    /// Returns whether a connection is open.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        matches!(self, Self::Connected { .. })
    }

    /// Returns whether no more events will arrive.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Stopped | Self::Refused(_))
    }
}

/// Why a connection ended, is replaced, or could not be opened. Contains no ticket or secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The vendor refused, or could not be reached.
    Refused(Error),
    /// No data arrived for too long: the connection is dead, or nothing answers behind it.
    Silent,
    /// The vendor closed the connection.
    Closed {
        /// The status of the close frame, if there was one.
        code: Option<u16>,
    },
    /// The connection broke.
    Broken,
    /// Data could not be written for too long.
    Stuck,
    /// The vendor announced its end. A new one is opened before this one is closed.
    Announced,
    /// It was old, or the vendor's pings had stopped. A new one is opened before this one is closed.
    Renewed,
}

impl fmt::Display for DisconnectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(f),
            Self::Silent => f.write_str("no data from the vendor for too long"),
            Self::Closed { code: Some(code) } => write!(f, "the vendor closed the connection with status {code}"),
            Self::Closed { code: None } => f.write_str("the vendor closed the connection"),
            Self::Broken => f.write_str("the connection broke"),
            Self::Stuck => f.write_str("data could not be written for too long"),
            Self::Announced => f.write_str("the vendor announced the end of the connection"),
            Self::Renewed => f.write_str("the connection was old, or the vendor's pings had stopped"),
        }
    }
}

/// Counters of a long connection since it was created.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Connections that were opened, the first one included.
    pub connections: u64,
    /// Attempts that were refused or failed.
    pub refusals: u64,
    /// Events received, repetitions included.
    pub events: u64,
    /// Events that were acknowledged.
    pub acknowledged: u64,
    /// Events that the vendor was asked to deliver again.
    pub failed: u64,
    /// Messages that could not be read.
    pub unreadable: u64,
    /// When the last frame arrived.
    pub last_frame: Option<UnixMillis>,
    /// The longest time without an open connection, after the first was opened.
    pub longest_gap: Duration,
}

/// The counters behind [`Stats`].
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) connections: AtomicU64,
    pub(super) refusals: AtomicU64,
    pub(super) events: AtomicU64,
    pub(super) acknowledged: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) unreadable: AtomicU64,
    last_frame: AtomicU64,
    longest_gap: AtomicU64,
}

impl Counters {
    pub(super) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn frame(&self, unix: Duration) {
        self.last_frame.store(millis(unix), Ordering::Relaxed);
    }

    pub(super) fn gap(&self, gap: Duration) {
        self.longest_gap.fetch_max(millis(gap), Ordering::Relaxed);
    }

    fn stats(&self) -> Stats {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let last = of(&self.last_frame);
        Stats {
            connections: of(&self.connections),
            refusals: of(&self.refusals),
            events: of(&self.events),
            acknowledged: of(&self.acknowledged),
            failed: of(&self.failed),
            unreadable: of(&self.unreadable),
            last_frame: (last > 0).then(|| unix_millis(Duration::from_millis(last))),
            longest_gap: Duration::from_millis(of(&self.longest_gap)),
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

pub(super) fn unix_millis(time: Duration) -> UnixMillis {
    UnixMillis::from_millis(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

/// Watches a long connection, and can stop it. Clones watch the same one.
#[derive(Clone, Debug)]
pub struct Watch {
    pub(super) state: watch::Receiver<State>,
    pub(super) counters: std::sync::Arc<Counters>,
    pub(super) stop: watch::Sender<bool>,
}

impl Watch {
    /// Returns the current state.
    #[must_use]
    pub fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Returns the counters of the connection since it was created.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.counters.stats()
    }

    /// Waits until the state changes, and returns it. Intermediate states may be skipped. Returns `None` when no more
    /// changes follow.
    pub async fn changed(&mut self) -> Option<State> {
        self.state.changed().await.ok()?;
        Some(self.state.borrow_and_update().clone())
    }

    /// Waits until a connection is open. Returns whether one is; `false` if none will be.
    pub async fn connected(&mut self) -> bool {
        let waited = self.state.wait_for(|state| state.is_connected() || state.is_over()).await;
        waited.is_ok_and(|state| state.is_connected())
    }

    /// Requests a stop: no further event is accepted, those in progress are finished and acknowledged, and the
    /// connection is closed.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }
}
