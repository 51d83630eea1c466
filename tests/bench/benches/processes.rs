//! Whole processes: the CPU time of many calls with huiyi, compared with the same calls with plain reqwest.
//!
//! The program starts itself as a child for each measurement, in turns, against one server in the parent. It prints
//! the ratio of the medians.

#![allow(clippy::unwrap_used, reason = "a benchmark may stop at the first surprise")]

use std::process::Command;

use futures_util::StreamExt as _;
use huiyi_bench::{cpu, plain, sample, server};
use huiyi_core::QuotaPolicy;

const ROUNDS: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "child", program, in_flight, calls, base_url] => {
            child(program, in_flight.parse().unwrap(), calls.parse().unwrap(), base_url)
        }
        _ => parent(),
    }
}

fn parent() {
    let base_url = format!("http://{}", server::start(&sample::meeting(2)).unwrap());
    println!("CPU time per call of a whole process, median of {ROUNDS} runs in turns (get_meeting over loopback)");
    for (in_flight, calls) in [(1, 20_000), (64, 40_000)] {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (program, times) in ["plain", "huiyi"].iter().zip(&mut times) {
                times.push(measure(program, in_flight, calls, &base_url));
            }
        }
        let [plain, huiyi] = times.map(median);
        println!(
            "{in_flight:>3} in flight: plain reqwest {plain:.1} µs, huiyi {huiyi:.1} µs, ratio {:.3}",
            huiyi / plain
        );
    }
}

/// Returns microseconds of CPU per call.
fn measure(program: &str, in_flight: usize, calls: usize, base_url: &str) -> f64 {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["child", program, &in_flight.to_string(), &calls.to_string(), base_url])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().parse::<f64>().unwrap() / calls as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn child(program: &str, in_flight: usize, calls: usize, base_url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match program {
            "plain" => {
                let client = reqwest::Client::new();
                let calls = (0..calls).map(|_| async {
                    plain::get_meeting(&client, base_url, "t-benchmark").await.unwrap().participants.len()
                });
                assert!(
                    futures_util::stream::iter(calls).buffer_unordered(in_flight).all(async |count| count == 2).await
                );
            }
            _ => {
                let quota = QuotaPolicy::default().with_scale(1e6);
                let client = huiyi_feishu::Client::builder()
                    .app("cli_bench", "secret")
                    .base_url(base_url)
                    .quota(quota)
                    .build()
                    .unwrap();
                let calls = (0..calls).map(|_| async {
                    let call = client.get_meeting("6911188411934433028").with_participants(true);
                    call.send().await.unwrap().meeting.participants.len()
                });
                assert!(
                    futures_util::stream::iter(calls).buffer_unordered(in_flight).all(async |count| count == 2).await
                );
            }
        }
    });
    println!("{}", cpu::microseconds());
}
