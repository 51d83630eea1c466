//! Which caller gets a permit, and what happens to the permits of callers that give up or stall.

use std::sync::Mutex;
use std::task::{Context, Waker};

use futures_util::FutureExt;
use futures_util::future::{join, join_all};

use super::store::Store;
use super::*;

#[tokio::test(start_paused = true)]
async fn callers_go_in_the_order_in_which_they_came() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    let order = Mutex::new(Vec::new());
    let caller = |number: u32| {
        let (quotas, order, clock) = (&quotas, &order, &clock);
        async move {
            let permit = quotas.enter(&DINGTALK, None).await.unwrap();
            order.lock().unwrap().push((number, clock.monotonic().as_secs()));
            permit.settle();
        }
    };

    join_all((0..100).map(caller)).await;

    assert_eq!(*order.lock().unwrap(), (0..100).map(|number| (number, u64::from(number / 20))).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_its_operations_quota_holds_up_no_other() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    take(&quotas, &TENCENT_CORP, 100).await;
    let mut waiting = Box::pin(quotas.enter(&TENCENT_CORP, None));
    assert!((&mut waiting).now_or_never().is_none());

    take(&quotas, &TENCENT, 200).await;

    assert_eq!(clock.monotonic(), Duration::ZERO);
    waiting.await.unwrap().settle();
    assert_eq!(clock.monotonic(), MINUTE);
}

/// A backlog of one operation is not overtaken by later calls of others.
#[tokio::test(start_paused = true)]
async fn a_call_that_came_first_is_not_overtaken_when_its_own_quota_is_free() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    take(&quotas, &TENCENT_CORP, 100).await;
    take(&quotas, &TENCENT, 200).await;
    let corp = async {
        quotas.enter(&TENCENT_CORP, None).await.unwrap().settle();
        clock.monotonic()
    };
    let others = async {
        join_all((0..1000).map(|_| async { quotas.enter(&TENCENT_OTHER, None).await.unwrap().settle() })).await;
        clock.monotonic()
    };

    assert_eq!(join(corp, others).await, (MINUTE, 4 * MINUTE));
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_waiting_takes_no_place_with_it() {
    for (quotas, clock) in alone_and_shared(QuotaPolicy::wait()) {
        let started = clock.monotonic();
        take(&quotas, &DINGTALK, 20).await;
        let caller = |number: u64| {
            let quotas = &quotas;
            async move {
                let entered = quotas.enter(&DINGTALK, None);
                match number % 2 {
                    0 => drop(tokio::time::timeout(Duration::from_millis(number * 10), entered).await),
                    _ => entered.await.unwrap().settle(),
                }
            }
        };

        join_all((0..80).map(caller)).await;

        assert_eq!(clock.monotonic() - started, 2 * SECOND);
    }
}

/// Another process has all permits, and the caller waits for the store with a permit of its own process.
#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_waiting_for_other_processes_takes_no_place_with_it() {
    let store = Store::new();
    let (one, other) = (store.process(QuotaPolicy::wait()), store.process(QuotaPolicy::wait()));
    take(&one, &TENCENT, 300).await;
    let caller = || tokio::time::timeout(50 * SECOND, other.enter(&TENCENT, None));
    assert!(join_all((0..300).map(|_| caller())).await.iter().all(Result::is_err));

    take(&other, &TENCENT, 300).await;

    assert_eq!(store.clock.monotonic(), MINUTE);
}

/// If a caller has a permit but has not picked it up and gives up, the next caller gets the permit.
#[tokio::test(start_paused = true)]
async fn a_place_given_to_a_caller_that_gives_up_goes_to_the_next() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    quotas.enter(&ONE_AN_HOUR, None).await.unwrap().settle();
    let mut first = Box::pin(quotas.enter(&ONE_AN_HOUR, None));
    let mut second = Box::pin(quotas.enter(&ONE_AN_HOUR, None));
    let mut context = Context::from_waker(Waker::noop());
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut context).is_pending());
    clock.sleep(HOUR).await;
    // The second caller checks, and the first one is given the permit.
    assert!(second.as_mut().poll(&mut context).is_pending());

    drop(first);

    assert!(second.as_mut().poll(&mut context).is_ready());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_cancelled_under_way_frees_its_place_one_window_later() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    let call = || async {
        let _place = quotas.enter(&DINGTALK, None).await.unwrap();
        std::future::pending::<()>().await;
    };
    let _ = tokio::time::timeout(Duration::from_millis(400), join_all((0..20).map(|_| call()))).await;

    take(&quotas, &DINGTALK, 20).await;

    assert_eq!(clock.monotonic(), Duration::from_millis(1400));
}

#[tokio::test(start_paused = true)]
async fn no_place_is_lost_whoever_gives_up_whenever() {
    for (quotas, clock) in alone_and_shared(QuotaPolicy::wait()) {
        let caller = |number: u64| {
            let quotas = &quotas;
            async move {
                let call = async {
                    let permit = quotas.enter(&TENCENT_CORP, None).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(number * 7919 % 200)).await;
                    if number.is_multiple_of(3) { permit.release() } else { permit.settle() }
                };
                let _ = tokio::time::timeout(Duration::from_millis(number * 104_729 % 200_000), call).await;
            }
        };
        join_all((1..2000).map(caller)).await;
        let now = clock.monotonic();
        clock.sleep(MINUTE).await;

        take(&quotas, &TENCENT_CORP, 100).await;
        take(&quotas, &TENCENT, 200).await;

        assert_eq!(clock.monotonic(), now + MINUTE);
    }
}

/// Callers at the head of the queue that are never polled do not block those behind them.
#[tokio::test(start_paused = true)]
async fn callers_that_stand_still_hold_up_the_others_for_seconds_only() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    take(&quotas, &DINGTALK, 20).await;
    let mut still: Vec<_> = (0..40).map(|_| Box::pin(quotas.enter(&DINGTALK, None))).collect();
    let mut context = Context::from_waker(Waker::noop());
    for caller in &mut still {
        assert!(caller.as_mut().poll(&mut context).is_pending());
    }

    join_all((0..20).map(|_| async { quotas.enter(&DINGTALK, None).await.unwrap().settle() })).await;

    assert!(clock.monotonic() <= 12 * SECOND, "{:?}", clock.monotonic());
    // Callers that are polled again get their turn.
    join_all(still).await.into_iter().for_each(|entered| entered.unwrap().settle());
}

/// An attempt ends after its time limit; a permit held for twice as long counts as answered.
#[tokio::test(start_paused = true)]
async fn calls_that_stand_still_free_their_places_in_the_end() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    let _still = take(&quotas, &DINGTALK, 20).await;

    quotas.enter(&DINGTALK, None).await.unwrap().settle();

    assert!(clock.monotonic() <= 2 * MINUTE + 3 * SECOND, "{:?}", clock.monotonic());
}

#[tokio::test(start_paused = true)]
async fn callers_on_many_threads_get_all_places_and_no_more() {
    let (quotas, _) = quotas(QuotaPolicy::refuse());
    let entered: usize = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..8)
            .map(|_| {
                let quotas = quotas.clone();
                scope.spawn(move || {
                    let calls = (0..100).map(|_| quotas.enter(&TENCENT, None).now_or_never().unwrap());
                    calls.filter(|entered| entered.is_ok()).count()
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).sum()
    });

    assert_eq!(entered, 300);
}
