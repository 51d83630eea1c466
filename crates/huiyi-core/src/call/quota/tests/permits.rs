//! When a permit becomes free.

use super::*;

#[tokio::test(start_paused = true)]
async fn as_many_calls_as_a_window_allows_go_out_at_once() {
    for (operation, calls) in [(&FEISHU, 50), (&WECOM, 10_000), (&DINGTALK, 20), (&TENCENT, 300)] {
        let (quotas, clock) = quotas(QuotaPolicy::wait());

        take(&quotas, operation, calls).await;

        assert_eq!(clock.monotonic(), Duration::ZERO, "{}", operation.id);
    }
}

#[tokio::test(start_paused = true)]
async fn a_place_is_free_again_one_window_after_the_answer() {
    let (quotas, clock) = quotas(QuotaPolicy::refuse());
    let mut permits = take(&quotas, &DINGTALK, 20).await;
    clock.sleep(Duration::from_millis(300)).await;
    permits.pop().unwrap().settle();
    clock.sleep(Duration::from_millis(200)).await;

    assert_eq!(wait(quotas.enter(&DINGTALK, None).await), Duration::from_millis(800));
    clock.sleep(Duration::from_millis(799)).await;
    assert!(quotas.enter(&DINGTALK, None).await.is_err());
    clock.sleep(Duration::from_millis(1)).await;
    assert!(quotas.enter(&DINGTALK, None).await.is_ok());
    assert!(quotas.enter(&DINGTALK, None).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_call_without_an_answer_keeps_its_place() {
    let (quotas, clock) = quotas(QuotaPolicy::refuse());
    let _under_way = take(&quotas, &DINGTALK, 20).await;

    clock.sleep(30 * SECOND).await;

    assert_eq!(wait(quotas.enter(&DINGTALK, None).await), SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_not_sent_gives_its_place_back_in_every_window() {
    let (quotas, clock) = quotas(QuotaPolicy::refuse());
    let mut permits = take(&quotas, &TENCENT_CORP, 100).await;
    assert!(quotas.enter(&TENCENT_CORP, None).await.is_err());

    permits.pop().unwrap().release();

    permits.push(quotas.enter(&TENCENT_CORP, None).await.unwrap());
    permits.into_iter().for_each(Permit::release);
    take(&quotas, &TENCENT, 300).await;
    assert_eq!(clock.monotonic(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn operations_of_an_app_share_a_shared_quota() {
    let (quotas, _) = quotas(QuotaPolicy::refuse());
    take(&quotas, &TENCENT_CORP, 100).await;
    assert_eq!(wait(quotas.enter(&TENCENT_CORP, None).await), MINUTE);

    take(&quotas, &TENCENT, 100).await;
    take(&quotas, &TENCENT_OTHER, 100).await;

    assert_eq!(wait(quotas.enter(&TENCENT, None).await), MINUTE);
    assert_eq!(wait(quotas.enter(&TENCENT_OTHER, None).await), MINUTE);
}

#[tokio::test(start_paused = true)]
async fn tenants_are_counted_apart() {
    let (quotas, _) = quotas(QuotaPolicy::refuse());
    let (one, other): (Arc<str>, Arc<str>) = (Arc::from("one"), Arc::from("other"));
    for _ in 0..20 {
        quotas.enter(&DINGTALK, Some(&one)).await.unwrap().settle();
    }

    assert!(quotas.enter(&DINGTALK, Some(&other)).await.is_ok());
    assert!(quotas.enter(&DINGTALK, Some(&one)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn tenants_without_calls_are_forgotten_and_others_are_not() {
    let (quotas, clock) = quotas(QuotaPolicy::refuse());
    let busy: Arc<str> = Arc::from("busy");
    let permits = {
        let mut permits = Vec::new();
        for _ in 0..20 {
            permits.push(quotas.enter(&DINGTALK, Some(&busy)).await.unwrap());
        }
        permits
    };
    for number in 0..10_000 {
        quotas.enter(&DINGTALK, Some(&format!("tenant {number}").into())).await.unwrap().settle();
        clock.sleep(Duration::from_millis(20)).await;
    }

    assert!(quotas.all().len() < 300, "{}", quotas.all().len());
    assert!(quotas.enter(&DINGTALK, Some(&busy)).await.is_err());
    drop(permits);
}

#[tokio::test(start_paused = true)]
async fn an_operation_without_limits_is_not_held_up() {
    let (quotas, clock) = quotas(QuotaPolicy::wait());

    take(&quotas, &UNLIMITED, 10_000).await;

    assert_eq!(clock.monotonic(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn off_keeps_no_quota() {
    let (quotas, clock) = quotas(QuotaPolicy::off());

    take(&quotas, &DINGTALK, 10_000).await;

    assert_eq!(clock.monotonic(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn the_scale_factor_scales_and_counts_as_1_unless_it_is_positive() {
    for (scale, calls) in [(0.5, 10), (0.99, 19), (2.0, 40), (0.0, 20), (-1.0, 20), (f64::NAN, 20), (f64::INFINITY, 20)]
    {
        let (quotas, _) = quotas(QuotaPolicy::refuse().with_scale(scale));

        let _places = take(&quotas, &DINGTALK, calls).await;

        assert!(quotas.enter(&DINGTALK, None).await.is_err(), "{scale}");
    }
}

#[tokio::test(start_paused = true)]
async fn less_than_one_call_in_a_window_is_one_in_a_longer_window() {
    for (scale, least) in
        [(0.02, Duration::from_millis(2500)), (1e-12, 365 * 24 * HOUR), (f64::MIN_POSITIVE, 365 * 24 * HOUR)]
    {
        let (quotas, _) = quotas(QuotaPolicy::refuse().with_scale(scale));
        quotas.enter(&DINGTALK, None).await.unwrap().settle();

        let wait = wait(quotas.enter(&DINGTALK, None).await);

        assert!(wait >= least, "{scale}: {wait:?}");
    }
}

/// A window of 150,000 permits per hour has a few thousand entries, and frees no permit too early.
#[tokio::test(start_paused = true)]
async fn a_large_window_needs_little_memory() {
    use super::super::window::Window;
    let mut window = Window::new(&own(150_000, 3600), 1.0);
    let mut sent = std::collections::VecDeque::new();
    let mut now = Duration::ZERO;
    let mut used = 0;
    while now < 3 * HOUR {
        if window.has_place(now) {
            window.take();
            window.settle(now);
            used += 1;
            sent.push_back(now);
            while sent.front().is_some_and(|first| now - *first >= HOUR) {
                sent.pop_front();
            }
            assert!(sent.len() <= 150_000);
        }
        assert!(window.memory() <= 4100, "{}", window.memory());
        now += Duration::from_millis(20);
    }
    assert!(used >= 3 * 149_800, "{used}");
}
