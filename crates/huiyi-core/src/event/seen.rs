//! Records which deliveries have arrived before.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::StoreError;
use crate::clock::{BoxFuture, Clock, SystemClock};

/// A record of deliveries, used to recognise repetitions.
///
/// Vendors deliver at least once, so an event may arrive again although it was handled. One process can use
/// [`MemorySeen`]; several processes behind one URL need a shared record.
///
/// An event is [claimed](Self::claim) before it is handled, and then [done](Self::done) or
/// [given up](Self::give_up). The claim is short, and is [extended](Self::extend) while the handler goes on. If a
/// process crashes, its claim expires before the vendor repeats the event, which then counts as new.
///
/// A process that was suspended longer than its claim, or could not reach the record, may extend or end a claim that
/// another process holds by then. A shared record should store which process made a claim and ignore calls of others, as
/// `huiyi-redis` does. Claims of one process are not told apart.
pub trait Seen: Send + Sync + 'static {
    /// Claims an event for this time, unless it is claimed or done. Of several simultaneous callers, only one gets
    /// [`Claim::New`].
    ///
    /// # Errors
    ///
    /// If the record cannot be reached. The event is then handled as new.
    fn claim<'a>(&'a self, key: &'a str, time: Duration) -> BoxFuture<'a, Result<Claim, StoreError>>;

    /// Makes a claim last for this time from now. Does nothing if there is no claim: it has expired, or the event is
    /// done or given up.
    ///
    /// # Errors
    ///
    /// If the record cannot be reached.
    fn extend<'a>(&'a self, key: &'a str, time: Duration) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Records for at least this time that an event was handled.
    ///
    /// # Errors
    ///
    /// If the record cannot be reached.
    fn done<'a>(&'a self, key: &'a str, keep: Duration) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Ends a claim because the event could not be handled. The event counts as new when it is delivered again. Does
    /// nothing if the event is done.
    ///
    /// # Errors
    ///
    /// If the record cannot be reached.
    fn give_up<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// The state of an event in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The event is new and now claimed by the caller.
    New,
    /// Another caller has claimed it and is not done.
    InHand,
    /// The event was handled.
    Done,
}

impl<S: Seen + ?Sized> Seen for Arc<S> {
    fn claim<'a>(&'a self, key: &'a str, time: Duration) -> BoxFuture<'a, Result<Claim, StoreError>> {
        (**self).claim(key, time)
    }

    fn extend<'a>(&'a self, key: &'a str, time: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        (**self).extend(key, time)
    }

    fn done<'a>(&'a self, key: &'a str, keep: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        (**self).done(key, keep)
    }

    fn give_up<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        (**self).give_up(key)
    }
}

/// Records the newest deliveries of one process, up to a maximum number.
///
/// ```
/// use std::time::Duration;
///
/// use huiyi_core::event::{Claim, MemorySeen, Seen};
///
/// # async fn run() -> Result<(), huiyi_core::StoreError> {
/// let seen = MemorySeen::new(10_000);
/// assert_eq!(seen.claim("feishu:6e1fcd70", Duration::from_secs(60)).await?, Claim::New);
/// seen.done("feishu:6e1fcd70", Duration::from_secs(3600)).await?;
/// assert_eq!(seen.claim("feishu:6e1fcd70", Duration::from_secs(60)).await?, Claim::Done);
/// # Ok(()) }
/// ```
pub struct MemorySeen {
    most: usize,
    clock: Arc<dyn Clock>,
    notes: Mutex<Notes>,
}

/// The first half of a hash. Keys may be long, and there are many.
type Hash = [u8; 16];

#[derive(Default)]
struct Notes {
    known: HashMap<Hash, Note>,
    order: VecDeque<(Hash, u64)>,
    count: u64,
}

struct Note {
    until: Duration,
    is_done: bool,
    /// Position in the order.
    number: u64,
}

impl Notes {
    fn insert(&mut self, hash: Hash, until: Duration, is_done: bool, most: usize) {
        self.count += 1;
        let number = self.count;
        self.known.insert(hash, Note { until, is_done, number });
        self.order.push_back((hash, number));
        // Entries that were given up or recorded again stay in the queue until they are the oldest.
        while self.known.len() > most || self.order.len() > 3 * most {
            let Some((oldest, number)) = self.order.pop_front() else { break };
            if self.known.get(&oldest).is_some_and(|note| note.number == number) {
                self.known.remove(&oldest);
            }
        }
    }
}

impl MemorySeen {
    /// Creates a record of at most this many deliveries, about 80 bytes each.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self::with_clock(most, Arc::new(SystemClock::default()))
    }

    /// Creates a record that uses this clock.
    #[must_use]
    pub fn with_clock(most: usize, clock: Arc<dyn Clock>) -> Self {
        Self { most: most.max(1), clock, notes: Mutex::default() }
    }

    /// Returns the number of deliveries in the record.
    #[must_use]
    pub fn len(&self) -> usize {
        self.notes().known.len()
    }

    /// Returns whether the record is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claim_now(&self, key: &str, time: Duration) -> Claim {
        let (now, hash) = (self.clock.monotonic(), hash(key));
        let mut notes = self.notes();
        match notes.known.get(&hash) {
            Some(note) if note.until > now => {
                if note.is_done {
                    Claim::Done
                } else {
                    Claim::InHand
                }
            }
            _ => {
                notes.insert(hash, now.saturating_add(time), false, self.most);
                Claim::New
            }
        }
    }
}

impl Seen for MemorySeen {
    fn claim<'a>(&'a self, key: &'a str, time: Duration) -> BoxFuture<'a, Result<Claim, StoreError>> {
        Box::pin(std::future::ready(Ok(self.claim_now(key, time))))
    }

    fn extend<'a>(&'a self, key: &'a str, time: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        let now = self.clock.monotonic();
        if let Some(note) = self.notes().known.get_mut(&hash(key))
            && !note.is_done
            && note.until > now
        {
            note.until = now.saturating_add(time);
        }
        Box::pin(std::future::ready(Ok(())))
    }

    fn done<'a>(&'a self, key: &'a str, keep: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        let until = self.clock.monotonic().saturating_add(keep);
        self.notes().insert(hash(key), until, true, self.most);
        Box::pin(std::future::ready(Ok(())))
    }

    fn give_up<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        let (mut notes, hash) = (self.notes(), hash(key));
        if notes.known.get(&hash).is_some_and(|note| !note.is_done) {
            notes.known.remove(&hash);
        }
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

    #[tokio::test]
    async fn an_event_is_new_once_and_then_in_hand_or_done_until_the_time_is_over() {
        let clock = Arc::new(Seconds::default());
        let seen = MemorySeen::with_clock(8, Arc::<Seconds>::clone(&clock));

        assert_eq!(seen.claim_now("a", KEEP), Claim::New);
        assert_eq!(seen.claim_now("a", KEEP), Claim::InHand);
        assert_eq!(seen.claim_now("b", KEEP), Claim::New);
        assert!(seen.done("a", KEEP * 2).await.is_ok());
        clock.0.store(10, Ordering::Relaxed);
        assert_eq!(seen.claim_now("a", KEEP), Claim::Done);
        assert_eq!(seen.claim_now("b", KEEP), Claim::New);
        clock.0.store(20, Ordering::Relaxed);
        assert_eq!(seen.claim_now("a", KEEP), Claim::New);
    }

    #[tokio::test]
    async fn what_is_given_up_is_new_again() {
        let seen = MemorySeen::new(8);

        assert_eq!(seen.claim_now("a", KEEP), Claim::New);
        assert!(seen.give_up("a").await.is_ok());

        assert_eq!(seen.claim_now("a", KEEP), Claim::New);
    }

    #[tokio::test]
    async fn only_a_claim_is_extended_or_given_up() {
        let clock = Arc::new(Seconds::default());
        let seen = MemorySeen::with_clock(8, Arc::<Seconds>::clone(&clock));
        for key in ["claimed", "done", "given up", "expired"] {
            assert_eq!(seen.claim_now(key, KEEP), Claim::New);
        }
        assert!(seen.done("done", KEEP).await.is_ok() && seen.give_up("given up").await.is_ok());
        clock.0.store(9, Ordering::Relaxed);
        for key in ["claimed", "done", "given up", "unknown"] {
            assert!(seen.extend(key, KEEP).await.is_ok());
        }
        assert!(seen.give_up("done").await.is_ok());
        assert_eq!(seen.claim_now("done", KEEP), Claim::Done);
        clock.0.store(10, Ordering::Relaxed);
        assert!(seen.extend("expired", KEEP).await.is_ok());

        for key in ["done", "given up", "expired", "unknown"] {
            assert_eq!(seen.claim_now(key, KEEP), Claim::New, "{key}");
        }
        clock.0.store(18, Ordering::Relaxed);
        assert_eq!(seen.claim_now("claimed", KEEP), Claim::InHand);
        clock.0.store(19, Ordering::Relaxed);
        assert_eq!(seen.claim_now("claimed", KEEP), Claim::New);
    }

    #[tokio::test]
    async fn the_oldest_give_way_and_the_memory_stays_bounded() {
        let seen = MemorySeen::new(100);
        for number in 0..10_000 {
            let key = number.to_string();
            assert_eq!(seen.claim_now(&key, KEEP), Claim::New);
            if number % 3 == 0 {
                assert!(seen.give_up(&key).await.is_ok());
            } else {
                assert!(seen.done(&key, KEEP).await.is_ok());
            }
        }

        assert_eq!(seen.claim_now("9998", KEEP), Claim::Done);
        assert_eq!(seen.claim_now("1", KEEP), Claim::New);
        assert!(seen.len() <= 100 && seen.notes().order.len() <= 300, "{seen:?}");
    }
}
