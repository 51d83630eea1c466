//! A client that pushes as hard as it can is never refused by a server that enforces the documented quotas,
//! and uses nearly all of them. Client and server share a clock; nobody waits.
//!
//! The server counts in fixed windows, the client keeps to the limits in every window wherever it begins.
//! `cargo test -p huiyi-tests --test quota_over_http -- --nocapture` prints the figures.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::future::join_all;
use huiyi_core::clock::Clock;
use huiyi_core::{BoxFuture, ErrorKind, QuotaPolicy, RetryPolicy, StaticToken, Token};
use huiyi_loopback::{Loopback, Quota, Vendor};
use huiyi_tests::by_name::ByName;
use huiyi_tests::fault_matrix::{Scripted, TIMEOUT, calls, family};
use huiyi_tests::subject::Subject;

/// Somewhere in the middle of a second, a minute and an hour.
const START: Duration = Duration::from_millis(1_790_000_017_300);

/// Callers at the same time.
const CALLERS: usize = 8;

/// A clock of client and server that moves on when no request is under way, to the end of the shortest wait.
#[derive(Clone)]
struct SharedClock(Arc<Mutex<Time>>);

struct Time {
    server: Loopback,
    passed: Duration,
    /// Requests under way: each has begun its time limit and not dropped it yet.
    under_way: usize,
    sleepers: BTreeMap<(Duration, usize), Option<Waker>>,
    count: usize,
}

impl Time {
    /// Moves on if nothing else can happen; answers whether this sleeper's wait is over.
    fn is_over(&mut self, sleeper: (Duration, usize)) -> bool {
        let is_first = self.sleepers.keys().next() == Some(&sleeper);
        if self.under_way == 0 && is_first && sleeper.0 > self.passed {
            self.move_to(sleeper.0);
        }
        sleeper.0 <= self.passed
    }

    fn move_to(&mut self, passed: Duration) {
        self.passed = passed;
        self.server.set_unix_time(i64::try_from((START + passed).as_secs()).unwrap());
    }

    fn wake_first(&mut self) {
        if let Some(waker) = self.sleepers.values_mut().next().and_then(Option::take) {
            waker.wake();
        }
    }
}

impl SharedClock {
    fn new(server: &Loopback) -> Self {
        let server = server.clone();
        let mut time = Time { server, passed: Duration::ZERO, under_way: 0, sleepers: BTreeMap::new(), count: 0 };
        time.move_to(Duration::ZERO);
        Self(Arc::new(Mutex::new(time)))
    }

    fn time(&self) -> MutexGuard<'_, Time> {
        self.0.lock().unwrap()
    }

    fn advance(&self, duration: Duration) {
        let mut time = self.time();
        let passed = time.passed + duration;
        time.move_to(passed);
    }
}

impl Clock for SharedClock {
    fn unix_time(&self) -> Duration {
        START + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        self.time().passed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut time = self.time();
        if duration == TIMEOUT {
            time.under_way += 1;
            return Box::pin(UnderWay(self.clone()));
        }
        time.count += 1;
        let sleeper = (time.passed + duration, time.count);
        time.sleepers.insert(sleeper, None);
        Box::pin(Sleep { clock: self.clone(), sleeper })
    }
}

/// The time limit of a request, which never ends.
struct UnderWay(SharedClock);

impl Future for UnderWay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut time = self.0.time();
        time.under_way -= 1;
        if time.under_way == 0 {
            time.wake_first();
        }
    }
}

struct Sleep {
    clock: SharedClock,
    sleeper: (Duration, usize),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut time = self.clock.time();
        if time.is_over(self.sleeper) {
            return Poll::Ready(());
        }
        time.sleepers.insert(self.sleeper, Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let mut time = self.clock.time();
        time.sleepers.remove(&self.sleeper);
        time.wake_first();
    }
}

struct Bench {
    server: Loopback,
    clock: SharedClock,
    subject: Subject,
}

/// A server that refuses what is above these limits: calls, seconds, and whether all operations count together.
async fn bench(vendor: Vendor, limits: &[(u32, i64, bool)]) -> Bench {
    let server = Loopback::start(vendor).await.unwrap();
    let clock = SharedClock::new(&server);
    for (calls, window_seconds, together) in limits {
        let quota = Quota { calls: *calls, window_seconds: *window_seconds };
        if *together { server.enforce_together(quota) } else { server.enforce_also(quota) }
    }
    let mut subject = Subject::new(vendor, server.base_url());
    subject.timeout = TIMEOUT;
    subject.clock = Some(Arc::new(clock.clone()));
    subject.quota = QuotaPolicy::wait();
    subject.retry = RetryPolicy::off();
    Bench { server, clock, subject }
}

impl Bench {
    /// Calls in turn, by several callers at once, for so long; answers how many calls there were.
    async fn push(&self, calls: &[Scripted], seconds: u64) -> usize {
        let client = self.subject.build();
        let client: &dyn ByName = &*client;
        let caller = |number: usize| async move {
            let mut done = 0;
            for call in calls.iter().cycle().skip(number) {
                client.call(call.operation, &call.arguments).await.unwrap();
                if self.clock.monotonic() >= Duration::from_secs(seconds) {
                    break;
                }
                done += 1;
            }
            done
        };
        let done = join_all((0..CALLERS).map(caller)).await.into_iter().sum();
        let refused = self.server.requests().into_iter().filter(|request| request.status != Some(200)).count();
        assert_eq!(refused, 0, "calls were refused");
        done
    }
}

fn report(vendor: Vendor, used: usize, allowed: usize, what: &str) {
    let percent = 100.0 * used as f64 / allowed as f64;
    println!("{:8} {used} of {allowed} calls in 60 s = {percent:.1} %, none refused; {what}", format!("{vendor:?}"));
    assert!(used <= allowed);
}

#[tokio::test]
async fn feishu_uses_fifty_in_a_second_and_a_thousand_in_a_minute() {
    let bench = bench(Vendor::Feishu, &[(50, 1, false), (1000, 60, false)]).await;
    let [read, _] = calls(Vendor::Feishu);

    let used = bench.push(&[read], 60).await;

    report(Vendor::Feishu, used, 1000, "50/s and 1,000/min for the operation");
    assert!(used >= 980, "{used}");
}

#[tokio::test]
async fn dingtalk_uses_twenty_in_a_second() {
    let bench = bench(Vendor::DingTalk, &[(20, 1, false)]).await;
    let [read, _] = calls(Vendor::DingTalk);

    let used = bench.push(&[read], 60).await;

    report(Vendor::DingTalk, used, 1200, "20/s for the operation");
    assert!(used >= 1176, "{used}");
}

/// The quota of Tencent Meeting is that of all operations together, of those too that have one of their own.
#[tokio::test]
async fn tencent_uses_three_hundred_in_a_minute() {
    let bench = bench(Vendor::Tencent, &[(300, 60, true), (200_000, 86_400, true), (100, 60, false)]).await;

    let examples = family(Vendor::Tencent).spec().examples();
    let reads = ["get_meeting", "list_participants", "get_user", "list_roles"].map(|operation| {
        let example = examples.iter().find(|example| example.operation == operation).unwrap();
        Scripted { operation, idempotent: true, arguments: example.arguments.clone() }
    });

    let used = bench.push(&reads, 60).await;

    report(Vendor::Tencent, used, 300, "300/min and 200,000/day for the app, four operations in turn");
    assert!(used >= 294, "{used}");
}

/// Users of a third-party app have a quota each; clones of a user's client share it.
#[tokio::test]
async fn tencent_counts_each_user_of_a_third_party_app() {
    let bench = bench(Vendor::Tencent, &[]).await;
    let builder = bench.subject.tencent().base_url(bench.server.base_url()).timeout(TIMEOUT);
    let builder = builder.clock(Arc::new(bench.clock.clone())).retry(RetryPolicy::off());
    let app = builder.quota(QuotaPolicy::refuse()).build().unwrap();
    let user = |open_id: &str| app.as_user(StaticToken::new(Token::new("t").with_account(open_id)));
    let (one, other) = (user("one"), user("other"));
    // What the vendor would say to these tokens is not the point.
    let at_once = async |client: &huiyi_tencent::Client| {
        let mut calls = 0;
        while let Err(error) = client.get_meeting("1").operator_id("u").operator_id_type(2).instanceid(1).send().await
            && error.kind() != ErrorKind::RateLimited
        {
            calls += 1;
        }
        calls
    };

    assert_eq!(at_once(&one).await, 6);
    assert_eq!(at_once(&one.clone()).await, 0);
    assert_eq!(at_once(&other).await, 6);
}

/// Ten thousand a minute cannot be kept up when an hour has but 150,000: that would be over after a quarter of
/// it. The client lets a fiftieth of the hour, 3,000 calls, through at once and spreads the rest.
#[tokio::test]
async fn wecom_spreads_its_hour() {
    let bench = bench(Vendor::WeCom, &[(10_000, 60, false), (150_000, 3600, false)]).await;
    let [read, _] = calls(Vendor::WeCom);

    let used = bench.push(&[read], 60).await;

    report(Vendor::WeCom, used, 10_000, "10,000/min and 150,000/h for the operation; the hour's share is 2,500");
    assert!(used >= 2450, "{used}");
}

#[tokio::test]
async fn half_a_scale_uses_half() {
    let mut bench = bench(Vendor::DingTalk, &[(10, 1, false)]).await;
    bench.subject.quota = QuotaPolicy::wait().with_scale(0.5);
    let [read, _] = calls(Vendor::DingTalk);

    let used = bench.push(&[read], 60).await;

    report(Vendor::DingTalk, used, 600, "half of 20/s");
    assert!(used >= 588, "{used}");
}

#[tokio::test]
async fn without_quotas_the_server_refuses() {
    let mut bench = bench(Vendor::DingTalk, &[(20, 1, false)]).await;
    bench.subject.quota = QuotaPolicy::off();
    let client = bench.subject.build();
    let [read, _] = calls(Vendor::DingTalk);

    let results = join_all((0..30).map(|_| client.call(read.operation, &read.arguments))).await;

    let refused = results.iter().filter_map(|result| result.as_ref().err());
    let refused: Vec<_> =
        refused.map(|failure| (failure.kind().unwrap(), failure.api().unwrap().http_status())).collect();
    assert_eq!(refused.len(), 10);
    assert!(refused.iter().all(|(kind, status)| *kind == ErrorKind::RateLimited && status.is_some()));
    assert_eq!(bench.server.calls(read.operation).len(), 30);
}

#[tokio::test]
async fn a_call_that_would_have_to_wait_can_be_refused_without_being_sent() {
    for vendor in Vendor::ALL {
        let mut bench = bench(vendor, &[]).await;
        bench.subject.quota = QuotaPolicy::refuse();
        let client = bench.subject.build();
        let [read, _] = calls(vendor);
        let call = || client.call(read.operation, &read.arguments);

        let mut sent = 0;
        let failure = loop {
            match call().await {
                Ok(_) => sent += 1,
                Err(failure) => break failure,
            }
        };

        assert_eq!(failure.kind(), Some(ErrorKind::RateLimited));
        let api = failure.api().unwrap();
        let wait = api.retry_after().unwrap();
        assert!(api.http_status().is_none() && api.attempts() == 0 && !wait.is_zero(), "{failure}");
        assert!(failure.to_string().contains("quota"), "{failure}");
        assert_eq!(bench.server.calls(read.operation).len(), sent);
        bench.clock.advance(wait);
        call().await.unwrap();
        assert!(call().await.is_err());
        println!("{:8} {sent} calls at once, the next after {wait:?}", format!("{vendor:?}"));
    }
}

/// What the tests above enforce is what the clients' tables say.
#[test]
fn the_documented_quotas_are_those_of_the_clients() {
    let tables = [
        (Vendor::Feishu, huiyi_feishu::Client::operations()),
        (Vendor::WeCom, huiyi_wecom::Client::operations()),
        (Vendor::DingTalk, huiyi_dingtalk::Client::operations()),
        (Vendor::Tencent, huiyi_tencent::Client::operations()),
    ];
    for (vendor, table) in tables {
        let [read, _] = calls(vendor);
        let operation = table.iter().find(|operation| operation.id == read.operation).unwrap();
        let limits = operation.limits.iter().map(|limit| (limit.requests, limit.per_seconds, limit.shared));
        let limits: Vec<_> = limits.collect();
        let expected: &[(u32, u32, bool)] = match vendor {
            Vendor::Feishu => &[(50, 1, false), (1000, 60, false)],
            Vendor::WeCom => &[(10_000, 60, false), (150_000, 3600, false)],
            Vendor::DingTalk => &[(20, 1, false)],
            Vendor::Tencent => &[(300, 60, true), (200_000, 86_400, true)],
        };
        assert_eq!(limits, expected, "{}", family(vendor).name);
    }
}

/// What an operation's page says comes on top of what the app as a whole may do.
#[test]
fn every_operation_of_tencent_is_counted_with_the_others() {
    let common = [(300, 60, true), (200_000, 86_400, true)];
    let per_minute = |requests| vec![(requests, 60, false), common[0], common[1]];
    for operation in huiyi_tencent::Client::operations() {
        let limits = operation.limits.iter().map(|limit| (limit.requests, limit.per_seconds, limit.shared));
        let limits: Vec<(u32, u32, bool)> = limits.collect();
        let expected = match operation.id {
            "create_oauth_token" | "refresh_oauth_token" | "get_oauth_user_info" => vec![],
            "upload_record_file" | "upload_record_part" | "finish_record_upload" => per_minute(200),
            _ if operation.path.starts_with("/v1/corp/") => per_minute(100),
            // 2,000 an hour for a user, and 30 a minute for a meeting, cannot be counted here.
            _ => common.to_vec(),
        };
        assert_eq!(limits, expected, "{}", operation.id);
    }
}
