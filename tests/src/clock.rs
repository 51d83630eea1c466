//! Time for tests: nobody waits.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use huiyi_core::BoxFuture;
use huiyi_core::clock::{Clock, SystemClock};

/// A clock that jumps ahead when somebody waits a short while, and remembers the waits.
///
/// Waits of ten seconds and more are time limits: they never end, unless [`TestClock::impatient`].
pub struct TestClock {
    ahead: Mutex<Duration>,
    waits: Mutex<Vec<Duration>>,
    start: Duration,
    impatient: bool,
}

/// From this length on a wait is a time limit.
const LIMIT: Duration = Duration::from_secs(50);

impl TestClock {
    /// A clock that shows the real time at first.
    pub fn new() -> Self {
        Self::at(SystemClock::default().unix_time())
    }

    /// A clock that shows this time since the Unix epoch at first.
    pub fn at(start: Duration) -> Self {
        Self { ahead: Mutex::default(), waits: Mutex::default(), start, impatient: false }
    }

    /// Makes time limits end at once if the answer is not there yet after a short real moment.
    #[must_use]
    pub fn impatient(mut self) -> Self {
        self.impatient = true;
        self
    }

    /// The waits so far, time limits left out.
    pub fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets time pass.
    pub fn advance(&self, duration: Duration) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) += duration;
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn unix_time(&self) -> Duration {
        self.start + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration < LIMIT {
            self.waits.lock().unwrap_or_else(PoisonError::into_inner).push(duration);
            self.advance(duration);
            return Box::pin(std::future::ready(()));
        }
        if self.impatient {
            return Box::pin(tokio::time::sleep(Duration::from_millis(40)));
        }
        Box::pin(std::future::pending())
    }
}

impl std::fmt::Debug for TestClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TestClock")
    }
}
