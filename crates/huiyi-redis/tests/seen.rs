//! Events that are delivered to several processes, with a real Redis.
#![cfg(feature = "events")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use std::time::Duration;

use huiyi_core::event::{Claim, Seen};
use huiyi_redis::Redis;

use support::Server;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn an_event_is_new_to_one_process_and_then_in_hand_or_done_for_all() {
    let Some(server) = Server::start() else { return };
    let (one, other) = (Redis::new(server.url()).unwrap(), Redis::new(server.url()).unwrap());

    assert_eq!(one.claim("feishu:1", HOUR).await.unwrap(), Claim::New);
    assert_eq!(other.claim("feishu:1", HOUR).await.unwrap(), Claim::InHand);
    assert_eq!(other.claim("feishu:2", HOUR).await.unwrap(), Claim::New);
    one.done("feishu:1", HOUR).await.unwrap();
    other.give_up("feishu:2").await.unwrap();

    assert_eq!(other.claim("feishu:1", HOUR).await.unwrap(), Claim::Done);
    assert_eq!(one.claim("feishu:2", HOUR).await.unwrap(), Claim::New);
}

#[tokio::test]
async fn a_claim_of_a_process_that_died_ends_by_itself() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    assert_eq!(redis.claim("feishu:1", Duration::from_millis(1)).await.unwrap(), Claim::New);

    while redis.claim("feishu:1", Duration::from_millis(1)).await.unwrap() != Claim::New {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn only_a_claim_is_extended_or_given_up() {
    let Some(server) = Server::start() else { return };
    let redis = Redis::new(server.url()).unwrap();
    let short = Duration::from_secs(1);
    for key in ["claimed", "short", "done", "given up"] {
        assert_eq!(redis.claim(key, if key == "short" { short } else { HOUR }).await.unwrap(), Claim::New);
    }
    redis.done("done", HOUR).await.unwrap();
    redis.give_up("given up").await.unwrap();
    redis.give_up("done").await.unwrap();
    for (key, time) in [("claimed", short), ("short", HOUR), ("done", short), ("given up", HOUR), ("unknown", HOUR)] {
        redis.extend(key, time).await.unwrap();
    }

    while redis.claim("claimed", HOUR).await.unwrap() != Claim::New {
        tokio::task::yield_now().await;
    }
    assert_eq!(redis.claim("short", HOUR).await.unwrap(), Claim::InHand);
    assert_eq!(redis.claim("done", HOUR).await.unwrap(), Claim::Done);
    for key in ["given up", "unknown"] {
        assert_eq!(redis.claim(key, HOUR).await.unwrap(), Claim::New, "{key}");
    }
}

#[tokio::test]
async fn a_claim_is_extended_and_given_up_by_its_process_only() {
    let Some(server) = Server::start() else { return };
    let (one, other) = (Redis::new(server.url()).unwrap(), Redis::new(server.url()).unwrap());
    let (instant, wait) = (Duration::from_millis(1), || tokio::time::sleep(Duration::from_millis(20)));
    assert_eq!(one.claim("k", instant).await.unwrap(), Claim::New);
    wait().await;
    assert_eq!(other.claim("k", HOUR).await.unwrap(), Claim::New);

    one.extend("k", instant).await.unwrap();
    wait().await;
    assert_eq!(one.claim("k", HOUR).await.unwrap(), Claim::InHand);
    one.give_up("k").await.unwrap();
    assert_eq!(one.claim("k", HOUR).await.unwrap(), Claim::InHand);
    other.clone().give_up("k").await.unwrap();
    assert_eq!(one.claim("k", HOUR).await.unwrap(), Claim::New);
}
