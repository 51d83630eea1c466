//! Several processes that share quotas, and processes that cannot reach the store.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures_util::future::join_all;

use super::super::{Ended, Reserved, SharedQuota, SharedQuotaError, SharedWindow};
use super::*;

/// The shared state of all processes: until when each permit is taken.
struct Store {
    clock: Arc<Paused>,
    taken: Mutex<HashMap<String, Vec<(u64, Duration)>>>,
    numbers: AtomicU64,
    is_down: AtomicBool,
    hangs: AtomicBool,
}

impl Store {
    fn new() -> Arc<Self> {
        let clock = Arc::new(Paused(tokio::time::Instant::now()));
        let (is_down, hangs) = (AtomicBool::new(false), AtomicBool::new(false));
        Arc::new(Self { clock, taken: Mutex::default(), numbers: AtomicU64::new(0), is_down, hangs })
    }

    fn process(self: &Arc<Self>, policy: QuotaPolicy) -> Quotas {
        Quotas::new(policy, self.clock.clone(), MINUTE).shared(self.clone(), "vendor:host:app".to_owned())
    }

    async fn answer(&self) -> Result<(), SharedQuotaError> {
        if self.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        if self.is_down.load(Ordering::Relaxed) { Err("down".into()) } else { Ok(()) }
    }
}

impl SharedQuota for Store {
    fn reserve<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        longest: Duration,
        ahead: u32,
    ) -> BoxFuture<'a, Result<Reserved, SharedQuotaError>> {
        Box::pin(async move {
            self.answer().await?;
            let (mut taken, now) = (self.taken.lock().unwrap(), self.clock.monotonic());
            let mut wait = Duration::ZERO;
            for window in windows {
                let permits = taken.entry(window.key.clone()).or_default();
                permits.retain(|(_, until)| *until > now);
                permits.sort_by_key(|(_, until)| *until);
                if permits.len() >= window.calls as usize {
                    let next = permits[(ahead as usize).min(permits.len() - 1)].1;
                    wait = wait.max((next - now).min(window.length));
                }
            }
            if !wait.is_zero() {
                return Ok(Reserved::Wait(wait));
            }
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            for window in windows {
                taken.get_mut(&window.key).unwrap().push((number, now + longest + window.length));
            }
            Ok(Reserved::Granted(number))
        })
    }

    fn settle<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        permit: u64,
        ended: Ended,
    ) -> BoxFuture<'a, Result<(), SharedQuotaError>> {
        Box::pin(async move {
            self.answer().await?;
            let (mut taken, now) = (self.taken.lock().unwrap(), self.clock.monotonic());
            for window in windows {
                let length = if ended == Ended::Sent { window.length } else { Duration::ZERO };
                let permits = taken.get_mut(&window.key).unwrap();
                permits.iter_mut().filter(|(number, _)| *number == permit).for_each(|(_, until)| *until = now + length);
            }
            Ok(())
        })
    }

    fn processes(&self) -> u32 {
        4
    }
}

/// Sends calls from four processes for `lasts`. Returns the times at which they were sent.
async fn push(store: &Arc<Store>, operation: &'static Operation, lasts: Duration) -> Vec<Duration> {
    let processes: Vec<Quotas> = (0..4).map(|_| store.process(QuotaPolicy::wait())).collect();
    let times = Mutex::new(Vec::new());
    let caller = |number: usize| {
        let (quotas, times, clock) = (&processes[number % 4], &times, &store.clock);
        async move {
            loop {
                let permit = quotas.enter(operation, None).await.unwrap();
                if clock.monotonic() >= lasts {
                    return;
                }
                times.lock().unwrap().push(clock.monotonic());
                tokio::time::sleep(Duration::from_millis(50)).await;
                permit.settle();
            }
        }
    };
    join_all((0..200).map(caller)).await;
    times.into_inner().unwrap()
}

#[tokio::test(start_paused = true)]
async fn processes_together_stay_within_the_quota_and_use_it() {
    for (operation, limit, window, least) in [(&TENCENT, 300, MINUTE, 1440), (&DINGTALK, 20, SECOND, 5000)] {
        let store = Store::new();

        let times = push(&store, operation, 5 * MINUTE).await;

        for (index, time) in times.iter().enumerate() {
            let earlier = times[..index].iter().filter(|earlier| *time - **earlier < window).count();
            assert!(earlier < limit, "{}", operation.id);
        }
        println!("{} {} calls of four processes in 5 minutes", operation.id, times.len());
        assert!(times.len() >= least, "{}: {}", operation.id, times.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_cannot_reach_the_others_uses_its_share() {
    for hangs in [false, true] {
        let store = Store::new();
        let quotas = store.process(QuotaPolicy::refuse());
        if hangs { &store.hangs } else { &store.is_down }.store(true, Ordering::Relaxed);

        let _places = take(&quotas, &TENCENT, 75).await;

        assert_eq!(wait(quotas.enter(&TENCENT, None).await), MINUTE);
        assert!(store.clock.monotonic() <= SECOND, "{:?}", store.clock.monotonic());
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_used_together_counts_when_the_others_are_lost() {
    let store = Store::new();
    let quotas = store.process(QuotaPolicy::refuse());
    let _places = take(&quotas, &TENCENT, 75).await;
    store.is_down.store(true, Ordering::Relaxed);

    assert!(quotas.enter(&TENCENT, None).await.is_err());

    store.is_down.store(false, Ordering::Relaxed);
    store.clock.sleep(2 * SECOND).await;
    take(&quotas, &TENCENT, 225).await;
    assert!(quotas.enter(&TENCENT, None).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_refused_or_not_sent_takes_no_place_from_anybody() {
    let store = Store::new();
    let (one, other) = (store.process(QuotaPolicy::refuse()), store.process(QuotaPolicy::refuse()));
    let mut permits = take(&one, &TENCENT, 300).await;
    assert!(other.enter(&TENCENT, None).await.is_err());

    permits.pop().unwrap().release();
    tokio::task::yield_now().await;

    permits.push(other.enter(&TENCENT, None).await.unwrap());
    assert!(other.enter(&TENCENT, None).await.is_err());
    assert!(one.enter(&TENCENT, None).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_process_that_died_gives_its_places_back_in_the_end() {
    let store = Store::new();
    let (one, other) = (store.process(QuotaPolicy::refuse()), store.process(QuotaPolicy::wait()));
    take(&one, &TENCENT, 300).await.into_iter().for_each(std::mem::forget);

    other.enter(&TENCENT, None).await.unwrap().settle();

    assert!(store.clock.monotonic() <= 3 * MINUTE + SECOND, "{:?}", store.clock.monotonic());
}
