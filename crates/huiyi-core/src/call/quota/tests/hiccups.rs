//! A store that fails for a moment, answers too late, or loses sight of its processes.

use futures_util::future::{join, join_all};

use super::store::{Mood, Store};
use super::*;

fn late(quotas: &Quotas) -> usize {
    quotas.shared.as_ref().unwrap().late_reports()
}

/// All permits are settled while the store fails.
#[tokio::test(start_paused = true)]
async fn after_a_hiccup_calls_go_on_within_about_one_window() {
    for mood in [Mood::Fails, Mood::Hangs, Mood::Mute] {
        let store = Store::new();
        let (one, other) = (store.process(QuotaPolicy::wait()), store.process(QuotaPolicy::wait()));
        let permits = take(&one, &DINGTALK, 20).await;
        store.set(mood);
        permits.into_iter().for_each(Permit::settle);
        store.clock.sleep(Duration::from_millis(600)).await;
        store.set(Mood::Works);

        join_all((0..20).map(|_| async { other.enter(&DINGTALK, None).await.unwrap().settle() })).await;

        let took = store.clock.monotonic();
        assert!(took >= SECOND && took <= 3 * SECOND, "{took:?}");
    }
}

/// The time at which a call ended counts, not that at which the store hears of it.
#[tokio::test(start_paused = true)]
async fn a_late_report_holds_no_place_longer() {
    let store = Store::new();
    let (one, other) = (store.process(QuotaPolicy::wait()), store.process(QuotaPolicy::wait()));
    let permits = take(&one, &TENCENT, 300).await;
    store.set(Mood::Fails);
    permits.into_iter().for_each(Permit::settle);
    store.clock.sleep(20 * SECOND).await;
    store.set(Mood::Works);
    store.clock.sleep(SECOND).await;

    take(&other, &TENCENT, 300).await;

    assert_eq!(store.clock.monotonic(), MINUTE);
}

/// The store gives the permits, but nobody hears of it.
#[tokio::test(start_paused = true)]
async fn permits_whose_callers_heard_no_answer_are_given_back() {
    let store = Store::new();
    let (one, other) = (store.process(QuotaPolicy::refuse()), store.process(QuotaPolicy::refuse()));
    store.set(Mood::Mute);
    let asked = join_all((0..20).map(|_| one.enter(&DINGTALK, None))).await;
    // The store is given up, and the process uses its share.
    assert_eq!(asked.iter().filter(|entered| entered.is_ok()).count(), 5);
    asked.into_iter().flatten().for_each(Permit::release);
    store.set(Mood::Works);
    store.clock.sleep(SECOND).await;

    take(&other, &DINGTALK, 20).await;
}

#[tokio::test(start_paused = true)]
async fn permits_of_callers_that_gave_up_while_they_asked_are_given_back() {
    let store = Store::new();
    let (one, other) = (store.process(QuotaPolicy::refuse()), store.process(QuotaPolicy::refuse()));
    store.set(Mood::Mute);
    let caller = || tokio::time::timeout(Duration::from_millis(10), one.enter(&DINGTALK, None));
    assert!(join_all((0..20).map(|_| caller())).await.iter().all(Result::is_err));
    store.set(Mood::Works);
    store.clock.sleep(2 * SECOND).await;

    take(&other, &DINGTALK, 20).await;
}

#[tokio::test(start_paused = true)]
async fn calls_that_a_process_made_alone_count_when_the_store_is_back() {
    let store = Store::new();
    let (one, other) = (store.process(QuotaPolicy::refuse()), store.process(QuotaPolicy::refuse()));
    store.set(Mood::Fails);
    take(&one, &TENCENT, 70).await.into_iter().for_each(Permit::settle);
    take(&one, &TENCENT, 5).await.into_iter().for_each(Permit::release);
    store.clock.sleep(10 * SECOND).await;
    store.set(Mood::Works);
    store.clock.sleep(SECOND).await;

    let _places = take(&other, &TENCENT, 230).await;
    assert!(other.enter(&TENCENT, None).await.is_err());
    assert!(one.enter(&TENCENT, None).await.is_err());
    // They leave one window after their end.
    store.clock.sleep(MINUTE - 11 * SECOND).await;
    take(&one, &TENCENT, 70).await;
    assert!(one.enter(&TENCENT, None).await.is_err());
}

/// The first call after the failure waits until the calls before it are counted; it takes its share meanwhile.
#[tokio::test(start_paused = true)]
async fn the_store_is_not_asked_before_it_has_heard_of_the_calls_made_alone() {
    let store = Store::new();
    let (one, other) = (store.process(QuotaPolicy::refuse()), store.process(QuotaPolicy::refuse()));
    store.set(Mood::Fails);
    take(&one, &TENCENT, 75).await.into_iter().for_each(Permit::settle);
    store.clock.sleep(10 * SECOND).await;
    store.set(Mood::Works);

    assert!(one.enter(&TENCENT, None).await.is_err(), "the share is used up");
    store.clock.sleep(SECOND).await;
    take(&one, &TENCENT, 225).await;
    assert!(other.enter(&TENCENT, None).await.is_err());
}

/// After a failure one caller tries the store, so a store that hangs does not hold up all of them each second.
#[tokio::test(start_paused = true)]
async fn one_caller_a_second_tries_a_store_that_failed() {
    let store = Store::new();
    let quotas = store.process(QuotaPolicy::refuse());
    store.set(Mood::Hangs);
    let _first = quotas.enter(&WECOM, None).await.unwrap();
    store.clock.sleep(SECOND).await;
    let started = store.clock.monotonic();

    let took = join_all((0..100).map(|_| async {
        let _place = quotas.enter(&WECOM, None).await.unwrap();
        store.clock.monotonic() - started
    }))
    .await;

    assert_eq!(took.iter().filter(|took| !took.is_zero()).count(), 1);
}

/// A caller that waits for its process's share would wait for as long as others use more than that.
#[tokio::test(start_paused = true)]
async fn callers_that_wait_for_the_share_go_back_to_the_store() {
    let store = Store::new();
    let quotas = store.process(QuotaPolicy::wait());
    let caller = |number: u64| {
        let (quotas, clock) = (&quotas, &store.clock);
        async move {
            let mut longest = Duration::ZERO;
            while clock.monotonic() < MINUTE {
                let started = clock.monotonic();
                let permit = quotas.enter(&DINGTALK, None).await.unwrap();
                longest = longest.max(clock.monotonic() - started);
                clock.sleep(Duration::from_millis(number * 37 % 200)).await;
                permit.settle();
            }
            longest
        }
    };
    let hiccup = async {
        store.clock.sleep(5 * SECOND).await;
        store.set(Mood::Fails);
        store.clock.sleep(Duration::from_millis(600)).await;
        store.set(Mood::Works);
    };

    let (waits, ()) = join(join_all((0..40).map(caller)), hiccup).await;

    assert!(waits.iter().all(|wait| *wait < 10 * SECOND), "{waits:?}");
}

/// Reports are not kept for longer than they are of use, nor without end.
#[tokio::test(start_paused = true)]
async fn a_store_that_stays_away_costs_little() {
    let store = Store::new();
    let quotas = store.process(QuotaPolicy::refuse());
    store.set(Mood::Fails);
    for _ in 0..100 {
        take(&quotas, &WECOM, 1000).await.into_iter().for_each(Permit::settle);
        store.clock.sleep(2 * MINUTE).await;
    }
    assert!(late(&quotas) <= 10_000, "{}", late(&quotas));
    store.clock.sleep(2 * HOUR).await;
    store.set(Mood::Works);
    store.clock.sleep(SECOND).await;

    assert_eq!(late(&quotas), 0);
}
