//! The clock of a mock's clients.

use std::sync::Arc;
use std::time::{Duration, Instant};

use huiyi_core::BoxFuture;
use huiyi_core::clock::Clock;

use crate::state::Shared;

/// A clock on which pauses take no time: it jumps to their end, and the server's clock with it.
///
/// A wait is a time limit, and takes real time, if it is as long as the limit that the clock was made with, or 50
/// seconds and more, as the clients' default limit is.
#[derive(Clone)]
pub struct MockClock {
    shared: Arc<Shared>,
    start: Instant,
    limit: Option<Duration>,
}

/// From this length on every wait is a time limit.
const LONG: Duration = Duration::from_secs(50);

impl MockClock {
    pub(crate) fn new(shared: &Arc<Shared>, limit: Option<Duration>) -> Self {
        Self { shared: Arc::clone(shared), start: Instant::now(), limit }
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
        if duration >= LONG || self.limit == Some(duration) {
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
