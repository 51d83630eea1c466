//! With a shared store: leases, tokens of others, stores that fail or stall.

use super::*;

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

/// Panics on the first request.
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

/// Counts the requests and never completes one.
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

    // Once at the start, then every 15 s within 55 s.
    assert_eq!((store.0.load(Ordering::SeqCst), bench.vendor.asked()), (1 + 4, 2));
}

/// A store in which one step never ends or fails.
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
    let mut context = TokenContext::new(clock.clone(), Arc::new(Jitter(0)), LIMIT);
    context.store = Some(Arc::new(store.clone()));
    context.observer = Some(Arc::new(store.clone()));
    bench_around(Vendor::default(), clock, context)
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
