//! A clock for tests, which makes no test wait.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use huiyi_core::BoxFuture;
use huiyi_core::clock::{Clock, SystemClock};
use huiyi_mock::Loopback;

/// A clock that jumps ahead instead of waiting, and records the waits.
///
/// Time limits never end, unless the clock is [impatient](TestClock::impatient). A wait counts as a time limit if it
/// has the length of [`TestClock::with_time_limit`]; without that, if it is 50 seconds or more.
pub struct TestClock {
    time: Arc<Mutex<Time>>,
    start: Duration,
    limit: Option<Duration>,
    server: Option<Loopback>,
}

#[derive(Default)]
struct Time {
    ahead: Duration,
    waits: Vec<Duration>,
    limits: usize,
}

/// The shortest wait that counts as a time limit by default. The clients' own default is a minute.
const LONG: Duration = Duration::from_secs(50);

/// The clients' default time limit of a request.
const REQUEST: Duration = Duration::from_secs(60);

/// How often an impatient clock yields to other tasks before it decides that nothing more will come.
const TURNS: usize = 500;

impl TestClock {
    /// Makes a clock that starts at the real time.
    pub fn new() -> Self {
        Self::at(SystemClock::default().unix_time())
    }

    /// Makes a clock that starts at this time since the Unix epoch.
    pub fn at(start: Duration) -> Self {
        Self { time: Arc::default(), start, limit: None, server: None }
    }

    /// Counts waits of exactly this length as time limits. Give the client the same length
    /// (`ClientBuilder::timeout`); no backoff may have it.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Ends time limits when this server keeps a connection silent, because nothing more will come. For runtimes of one
    /// thread, on which server and client take turns.
    #[must_use]
    pub fn impatient(mut self, server: &Loopback) -> Self {
        self.server = Some(server.clone());
        self
    }

    /// Returns the waits so far, without time limits.
    pub fn waits(&self) -> Vec<Duration> {
        lock(&self.time).waits.clone()
    }

    /// Returns how many time limits have begun: one per request that was about to be sent, token requests included.
    pub fn time_limits(&self) -> usize {
        lock(&self.time).limits
    }

    /// Advances the clock.
    pub fn advance(&self, duration: Duration) {
        lock(&self.time).ahead += duration;
    }

    /// Returns whether it is the limit of a request, or the longer one of a caller that waits for a token request.
    fn is_time_limit(&self, duration: Duration) -> bool {
        self.limit.map_or(duration >= LONG, |limit| duration == limit || duration == limit + limit / 4)
    }

    fn is_of_a_request(&self, duration: Duration) -> bool {
        duration == self.limit.unwrap_or(REQUEST)
    }
}

fn lock(time: &Mutex<Time>) -> MutexGuard<'_, Time> {
    time.lock().unwrap_or_else(PoisonError::into_inner)
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
        lock(&self.time).ahead
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if !self.is_time_limit(duration) {
            lock(&self.time).waits.push(duration);
            self.advance(duration);
            return Box::pin(std::future::ready(()));
        }
        lock(&self.time).limits += usize::from(self.is_of_a_request(duration));
        let Some(server) = self.server.clone() else {
            return Box::pin(std::future::pending());
        };
        let time = Arc::clone(&self.time);
        let end = self.monotonic() + duration;
        Box::pin(async move {
            let mut turns = 0;
            // What the server sent before it went silent is still on its way to the client.
            while turns < TURNS {
                turns = if server.silent_connections() > 0 { turns + 1 } else { 0 };
                tokio::task::yield_now().await;
            }
            let mut time = lock(&time);
            time.ahead = time.ahead.max(end);
        })
    }
}

impl std::fmt::Debug for TestClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TestClock")
    }
}
