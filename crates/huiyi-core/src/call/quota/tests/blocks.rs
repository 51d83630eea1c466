//! Calls while the vendor blocks them.

use futures_util::FutureExt;

use super::super::Blocks;
use super::store::{Mood, Store};
use super::*;

#[tokio::test(start_paused = true)]
async fn calls_of_a_blocked_operation_wait_until_the_vendor_answers_again_and_others_do_not() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    quotas.block(&WECOM, None, 30 * SECOND, Blocks::Operation);

    take(&quotas, &FEISHU, 1).await;
    assert_eq!(clock.monotonic(), Duration::ZERO);
    take(&quotas, &WECOM, 100).await;

    assert_eq!(clock.monotonic(), 30 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn an_operation_without_limits_can_be_blocked() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    quotas.block(&UNLIMITED, None, SECOND, Blocks::Operation);

    take(&quotas, &UNLIMITED, 100).await;

    assert_eq!(clock.monotonic(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn calls_are_refused_rather_than_wait_for_longer_than_the_time_limit() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    quotas.block(&WECOM, None, MINUTE + SECOND, Blocks::Operation);

    let refused = quotas.enter(&WECOM, None).await.unwrap_err();

    assert_eq!(refused, Refused { wait: MINUTE + SECOND, by_vendor: true });
    assert_eq!(clock.monotonic(), Duration::ZERO);
    clock.sleep(SECOND).await;
    take(&quotas, &WECOM, 1).await;
    assert_eq!(clock.monotonic(), MINUTE + SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_already_hears_of_a_block() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    take(&quotas, &DINGTALK, 20).await;
    let caller = tokio::spawn({
        let quotas = quotas.clone();
        async move { quotas.enter(&DINGTALK, None).await.map(Permit::settle) }
    });
    tokio::task::yield_now().await;

    quotas.block(&DINGTALK, None, 5 * MINUTE, Blocks::Everything);

    assert_eq!(caller.await.unwrap(), Err(Refused { wait: 5 * MINUTE, by_vendor: true }));
    assert_eq!(clock.monotonic(), Duration::ZERO);
}

/// The call has a permit of its own process and waits for one of the store, or for one of its share if the store
/// fails. After the block, the permits are free.
#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_other_processes_hears_of_a_block() {
    for (mood, blocks) in
        [Mood::Works, Mood::Fails].map(|mood| [Blocks::Everything, Blocks::Operation].map(|b| (mood, b))).concat()
    {
        let store = Store::new();
        let (one, other) = (store.process(QuotaPolicy::wait()), Arc::new(store.process(QuotaPolicy::wait())));
        take(&one, &TENCENT, 300).await;
        store.set(mood);
        if matches!(mood, Mood::Fails) {
            take(&other, &TENCENT, 75).await;
        }
        let caller = tokio::spawn({
            let other = other.clone();
            async move { other.enter(&TENCENT, None).await.map(Permit::settle) }
        });
        store.clock.sleep(Duration::from_millis(10)).await;

        other.block(&TENCENT, None, 5 * MINUTE, blocks);

        assert!(matches!(caller.await.unwrap(), Err(Refused { by_vendor: true, .. })));
        assert!(store.clock.monotonic() <= SECOND, "{:?}", store.clock.monotonic());
        store.set(Mood::Works);
        store.clock.sleep(5 * MINUTE).await;
        let now = store.clock.monotonic();
        take(&other, &TENCENT, 300).await;
        assert_eq!(store.clock.monotonic(), now);
    }
}

/// A block that comes while the store thinks.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_blocked_while_it_gets_its_permit_is_not_sent() {
    let store = Store::new();
    let other = Arc::new(store.process(QuotaPolicy::wait()));
    store.think(Duration::from_millis(100));
    let caller = tokio::spawn({
        let other = other.clone();
        async move { other.enter(&TENCENT, None).await.map(Permit::settle) }
    });
    store.clock.sleep(Duration::from_millis(10)).await;

    other.block(&TENCENT, None, 30 * SECOND, Blocks::Everything);

    assert_eq!(caller.await.unwrap(), Ok(()));
    assert!(store.clock.monotonic() >= 30 * SECOND, "{:?}", store.clock.monotonic());
}

#[tokio::test(start_paused = true)]
async fn a_block_of_everything_is_one_for_all_operations_and_tenants() {
    let (quotas, clock) = quotas(QuotaPolicy::refuse());
    let tenant: Arc<str> = Arc::from("tenant");
    quotas.block(&DINGTALK, Some(&tenant), 5 * MINUTE, Blocks::Everything);

    for quotas in [&quotas, &Arc::new(quotas.for_other_identity())] {
        for tenant in [None, Some(&tenant)] {
            let refused = quotas.enter(&UNLIMITED, tenant).await.unwrap_err();
            assert_eq!(refused, Refused { wait: 5 * MINUTE, by_vendor: true });
        }
    }
    clock.sleep(5 * MINUTE).await;
    assert!(quotas.enter(&UNLIMITED, None).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_block_is_over_after_an_hour_whatever_the_vendor_asks_for() {
    let (quotas, clock) = quotas(QuotaPolicy::refuse());
    quotas.block(&WECOM, None, Duration::MAX, Blocks::Operation);
    quotas.block(&WECOM, None, SECOND, Blocks::Operation);

    assert_eq!(wait(quotas.enter(&WECOM, None).await), HOUR);
    clock.sleep(HOUR).await;
    assert!(quotas.enter(&WECOM, None).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_policy_without_quotas_holds_nothing_back() {
    let (quotas, _) = quotas(QuotaPolicy::off());
    quotas.block(&WECOM, None, MINUTE, Blocks::Everything);

    assert!(quotas.enter(&WECOM, None).now_or_never().unwrap().is_ok());
}
