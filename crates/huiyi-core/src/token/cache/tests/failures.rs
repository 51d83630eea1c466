//! Refusals by the vendor.

use super::*;

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

/// Panics on the first request.
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
    let context = bench().context;
    let cache = TokenCache::new(PanickingGrant(AtomicUsize::new(0)), context);

    let (one, other) = futures_util::future::join(cache.token(), cache.token()).await;

    assert!(one.unwrap_err().to_string().contains("panicked"));
    assert!(other.is_err());
    assert_eq!(cache.token().await.unwrap().expose(), "after the panic");
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
