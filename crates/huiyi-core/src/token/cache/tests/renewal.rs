//! Tokens that are close to expiry.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_token_that_looks_expired_at_once_serves_all_who_waited_for_it() {
    let bench = bench_of(Vendor { expires_in: Duration::ZERO, ..Vendor::default() }, None);

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
    for (expires_in, jitter, early) in
        [(7200, 0, 300), (7200, 74, 374), (7200, 75, 300), (64, 74, 16 + 4), (64, 3, 16 + 3)]
    {
        let bench = bench_with_jitter(
            Vendor { expires_in: Duration::from_secs(expires_in), ..Vendor::default() },
            None,
            jitter,
        );
        bench.cache.token().await.unwrap();

        bench.clock.advance(expires_in - early - 1);
        bench.cache.token().await.unwrap();
        assert_eq!(bench.vendor.asked(), 1, "{expires_in} {jitter}");
        bench.clock.advance(1);
        bench.call_and_settle().await;
        assert_eq!(bench.vendor.asked(), 2, "{expires_in} {jitter}");
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
    let bench = bench_of(Vendor { expires_in: Duration::MAX, ..Vendor::default() }, None);
    bench.cache.token().await.unwrap();

    bench.clock.advance(366 * 86_400 - 301);
    bench.cache.token().await.unwrap();
    assert_eq!(bench.vendor.asked(), 1);
    bench.clock.advance(1);
    bench.call_and_settle().await;
    assert_eq!(bench.vendor.asked(), 2);
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
