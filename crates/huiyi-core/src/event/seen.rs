//! Which deliveries were there already.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::StoreError;
use crate::clock::{BoxFuture, Clock, SystemClock};

/// A memory of deliveries, by which repetitions are told.
///
/// Vendors deliver at least once, so an event may arrive again although it was taken care of. One process remembers with
/// [`MemorySeen`]; several that stand behind one address need a memory that they share.
pub trait Seen: Send + Sync + 'static {
    /// Remembers a key for at least this time, and returns whether it is new. Of several callers at the same moment, one
    /// is told that it is new.
    ///
    /// # Errors
    ///
    /// If the memory cannot be reached. The delivery is then handled as a new one.
    fn note<'a>(&'a self, key: &'a str, keep: Duration) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Forgets a key: the event could not be taken care of, and is to be new when it comes again.
    ///
    /// # Errors
    ///
    /// If the memory cannot be reached.
    fn forget<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;
}

impl<S: Seen + ?Sized> Seen for Arc<S> {
    fn note<'a>(&'a self, key: &'a str, keep: Duration) -> BoxFuture<'a, Result<bool, StoreError>> {
        (**self).note(key, keep)
    }

    fn forget<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        (**self).forget(key)
    }
}

/// Remembers the newest deliveries of one process, a bounded number.
///
/// ```
/// use std::time::Duration;
///
/// use huiyi_core::event::{MemorySeen, Seen};
///
/// # async fn run() -> Result<(), huiyi_core::StoreError> {
/// let seen = MemorySeen::new(10_000);
/// assert!(seen.note("feishu:6e1fcd70", Duration::from_secs(3600)).await?);
/// assert!(!seen.note("feishu:6e1fcd70", Duration::from_secs(3600)).await?);
/// # Ok(()) }
/// ```
pub struct MemorySeen {
    most: usize,
    clock: Arc<dyn Clock>,
    notes: Mutex<Notes>,
}

/// The beginning of a hash: keys may be long, and there are many.
type Hash = [u8; 16];

#[derive(Default)]
struct Notes {
    until: HashMap<Hash, (Duration, u64)>,
    order: VecDeque<(Hash, u64)>,
    count: u64,
}

impl MemorySeen {
    /// Remembers at most this many deliveries, about 80 bytes each.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self::with_clock(most, Arc::new(SystemClock::default()))
    }

    /// Reads the time from this clock.
    #[must_use]
    pub fn with_clock(most: usize, clock: Arc<dyn Clock>) -> Self {
        Self { most: most.max(1), clock, notes: Mutex::default() }
    }

    /// How many deliveries it remembers now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.notes().until.len()
    }

    /// Whether it remembers none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_new(&self, key: &str, keep: Duration) -> bool {
        let (now, hash) = (self.clock.monotonic(), hash(key));
        let mut notes = self.notes();
        if notes.until.get(&hash).is_some_and(|(until, _)| *until > now) {
            return false;
        }
        notes.count += 1;
        let number = notes.count;
        notes.until.insert(hash, (now.saturating_add(keep), number));
        notes.order.push_back((hash, number));
        // What was forgotten or noted again is still in the queue: it goes when its turn comes.
        while notes.until.len() > self.most || notes.order.len() > 2 * self.most {
            let Some((oldest, number)) = notes.order.pop_front() else { break };
            if notes.until.get(&oldest).is_some_and(|(_, current)| *current == number) {
                notes.until.remove(&oldest);
            }
        }
        true
    }
}

impl Seen for MemorySeen {
    fn note<'a>(&'a self, key: &'a str, keep: Duration) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(std::future::ready(Ok(self.is_new(key, keep))))
    }

    fn forget<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        self.notes().until.remove(&hash(key));
        Box::pin(std::future::ready(Ok(())))
    }
}

impl fmt::Debug for MemorySeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemorySeen").field("len", &self.len()).field("most", &self.most).finish_non_exhaustive()
    }
}

fn hash(key: &str) -> Hash {
    let mut short = Hash::default();
    short.iter_mut().zip(Sha256::digest(key.as_bytes())).for_each(|(place, byte)| *place = byte);
    short
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[derive(Default)]
    struct Seconds(AtomicU64);

    impl Clock for Seconds {
        fn unix_time(&self) -> Duration {
            Duration::from_secs(self.0.load(Ordering::Relaxed))
        }

        fn monotonic(&self) -> Duration {
            self.unix_time()
        }

        fn sleep(&self, _duration: Duration) -> BoxFuture<'static, ()> {
            Box::pin(std::future::ready(()))
        }
    }

    const KEEP: Duration = Duration::from_secs(10);

    #[test]
    fn a_repetition_is_told_until_the_time_is_over() {
        let clock = Arc::new(Seconds::default());
        let seen = MemorySeen::with_clock(8, Arc::<Seconds>::clone(&clock));

        assert!(seen.is_new("a", KEEP));
        assert!(!seen.is_new("a", KEEP));
        assert!(seen.is_new("b", KEEP));
        clock.0.store(10, Ordering::Relaxed);
        assert!(seen.is_new("a", KEEP));
        assert!(!seen.is_new("a", KEEP));
    }

    #[tokio::test]
    async fn what_is_forgotten_is_new_again() {
        let seen = MemorySeen::new(8);

        assert!(seen.note("a", KEEP).await.is_ok_and(|new| new));
        assert!(seen.forget("a").await.is_ok());

        assert!(seen.note("a", KEEP).await.is_ok_and(|new| new));
        assert!(seen.note("a", KEEP).await.is_ok_and(|new| !new));
    }

    #[test]
    fn the_oldest_give_way_and_the_memory_stays_bounded() {
        let seen = MemorySeen::new(100);
        for number in 0..10_000 {
            assert!(seen.is_new(&number.to_string(), KEEP));
            if number % 3 == 0 {
                seen.notes().until.remove(&hash(&number.to_string()));
            }
        }

        assert!(!seen.is_new("9998", KEEP));
        assert!(seen.is_new("1", KEEP));
        assert!(seen.len() <= 100 && seen.notes().order.len() <= 200, "{seen:?}");
    }
}
