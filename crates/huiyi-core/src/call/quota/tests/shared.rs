//! Several processes that share quotas, and processes that cannot reach the store.

use std::sync::Mutex;

use futures_util::future::join_all;

use super::store::{Mood, Store};
use super::*;

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
    for mood in [Mood::Fails, Mood::Hangs] {
        let store = Store::new();
        let quotas = store.process(QuotaPolicy::refuse());
        store.set(mood);

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
    store.set(Mood::Fails);

    assert!(quotas.enter(&TENCENT, None).await.is_err());

    store.set(Mood::Works);
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

/// A permit counts in several windows, and operations share some of them. A permit of one must not overwrite that of
/// another.
#[tokio::test(start_paused = true)]
async fn operations_that_share_some_windows_only_are_counted_together() {
    let store = Store::new();
    let (one, other) = (store.process(QuotaPolicy::refuse()), store.process(QuotaPolicy::refuse()));
    let _corp = take(&one, &TENCENT_CORP, 100).await;
    let mut permits = take(&other, &TENCENT, 100).await;
    permits.extend(take(&one, &TENCENT_OTHER, 100).await);

    for operation in [&TENCENT, &TENCENT_OTHER, &TENCENT_CORP] {
        assert!(one.enter(operation, None).await.is_err());
        assert!(other.enter(operation, None).await.is_err());
    }
    permits.into_iter().for_each(Permit::release);
    store.clock.sleep(Duration::from_millis(1)).await;

    let _permits = take(&other, &TENCENT, 200).await;
    assert!(one.enter(&TENCENT, None).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_may_be_as_long_as_it_likes() {
    let store = Store::new();
    let quotas = [
        Quotas::new(QuotaPolicy::refuse(), store.clock.clone(), Duration::MAX),
        store.process_with(QuotaPolicy::refuse(), Duration::MAX),
    ];
    for quotas in quotas {
        take(&quotas, &DINGTALK, 20).await;
        tokio::task::yield_now().await;
        assert_eq!(wait(quotas.enter(&DINGTALK, None).await), SECOND);
        store.clock.sleep(SECOND).await;
    }
}
