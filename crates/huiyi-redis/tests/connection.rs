//! Connections that break without being closed, and servers that refuse them for a while.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod relay;
mod support;

use std::time::{Duration, Instant, SystemTime};

use huiyi_core::{Lease, StoredToken, Token, TokenStore};
use huiyi_redis::Redis;

use relay::Relay;
use support::Server;

fn stored(text: &str) -> StoredToken {
    StoredToken::new(Token::new(text), SystemTime::now() + Duration::from_secs(3600))
}

async fn save(redis: &Redis) -> Result<(), String> {
    redis.save("k", &stored("t")).await.map_err(|error| error.to_string())
}

/// Saves a token again and again until it works.
async fn wait_until_it_works(redis: &Redis) {
    let started = Instant::now();
    while let Err(error) = save(redis).await {
        assert!(started.elapsed() < Duration::from_secs(5), "{error}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("works again after {} ms", started.elapsed().as_millis());
}

/// Saves a token again and again until it fails with this text.
async fn wait_until_it_fails(redis: &Redis, with: &str) {
    let started = Instant::now();
    loop {
        let result = save(redis).await;
        if result.as_ref().is_err_and(|error| error.contains(with)) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{result:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_falls_silent_is_replaced() {
    let Some(server) = Server::start() else { return };
    let relay = Relay::start(server.port());
    let redis = Redis::new(relay.url()).unwrap();
    save(&redis).await.unwrap();

    relay.fall_silent();

    assert!(save(&redis).await.is_err());
    wait_until_it_works(&redis).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_connection_is_replaced_too_if_callers_wait_less_than_the_time_limit() {
    let Some(server) = Server::start() else { return };
    let relay = Relay::start(server.port());
    let redis = Redis::new(relay.url()).unwrap();
    save(&redis).await.unwrap();

    relay.fall_silent();

    let started = Instant::now();
    while !matches!(tokio::time::timeout(Duration::from_millis(200), save(&redis)).await, Ok(Ok(()))) {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_failure_of_an_old_connection_does_not_stop_the_use_of_the_new_one() {
    let Some(server) = Server::start() else { return };
    let relay = Relay::start(server.port());
    let patient = Redis::new(relay.url()).unwrap().with_time_limit(Duration::from_secs(2));
    let redis = patient.clone().with_time_limit(Duration::from_millis(100));
    save(&patient).await.unwrap();
    relay.fall_silent();

    let slow = tokio::spawn(async move { save(&patient).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(save(&redis).await.is_err());
    wait_until_it_works(&redis).await;

    assert!(slow.await.unwrap().is_err());
    save(&redis).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_password_is_tried_again() {
    let Some(server) = Server::start() else { return };
    let mut admin = server.connection().await;
    let mut set_password = async |password: &str| {
        redis::cmd("CONFIG").arg("SET").arg("requirepass").arg(password).exec_async(&mut admin).await.unwrap();
        // Connections stay authenticated, so all but this one are closed.
        redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("normal").exec_async(&mut admin).await.unwrap();
    };
    let redis = Redis::new(server.url().replace("//", "//:secret@")).unwrap();
    wait_until_it_fails(&redis, "authentication failed").await;

    set_password("secret").await;
    wait_until_it_works(&redis).await;
    set_password("another").await;
    wait_until_it_fails(&redis, "authentication failed").await;
    set_password("secret").await;
    wait_until_it_works(&redis).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_database_is_tried_again() {
    let Some(server) = Server::start() else { return };
    let mut admin = server.connection().await;
    redis::cmd("ACL").arg("SETUSER").arg("default").arg("-select").exec_async(&mut admin).await.unwrap();
    let redis = Redis::new(format!("{}/5", server.url())).unwrap();
    wait_until_it_fails(&redis, "refused to switch database").await;

    redis::cmd("ACL").arg("SETUSER").arg("default").arg("+select").exec_async(&mut admin).await.unwrap();

    wait_until_it_works(&redis).await;
}

/// After a failover, the old server keeps its connections open, and the address leads to the new one.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_became_a_replica_is_left() {
    let (Some(old), Some(new)) = (Server::start(), Server::start()) else { return };
    let mut admin = old.connection().await;
    redis::cmd("REPLICAOF").arg("127.0.0.1").arg("1").exec_async(&mut admin).await.unwrap();
    let lease = Lease::new("k", "a", Duration::from_secs(60));
    for script in [false, true] {
        let relay = Relay::start(old.port());
        let redis = Redis::new(relay.url()).unwrap();
        // One is a plain command, and the other a script.
        let read_only = match script {
            false => save(&redis).await.unwrap_err(),
            true => redis.lease(&lease).await.unwrap_err().to_string(),
        };
        assert!(read_only.to_lowercase().contains("read"), "{read_only}");

        relay.lead_to(new.port());

        wait_until_it_works(&redis).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_refusal_of_one_command_is_no_reason_to_pause() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let mut admin = server.connection().await;
    redis::cmd("LPUSH").arg("huiyi:{k}:token").arg("").exec_async(&mut admin).await.unwrap();

    assert!(redis.load("k").await.unwrap_err().to_string().contains("WRONGTYPE"));
    assert!(redis.load("l").await.unwrap().is_none());
}
