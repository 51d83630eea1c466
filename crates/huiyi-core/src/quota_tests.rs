#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;

use super::{QuotaPolicy, Quotas};
use crate::clock::{BoxFuture, Clock};
use crate::operation::{Limit, Operation};

/// Time passes only while somebody waits.
#[derive(Default)]
struct Simulated(Mutex<Duration>);

impl Clock for Simulated {
    fn unix_time(&self) -> Duration {
        self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        *self.0.lock().unwrap() += duration;
        Box::pin(std::future::ready(()))
    }
}

const fn operation(id: &'static str, limits: &'static [Limit]) -> Operation {
    Operation {
        id,
        method: "GET",
        path: "/",
        host: None,
        title: "",
        docs: "",
        idempotent: true,
        tokens: &[],
        scopes: &[],
        limits,
        raw: false,
        members: &[],
        errors: &[],
    }
}

static FEISHU: Operation = operation(
    "feishu",
    &[Limit { requests: 50, per_seconds: 1, shared: false }, Limit { requests: 1000, per_seconds: 60, shared: false }],
);
static DINGTALK: Operation = operation("dingtalk", &[Limit { requests: 20, per_seconds: 1, shared: false }]);
static TENCENT: Operation = operation("tencent", &[Limit { requests: 300, per_seconds: 60, shared: true }]);
static TENCENT_OTHER: Operation = operation("other", &[Limit { requests: 300, per_seconds: 60, shared: true }]);

/// Pushes for so many seconds and answers the times of all calls.
async fn push(operation: &'static Operation, policy: QuotaPolicy, seconds: u64) -> Vec<Duration> {
    let clock = Arc::new(Simulated::default());
    let quotas = Quotas::new(policy, clock.clone());
    let mut times = Vec::new();
    loop {
        quotas.enter(operation, None).await.unwrap();
        let now = clock.monotonic();
        if now >= Duration::from_secs(seconds) {
            return times;
        }
        times.push(now);
    }
}

/// The most calls that any window of this length sees, wherever it begins.
fn most_in_a_window(times: &[Duration], window: Duration) -> usize {
    let mut most = 0;
    let mut first = 0;
    for (last, time) in times.iter().enumerate() {
        while *time - times[first] >= window {
            first += 1;
        }
        most = most.max(last - first + 1);
    }
    most
}

#[tokio::test]
async fn no_window_sees_more_than_its_limit_and_the_limit_is_used() {
    for (operation, seconds, budget) in
        [(&FEISHU, 60, 1000), (&FEISHU, 600, 10_000), (&DINGTALK, 60, 1200), (&TENCENT, 60, 300)]
    {
        let times = push(operation, QuotaPolicy::wait(), seconds).await;

        for limit in operation.limits {
            let most = most_in_a_window(&times, Duration::from_secs(u64::from(limit.per_seconds)));
            assert!(most <= limit.requests as usize, "{}: {most} calls in {} s", operation.id, limit.per_seconds);
        }
        assert!(times.len() * 100 >= budget * 98, "{}: {} of {budget} calls in {seconds} s", operation.id, times.len());
    }
}

#[tokio::test]
async fn a_fiftieth_of_a_minutes_quota_may_go_at_once_and_nothing_of_a_seconds() {
    let tencent = push(&TENCENT, QuotaPolicy::wait(), 60).await;
    assert_eq!(tencent.iter().filter(|time| time.is_zero()).count(), 6);
    assert!(tencent.windows(2).skip(6).all(|pair| pair[1] - pair[0] >= Duration::from_millis(200)));

    let dingtalk = push(&DINGTALK, QuotaPolicy::wait(), 5).await;
    assert!(dingtalk.windows(2).all(|pair| pair[1] - pair[0] == Duration::from_millis(50)));
}

#[tokio::test]
async fn the_scale_factor_scales() {
    let half = push(&DINGTALK, QuotaPolicy::wait().with_scale(0.5), 60).await.len();

    assert!((588..=600).contains(&half), "{half}");
}

#[tokio::test]
async fn off_keeps_no_quota() {
    let clock = Arc::new(Simulated::default());
    let quotas = Quotas::new(QuotaPolicy::off(), clock.clone());

    for _ in 0..10_000 {
        quotas.enter(&DINGTALK, None).await.unwrap();
    }

    assert_eq!(clock.monotonic(), Duration::ZERO);
}

#[tokio::test]
async fn a_scale_that_is_not_positive_counts_as_1() {
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let calls = push(&DINGTALK, QuotaPolicy::wait().with_scale(scale), 5).await.len();
        assert_eq!(calls, 100, "{scale}");
    }
}

#[tokio::test]
async fn a_tiny_scale_waits_long_and_does_not_overflow() {
    for scale in [1e-12, f64::MIN_POSITIVE] {
        for operation in [&DINGTALK, &TENCENT] {
            let quotas = Quotas::new(QuotaPolicy::refuse().with_scale(scale), Arc::new(Simulated::default()));
            quotas.enter(operation, None).await.unwrap();

            let wait = quotas.enter(operation, None).await.unwrap_err();

            assert!(wait > Duration::from_secs(365 * 24 * 3600), "{wait:?}");
        }
    }
}

#[tokio::test]
async fn refuse_says_how_long_to_wait() {
    let quotas = Quotas::new(QuotaPolicy::refuse(), Arc::new(Simulated::default()));

    quotas.enter(&DINGTALK, None).await.unwrap();

    assert_eq!(quotas.enter(&DINGTALK, None).await, Err(Duration::from_millis(50)));
}

#[tokio::test]
async fn operations_of_an_app_share_a_shared_quota() {
    let clock = Arc::new(Simulated::default());
    let quotas = Quotas::new(QuotaPolicy::wait(), clock.clone());

    for _ in 0..150 {
        quotas.enter(&TENCENT, None).await.unwrap();
        quotas.enter(&TENCENT_OTHER, None).await.unwrap();
    }

    assert!(clock.monotonic() > Duration::from_secs(58), "{:?}", clock.monotonic());
}

static TENCENT_CORP: Operation = operation(
    "corp",
    &[Limit { requests: 100, per_seconds: 60, shared: false }, Limit { requests: 300, per_seconds: 60, shared: true }],
);

/// A backlog at the operation's own gate must not use places of the common one long before it sends.
#[tokio::test(start_paused = true)]
async fn an_operation_with_a_quota_of_its_own_is_counted_with_the_others_too() {
    let clock = Arc::new(Timer(tokio::time::Instant::now()));
    let quotas = Arc::new(Quotas::new(QuotaPolicy::wait(), clock.clone()));
    let times = Arc::new(Mutex::new(Vec::new()));
    let caller = |operation: &'static Operation, after: u64| {
        let (quotas, clock, times) = (quotas.clone(), clock.clone(), times.clone());
        async move {
            tokio::time::sleep(Duration::from_secs(after)).await;
            quotas.enter(operation, None).await.unwrap();
            times.lock().unwrap().push((clock.monotonic(), operation.id));
        }
    };

    let own = (0..250).map(|_| caller(&TENCENT_CORP, 0));
    let others = (0..900).map(|number| caller(if number % 2 == 0 { &TENCENT } else { &TENCENT_OTHER }, number / 10));
    futures_util::future::join(futures_util::future::join_all(own), futures_util::future::join_all(others)).await;

    let minute = Duration::from_secs(60);
    let times = times.lock().unwrap();
    let all: Vec<Duration> = times.iter().map(|(time, _)| *time).collect();
    let own: Vec<Duration> = times.iter().filter(|(_, id)| *id == "corp").map(|(time, _)| *time).collect();
    assert_eq!((all.len(), own.len()), (1150, 250));
    assert!(most_in_a_window(&all, minute) <= 300, "{}", most_in_a_window(&all, minute));
    assert!(most_in_a_window(&own, minute) <= 100, "{}", most_in_a_window(&own, minute));
    assert!(all.last().unwrap() <= &Duration::from_secs(240), "{:?}", all.last());
}

#[tokio::test]
async fn a_place_of_its_own_is_kept_while_the_common_quota_refuses() {
    let clock = Arc::new(Simulated::default());
    let quotas = Quotas::new(QuotaPolicy::refuse(), clock.clone());
    for _ in 0..6 {
        quotas.enter(&TENCENT, None).await.unwrap();
    }

    // Two are free at once by its own quota, none by the common one.
    let waits: Vec<_> = [quotas.enter(&TENCENT_CORP, None).await, quotas.enter(&TENCENT_CORP, None).await].into();
    assert!(waits.iter().all(|wait| wait.is_err_and(|wait| wait < Duration::from_millis(250))), "{waits:?}");
    clock.sleep(Duration::from_secs(1)).await;
    assert!(quotas.enter(&TENCENT_CORP, None).await.is_ok());
    assert!(quotas.enter(&TENCENT_CORP, None).await.is_ok());
    assert!(quotas.enter(&TENCENT_CORP, None).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_gives_up_beside_the_queue_leaves_its_places_to_the_next() {
    let clock = Arc::new(Timer(tokio::time::Instant::now()));
    let quotas = Quotas::new(QuotaPolicy::wait(), clock.clone());
    let mut times = Vec::new();

    // Each second call waits aside for a place of its operation, and gives up at different moments.
    for number in 0..200 {
        let call = quotas.enter(&TENCENT_CORP, None);
        if number % 2 == 0 {
            let _ = tokio::time::timeout(Duration::from_millis(50 * (number % 13)), call).await;
        } else {
            call.await.unwrap();
            times.push(clock.monotonic());
        }
    }

    // What gave up took no place with it but those that it had been granted in time.
    assert_eq!(times.len(), 100);
    assert!(most_in_a_window(&times, Duration::from_secs(60)) <= 100);
    assert!(times.last().unwrap() <= &Duration::from_secs(125), "{:?}", times.last());
}

/// Three places of the day are free at once, one of a minute.
const COMMON: [Limit; 2] =
    [Limit { requests: 150, per_seconds: 86_400, shared: true }, Limit { requests: 60, per_seconds: 60, shared: true }];
static LIMITED: Operation =
    operation("limited", &[Limit { requests: 30, per_seconds: 60, shared: false }, COMMON[0], COMMON[1]]);
static UNLIMITED: Operation = operation("unlimited", &COMMON);

#[tokio::test(start_paused = true)]
async fn a_place_of_the_day_is_not_lost_with_a_call_that_gives_up_waiting_for_the_minute() {
    let clock = Arc::new(Timer(tokio::time::Instant::now()));
    let quotas = Quotas::new(QuotaPolicy::wait(), clock.clone());
    let at = |milliseconds| clock.sleep(Duration::from_millis(milliseconds));
    quotas.enter(&LIMITED, None).await.unwrap();
    // Waits aside for its own second place until 2 s, takes the day's last, and finds the minute's taken.
    let gives_up = tokio::time::timeout(Duration::from_millis(2500), quotas.enter(&LIMITED, None));
    let other = async {
        at(1900).await;
        quotas.enter(&UNLIMITED, None).await.unwrap();
    };

    assert!(futures_util::future::join(gives_up, other).await.0.is_err());
    quotas.enter(&LIMITED, None).await.unwrap();

    assert!(clock.monotonic() < Duration::from_secs(3), "{:?}", clock.monotonic());
}

/// The runtime's time, which jumps when all wait.
struct Timer(tokio::time::Instant);

impl Clock for Timer {
    fn unix_time(&self) -> Duration {
        self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

#[tokio::test]
async fn tenants_are_counted_apart() {
    let quotas = Quotas::new(QuotaPolicy::refuse(), Arc::new(Simulated::default()));
    let (one, other): (Arc<str>, Arc<str>) = (Arc::from("one"), Arc::from("other"));

    quotas.enter(&DINGTALK, Some(&one)).await.unwrap();

    assert!(quotas.enter(&DINGTALK, Some(&other)).await.is_ok());
    assert!(quotas.enter(&DINGTALK, Some(&one)).await.is_err());
}

/// A clock that stands still and never wakes anybody.
#[derive(Default)]
struct Stopped;

impl Clock for Stopped {
    fn unix_time(&self) -> Duration {
        Duration::ZERO
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn callers_wait_in_the_order_in_which_they_came_and_may_give_up() {
    let quotas = Quotas::new(QuotaPolicy::wait(), Arc::new(Stopped));
    quotas.enter(&DINGTALK, None).await.unwrap();
    let mut first = Box::pin(quotas.enter(&DINGTALK, None));
    let mut second = Box::pin(quotas.enter(&DINGTALK, None));

    assert!(first.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());
    drop(first);

    // The turn passed on: the second caller now holds the gate and would wait for its place.
    assert!(second.as_mut().now_or_never().is_none());
    drop(second);
    assert!(quotas.enter(&DINGTALK, None).now_or_never().is_none());
}
