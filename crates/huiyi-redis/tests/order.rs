//! Tokens that arrive late do not replace newer ones.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::time::{Duration, SystemTime};

use huiyi_core::secrecy::{ExposeSecret as _, SecretString};
use huiyi_core::user_token::{KeepTokens as _, UserTokens};
use huiyi_core::{Lease, Leased, StoredToken, Token, TokenStore};
use huiyi_redis::{Redis, RedisKeeper};

use support::Server;

const HOUR: Duration = Duration::from_secs(3600);

fn pair(refresh: &str) -> UserTokens {
    let refresh = Some(SecretString::from(refresh));
    UserTokens { access: Token::new("a"), expires_in: HOUR, refresh, refresh_expires_in: Some(HOUR) }
}

async fn kept(keeper: &RedisKeeper) -> String {
    keeper.load().await.unwrap().unwrap().expose_secret().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_not_replaced_by_a_renewal_that_waited_for_redis() {
    let Some(mut server) = Server::start() else { return };
    let login = SecretString::from("of the login");
    for is_same_process in [true, false] {
        let redis = Redis::new(server.url()).unwrap();
        let keeper = redis.keeper("feishu:ou_1");
        server.kill();
        let late = tokio::spawn(async move { keeper.keep(&pair("of the renewal")).await });
        // By now it waits more than a second between two attempts.
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert!(!late.is_finished());
        server.restart();
        let other = if is_same_process { redis } else { Redis::new(server.url()).unwrap() };
        let other = other.keeper("feishu:ou_1");
        while other.store(&login, Some(HOUR)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }

        late.await.unwrap();

        assert_eq!(kept(&other).await, "of the login");
    }
}

#[tokio::test]
async fn a_pair_that_waited_is_kept_if_there_is_no_newer_one() {
    let Some(mut server) = Server::start() else { return };
    let keeper = Redis::new(server.url()).unwrap().keeper("feishu:ou_1");
    keeper.store(&SecretString::from("of the login"), Some(HOUR)).await.unwrap();
    server.kill();
    let late = tokio::spawn({
        let keeper = keeper.clone();
        async move { keeper.keep(&pair("of the renewal")).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.restart();

    late.await.unwrap();

    assert_eq!(kept(&keeper).await, "of the renewal");
}

/// The clock of the server may go back, for instance after a failover.
#[tokio::test]
async fn a_token_from_the_future_is_replaced() {
    let Some(server) = Server::start() else { return };
    let keeper = Redis::new(server.url()).unwrap().keeper("u");
    let mut admin = server.connection().await;
    redis::cmd("SET").arg("huiyi:{u}:refresh").arg("9999999999999 pr-1").exec_async(&mut admin).await.unwrap();
    assert_eq!(kept(&keeper).await, "r-1");

    keeper.keep(&pair("r-2")).await;

    assert_eq!(kept(&keeper).await, "r-2");
    let ttl: u64 = redis::cmd("PTTL").arg("huiyi:{u}:refresh").query_async(&mut admin).await.unwrap();
    assert!(ttl > 3_500_000 && ttl <= 3_600_000, "{ttl}");
}

#[tokio::test]
async fn a_token_under_a_lease_that_another_owner_has_had_since_is_not_stored() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let stored = |text: &str| StoredToken::new(Token::new(text), SystemTime::now() + HOUR);
    let lease = |owner: &str| Lease::new("k", owner, Duration::from_millis(1));
    let wait = || tokio::time::sleep(Duration::from_millis(20));

    // Nobody else has had it.
    assert_eq!(redis.lease(&lease("a")).await.unwrap(), Leased::Granted);
    wait().await;
    assert!(redis.save_under(&lease("a"), &stored("of a")).await.unwrap());

    for ends in ["expires", "is released"] {
        assert_eq!(redis.lease(&lease("a")).await.unwrap(), Leased::Granted);
        wait().await;
        let b = Lease::new("k", "b", if ends == "expires" { Duration::from_millis(1) } else { HOUR });
        assert_eq!(redis.lease(&b).await.unwrap(), Leased::Granted);
        assert!(redis.save_under(&b, &stored("of b")).await.unwrap());
        if ends == "expires" {
            wait().await;
        } else {
            redis.release(&b).await.unwrap();
        }

        assert!(!redis.save_under(&lease("a"), &stored("late")).await.unwrap(), "{ends}");
        assert_eq!(redis.load("k").await.unwrap().unwrap().token.expose(), "of b");
    }
}
