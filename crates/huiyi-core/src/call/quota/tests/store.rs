//! A shared store in memory that can fail in several ways.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use super::super::{Ended, Reserved, SharedQuota, SharedQuotaError, SharedWindow};
use super::*;

/// The shared state of all processes.
pub(super) struct Store {
    pub(super) clock: Arc<Paused>,
    state: Mutex<State>,
    mood: AtomicU8,
    /// How many milliseconds it takes to answer.
    thinks: AtomicU64,
}

#[derive(Default)]
struct State {
    /// When each permit leaves each window. As in a real store, a permit is in a window once.
    taken: HashMap<String, HashMap<u64, Duration>>,
    given_up: HashSet<u64>,
}

/// How the store behaves.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Mood {
    Works,
    /// It fails at once.
    Fails,
    /// It does nothing and does not answer.
    Hangs,
    /// It does what it is asked but does not answer.
    Mute,
}

impl Store {
    pub(super) fn new() -> Arc<Self> {
        let clock = Arc::new(Paused::default());
        let (mood, thinks) = (AtomicU8::new(Mood::Works as u8), AtomicU64::new(0));
        Arc::new(Self { clock, state: Mutex::default(), mood, thinks })
    }

    pub(super) fn process(self: &Arc<Self>, policy: QuotaPolicy) -> Quotas {
        self.process_with(policy, MINUTE)
    }

    pub(super) fn process_with(self: &Arc<Self>, policy: QuotaPolicy, time_limit: Duration) -> Quotas {
        Quotas::new(policy, self.clock.clone(), time_limit).shared(self.clone(), "vendor:host:app".to_owned())
    }

    pub(super) fn set(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::Relaxed);
    }

    pub(super) fn think(&self, time: Duration) {
        self.thinks.store(u64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    fn is(&self, mood: Mood) -> bool {
        self.mood.load(Ordering::Relaxed) == mood as u8
    }

    async fn before(&self) -> Result<(), SharedQuotaError> {
        if self.is(Mood::Hangs) {
            std::future::pending::<()>().await;
        }
        if self.is(Mood::Fails) { Err("down".into()) } else { Ok(()) }
    }

    async fn answer<T>(&self, answer: T) -> Result<T, SharedQuotaError> {
        if self.is(Mood::Mute) {
            std::future::pending::<()>().await;
        }
        let thinks = Duration::from_millis(self.thinks.load(Ordering::Relaxed));
        if !thinks.is_zero() {
            self.clock.sleep(thinks).await;
        }
        Ok(answer)
    }
}

impl State {
    fn reserve(
        &mut self,
        windows: &[SharedWindow],
        permit: u64,
        longest: Duration,
        ahead: u32,
        now: Duration,
    ) -> Reserved {
        let mut wait = Duration::ZERO;
        for window in windows {
            let permits = self.taken.entry(window.key.clone()).or_default();
            permits.retain(|_, until| *until > now);
            let mut ends: Vec<Duration> = permits.values().copied().collect();
            ends.sort();
            if ends.len() >= window.calls as usize {
                let next = ends[(ahead as usize).min(ends.len() - 1)];
                wait = wait.max((next - now).min(window.length));
            }
        }
        if !wait.is_zero() || self.given_up.contains(&permit) {
            return Reserved::Wait(wait);
        }
        for window in windows {
            let until = now.saturating_add(longest).saturating_add(window.length);
            self.taken.entry(window.key.clone()).or_default().insert(permit, until);
        }
        Reserved::Granted
    }
}

impl SharedQuota for Store {
    fn reserve<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        permit: u64,
        longest: Duration,
        ahead: u32,
    ) -> BoxFuture<'a, Result<Reserved, SharedQuotaError>> {
        Box::pin(async move {
            self.before().await?;
            let now = self.clock.monotonic();
            let reserved = self.state.lock().unwrap().reserve(windows, permit, longest, ahead, now);
            self.answer(reserved).await
        })
    }

    fn settle<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        permit: u64,
        ended: Ended,
        ago: Duration,
    ) -> BoxFuture<'a, Result<(), SharedQuotaError>> {
        Box::pin(async move {
            self.before().await?;
            {
                let (mut state, now) = (self.state.lock().unwrap(), self.clock.monotonic());
                for window in windows {
                    let permits = state.taken.entry(window.key.clone()).or_default();
                    match ended {
                        Ended::Sent => permits.insert(permit, now - ago + window.length),
                        Ended::NotSent => permits.remove(&permit),
                    };
                }
                if ended == Ended::NotSent {
                    state.given_up.insert(permit);
                }
            }
            self.answer(()).await
        })
    }

    fn processes(&self) -> u32 {
        4
    }
}
