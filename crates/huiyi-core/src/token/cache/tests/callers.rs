//! Many callers, callers that give up, runtimes that stall.

use super::*;

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
async fn debug_shows_no_token() {
    let bench = bench();
    let token = bench.cache.token().await.unwrap();

    let shown = format!("{:?} {token:?}", bench.cache);

    assert!(!shown.contains("token-1"), "{shown}");
    assert!(shown.starts_with("TokenCache { key: \"test:app\""), "{shown}");
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
    assert!(!bench.context.fetches.ended(&*bench.clock, Duration::from_secs(1)).await);
    assert!(bench.context.fetches.ended(&*bench.clock, Duration::from_secs(10)).await);

    assert_eq!(bench.vendor.asked(), 1);
    assert_eq!(bench.cache.token().now_or_never().unwrap().unwrap().expose(), "token-1");
}

#[test]
fn without_a_runtime_the_callers_carry_a_fetch_on() {
    let clock = Arc::new(TestClock::default());
    let context = TokenContext::new(clock, Arc::new(Jitter(0)), LIMIT);
    let cache = TokenCache::new(Ready, context);

    assert_eq!(cache.token().now_or_never().unwrap().unwrap().expose(), "at once");
}

/// Has a token immediately.
struct Ready;

impl Grant for Ready {
    fn key(&self) -> String {
        "test:ready".to_owned()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(std::future::ready(Ok(IssuedToken::new("at once", None))))
    }
}
