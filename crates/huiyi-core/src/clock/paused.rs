//! A clock of tests whose runtime is paused: its time jumps to the next timer when all tasks wait.

use std::time::Duration;

use tokio::time::Instant;

use super::{BoxFuture, Clock};

/// The time of the test's runtime, from the creation of the clock.
pub(crate) struct Paused(Instant);

impl Default for Paused {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Paused {
    fn unix_time(&self) -> Duration {
        Duration::from_secs(1_700_000_000) + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
