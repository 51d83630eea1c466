//! A clock that stands still until it is told to go on.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use huiyi_core::BoxFuture;
use huiyi_core::clock::Clock;
use tokio::sync::watch;

/// A clock that stands still until [`advance`](Self::advance); clones are one clock.
#[derive(Clone, Debug)]
pub struct Still {
    now: Arc<Mutex<Duration>>,
    moved: watch::Sender<Duration>,
}

impl Still {
    /// A clock at this time since the Unix epoch.
    #[must_use]
    pub fn at_millis(millis: u64) -> Self {
        let now = Duration::from_millis(millis);
        Self { now: Arc::new(Mutex::new(now)), moved: watch::Sender::new(now) }
    }

    /// Goes on by this time, and ends the waits that are over.
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
            // The sender lives as long as the clock; a clock that is gone ends the wait.
            let _ = moved.wait_for(|now| *now >= until).await;
        })
    }
}
