//! Tests with real processes that share a real Redis. Each process runs this program again and reads its job from
//! the environment.
//!
//! `cargo test -p huiyi-redis --test processes -- --nocapture` prints the figures. Without `redis-server` (Debian
//! package `redis-server`) or `valkey-server` in the path nothing is tested, and each test says so.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod child;
mod support;

use std::time::{Duration, Instant};

use huiyi_mock::{Fault, Loopback, Quota, Target, Vendor};

use support::{Job, Outcome, Server, now};

/// Runs as a child process of the other tests; it tests nothing itself.
#[test]
fn a_process() {
    child::run();
}

async fn loopback() -> Loopback {
    Loopback::start(Vendor::Feishu).await.unwrap()
}

fn job(server: &Loopback, redis: &Server) -> Job {
    Job { api: server.base_url(), redis: redis.url(), calls: 100, ..Job::default() }
}

/// Returns the number of token requests for the app and of renewals of the user's tokens.
fn token_requests(server: &Loopback) -> (usize, usize) {
    let renewals = server.calls("create_user_token").len();
    (server.token_requests() - renewals, renewals)
}

fn report(name: &str, server: &Loopback, outcomes: &[Outcome]) -> (usize, usize) {
    let (done, failed) = outcomes.iter().fold((0, 0), |(done, failed), one| (done + one.done, failed + one.failed));
    let (app, user) = token_requests(server);
    println!("{name}: {done} calls done, {failed} failed; {app} app token requests, {user} renewals");
    for outcome in outcomes.iter().filter(|outcome| !outcome.said.is_empty()) {
        println!("    {}", outcome.said);
    }
    (done, failed)
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_cold_processes_ask_for_one_app_token_and_renew_the_user_once() {
    let Some(redis) = Server::start() else { return };
    for keeper_takes in [0, 200] {
        redis.flush().await;
        let server = loopback().await;
        let refresh = support::login(&server).await;
        let job = Job { refresh, keeper_takes, ..job(&server, &redis) };

        let outcomes = job.run(10).await;

        let (done, failed) = report(&format!("ten cold, keeper takes {keeper_takes} ms"), &server, &outcomes);
        assert_eq!((done, failed), (2000, 0));
        assert_eq!(token_requests(&server), (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_killed_in_the_middle_and_back_five_seconds_later_fails_no_call() {
    let Some(mut redis) = Server::start() else { return };
    let server = loopback().await;
    let refresh = support::login(&server).await;
    let job = Job { refresh, pause: 80, gate: redis.gate(), ..job(&server, &redis) };

    let (outcomes, ()) = tokio::join!(job.run(10), async {
        // All have their tokens.
        while server.calls("get_meeting").len() < 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        std::fs::write(redis.gate(), "").unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        redis.kill();
        tokio::time::sleep(Duration::from_secs(5)).await;
        redis.restart();
    });

    let (done, failed) = report("Redis away for 5 s", &server, &outcomes);
    assert_eq!((done, failed), (2000, 0));
    assert_eq!(token_requests(&server), (1, 1));
}

/// What a user's process finds that starts while Redis is away, when another one has spent the refresh token: it waits
/// until it can read what that one got.
#[tokio::test(flavor = "multi_thread")]
async fn cold_processes_go_on_when_redis_is_back() {
    let Some(mut redis) = Server::start() else { return };
    let server = loopback().await;
    let refresh = support::login(&server).await;
    redis.kill();
    let job = Job { refresh, calls: 10, ..job(&server, &redis) };

    let (outcomes, ()) = tokio::join!(job.run(4), async {
        // The first has renewed, and the others have been refused.
        while server.calls("create_user_token").len() < 4 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        redis.restart();
    });

    let (done, failed) = report("Redis away at the start of four", &server, &outcomes);
    assert_eq!((done, failed), (80, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_killed_while_it_holds_the_lease_holds_nobody_up_for_long() {
    let Some(redis) = Server::start() else { return };
    let server = loopback().await;
    // The first token request is never answered.
    server.fault(Target::Token, Fault::NoAnswer);
    let job = Job { calls: 100, timeout: 8000, ..job(&server, &redis) };
    let mut victim = job.spawn();
    redis.wait_for_key("*:lease").await;

    let started = Instant::now();
    let others = tokio::spawn({
        let job = job.clone();
        async move { job.run(9).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    victim.kill().await.unwrap();
    let outcomes = others.await.unwrap();

    let (done, failed) = report(&format!("owner killed, {:.1} s", started.elapsed().as_secs_f64()), &server, &outcomes);
    assert_eq!((done, failed), (900, 0));
    assert_eq!(token_requests(&server), (2, 0), "that of the killed process and one more");
}

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_keep_one_quota_together() {
    let Some(redis) = Server::start() else { return };
    let server = loopback().await;
    server.enforce(Quota { calls: 50, window_seconds: 1 });
    let job = Job { calls: 0, callers: 40, seconds: 10, start: now() + 2000, quota: true, ..job(&server, &redis) };

    let outcomes = job.run(4).await;

    let (done, failed) = report("four processes, 50 a second, 10 s", &server, &outcomes);
    println!("    {} % of 500 used", done / 5);
    assert_eq!(failed, 0);
    assert!(done >= 450, "{done}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_four_processes_keep_a_quarter_of_the_quota_each() {
    let Some(mut redis) = Server::start() else { return };
    redis.kill();
    let server = loopback().await;
    server.enforce(Quota { calls: 50, window_seconds: 1 });
    let job = Job { calls: 0, callers: 10, seconds: 4, start: now() + 2000, quota: true, ..job(&server, &redis) };

    let outcomes = job.run(4).await;

    let (done, failed) = report("four processes without Redis, 50 a second, 4 s", &server, &outcomes);
    assert_eq!(failed, 0);
    assert!(done >= 4 * 12 * 3, "{done}");
}
