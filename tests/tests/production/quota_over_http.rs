//! A server enforces the documented quotas, over sliding and over fixed windows. A client that calls as fast as it can
//! is never refused, and uses nearly all of them. Answers take 5 to 200 ms of simulated time, which client and server
//! share, so no test waits.
//!
//! `cargo test -p huiyi-tests --test production quota_over_http -- --nocapture` prints the figures.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use huiyi_core::clock::Clock;
use huiyi_core::{ErrorKind, QuotaPolicy, RetryPolicy, StaticToken, Token};
use huiyi_mock::{Fault, Loopback, Target, Vendor};
use huiyi_tests::by_name::ByName;
use huiyi_tests::counted::{Counted, Limit};
use huiyi_tests::fault_matrix::{Scripted, TIMEOUT, calls, family};
use huiyi_tests::simulated_time::SharedClock;
use huiyi_tests::subject::{Credentials, Subject};

struct Bench {
    server: Loopback,
    clock: SharedClock,
    subject: Subject,
}

/// Starts a server that refuses calls above these limits: calls, seconds, and whether all operations count together.
async fn bench(vendor: Vendor, limits: &[(usize, u64, bool)]) -> Bench {
    let server = Loopback::start(vendor).await.unwrap();
    let clock = SharedClock::new(&server);
    let limits: Vec<Limit> =
        limits.iter().map(|&(calls, seconds, together)| Limit { calls, seconds, together }).collect();
    let counted = Arc::new(Mutex::new(Counted::new(&limits)));
    let (time, random) = (clock.clone(), AtomicU64::new(1));
    server.ask(move |operation| {
        let (counted, time, operation) = (counted.clone(), time.clone(), operation.to_owned());
        // A linear congruential generator (Knuth's constants); its upper bits are random enough.
        let draw = |below: u64| {
            let step = |seed: u64| seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (step(random.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |seed| Some(step(seed))).unwrap()) >> 33)
                % below
        };
        let takes = 5_000 + draw(195_001);
        let there = draw(takes + 1);
        async move {
            time.answer_after(Duration::from_micros(there)).await;
            let is_within = counted.lock().unwrap().count(&operation, time.unix_time());
            time.answer_after(Duration::from_micros(takes - there)).await;
            is_within
        }
    });
    let mut subject = Subject::new(vendor, server.base_url());
    subject.timeout = TIMEOUT;
    subject.clock = Some(Arc::new(clock.clone()));
    subject.quota = QuotaPolicy::wait();
    subject.retry = RetryPolicy::off();
    Bench { server, clock, subject }
}

impl Bench {
    /// Makes calls in turn, with this number of callers at once, for a minute. Returns how many calls there were.
    async fn push(&self, calls: &[Scripted], callers: usize) -> usize {
        let client = self.subject.build();
        let client: &dyn ByName = &*client;
        let minute = Duration::from_secs(60);
        let caller = |number: usize| async move {
            let mut done = 0;
            for call in calls.iter().cycle().skip(number) {
                client.call(call.operation, &call.arguments).await.unwrap();
                if self.clock.monotonic() >= minute {
                    break;
                }
                done += 1;
            }
            done
        };
        join_all((0..callers).map(caller)).await.into_iter().sum()
    }
}

fn report(vendor: Vendor, used: usize, allowed: usize, least: usize, what: &str) {
    let percent = 100.0 * used as f64 / allowed as f64;
    println!("{:8} {used} of {allowed} calls in 60 s = {percent:.1} %, none refused; {what}", format!("{vendor:?}"));
    assert!(100 * used >= least * allowed, "{used} of {allowed}");
}

#[tokio::test]
async fn feishu_uses_fifty_in_a_second_and_a_thousand_in_a_minute() {
    let bench = bench(Vendor::Feishu, &[(50, 1, false), (1000, 60, false)]).await;
    let [read, _] = calls(Vendor::Feishu);

    let used = bench.push(&[read], 100).await;

    report(Vendor::Feishu, used, 1000, 98, "50/s and 1,000/min for the operation");
}

#[tokio::test]
async fn dingtalk_uses_twenty_in_a_second() {
    let bench = bench(Vendor::DingTalk, &[(20, 1, false)]).await;
    let [read, _] = calls(Vendor::DingTalk);

    let used = bench.push(&[read], 60).await;

    report(Vendor::DingTalk, used, 1200, 85, "20/s for the operation");
}

/// Tencent Meeting has one quota for all operations together, including those that also have their own.
#[tokio::test]
async fn tencent_uses_three_hundred_in_a_minute() {
    let bench = bench(Vendor::Tencent, &[(300, 60, true), (200_000, 86_400, true), (100, 60, false)]).await;

    let examples = family(Vendor::Tencent).spec().examples();
    let reads = ["get_meeting", "list_participants", "get_user", "list_roles"].map(|operation| {
        let example = examples.iter().find(|example| example.operation == operation).unwrap();
        Scripted { operation, idempotent: true, arguments: example.arguments.clone() }
    });

    let used = bench.push(&reads, 40).await;

    report(Vendor::Tencent, used, 300, 98, "300/min and 200,000/day for the app, four operations in turn");
}

#[tokio::test]
async fn wecom_uses_ten_thousand_in_a_minute_and_its_hour() {
    let limits = [(10_000, 60, false), (150_000, 3600, false)];
    let [read, _] = calls(Vendor::WeCom);

    let used = bench(Vendor::WeCom, &limits).await.push(std::slice::from_ref(&read), 200).await;

    report(Vendor::WeCom, used, 10_000, 98, "10,000/min and 150,000/h for the operation");
}

#[tokio::test]
async fn half_a_scale_uses_half() {
    let mut bench = bench(Vendor::DingTalk, &[(10, 1, false)]).await;
    bench.subject.quota = QuotaPolicy::wait().with_scale(0.5);
    let [read, _] = calls(Vendor::DingTalk);

    let used = bench.push(&[read], 60).await;

    report(Vendor::DingTalk, used, 600, 85, "half of 20/s");
}

/// Each user of a third-party app has a quota; clones of a user's client share it.
#[tokio::test]
async fn tencent_counts_each_user_of_a_third_party_app() {
    let bench = bench(Vendor::Tencent, &[]).await;
    let builder = bench.subject.tencent().base_url(bench.server.base_url()).timeout(TIMEOUT);
    let builder = builder.clock(Arc::new(bench.clock.clone())).retry(RetryPolicy::off());
    let app = builder.quota(QuotaPolicy::refuse().with_scale(0.1)).build().unwrap();
    let user = |open_id: &str| app.as_user(StaticToken::new(Token::new("t").with_account(open_id)));
    let (one, other) = (user("one"), user("other"));
    // The server's answer to these tokens does not matter here.
    let at_once = async |client: &huiyi_tencent::Client| {
        let mut calls = 0;
        while let Err(error) = client.get_meeting("1").operator_id("u").operator_id_type(2).instanceid(1).send().await
            && error.kind() != ErrorKind::RateLimited
        {
            calls += 1;
        }
        calls
    };

    assert_eq!(at_once(&one).await, 30);
    assert_eq!(at_once(&one.clone()).await, 0);
    assert_eq!(at_once(&other).await, 30);
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
    for (vendor, scale, allowed) in [
        (Vendor::Feishu, 1.0, 50),
        (Vendor::WeCom, 0.01, 100),
        (Vendor::DingTalk, 1.0, 20),
        (Vendor::Tencent, 0.5, 150),
    ] {
        let mut bench = bench(vendor, &[]).await;
        bench.subject.quota = QuotaPolicy::refuse().with_scale(scale);
        let client = bench.subject.build();
        let [read, _] = calls(vendor);
        let call = || client.call(read.operation, &read.arguments);

        let results = join_all((0..allowed + 7).map(|_| call())).await;

        let failures: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
        assert_eq!(failures.len(), 7, "{vendor:?}");
        let failure = failures[0];
        assert_eq!(failure.kind(), Some(ErrorKind::RateLimited));
        let api = failure.api().unwrap();
        let wait = api.retry_after().unwrap();
        assert!(api.http_status().is_none() && api.attempts() == 0 && !wait.is_zero(), "{failure}");
        assert!(failure.to_string().contains("quota"), "{failure}");
        assert_eq!(bench.server.calls(read.operation).len(), allowed);
        bench.clock.advance(wait);
        call().await.unwrap();
        println!("{:8} {allowed} calls at once, the next after {wait:?}", format!("{vendor:?}"));
    }
}

/// The token comes first: a caller that cannot get one gets that error, and takes no place in the quota.
#[tokio::test]
async fn callers_without_a_token_hear_why_and_use_no_quota() {
    for vendor in [Vendor::Feishu, Vendor::WeCom, Vendor::DingTalk] {
        let mut bench = bench(vendor, &[]).await;
        let scale = if vendor == Vendor::WeCom { 0.002 } else { 1.0 };
        bench.subject.quota = QuotaPolicy::refuse().with_scale(scale);
        bench.subject.credentials = Credentials::WrongSecret;
        let client = bench.subject.build();
        let [read, _] = calls(vendor);

        let results = join_all((0..70).map(|_| client.call(read.operation, &read.arguments))).await;

        for result in results {
            let failure = result.unwrap_err();
            assert_eq!(failure.kind(), Some(ErrorKind::Auth), "{failure}");
        }
        assert!(bench.server.calls(read.operation).is_empty());
    }
}

/// After a vendor has reported that it blocks an API, calls of it are not sent for that time.
#[tokio::test]
async fn calls_of_a_blocked_api_are_not_sent_until_the_time_has_come() {
    for (vendor, fault, wait) in [
        (Vendor::Feishu, limited(r#"{"code":99991400,"msg":"slow"}"#, &[("x-ogw-ratelimit-reset", "20")]), 20),
        (Vendor::WeCom, limited(r#"{"errcode":45009,"errmsg":"slow"}"#, &[]), 60),
        (Vendor::DingTalk, limited(r#"{"punish":"deny"}"#, &[]), 300),
        (
            Vendor::Tencent,
            limited(r#"{"error_info":{"error_code":190310,"message":"slow"}}"#, &[("Retry-After", "30")]),
            30,
        ),
    ] {
        let mut bench = bench(vendor, &[]).await;
        bench.subject.quota = QuotaPolicy::refuse();
        let client = bench.subject.build();
        let [read, _] = calls(vendor);
        let call = || client.call(read.operation, &read.arguments);
        bench.server.fault(Target::Operation(read.operation.to_owned()), fault);
        call().await.unwrap_err();
        let begun = bench.clock.monotonic();

        for _ in 0..20 {
            let failure = call().await.unwrap_err();
            assert!(failure.to_string().contains("was not sent"), "{failure}");
            assert_eq!(failure.kind(), Some(ErrorKind::RateLimited));
        }

        assert_eq!(bench.server.calls(read.operation).len(), 1, "{vendor:?}");
        let error = call().await.unwrap_err();
        assert_eq!(error.api().unwrap().retry_after(), Some(Duration::from_secs(wait)), "{vendor:?}");
        bench.clock.advance(Duration::from_secs(wait));
        call().await.unwrap();
        println!("{:8} blocked for {wait} s: 1 of 22 calls was sent; then again", format!("{vendor:?}"));
        assert!(bench.clock.monotonic() >= begun);
    }
}

fn limited(body: &str, headers: &[(&str, &str)]) -> Fault {
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    let status = if body.contains("errcode") { 200 } else { 429 };
    Fault::Status { status, headers, body: body.to_owned() }
}

#[test]
fn the_server_counts_in_sliding_and_in_fixed_windows() {
    let at = Duration::from_millis;
    let mut counted = Counted::new(&[Limit { calls: 2, seconds: 1, together: true }]);

    assert!(counted.count("a", at(900)) && counted.count("b", at(1100)));
    assert!(!counted.count("a", at(1899)), "three in a second that begins at 900 ms");
    let mut counted = Counted::new(&[Limit { calls: 2, seconds: 1, together: false }]);
    assert!(counted.count("a", at(0)) && counted.count("a", at(0)) && counted.count("b", at(0)));
    assert!(!counted.count("a", at(999)) && counted.count("b", at(999)));
}
