#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::TokenCache;
use crate::clock::{BoxFuture, Clock, Entropy};
use crate::error::{Error, ErrorKind};
use crate::token::{Grant, IssuedToken, Token, TokenSource};
use crate::token_store::{MemoryStore, StoredToken, TokenStore};

#[derive(Default)]
struct TestClock(AtomicU64);

impl TestClock {
    fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn unix_time(&self) -> Duration {
        Duration::from_secs(1_700_000_000 + self.0.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::SeqCst))
    }

    fn sleep(&self, _duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Gives the same number each time; 0 is no jitter.
struct Jitter(u64);

impl Entropy for Jitter {
    fn next_u64(&self) -> u64 {
        self.0
    }
}

/// Issues `token-1`, `token-2`, .. for two hours each, or fails as told.
#[derive(Clone)]
struct Vendor {
    issued: Arc<AtomicUsize>,
    failure: Arc<Mutex<Option<ErrorKind>>>,
    /// Whether a failure is the vendor's answer and not ours.
    answers: bool,
    lives: Duration,
}

impl Default for Vendor {
    fn default() -> Self {
        Self { issued: Arc::default(), failure: Arc::default(), answers: true, lives: Duration::from_secs(7200) }
    }
}

impl Vendor {
    fn fail(&self, kind: Option<ErrorKind>) {
        *self.failure.lock().unwrap() = kind;
    }

    fn asked(&self) -> usize {
        self.issued.load(Ordering::SeqCst)
    }
}

impl Grant for Vendor {
    fn key(&self) -> String {
        "test:app".to_owned()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async {
            // As an answer from the network: not there before everybody has had a turn.
            tokio::time::sleep(Duration::from_millis(1)).await;
            let number = self.issued.fetch_add(1, Ordering::SeqCst) + 1;
            match *self.failure.lock().unwrap() {
                Some(kind) => {
                    let mut error = Error::new("test", "token", kind, "refused");
                    error.parts_mut().code = self.answers.then(|| "40001".to_owned());
                    Err(error)
                }
                None => Ok(IssuedToken { token: Token::new(format!("token-{number}")), lives: self.lives }),
            }
        })
    }
}

struct Bench {
    vendor: Vendor,
    clock: Arc<TestClock>,
    cache: Arc<TokenCache<Vendor>>,
}

fn bench() -> Bench {
    bench_with(None)
}

fn bench_with(store: Option<Arc<dyn TokenStore>>) -> Bench {
    bench_of(Vendor::default(), store)
}

fn bench_of(vendor: Vendor, store: Option<Arc<dyn TokenStore>>) -> Bench {
    bench_with_jitter(vendor, store, 0)
}

fn bench_with_jitter(vendor: Vendor, store: Option<Arc<dyn TokenStore>>, jitter: u64) -> Bench {
    let clock = Arc::new(TestClock::default());
    let cache = TokenCache::new(vendor.clone(), clock.clone(), Arc::new(Jitter(jitter)), store);
    Bench { vendor, clock, cache: Arc::new(cache) }
}

async fn text(cache: &TokenCache<Vendor>) -> String {
    cache.token().await.unwrap().expose().to_owned()
}

async fn many(cache: &Arc<TokenCache<Vendor>>, count: usize) -> Vec<Result<Token, Error>> {
    let calls = (0..count).map(|_| {
        let cache = Arc::clone(cache);
        async move { cache.token().await }
    });
    futures_util::future::join_all(calls).await
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_first_calls_cause_one_request() {
    let bench = bench();

    let tokens = many(&bench.cache, 10_000).await;

    assert!(tokens.iter().all(|token| token.as_ref().is_ok_and(|token| token.expose() == "token-1")));
    assert_eq!(bench.vendor.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_rejections_of_one_token_cause_one_more_request() {
    let bench = bench();
    let old = bench.cache.token().await.unwrap();

    for _ in 0..10_000 {
        assert!(bench.cache.reject(&old).await);
    }
    let tokens = many(&bench.cache, 10_000).await;
    assert!(bench.cache.reject(&old).await);

    assert!(tokens.iter().all(|token| token.as_ref().is_ok_and(|token| token.expose() == "token-2")));
    assert_eq!(text(&bench.cache).await, "token-2");
    assert_eq!(bench.vendor.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn callers_who_waited_for_a_failed_request_share_its_failure() {
    let bench = bench();
    bench.vendor.fail(Some(ErrorKind::Unavailable));

    let tokens = many(&bench.cache, 1_000).await;

    assert!(tokens.iter().all(Result::is_err));
    assert_eq!(bench.vendor.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_call_after_a_failed_request_tries_again() {
    let bench = bench();
    bench.vendor.fail(Some(ErrorKind::Unavailable));
    assert!(bench.cache.token().await.is_err());

    bench.vendor.fail(None);

    assert_eq!(text(&bench.cache).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn wrong_credentials_are_not_tried_again_for_a_minute() {
    let bench = bench();
    bench.vendor.fail(Some(ErrorKind::Auth));

    for _ in 0..5 {
        assert_eq!(bench.cache.token().await.unwrap_err().kind(), ErrorKind::Auth);
    }
    assert_eq!(bench.vendor.asked(), 1);

    bench.clock.advance(59);
    assert!(bench.cache.token().await.is_err());
    assert_eq!(bench.vendor.asked(), 1);
    bench.clock.advance(1);
    assert!(bench.cache.token().await.is_err());
    assert_eq!(bench.vendor.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_failed_before_the_vendor_was_asked_is_tried_again_at_once() {
    let bench = bench_of(Vendor { answers: false, ..Vendor::default() }, None);
    bench.vendor.fail(Some(ErrorKind::Auth));
    assert!(bench.cache.token().await.is_err());

    bench.vendor.fail(None);

    assert_eq!(text(&bench.cache).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_looks_expired_at_once_serves_all_who_waited_for_it() {
    let bench = bench_of(Vendor { lives: Duration::ZERO, ..Vendor::default() }, None);

    let tokens = many(&bench.cache, 1_000).await;

    assert!(tokens.iter().all(Result::is_ok));
    assert_eq!(bench.vendor.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_refreshed_before_it_expires() {
    let bench = bench();
    assert_eq!(text(&bench.cache).await, "token-1");

    bench.clock.advance(7200 - 301);
    assert_eq!(text(&bench.cache).await, "token-1");
    bench.clock.advance(2);
    assert_eq!(text(&bench.cache).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn the_refresh_comes_early_by_five_minutes_and_the_jitter_or_by_a_share_of_a_short_life() {
    for (lives, jitter, early) in [(7200, 0, 300), (7200, 74, 374), (7200, 75, 300), (64, 74, 16 + 4), (64, 3, 16 + 3)]
    {
        let bench = bench_with_jitter(Vendor { lives: Duration::from_secs(lives), ..Vendor::default() }, None, jitter);
        bench.cache.token().await.unwrap();

        bench.clock.advance(lives - early - 1);
        bench.cache.token().await.unwrap();
        assert_eq!(bench.vendor.asked(), 1, "{lives} {jitter}");
        bench.clock.advance(1);
        bench.cache.token().await.unwrap();
        assert_eq!(bench.vendor.asked(), 2, "{lives} {jitter}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_not_given_out() {
    let bench = bench();
    bench.cache.token().await.unwrap();
    bench.vendor.fail(Some(ErrorKind::Unavailable));

    bench.clock.advance(7199);
    assert_eq!(text(&bench.cache).await, "token-1");
    bench.clock.advance(1);
    assert!(bench.cache.token().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn no_token_is_used_for_more_than_366_days() {
    let bench = bench_of(Vendor { lives: Duration::MAX, ..Vendor::default() }, None);
    bench.cache.token().await.unwrap();

    bench.clock.advance(366 * 86_400 - 301);
    bench.cache.token().await.unwrap();
    assert_eq!(bench.vendor.asked(), 1);
    bench.clock.advance(1);
    bench.cache.token().await.unwrap();
    assert_eq!(bench.vendor.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_early_refresh_keeps_the_token_and_is_not_repeated_at_once() {
    let bench = bench();
    assert_eq!(text(&bench.cache).await, "token-1");
    bench.clock.advance(7200 - 200);
    bench.vendor.fail(Some(ErrorKind::Unavailable));

    assert_eq!(text(&bench.cache).await, "token-1");
    assert_eq!(text(&bench.cache).await, "token-1");
    assert_eq!(bench.vendor.asked(), 2);

    bench.clock.advance(16);
    bench.vendor.fail(None);
    assert_eq!(text(&bench.cache).await, "token-3");
}

#[tokio::test(start_paused = true)]
async fn while_one_caller_refreshes_the_others_use_the_old_token() {
    let bench = bench();
    assert_eq!(text(&bench.cache).await, "token-1");
    bench.clock.advance(7200 - 200);

    let tokens: Vec<String> =
        many(&bench.cache, 100).await.into_iter().map(|token| token.unwrap().expose().to_owned()).collect();

    assert_eq!(bench.vendor.asked(), 2);
    assert_eq!(tokens.iter().filter(|token| *token == "token-2").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_leaves_the_fetch_to_the_next() {
    let bench = bench();
    let cache = Arc::clone(&bench.cache);
    let abandoned = tokio::spawn(async move { cache.token().await });
    tokio::task::yield_now().await;
    abandoned.abort();
    let _ = abandoned.await;

    assert!(bench.cache.token().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn two_caches_with_one_store_cause_one_request() {
    let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());
    let first = bench_with(Some(Arc::clone(&store)));
    let second = bench_with(Some(store));

    assert_eq!(text(&first.cache).await, "token-1");
    assert_eq!(text(&second.cache).await, "token-1");

    assert_eq!((first.vendor.asked(), second.vendor.asked()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_not_taken_from_the_store_again() {
    let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());
    let bench = bench_with(Some(store));
    let old = bench.cache.token().await.unwrap();

    bench.cache.reject(&old).await;

    assert_eq!(text(&bench.cache).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_token_rejected_as_soon_as_it_was_issued_is_replaced_a_minute_later() {
    let bench = bench();
    let fresh = bench.cache.token().await.unwrap();
    bench.cache.rejected_again(&fresh);

    assert!(!bench.cache.reject(&fresh).await);
    assert_eq!(text(&bench.cache).await, "token-1");

    bench.clock.advance(59);
    assert!(!bench.cache.reject(&fresh).await);
    bench.clock.advance(1);
    assert!(bench.cache.reject(&fresh).await);
    assert_eq!(text(&bench.cache).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_of_the_store_is_replaced_at_once() {
    let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());
    let other = bench_with(Some(Arc::clone(&store)));
    other.cache.token().await.unwrap();
    let bench = bench_with(Some(store));
    let stored = bench.cache.token().await.unwrap();
    assert_eq!(bench.vendor.asked(), 0);

    bench.cache.rejected_again(&stored);

    assert!(bench.cache.reject(&stored).await);
    bench.cache.token().await.unwrap();
    assert_eq!(bench.vendor.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn debug_shows_no_token() {
    let bench = bench();
    let token = bench.cache.token().await.unwrap();

    let shown = format!("{:?} {token:?}", bench.cache);

    assert!(!shown.contains("token-1"), "{shown}");
    assert!(shown.starts_with("TokenCache { key: \"test:app\""), "{shown}");
}

/// Panics at the first question.
#[derive(Default)]
struct Panicking(AtomicUsize);

impl TokenStore for Panicking {
    fn load<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Option<StoredToken>> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "the database is gone");
            None
        })
    }

    fn save<'a>(&'a self, _key: &'a str, _token: &'a StoredToken) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_store_is_an_error_and_does_not_stay() {
    let bench = bench_of(Vendor::default(), Some(Arc::new(Panicking::default())));

    let (one, other) = futures_util::future::join(bench.cache.token(), bench.cache.token()).await;

    assert!(one.unwrap_err().to_string().contains("panicked"));
    assert!(other.is_err());
    assert_eq!(text(&bench.cache).await, "token-1");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_another_process_has_stored_ends_the_wait_after_wrong_credentials() {
    let store = Arc::new(MemoryStore::default());
    let bench = bench_of(Vendor::default(), Some(store.clone()));
    bench.vendor.fail(Some(ErrorKind::Auth));
    assert!(bench.cache.token().await.is_err());

    let expires = bench.clock.unix_time() + Duration::from_secs(7200);
    store.save("test:app", &StoredToken { token: Token::new("another's"), expires }).await;

    assert_eq!(text(&bench.cache).await, "another's");
    assert_eq!(bench.vendor.asked(), 1);
}

/// Counts the questions and never has an answer.
#[derive(Default)]
struct Counting(AtomicUsize);

impl TokenStore for Counting {
    fn load<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Option<StoredToken>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(None))
    }

    fn save<'a>(&'a self, _key: &'a str, _token: &'a StoredToken) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_is_not_asked_by_every_call_while_the_vendor_refuses_to_renew() {
    let store = Arc::new(Counting::default());
    let bench = bench_of(Vendor::default(), Some(store.clone()));
    text(&bench.cache).await;
    bench.clock.advance(7200 - 200);
    bench.vendor.fail(Some(ErrorKind::Auth));

    for _ in 0..55 {
        assert_eq!(text(&bench.cache).await, "token-1");
        assert_eq!(text(&bench.cache).await, "token-1");
        bench.clock.advance(1);
    }

    // Once at the beginning, and every 15 s of 55.
    assert_eq!((store.0.load(Ordering::SeqCst), bench.vendor.asked()), (1 + 4, 2));
}
