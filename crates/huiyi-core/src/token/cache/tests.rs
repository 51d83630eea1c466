#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use futures_util::FutureExt as _;

use super::TokenCache;
use crate::clock::{BoxFuture, Clock, Entropy};
use crate::error::{Error, ErrorKind};
use crate::observe::{Attempt, Observer, StoreFailure};
use crate::token::{
    Grant, IssuedToken, Lease, Leased, MemoryStore, StoreError, StoredToken, Surroundings, Token, TokenSource, TokenStore,
};

/// Tokio's paused time, and what was added to it.
struct TestClock(AtomicU64, tokio::time::Instant);

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicU64::new(0), tokio::time::Instant::now())
    }
}

impl TestClock {
    fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn unix_time(&self) -> Duration {
        Duration::from_secs(1_700_000_000) + self.monotonic()
    }

    fn monotonic(&self) -> Duration {
        // Requests take a millisecond, which no test counts.
        Duration::from_secs(self.0.load(Ordering::SeqCst) + self.1.elapsed().as_secs())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
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
    /// How long an answer takes.
    takes: Duration,
    /// How long a refusal asks to wait.
    asks: Arc<Mutex<Option<Duration>>>,
    /// The token, if it is not one of the series.
    text: Option<&'static str>,
}

impl Default for Vendor {
    fn default() -> Self {
        Self {
            issued: Arc::default(),
            failure: Arc::default(),
            answers: true,
            lives: Duration::from_secs(7200),
            takes: Duration::from_millis(1),
            asks: Arc::default(),
            text: None,
        }
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
            tokio::time::sleep(self.takes).await;
            let number = self.issued.fetch_add(1, Ordering::SeqCst) + 1;
            match *self.failure.lock().unwrap() {
                Some(kind) => {
                    let mut error = Error::new("test", "token", kind, "refused");
                    error.parts_mut().code = self.answers.then(|| "40001".to_owned());
                    error.parts_mut().retry_after = *self.asks.lock().unwrap();
                    Err(error)
                }
                None => {
                    let text = self.text.map_or_else(|| format!("token-{number}"), str::to_owned);
                    Ok(IssuedToken { token: Token::new(text), lives: self.lives })
                }
            }
        })
    }
}

/// The time limit of a request.
const LIMIT: Duration = Duration::from_secs(60);

struct Bench {
    vendor: Vendor,
    around: Surroundings,
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
    let mut around = Surroundings::new(clock.clone(), Arc::new(Jitter(jitter)), LIMIT);
    around.store = store;
    bench_around(vendor, clock, around)
}

fn bench_around(vendor: Vendor, clock: Arc<TestClock>, around: Surroundings) -> Bench {
    let cache = TokenCache::new(vendor.clone(), around.clone());
    Bench { vendor, around, clock, cache: Arc::new(cache) }
}

impl Bench {
    /// Calls, and waits for the renewal that the call has begun.
    async fn call_and_settle(&self) -> String {
        let token = text(&self.cache).await;
        assert!(self.around.fetches.ended(&*self.clock, Duration::from_secs(300)).await);
        token
    }
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
    bench.clock.advance(1);

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
    assert_eq!(bench.call_and_settle().await, "token-1");
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
        bench.call_and_settle().await;
        assert_eq!(bench.vendor.asked(), 2, "{lives} {jitter}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_not_given_out() {
    let bench = bench();
    bench.cache.token().await.unwrap();
    bench.vendor.fail(Some(ErrorKind::Unavailable));

    bench.clock.advance(7199);
    assert_eq!(bench.call_and_settle().await, "token-1");
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
    bench.call_and_settle().await;
    assert_eq!(bench.vendor.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_early_refresh_keeps_the_token_and_is_not_repeated_at_once() {
    let bench = bench();
    assert_eq!(text(&bench.cache).await, "token-1");
    bench.clock.advance(7200 - 200);
    bench.vendor.fail(Some(ErrorKind::Unavailable));

    assert_eq!(bench.call_and_settle().await, "token-1");
    assert_eq!(bench.call_and_settle().await, "token-1");
    assert_eq!(bench.vendor.asked(), 2);

    bench.clock.advance(16);
    bench.vendor.fail(None);
    assert_eq!(bench.call_and_settle().await, "token-1");
    assert_eq!(text(&bench.cache).await, "token-3");
}

#[tokio::test(start_paused = true)]
async fn while_a_token_is_renewed_all_callers_use_the_old_one_and_nobody_waits() {
    let bench = bench();
    assert_eq!(text(&bench.cache).await, "token-1");
    bench.clock.advance(7200 - 200);

    let tokens: Vec<String> =
        many(&bench.cache, 100).await.into_iter().map(|token| token.unwrap().expose().to_owned()).collect();

    assert!(tokens.iter().all(|token| token == "token-1"));
    bench.call_and_settle().await;
    assert_eq!(bench.vendor.asked(), 2);
    assert_eq!(text(&bench.cache).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_leaves_the_fetch_to_the_next() {
    let bench = bench();
    let cache = Arc::clone(&bench.cache);
    let abandoned = tokio::spawn(async move { cache.token().await });
    tokio::task::yield_now().await;
    abandoned.abort();
    let _ = abandoned.await;

    assert_eq!(text(&bench.cache).await, "token-1");
    assert_eq!(bench.vendor.asked(), 1);
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
    fn load<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "the database is gone");
            Ok(None)
        })
    }

    fn save<'a>(&'a self, _key: &'a str, _token: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_store_is_as_if_it_were_empty() {
    let bench = bench_of(Vendor::default(), Some(Arc::new(Panicking::default())));

    let (one, other) = futures_util::future::join(bench.cache.token(), bench.cache.token()).await;

    assert_eq!((one.unwrap().expose(), other.unwrap().expose()), ("token-1", "token-1"));
}

/// Panics at the first question, too.
struct PanickingGrant(AtomicUsize);

impl Grant for PanickingGrant {
    fn key(&self) -> String {
        "test:panics".to_owned()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "the vault is gone");
            Ok(IssuedToken::new("after the panic", None))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_grant_is_an_error_and_does_not_stay() {
    let around = bench().around;
    let cache = TokenCache::new(PanickingGrant(AtomicUsize::new(0)), around);

    let (one, other) = futures_util::future::join(cache.token(), cache.token()).await;

    assert!(one.unwrap_err().to_string().contains("panicked"));
    assert!(other.is_err());
    assert_eq!(cache.token().await.unwrap().expose(), "after the panic");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_another_process_has_stored_ends_the_wait_after_wrong_credentials() {
    let store = Arc::new(MemoryStore::default());
    let bench = bench_of(Vendor::default(), Some(store.clone()));
    bench.vendor.fail(Some(ErrorKind::Auth));
    assert!(bench.cache.token().await.is_err());

    let expires = bench.clock.unix_time() + Duration::from_secs(7200);
    let stored = StoredToken::new(Token::new("another's"), UNIX_EPOCH + expires);
    store.save("test:app", &stored).await.unwrap();

    assert_eq!(text(&bench.cache).await, "another's");
    assert_eq!(bench.vendor.asked(), 1);
}

/// Counts the questions and never has an answer.
#[derive(Default)]
struct Counting(AtomicUsize);

impl TokenStore for Counting {
    fn load<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(Ok(None)))
    }

    fn save<'a>(&'a self, _key: &'a str, _token: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(std::future::ready(Ok(())))
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
        assert_eq!(bench.call_and_settle().await, "token-1");
        assert_eq!(bench.call_and_settle().await, "token-1");
        bench.clock.advance(1);
    }

    // Once at the beginning, and every 15 s of 55.
    assert_eq!((store.0.load(Ordering::SeqCst), bench.vendor.asked()), (1 + 4, 2));
}

/// A store in which one step never ends, or fails.
#[derive(Clone, Default)]
struct Broken {
    inner: Arc<MemoryStore>,
    hangs: Option<&'static str>,
    fails: bool,
    told: Arc<Mutex<Vec<String>>>,
}

impl Broken {
    fn step<'a, T: Send + 'a>(
        &self,
        step: &str,
        future: BoxFuture<'a, Result<T, StoreError>>,
    ) -> BoxFuture<'a, Result<T, StoreError>> {
        if self.hangs.is_some_and(|hangs| hangs == step || hangs == "all") {
            return Box::pin(std::future::pending());
        }
        if self.fails {
            return Box::pin(std::future::ready(Err(StoreError::new("connection refused"))));
        }
        future
    }
}

impl TokenStore for Broken {
    fn load<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        self.step("load", self.inner.load(key))
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>> {
        self.step("save", self.inner.save(key, token))
    }

    fn save_under<'a>(&'a self, lease: &'a Lease, token: &'a StoredToken) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.step("save", self.inner.save_under(lease, token))
    }

    fn lease<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<Leased, StoreError>> {
        self.step("lease", self.inner.lease(lease))
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        self.step("release", self.inner.release(lease))
    }
}

impl Observer for Broken {
    fn attempt(&self, _attempt: &Attempt<'_>) {}

    fn store_failed(&self, failure: &StoreFailure<'_>) {
        self.told.lock().unwrap().push(format!("{} {}: {}", failure.key, failure.step, failure.reason));
    }
}

fn bench_with_broken(store: &Broken) -> Bench {
    let clock = Arc::new(TestClock::default());
    let mut around = Surroundings::new(clock.clone(), Arc::new(Jitter(0)), LIMIT);
    around.store = Some(Arc::new(store.clone()));
    around.observer = Some(Arc::new(store.clone()));
    bench_around(Vendor::default(), clock, around)
}

#[tokio::test(start_paused = true)]
async fn a_store_that_never_answers_holds_a_fetch_up_for_three_seconds_and_is_told_of() {
    for (step, told) in [
        ("load", "test:app load: no answer within 3.0 s"),
        ("lease", "test:app lease: no answer within 3.0 s"),
        ("save", "test:app save: no answer within 3.0 s"),
        ("release", "test:app release: no answer within 3.0 s"),
        ("all", "test:app load: no answer within 3.0 s"),
    ] {
        let store = Broken { hangs: Some(step), ..Broken::default() };
        let bench = bench_with_broken(&store);
        let started = tokio::time::Instant::now();

        for token in many(&bench.cache, 5).await {
            assert_eq!(token.unwrap().expose(), "token-1", "{step}");
        }
        assert!(started.elapsed() < Duration::from_secs(4), "{step}: {:?}", started.elapsed());
        assert_eq!(*store.told.lock().unwrap(), [told], "{step}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_is_told_of_and_calls_go_on() {
    let store = Broken { fails: true, ..Broken::default() };
    let bench = bench_with_broken(&store);

    assert_eq!(text(&bench.cache).await, "token-1");

    let told = ["load", "lease", "save"].map(|step| format!("test:app {step}: connection refused"));
    assert_eq!(*store.told.lock().unwrap(), told);
}

#[tokio::test(start_paused = true)]
async fn of_ten_caches_that_start_cold_with_one_store_one_asks_the_vendor() {
    let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());
    let vendor = Vendor::default();
    let caches: Vec<Bench> = (0..10).map(|_| bench_of(vendor.clone(), Some(Arc::clone(&store)))).collect();

    let tokens = futures_util::future::join_all(caches.iter().map(|bench| text(&bench.cache))).await;

    assert_eq!(tokens, ["token-1"; 10]);
    assert_eq!(vendor.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lease_whose_owner_is_gone_is_waited_for_until_it_ends() {
    let store = Arc::new(MemoryStore::default());
    let gone = Lease::new("test:app", "gone", Duration::from_millis(7500));
    assert_eq!(store.lease(&gone).await.unwrap(), Leased::Granted);
    let bench = bench_with(Some(store));
    let started = tokio::time::Instant::now();

    assert_eq!(text(&bench.cache).await, "token-1");

    let took = started.elapsed().as_secs_f64();
    assert!((7.5..9.0).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_prolonged_while_the_vendor_is_slow() {
    let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());
    let slow = Vendor { takes: Duration::from_secs(25), ..Vendor::default() };
    let caches: Vec<Bench> = (0..3).map(|_| bench_of(slow.clone(), Some(Arc::clone(&store)))).collect();

    futures_util::future::join_all(caches.iter().map(|bench| text(&bench.cache))).await;

    assert_eq!(slow.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_forgotten_by_the_store_unless_there_is_a_newer_one() {
    let store = Arc::new(MemoryStore::default());
    let bench = bench_with(Some(store.clone()));
    let old = bench.cache.token().await.unwrap();
    bench.cache.reject(&old).await;
    bench.vendor.fail(Some(ErrorKind::Unavailable));

    assert!(bench.cache.token().await.is_err());

    assert!(store.load("test:app").await.unwrap().is_none());
}

#[test]
fn a_fetch_on_a_runtime_that_nobody_drives_any_more_is_begun_anew_elsewhere() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let (dead, alive) = (runtime(), runtime());
    let bench = dead.block_on(async {
        let bench = bench_of(Vendor { takes: Duration::from_secs(5), ..Vendor::default() }, None);
        let cache = Arc::clone(&bench.cache);
        let call = tokio::spawn(async move { cache.token().await });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!call.is_finished());
        bench
    });

    alive.block_on(async {
        let started = tokio::time::Instant::now();
        for token in many(&bench.cache, 5).await {
            assert_eq!(token.unwrap().expose(), "token-1");
        }
        assert!(started.elapsed() < LIMIT * 3 / 2, "{:?}", started.elapsed());
    });
    drop(dead);
}

#[tokio::test(start_paused = true)]
async fn a_fetch_whose_caller_gives_up_is_brought_to_its_end() {
    let bench = bench_of(Vendor { takes: Duration::from_secs(5), ..Vendor::default() }, None);

    assert!(tokio::time::timeout(Duration::from_secs(1), bench.cache.token()).await.is_err());
    assert!(!bench.around.fetches.ended(&*bench.clock, Duration::from_secs(1)).await);
    assert!(bench.around.fetches.ended(&*bench.clock, Duration::from_secs(10)).await);

    assert_eq!(bench.vendor.asked(), 1);
    assert_eq!(bench.cache.token().now_or_never().unwrap().unwrap().expose(), "token-1");
}

#[test]
fn without_a_runtime_the_callers_carry_a_fetch_on() {
    let clock = Arc::new(TestClock::default());
    let around = Surroundings::new(clock, Arc::new(Jitter(0)), LIMIT);
    let cache = TokenCache::new(Ready, around);

    assert_eq!(cache.token().now_or_never().unwrap().unwrap().expose(), "at once");
}

/// Has a token at once.
struct Ready;

impl Grant for Ready {
    fn key(&self) -> String {
        "test:ready".to_owned()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(std::future::ready(Ok(IssuedToken::new("at once", None))))
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_the_token_endpoint_says_it_is_asked_once_until_the_pause_is_over() {
    for (kind, asks) in [
        (ErrorKind::RateLimited, Some(60)),
        (ErrorKind::RateLimited, None),
        (ErrorKind::Unavailable, None),
        (ErrorKind::Permission, None),
        (ErrorKind::Other, None),
        (ErrorKind::QuotaExhausted, Some(3600)),
    ] {
        let bench = bench();
        bench.vendor.fail(Some(kind));
        bench.vendor.asks.lock().unwrap().clone_from(&asks.map(Duration::from_secs));

        for _ in 0..200 {
            assert_eq!(bench.cache.token().await.unwrap_err().kind(), kind);
        }
        assert_eq!(bench.vendor.asked(), 1, "{kind:?}");
        let error = bench.cache.token().await.unwrap_err();
        if let Some(asks) = asks {
            assert_eq!(error.retry_after(), Some(Duration::from_secs(asks)), "{kind:?}");
            bench.clock.advance(asks - 1);
            assert_eq!(bench.cache.token().await.unwrap_err().retry_after(), Some(Duration::from_secs(1)));
            assert_eq!(bench.vendor.asked(), 1, "{kind:?}");
            bench.clock.advance(1);
        } else {
            bench.clock.advance(60);
        }
        assert!(bench.cache.token().await.is_err());
        assert_eq!(bench.vendor.asked(), 2, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_pause_after_failures_doubles_up_to_a_minute() {
    let bench = bench();
    bench.vendor.fail(Some(ErrorKind::Unavailable));

    let mut pauses = Vec::new();
    for _ in 0..9 {
        let pause = bench.cache.token().await.unwrap_err().retry_after().unwrap();
        pauses.push(pause.as_secs_f64());
        bench.clock.advance(pause.as_secs() + 1);
    }

    assert_eq!(pauses, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
    bench.vendor.fail(None);
    bench.cache.token().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_text_that_no_request_can_carry_is_no_token() {
    for text in ["", " ", "a\nb"] {
        let bench = bench_of(Vendor { text: Some(text), ..Vendor::default() }, None);

        let error = bench.cache.token().await.unwrap_err();

        assert!(error.is_token_refusal() && error.message().contains("no token"), "{error}");
        assert!(bench.cache.token().await.is_err());
        assert_eq!(bench.vendor.asked(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewal_whose_token_is_still_good_holds_nobody_up() {
    let bench = bench_of(Vendor { takes: Duration::from_secs(59), ..Vendor::default() }, None);
    text(&bench.cache).await;
    bench.clock.advance(7200 - 200 - 59);

    let started = tokio::time::Instant::now();
    for _ in 0..3 {
        assert_eq!(text(&bench.cache).await, "token-1");
    }

    assert_eq!(started.elapsed(), Duration::ZERO);
}
