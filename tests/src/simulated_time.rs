//! A clock that client and server share. It advances while all are waiting, so a minute of calls takes only as long
//! as the requests themselves.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use huiyi_core::BoxFuture;
use huiyi_core::clock::Clock;
use huiyi_mock::Loopback;

use crate::fault_matrix::TIMEOUT;

/// A time in the middle of a second, a minute and an hour.
const START: Duration = Duration::from_millis(1_790_000_017_300);

/// A clock of client and server. When no request is under way, it advances to the end of the shortest wait.
#[derive(Clone)]
pub struct SharedClock(Arc<Mutex<Time>>);

struct Time {
    server: Loopback,
    passed: Duration,
    /// Requests under way: each has started its time limit and has not dropped it yet.
    under_way: usize,
    sleepers: BTreeMap<(Duration, usize), Option<Waker>>,
    count: usize,
}

impl Time {
    /// Advances if nothing else can happen. Returns whether this sleeper's wait is over.
    fn is_over(&mut self, sleeper: (Duration, usize)) -> bool {
        let is_first = self.sleepers.keys().next() == Some(&sleeper);
        if self.under_way == 0 && is_first && sleeper.0 > self.passed {
            self.move_to(sleeper.0);
        }
        sleeper.0 <= self.passed
    }

    fn move_to(&mut self, passed: Duration) {
        self.passed = passed;
        self.server.set_unix_time(i64::try_from((START + passed).as_secs()).unwrap_or_default());
    }

    fn wake_first(&mut self) {
        if let Some(waker) = self.sleepers.values_mut().next().and_then(Option::take) {
            waker.wake();
        }
    }
}

impl fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedClock")
    }
}

impl SharedClock {
    /// Makes a clock that the server follows.
    pub fn new(server: &Loopback) -> Self {
        let server = server.clone();
        let mut time = Time { server, passed: Duration::ZERO, under_way: 0, sleepers: BTreeMap::new(), count: 0 };
        time.move_to(Duration::ZERO);
        Self(Arc::new(Mutex::new(time)))
    }

    fn time(&self) -> MutexGuard<'_, Time> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits on the server's side during a request.
    pub fn answer_after(&self, duration: Duration) -> impl Future<Output = ()> + Send + 'static {
        let clock = self.clone();
        let mut time = self.time();
        time.under_way -= 1;
        time.count += 1;
        let sleeper = (time.passed + duration, time.count);
        time.sleepers.insert(sleeper, None);
        if time.under_way == 0 {
            time.wake_first();
        }
        drop(time);
        async move {
            Sleep { clock: clock.clone(), sleeper, is_request: true }.await;
        }
    }

    /// Advances by this duration.
    pub fn advance(&self, duration: Duration) {
        let mut time = self.time();
        let passed = time.passed + duration;
        time.move_to(passed);
    }
}

impl Clock for SharedClock {
    fn unix_time(&self) -> Duration {
        START + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        self.time().passed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut time = self.time();
        if duration == TIMEOUT {
            time.under_way += 1;
            return Box::pin(UnderWay(self.clone()));
        }
        time.count += 1;
        let sleeper = (time.passed + duration, time.count);
        time.sleepers.insert(sleeper, None);
        Box::pin(Sleep { clock: self.clone(), sleeper, is_request: false })
    }
}

/// The time limit of a request, which never ends.
struct UnderWay(SharedClock);

impl Future for UnderWay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut time = self.0.time();
        time.under_way -= 1;
        if time.under_way == 0 {
            time.wake_first();
        }
    }
}

struct Sleep {
    clock: SharedClock,
    /// Whether the request is under way again when the wait is over.
    is_request: bool,
    sleeper: (Duration, usize),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut time = self.clock.time();
        if time.is_over(self.sleeper) {
            return Poll::Ready(());
        }
        time.sleepers.insert(self.sleeper, Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let mut time = self.clock.time();
        time.sleepers.remove(&self.sleeper);
        time.under_way += usize::from(self.is_request);
        time.wake_first();
    }
}
