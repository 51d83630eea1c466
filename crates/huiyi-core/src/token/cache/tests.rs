#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod callers;
mod failures;
mod renewal;
mod stores;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use futures_util::FutureExt as _;

use super::TokenCache;
use crate::clock::{BoxFuture, Clock, Entropy};
use crate::error::{Error, ErrorKind};
use crate::observe::{Attempt, Observer, StoreFailure};
use crate::token::{
    Grant, IssuedToken, Lease, Leased, MemoryStore, StoreError, StoredToken, Token, TokenContext, TokenSource,
    TokenStore,
};

/// Tokio's paused time plus the seconds that a test added.
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
        // Requests take a millisecond, which the tests ignore.
        Duration::from_secs(self.0.load(Ordering::SeqCst) + self.1.elapsed().as_secs())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Returns the same number each time; 0 means no jitter.
struct Jitter(u64);

impl Entropy for Jitter {
    fn next_u64(&self) -> u64 {
        self.0
    }
}

/// Issues `token-1`, `token-2`, .. for two hours each, or fails with `failure`.
#[derive(Clone)]
struct Vendor {
    issued: Arc<AtomicUsize>,
    failure: Arc<Mutex<Option<ErrorKind>>>,
    /// Whether a failure comes from the vendor and not from the client.
    answers: bool,
    expires_in: Duration,
    /// How long an answer takes.
    takes: Duration,
    /// The wait that a refusal asks for.
    asks: Arc<Mutex<Option<Duration>>>,
    /// The text of the token, if it is not one of the series.
    text: Option<&'static str>,
}

impl Default for Vendor {
    fn default() -> Self {
        Self {
            issued: Arc::default(),
            failure: Arc::default(),
            answers: true,
            expires_in: Duration::from_secs(7200),
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
            // Like a network: the answer is not there before all other tasks have run.
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
                    Ok(IssuedToken { token: Token::new(text), expires_in: self.expires_in })
                }
            }
        })
    }
}

/// The time limit of a request.
const LIMIT: Duration = Duration::from_secs(60);

struct Bench {
    vendor: Vendor,
    context: TokenContext,
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
    let mut context = TokenContext::new(clock.clone(), Arc::new(Jitter(jitter)), LIMIT);
    context.store = store;
    bench_around(vendor, clock, context)
}

fn bench_around(vendor: Vendor, clock: Arc<TestClock>, context: TokenContext) -> Bench {
    let cache = TokenCache::new(vendor.clone(), context.clone());
    Bench { vendor, context, clock, cache: Arc::new(cache) }
}

impl Bench {
    /// Calls, and waits for the renewal that the call has started.
    async fn call_and_settle(&self) -> String {
        let token = text(&self.cache).await;
        assert!(self.context.fetches.ended(&*self.clock, Duration::from_secs(300)).await);
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
