//! The clock of a mock's clients.

use std::sync::Arc;
use std::time::{Duration, Instant};

use huiyi_core::BoxFuture;
use huiyi_core::clock::Clock;

use crate::state::Shared;

/// A clock on which sleeps take no time: it jumps to their end, together with the server's clock.
///
/// A sleep is a time limit and takes real time if it is exactly as long as the limit that the clock was made with,
/// or at least 50 seconds, since the clients' default limit is longer.
#[derive(Clone)]
pub struct MockClock {
    shared: Arc<Shared>,
    start: Instant,
    limit: Option<Duration>,
    /// Whether all sleeps take real time.
    waits: bool,
}

/// A sleep of at least this length is a time limit.
const LONG: Duration = Duration::from_secs(50);

impl MockClock {
    pub(crate) fn new(shared: &Arc<Shared>, limit: Option<Duration>) -> Self {
        Self { shared: Arc::clone(shared), start: Instant::now(), limit, waits: false }
    }

    /// Creates the clock of a receiver. A receiver sleeps only for time limits, so they take real time.
    #[cfg(feature = "events")]
    pub(crate) fn of_receiver(shared: &Arc<Shared>) -> Self {
        Self { waits: true, ..Self::new(shared, None) }
    }
}

impl Clock for MockClock {
    fn unix_time(&self) -> Duration {
        self.shared.state().clock.since_epoch()
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed() + self.shared.state().clock.ahead()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if self.waits || duration >= LONG || self.limit == Some(duration) {
            return Box::pin(tokio::time::sleep(duration));
        }
        self.shared.state().clock.advance(duration);
        Box::pin(std::future::ready(()))
    }
}

impl std::fmt::Debug for MockClock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("MockClock").field("limit", &self.limit).finish_non_exhaustive()
    }
}
