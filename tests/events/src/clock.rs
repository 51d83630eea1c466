//! A clock that moves only when a test advances it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use huiyi_core::BoxFuture;
use huiyi_core::clock::Clock;
use tokio::sync::watch;

/// A clock that moves only by [`advance`](Self::advance). Clones are one clock.
#[derive(Clone, Debug)]
pub struct Still {
    now: Arc<Mutex<Duration>>,
    moved: watch::Sender<Duration>,
}

impl Still {
    /// Makes a clock that shows this time since the Unix epoch.
    #[must_use]
    pub fn at_millis(millis: u64) -> Self {
        let now = Duration::from_millis(millis);
        Self { now: Arc::new(Mutex::new(now)), moved: watch::Sender::new(now) }
    }

    /// Moves the clock on by this time, and ends the waits that are over.
    pub fn advance(&self, time: Duration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now += time;
        self.moved.send_replace(*now);
    }
}

impl Clock for Still {
    fn unix_time(&self) -> Duration {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn monotonic(&self) -> Duration {
        self.unix_time()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let (until, mut moved) = (self.unix_time() + duration, self.moved.subscribe());
        Box::pin(async move {
            // The sender exists as long as the clock. A clock that was dropped ends the wait.
            let _ = moved.wait_for(|now| *now >= until).await;
        })
    }
}
