//! Time for tests: nobody waits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use huiyi_core::BoxFuture;
use huiyi_core::clock::{Clock, SystemClock};
use huiyi_mock::Loopback;

/// A clock that jumps ahead when somebody waits a short while, and remembers the waits.
///
/// Time limits never end, unless the clock is [impatient](TestClock::impatient). A wait is a time limit if it
/// is as long as [`TestClock::with_time_limit`] says; without that, if it is almost a minute or more.
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

/// Where no length is given, a wait from here on is a time limit; the clients' own default is a minute.
const LONG: Duration = Duration::from_secs(50);

/// The clients' own default for a request.
const REQUEST: Duration = Duration::from_secs(60);

/// How often everybody else gets a turn before an impatient clock believes that nothing more will come.
const TURNS: usize = 500;

impl TestClock {
    /// A clock that shows the real time at first.
    pub fn new() -> Self {
        Self::at(SystemClock::default().unix_time())
    }

    /// A clock that shows this time since the Unix epoch at first.
    pub fn at(start: Duration) -> Self {
        Self { time: Arc::default(), start, limit: None, server: None }
    }

    /// Takes waits of exactly this length for time limits. Give the client the same
    /// (`ClientBuilder::timeout`), a length that no backoff has.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Makes time limits end when this server keeps a connection silent: nothing more would come, however
    /// long one waited. For runtimes of one thread, on which server and client take turns.
    #[must_use]
    pub fn impatient(mut self, server: &Loopback) -> Self {
        self.server = Some(server.clone());
        self
    }

    /// The waits so far, time limits left out.
    pub fn waits(&self) -> Vec<Duration> {
        lock(&self.time).waits.clone()
    }

    /// How many time limits have begun: one for each request that was about to be sent, token requests included.
    pub fn time_limits(&self) -> usize {
        lock(&self.time).limits
    }

    /// Lets time pass.
    pub fn advance(&self, duration: Duration) {
        lock(&self.time).ahead += duration;
    }

    /// That of a request, or the longer one of a caller that waits for somebody else's token request.
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
            // What the server sent before it fell silent is still on its way to the client.
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
