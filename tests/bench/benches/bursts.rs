//! Bursts: many calls at once over open connections, with the documented quota and without one.
//!
//! Each vendor gets as many calls as its documented window allows, in turns. Prints the medians and their ratio.

#![allow(clippy::unwrap_used, reason = "a benchmark may stop at the first surprise")]

use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use huiyi_bench::{sample, server};
use huiyi_core::QuotaPolicy;

const ROUNDS: usize = 41;

type Call = Pin<Box<dyn Future<Output = ()>>>;

/// Makes a client with this base URL, this HTTP client and this quota, and returns what makes its calls.
type NewCaller = fn(&str, reqwest::Client, QuotaPolicy) -> Box<dyn Fn() -> Call>;

/// A vendor: how many calls its window allows, its answer, and how its calls are made.
struct Vendor {
    name: &'static str,
    allowed: usize,
    answer: String,
    caller: NewCaller,
}

fn main() {
    let vendors = [
        Vendor { name: "feishu", allowed: 50, answer: sample::meeting(2), caller: feishu },
        Vendor { name: "wecom", allowed: 10_000, answer: r#"{"errcode":0,"errmsg":"ok"}"#.to_owned(), caller: wecom },
        Vendor { name: "dingtalk", allowed: 20, answer: r#"{"conferenceId":"c"}"#.to_owned(), caller: dingtalk },
        Vendor { name: "tencent", allowed: 300, answer: "{}".to_owned(), caller: tencent },
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    println!("Time of calls made at once over loopback, median of {ROUNDS} rounds in turns");
    for vendor in &vendors {
        let base_url = format!("http://{}", server::start_with(&vendor.answer, &vendor.answer).unwrap());
        let mut sizes: Vec<usize> = [10, 50, 100].map(|size| vendor.allowed.min(size)).into();
        sizes.dedup();
        for calls in sizes {
            let [off, on] = runtime.block_on(rounds(vendor, &base_url, calls));
            let ratio = on.as_secs_f64() / off.as_secs_f64();
            println!(
                "{:>8} {calls:>3} calls: without quota {off:.2?}, with quota {on:.2?}, ratio {ratio:.3}",
                vendor.name
            );
        }
    }
}

/// Returns the medians without a quota and with one.
async fn rounds(vendor: &Vendor, base_url: &str, calls: usize) -> [Duration; 2] {
    let http = reqwest::Client::new();
    let policies = [QuotaPolicy::off(), QuotaPolicy::wait()];
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        for (policy, times) in policies.iter().zip(&mut times) {
            let call = (vendor.caller)(base_url, http.clone(), *policy);
            let begun = Instant::now();
            join_all((0..calls).map(|_| call())).await;
            // The first round opens the connections, so it does not count.
            if round > 0 {
                times.push(begun.elapsed());
            }
        }
    }
    times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    })
}

fn feishu(base_url: &str, http: reqwest::Client, quota: QuotaPolicy) -> Box<dyn Fn() -> Call> {
    let builder = huiyi_feishu::Client::builder().tenant_access_token("t-bench");
    let client = builder.base_url(base_url).http_client(http).quota(quota).build().unwrap();
    Box::new(move || {
        let call = client.get_meeting("6911188411934433028");
        Box::pin(async { drop(call.send().await.unwrap()) })
    })
}

fn wecom(base_url: &str, http: reqwest::Client, quota: QuotaPolicy) -> Box<dyn Fn() -> Call> {
    let builder = huiyi_wecom::Client::builder().access_token("t-bench");
    let client = builder.base_url(base_url).http_client(http).quota(quota).build().unwrap();
    Box::new(move || {
        let call = client.get_meeting_info();
        Box::pin(async { drop(call.send().await.unwrap()) })
    })
}

fn dingtalk(base_url: &str, http: reqwest::Client, quota: QuotaPolicy) -> Box<dyn Fn() -> Call> {
    let builder = huiyi_dingtalk::Client::builder().access_token("t-bench");
    let client = builder.base_url(base_url).http_client(http).quota(quota).build().unwrap();
    Box::new(move || {
        let call = client.get_schedule_conference("c", "u");
        Box::pin(async { drop(call.send().await.unwrap()) })
    })
}

fn tencent(base_url: &str, http: reqwest::Client, quota: QuotaPolicy) -> Box<dyn Fn() -> Call> {
    let builder = huiyi_tencent::Client::builder().keys("1", "AKIDbench", "secret");
    let client = builder.base_url(base_url).http_client(http).quota(quota).build().unwrap();
    Box::new(move || {
        let call = client.list_layout_templates();
        Box::pin(async { drop(call.send().await.unwrap()) })
    })
}
