//! `cargo bench`: calls over loopback, decoding, signing, the cached token.

#![allow(missing_docs, reason = "criterion's macros")]
#![allow(clippy::unwrap_used, reason = "a benchmark may stop at the first surprise")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use huiyi_bench::{plain, sample, server};
use huiyi_core::{QuotaPolicy, TokenSource};
use huiyi_feishu::types::GetMeetingResponse;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn calls(criterion: &mut Criterion) {
    let base_url = format!("http://{}", server::start(&sample::meeting(2)).unwrap());
    let runtime = runtime();
    let mut group = criterion.benchmark_group("get_meeting over loopback");
    let http = reqwest::Client::new();
    group.bench_function("plain reqwest", |bench| {
        bench.to_async(&runtime).iter(|| async { plain::get_meeting(&http, &base_url, "t-benchmark").await.unwrap() });
    });
    let client = huiyi_feishu::Client::builder()
        .app("cli_bench", "secret")
        .base_url(&base_url)
        .quota(QuotaPolicy::default().with_scale(1e6))
        .build()
        .unwrap();
    group.bench_function("huiyi-feishu", |bench| {
        bench
            .to_async(&runtime)
            .iter(|| async { client.get_meeting("6911188411934433028").with_participants(true).send().await.unwrap() });
    });
    group.finish();
}

fn decoding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode a meeting");
    for participants in [10, 1_000, 10_000] {
        let body = sample::meeting(participants);
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_with_input(BenchmarkId::new("plain serde from_slice", participants), &body, |bench, body| {
            bench.iter(|| serde_json::from_slice::<plain::Envelope<plain::Data>>(black_box(body.as_bytes())).unwrap());
        });
        group.bench_with_input(BenchmarkId::new("huiyi with envelope", participants), &body, |bench, body| {
            bench.iter(|| decode(black_box(body.as_bytes())));
        });
    }
    group.finish();
}

/// What the pipeline does with the bytes of an answer: UTF-8, envelope, typed value.
fn decode(body: &[u8]) -> GetMeetingResponse {
    let text = std::str::from_utf8(body).unwrap();
    let [code] = huiyi_core::envelope::head(text, ["code"], Some("data")).unwrap();
    assert_eq!(code.as_deref(), Some("0"));
    huiyi_core::decode::data_from_str(text).unwrap()
}

fn tokens(criterion: &mut Criterion) {
    let runtime = runtime();
    let source = huiyi_core::StaticToken::new(huiyi_core::Token::new("t-1"));
    criterion.bench_function("token at hand", |bench| {
        bench.to_async(&runtime).iter(|| async { source.token().await.unwrap() });
    });
    let cache = cached();
    runtime.block_on(cache.token()).unwrap();
    criterion.bench_function("token from the cache", |bench| {
        bench.to_async(&runtime).iter(|| async { cache.token().await.unwrap() });
    });
}

fn cached() -> impl TokenSource {
    use huiyi_core::clock::{SystemClock, SystemEntropy};
    use huiyi_core::token::{Grant, IssuedToken};
    use huiyi_core::{BoxFuture, Error, Token};

    struct Fixed;

    impl Grant for Fixed {
        fn key(&self) -> String {
            "bench".to_owned()
        }

        fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
            let expires_in = std::time::Duration::from_secs(7200);
            Box::pin(async move { Ok(IssuedToken { token: Token::new("t-1"), expires_in }) })
        }
    }

    huiyi_core::token_cache::TokenCache::new(
        Fixed,
        huiyi_core::token::TokenContext::new(
            std::sync::Arc::new(SystemClock::default()),
            std::sync::Arc::new(SystemEntropy),
            std::time::Duration::from_secs(60),
        ),
    )
}

fn signing(criterion: &mut Criterion) {
    let base_url = format!("http://{}", server::start("{}").unwrap());
    let runtime = runtime();
    let http = reqwest::Client::new();
    let mut group = criterion.benchmark_group("a signed call over loopback");
    group.bench_function("plain reqwest, unsigned", |bench| {
        bench.to_async(&runtime).iter(|| async {
            http.get(format!("{base_url}/v1/layout-templates")).send().await.unwrap().bytes().await.unwrap()
        });
    });
    let client = huiyi_tencent::Client::builder()
        .keys("1", "AKIDbench", "secret")
        .base_url(&base_url)
        .quota(QuotaPolicy::default().with_scale(1e6))
        .build()
        .unwrap();
    group.bench_function("huiyi-tencent", |bench| {
        bench.to_async(&runtime).iter(|| async { client.list_layout_templates().send().await.unwrap() });
    });
    group.finish();
}

criterion_group!(benches, calls, decoding, tokens, signing);
criterion_main!(benches);
