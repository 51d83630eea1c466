//! Tokens, leases, refresh tokens and quotas, with and without a real Redis.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod quota;
mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use huiyi_core::observe::{Attempt, Observer, StoreFailure};
use huiyi_core::secrecy::{ExposeSecret as _, SecretString};
use huiyi_core::user_token::{KeepTokens as _, UserTokens};
use huiyi_core::{Lease, Leased, StoredToken, Token, TokenStore};
use huiyi_mock::{Loopback, Vendor, credentials};
use huiyi_redis::Redis;

use support::Server;

const HOUR: Duration = Duration::from_secs(3600);

fn stored(text: &str, ttl: Duration) -> StoredToken {
    StoredToken::new(Token::new(text), SystemTime::now() + ttl)
}

fn lease(owner: &str, ttl: u64) -> Lease {
    Lease::new("feishu:https://h:app=1", owner, Duration::from_millis(ttl))
}

#[tokio::test]
async fn a_token_is_found_again_until_it_expires_and_by_other_processes_of_the_service_only() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let token = stored("t-sentinel", HOUR);
    redis.save("k", &token).await.unwrap();

    let other = Redis::new(server.url()).unwrap();
    let found = other.load("k").await.unwrap().unwrap();
    assert_eq!(found.token.expose(), "t-sentinel");
    let apart = token.expires.duration_since(found.expires).unwrap();
    assert!(apart < Duration::from_millis(1), "{apart:?}");
    assert!(other.clone().with_prefix("another").load("k").await.unwrap().is_none());
    assert!(redis.load("l").await.unwrap().is_none());

    redis.save("short", &stored("t", Duration::from_millis(1))).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(redis.load("short").await.unwrap().is_none());
}

#[tokio::test]
async fn a_lease_is_one_owners_and_a_token_under_it_too() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let (a, b) = (lease("a", 60_000), lease("b", 60_000));

    assert_eq!(redis.lease(&a).await.unwrap(), Leased::Granted);
    assert_eq!(redis.lease(&a).await.unwrap(), Leased::Granted);
    assert_eq!(redis.lease(&b).await.unwrap(), Leased::HeldByAnother);
    assert!(redis.save_under(&a, &stored("of a", HOUR)).await.unwrap());
    assert!(!redis.save_under(&b, &stored("of b", HOUR)).await.unwrap());
    assert_eq!(redis.load(a.key()).await.unwrap().unwrap().token.expose(), "of a");
    redis.release(&b).await.unwrap();
    assert_eq!(redis.lease(&b).await.unwrap(), Leased::HeldByAnother);
    redis.release(&a).await.unwrap();
    assert_eq!(redis.lease(&lease("b", 1)).await.unwrap(), Leased::Granted);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(redis.lease(&a).await.unwrap(), Leased::Granted);
}

#[tokio::test]
async fn a_token_is_forgotten_only_if_it_is_still_that_one() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    redis.save("k", &stored("2", HOUR)).await.unwrap();

    redis.forget("k", &Token::new("1")).await.unwrap();
    assert!(redis.load("k").await.unwrap().is_some());
    redis.forget("k", &Token::new("2")).await.unwrap();
    assert!(redis.load("k").await.unwrap().is_none());
}

#[tokio::test]
async fn a_keeper_keeps_the_newest_refresh_token() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let keeper = redis.keeper("feishu:ou_1");
    assert!(keeper.load().await.unwrap().is_none());

    for number in 0..3 {
        let refresh = Some(SecretString::from(format!("r-{number}")));
        let tokens = UserTokens { access: Token::new("a"), expires_in: HOUR, refresh, refresh_expires_in: Some(HOUR) };
        keeper.keep(&tokens).await;
    }

    assert_eq!(redis.keeper("feishu:ou_1").load().await.unwrap().unwrap().expose_secret(), "r-2");
    assert!(redis.keeper("feishu:ou_2").load().await.unwrap().is_none());
}

#[cfg(feature = "encryption")]
#[tokio::test]
async fn nobody_who_reads_redis_sees_a_token() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap().encrypted(&[7; 32]);
    redis.save("k", &stored("t-sentinel", HOUR)).await.unwrap();
    redis.keeper("u").store(&SecretString::from("r-sentinel"), None).await.unwrap();

    let keys = server.keys("*").await;
    assert_eq!(keys.len(), 2);
    for key in keys {
        let bytes = server.bytes(&key).await;
        assert!(!String::from_utf8_lossy(&bytes).contains("sentinel"), "{key}");
    }
    assert_eq!(redis.load("k").await.unwrap().unwrap().token.expose(), "t-sentinel");
    assert_eq!(redis.keeper("u").load().await.unwrap().unwrap().expose_secret(), "r-sentinel");
    redis.forget("k", &Token::new("t-sentinel")).await.unwrap();
    assert!(redis.load("k").await.unwrap().is_none());
    let stranger = Redis::new(server.url()).unwrap().encrypted(&[8; 32]);
    assert!(stranger.keeper("u").load().await.unwrap().is_none());
}

#[tokio::test]
async fn a_delivery_is_the_first_once_until_it_is_forgotten() {
    let Some(server) = Server::start() else { return };
    let (one, other) = (Redis::new(server.url()).unwrap(), Redis::new(server.url()).unwrap());

    assert!(one.is_first_delivery("feishu:1", HOUR).await.unwrap());
    assert!(!other.is_first_delivery("feishu:1", HOUR).await.unwrap());
    assert!(other.is_first_delivery("feishu:2", Duration::from_millis(1)).await.unwrap());
    one.forget_delivery("feishu:1").await.unwrap();
    assert!(other.is_first_delivery("feishu:1", HOUR).await.unwrap());
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(one.is_first_delivery("feishu:2", HOUR).await.unwrap());
}

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Observer for Told {
    fn attempt(&self, _attempt: &Attempt<'_>) {}

    fn store_failed(&self, failure: &StoreFailure<'_>) {
        self.0.lock().unwrap().push(format!("{}: {}", failure.step, failure.reason));
    }
}

/// Checks a port that nobody listens on, and a server that never answers.
#[tokio::test]
async fn without_redis_a_client_works_alone_and_says_so() {
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    for address in [nobody, silent.local_addr().unwrap()] {
        let server = Loopback::start(Vendor::Feishu).await.unwrap();
        let redis = Redis::new(format!("redis://{address}")).unwrap().with_replicas(2);
        let redis = redis.with_time_limit(Duration::from_millis(100));
        let (app, told) = (credentials::FEISHU, Told::default());
        let client = huiyi_feishu::Client::builder()
            .app(app.app_id, app.app_secret)
            .base_url(server.base_url())
            .observer(told.clone())
            .token_store(Arc::new(redis.clone()))
            .shared_quota(Arc::new(redis))
            .build()
            .unwrap();
        let started = Instant::now();

        for _ in 0..20 {
            client.get_meeting("1").send().await.unwrap();
        }

        let took = started.elapsed();
        println!("{address}: 20 calls without Redis in {} ms; told: {:?}", took.as_millis(), told.0.lock().unwrap());
        assert!(took < Duration::from_secs(3), "{took:?}");
        assert!(told.0.lock().unwrap().iter().any(|told| told.starts_with("load: ")));
        assert_eq!(server.token_requests(), 1);
    }
}

#[test]
fn debug_shows_no_password() {
    let redis = Redis::new("redis://user:sentinel@127.0.0.1").unwrap();

    let shown = format!("{redis:?} {:?}", redis.keeper("u"));

    assert!(!shown.contains("sentinel"), "{shown}");
    let error = Redis::new("nonsense").unwrap_err().to_string();
    assert!(!error.is_empty());
}
