//! Windows in a real Redis.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use huiyi_core::quota::{Ended, Reserved, SharedQuota as _, SharedWindow};
use huiyi_core::{MemoryStore, QuotaPolicy, RetryPolicy};
use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials};
use huiyi_redis::Redis;

use crate::HOUR;
use crate::support::Server;

const NOW: Duration = Duration::ZERO;
const MINUTE: Duration = Duration::from_secs(60);

async fn connection(server: &Server) -> redis::aio::MultiplexedConnection {
    redis::Client::open(server.url()).unwrap().get_multiplexed_async_connection().await.unwrap()
}

/// Returns the number of calls in a window.
async fn calls(server: &Server, window: &SharedWindow) -> u64 {
    let key = format!("huiyi:{{quota}}:{}", window.key);
    redis::cmd("ZCARD").arg(key).query_async(&mut connection(server).await).await.unwrap()
}

/// Stops the server for this time, so it answers nobody.
async fn stall(server: &Server, time: Duration) {
    let info: String = redis::cmd("INFO").arg("server").query_async(&mut connection(server).await).await.unwrap();
    let process = info.lines().find_map(|line| line.strip_prefix("process_id:")).unwrap().trim();
    for (signal, pause) in [("-STOP", time), ("-CONT", NOW)] {
        assert!(std::process::Command::new("kill").args([signal, process]).status().unwrap().success());
        tokio::time::sleep(pause).await;
    }
}

#[tokio::test]
async fn a_place_is_free_one_window_after_its_call_was_settled_and_at_once_if_it_was_not_sent() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let windows = [
        SharedWindow::new("v:h:a::op:2/1", 2, Duration::from_millis(200)),
        SharedWindow::new("v:h:a::*:10/60", 10, MINUTE),
    ];
    let reserve = async |permit| redis.reserve(&windows, permit, HOUR, 0).await.unwrap();
    assert_eq!((reserve(1).await, reserve(2).await), (Reserved::Granted, Reserved::Granted));

    // A call that has not ended yet leaves one window from now at the earliest.
    assert_eq!(reserve(3).await, Reserved::Wait(Duration::from_millis(200)));
    redis.settle(&windows, 1, Ended::NotSent, NOW).await.unwrap();
    assert_eq!(reserve(4).await, Reserved::Granted);
    let settled = Instant::now();
    redis.settle(&windows, 2, Ended::Sent, NOW).await.unwrap();
    redis.settle(&windows, 4, Ended::Sent, NOW).await.unwrap();
    let Reserved::Wait(wait) = reserve(5).await else { panic!() };
    assert!(wait <= Duration::from_millis(201), "{wait:?}");
    let Reserved::Wait(behind) = redis.reserve(&windows, 6, HOUR, 2).await.unwrap() else { panic!() };
    assert!(behind > Duration::from_millis(200) && behind <= Duration::from_millis(401), "{behind:?}");
    while let Reserved::Wait(wait) = reserve(7).await {
        tokio::time::sleep(wait).await;
    }
    assert!(settled.elapsed() >= Duration::from_millis(200), "{:?}", settled.elapsed());
    assert_eq!(redis.processes(), 1);
}

#[tokio::test]
async fn a_place_whose_process_died_is_free_when_no_call_can_take_longer() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let windows = [SharedWindow::new("w", 1, Duration::from_millis(50))];
    let started = Instant::now();
    let reserve = async |permit| redis.reserve(&windows, permit, Duration::from_millis(100), 0).await.unwrap();
    assert_eq!(reserve(1).await, Reserved::Granted);

    while let Reserved::Wait(wait) = reserve(2).await {
        tokio::time::sleep(wait).await;
    }

    assert!(started.elapsed() >= Duration::from_millis(150), "{:?}", started.elapsed());
}

/// A window counts as long as a call in it may run, also if other callers have shorter time limits.
#[tokio::test]
async fn a_call_with_a_long_time_limit_is_not_forgotten_with_those_of_a_short_one() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let windows = [SharedWindow::new("w", 5, Duration::from_millis(10))];
    redis.reserve(&windows, 1, HOUR, 0).await.unwrap();
    redis.reserve(&windows, 2, Duration::from_millis(10), 0).await.unwrap();

    tokio::time::sleep(Duration::from_millis(1200)).await;

    assert_eq!(redis.reserve(&windows, 3, Duration::ZERO, 0).await.unwrap(), Reserved::Granted);
    assert_eq!(calls(&server, &windows[0]).await, 2);
}

/// Calls of two operations count in a window that both share.
#[tokio::test]
async fn each_call_counts_in_a_window_that_several_operations_share() {
    let Some(server) = Server::start() else { return };
    let processes = [Redis::new(server.url()).unwrap(), Redis::new(server.url()).unwrap()];
    let lists = [
        [SharedWindow::new("a:1/60", 10, MINUTE), SharedWindow::new("*:4/60", 4, MINUTE)],
        [SharedWindow::new("b:1/60", 10, MINUTE), SharedWindow::new("*:4/60", 4, MINUTE)],
    ];
    let mut permit = 0;
    for redis in &processes {
        for windows in &lists {
            permit += 1;
            assert_eq!(redis.reserve(windows, permit, HOUR, 0).await.unwrap(), Reserved::Granted);
        }
    }
    assert_eq!(calls(&server, &lists[0][1]).await, 4);
    assert_eq!(calls(&server, &lists[0][0]).await, 2);

    // The end of one is not that of another.
    processes[0].settle(&lists[0], 1, Ended::NotSent, NOW).await.unwrap();
    processes[0].settle(&lists[1], 2, Ended::Sent, NOW).await.unwrap();
    assert_eq!(calls(&server, &lists[0][1]).await, 3);
}

#[tokio::test]
async fn a_late_report_counts_from_the_end_of_the_call_even_if_the_call_was_not_counted() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let windows = [SharedWindow::new("short", 9, Duration::from_secs(10)), SharedWindow::new("long", 1, MINUTE)];

    redis.settle(&windows, 1, Ended::Sent, Duration::from_secs(50)).await.unwrap();
    redis.settle(&windows, 1, Ended::Sent, Duration::from_secs(50)).await.unwrap();

    assert_eq!((calls(&server, &windows[0]).await, calls(&server, &windows[1]).await), (0, 1));
    let Reserved::Wait(wait) = redis.reserve(&windows, 2, HOUR, 0).await.unwrap() else { panic!() };
    assert!(wait > Duration::from_secs(9) && wait <= Duration::from_secs(11), "{wait:?}");
}

/// After a failure, the client may use another connection, and its commands may overtake those of the old one.
#[tokio::test]
async fn a_permit_that_was_given_up_is_not_taken_later() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let windows = [SharedWindow::new("w", 5, MINUTE)];

    redis.settle(&windows, 1, Ended::NotSent, NOW).await.unwrap();
    redis.reserve(&windows, 1, HOUR, 0).await.unwrap();

    assert_eq!(calls(&server, &windows[0]).await, 0);
    assert_eq!(redis.reserve(&windows, 2, HOUR, 0).await.unwrap(), Reserved::Granted);
}

fn client(server: &Loopback, redis: &Server) -> huiyi_feishu::Client {
    let app = credentials::FEISHU;
    let redis = Redis::new(redis.url()).unwrap().with_replicas(2);
    let client = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url());
    client.quota(QuotaPolicy::wait()).shared_quota(Arc::new(redis)).build().unwrap()
}

/// Sends calls at the same time, which are dropped after the limit. Returns how many succeed.
async fn send(clients: &[huiyi_feishu::Client; 2], calls: usize, limit: Duration) -> usize {
    let mut callers = tokio::task::JoinSet::new();
    for number in 0..calls {
        let client = clients[number % 2].clone();
        callers.spawn(tokio::time::timeout(limit, async move { client.get_meeting("1").send().await.is_ok() }));
    }
    callers.join_all().await.into_iter().filter(|done| matches!(done, Ok(true))).count()
}

/// Checks that 100 calls need about two windows of a second, in each of which 50 are documented.
async fn all_places_are_free(clients: &[huiyi_feishu::Client; 2]) {
    tokio::time::sleep(Duration::from_secs(3)).await;
    let started = Instant::now();
    assert_eq!(send(clients, 100, MINUTE).await, 100);
    let took = started.elapsed();
    println!("100 calls after Redis stood still in {} ms", took.as_millis());
    assert!(took < Duration::from_secs(4), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_redis_stood_still_calls_go_on_within_about_one_window() {
    let Some(redis) = Server::start() else { return };
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let clients = [client(&server, &redis), client(&server, &redis)];
    let millis = Duration::from_millis;
    assert_eq!(send(&clients, 2, MINUTE).await, 2);
    tokio::time::sleep(millis(1500)).await;

    // Calls end when the clients have found that Redis does not answer.
    (0..45).for_each(|_| server.fault(Target::Operation("get_meeting".to_owned()), Fault::NoAnswer));
    let stalled = async {
        tokio::time::sleep(millis(200)).await;
        tokio::join!(stall(&redis, millis(800)), send(&clients, 2, millis(600)))
    };
    assert_eq!(tokio::join!(send(&clients, 45, millis(900)), stalled).0, 0);
    all_places_are_free(&clients).await;

    // Callers ask for permits and give up before Redis answers.
    tokio::time::sleep(millis(1500)).await;
    let asking = async {
        tokio::time::sleep(millis(100)).await;
        send(&clients, 45, millis(400)).await
    };
    assert_eq!(tokio::join!(stall(&redis, millis(800)), asking).1, 0);
    all_places_are_free(&clients).await;
}

/// No duration that a builder takes is too long.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_takes_the_longest_durations() {
    let overflows = Arc::new(AtomicUsize::new(0));
    let (before, counted) = (std::panic::take_hook(), overflows.clone());
    std::panic::set_hook(Box::new(move |panic| {
        if panic.to_string().contains("overflow") {
            counted.fetch_add(1, Ordering::Relaxed);
        }
        before(panic);
    }));
    let Some(redis) = Server::start() else { return };
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let app = credentials::FEISHU;
    let retry = RetryPolicy::default().with_total(Duration::MAX);
    let store = Arc::new(Redis::new(redis.url()).unwrap().with_time_limit(Duration::MAX));
    let builder = huiyi_feishu::Client::builder()
        .app(app.app_id, app.app_secret)
        .base_url(server.base_url())
        .timeout(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .pool_idle_timeout(Duration::MAX)
        .retry(retry.clone().with_backoff(Duration::ZERO, Duration::MAX));
    let alone = builder.clone().build().unwrap();
    let memory = builder.clone().token_store(Arc::new(MemoryStore::default())).build().unwrap();
    let shared = builder.clone().token_store(store.clone()).shared_quota(store).build().unwrap();

    for client in [alone, memory, shared] {
        for _ in 0..3 {
            client.get_meeting("1").send().await.unwrap();
        }
        server.fault(Target::Any, Fault::Unavailable { retry_after: None });
        client.get_meeting("1").send().await.unwrap();
        assert!(client.wait_for_tokens(Duration::MAX).await);
    }
    let patient = builder.retry(retry.with_backoff(Duration::MAX, Duration::MAX)).build().unwrap();
    patient.get_meeting("1").send().await.unwrap();
    server.fault(Target::Any, Fault::Unavailable { retry_after: None });
    assert!(patient.get_meeting("1").send().await.is_err(), "the wait is longer than the time for retries");

    // The tasks of the connections panic without any effect on the calls.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(overflows.load(Ordering::Relaxed), 0);
}
