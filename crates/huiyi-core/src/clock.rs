//! Time and randomness, injected so that tests can check expiry, backoff and signatures without waiting.

#[cfg(test)]
pub(crate) mod paused;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A boxed future that is `Send`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where the runtime reads the time, and how it waits.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::time::Duration;
///
/// use huiyi_core::BoxFuture;
/// use huiyi_core::clock::Clock;
///
/// /// Milliseconds since the epoch; a wait is over at once.
/// struct Simulated(AtomicU64);
///
/// impl Clock for Simulated {
///     fn unix_time(&self) -> Duration {
///         Duration::from_millis(self.0.load(Ordering::Relaxed))
///     }
///
///     fn monotonic(&self) -> Duration {
///         self.unix_time()
///     }
///
///     fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
///         self.0.fetch_add(duration.as_millis() as u64, Ordering::Relaxed);
///         Box::pin(std::future::ready(()))
///     }
/// }
/// ```
pub trait Clock: Send + Sync + 'static {
    /// Returns the time since the Unix epoch, for signatures and expiry.
    fn unix_time(&self) -> Duration;

    /// Returns the time since a fixed moment. It never goes back; quotas and backoff use it.
    fn monotonic(&self) -> Duration;

    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The system's clocks and tokio's timer.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn unix_time(&self) -> Duration {
        // A clock before 1970 is broken; zero makes every signature fail visibly.
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Source of random numbers for jitter, nonces and the names of lease owners.
pub trait Entropy: Send + Sync + 'static {
    /// Returns a uniformly distributed number.
    fn next_u64(&self) -> u64;
}

/// Fast random numbers, seeded from the operating system once per thread.
///
/// Good for jitter and for numbers that only have to differ. Values that must be unguessable, such as a PKCE
/// verifier, come directly from the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn next_u64(&self) -> u64 {
        fastrand::u64(..)
    }
}

impl fmt::Debug for dyn Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

impl fmt::Debug for dyn Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}
