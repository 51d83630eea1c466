//! What can be seen of the connections from outside.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::error::Error;
use crate::wire::UnixMillis;

/// Where a long connection stands.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum State {
    /// Not started yet, or connecting.
    Connecting,
    /// Events come since this time.
    Connected {
        /// When the connection in use was opened.
        since: UnixMillis,
    },
    /// There is no connection; the next try comes after a pause.
    Waiting {
        /// When the last connection was lost, or the first could not be opened.
        since: UnixMillis,
        /// How many tries have failed in a row.
        failures: u32,
        /// When the next try is made.
        next: UnixMillis,
        /// Why.
        reason: Trouble,
    },
    /// It was asked to stop, and finishes what is in hand.
    Stopping,
    /// It was stopped.
    Stopped,
    /// The vendor refused for good.
    Refused(Error),
}

impl State {
    /// Whether a connection is open.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        matches!(self, Self::Connected { .. })
    }

    /// Whether nothing will come any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Stopped | Self::Refused(_))
    }
}

/// Why a connection ended, is replaced, or could not be opened. Never with a ticket or a secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Trouble {
    /// The vendor refused, or could not be reached.
    Refused(Error),
    /// Nothing came back for too long: the connection was open on this side only, or nobody was behind it.
    Silent,
    /// The vendor closed it.
    Closed {
        /// The status of the close frame, if there was one.
        code: Option<u16>,
    },
    /// It broke.
    Broken,
    /// It took nothing for too long.
    Stuck,
    /// The vendor announced its end. The new one was opened before.
    Announced,
    /// It was old, or the vendor's pings had stopped. The new one was opened before.
    Renewed,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(f),
            Self::Silent => f.write_str("nothing came back for too long"),
            Self::Closed { code: Some(code) } => write!(f, "the vendor closed it with status {code}"),
            Self::Closed { code: None } => f.write_str("the vendor closed it"),
            Self::Broken => f.write_str("it broke"),
            Self::Stuck => f.write_str("it took nothing for too long"),
            Self::Announced => f.write_str("the vendor announced its end"),
            Self::Renewed => f.write_str("it was old, or the vendor's pings had stopped"),
        }
    }
}

/// What has happened so far, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Figures {
    /// Connections that were opened, the first one included.
    pub connections: u64,
    /// Tries that were refused or failed.
    pub refusals: u64,
    /// Events that came, repetitions included.
    pub events: u64,
    /// Events that were acknowledged.
    pub acknowledged: u64,
    /// Events that the vendor was asked to deliver again.
    pub failed: u64,
    /// Messages that could not be read.
    pub unreadable: u64,
    /// When the last message or pong came.
    pub last_frame: Option<UnixMillis>,
    /// The longest time without an open connection since the first was opened.
    pub longest_gap: Duration,
}

/// The counters behind [`Figures`].
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

    fn figures(&self) -> Figures {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let last = of(&self.last_frame);
        Figures {
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
    /// Where it stands now.
    #[must_use]
    pub fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// What has happened so far, in numbers.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.counters.figures()
    }

    /// Waits until the state changes, and returns it. Several changes in between are one. `None` when it is over.
    pub async fn changed(&mut self) -> Option<State> {
        self.state.changed().await.ok()?;
        Some(self.state.borrow_and_update().clone())
    }

    /// Waits until a connection is open. `false` if none will be.
    pub async fn connected(&mut self) -> bool {
        let waited = self.state.wait_for(|state| state.is_connected() || state.is_over()).await;
        waited.is_ok_and(|state| state.is_connected())
    }

    /// Asks it to stop: no further event is taken, what is in hand is finished and acknowledged, and the connection is
    /// closed.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }
}
