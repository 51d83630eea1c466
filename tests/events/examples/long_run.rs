//! Measures long connections over long runs.
//!
//! ```text
//! long_run breaks [events]            events while a connection breaks every 2 s, with each vendor
//! long_run throughput [events]        events per second, and CPU of the client for each
//! long_run burst [events]             all at once, with handlers of 100 ms
//! long_run fuzz [seconds]             frames that are changed at random
//! long_run serve feishu|dingtalk [events]   a gateway for a client in another process
//! ```
#![allow(clippy::unwrap_used, reason = "a figure that cannot be had is a failure")]

use std::time::{Duration, Instant};

use huiyi_core::event::base64_decode;
use huiyi_event_tests::apart::{Apart, cpu_ms, serve_if_asked};
use huiyi_event_tests::{Vendor as Side, fuzz};
use huiyi_mock::{Break, Gateway, Vendor};

const EVENT: &str = r#"{"meeting":{"id":"6911188411934433028","topic":"周会","meeting_no":"235812466","start_time":"1608883322"},"operator":{"id":{"union_id":"on_1","user_id":"u1","open_id":"ou_1"},"user_role":1,"user_type":1}}"#;

const EVENT_TYPE: &str = "vc.meeting.join_meeting_v1";

/// The client replaces a connection that is silent for so long.
const SILENCE: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() {
    if tokio::task::spawn_blocking(serve_if_asked).await.unwrap().unwrap() {
        return;
    }
    let argument = |position| std::env::args().nth(position);
    let number = |position: usize, otherwise: usize| argument(position).map_or(otherwise, |text| text.parse().unwrap());
    match argument(1).as_deref() {
        Some("breaks") => {
            for vendor in [Side::Feishu, Side::DingTalk] {
                breaks(vendor, number(2, 100_000)).await;
            }
        }
        Some("throughput") => {
            for vendor in [Side::Feishu, Side::DingTalk] {
                throughput(vendor, number(2, 100_000)).await;
            }
        }
        Some("burst") => {
            for vendor in [Side::Feishu, Side::DingTalk] {
                burst(vendor, number(2, 10_000)).await;
            }
        }
        Some("fuzz") => change(Duration::from_secs(number(2, 600) as u64)),
        Some("serve") => serve(&argument(2).unwrap(), number(3, 20_000)).await,
        other => panic!("{other:?} is none of: breaks, throughput, burst, fuzz, serve"),
    }
}

async fn gateway(vendor: Side) -> Gateway {
    let vendor = if vendor == Side::Feishu { Vendor::Feishu } else { Vendor::DingTalk };
    let gateway = Gateway::start(vendor).await.unwrap();
    gateway.ping_every(1);
    gateway
}

/// Pushes events while one connection breaks every two seconds, in a random way. The client is another process.
async fn breaks(vendor: Side, events: usize) {
    let gateway = gateway(vendor).await;
    gateway.repeat_after(Duration::from_secs(2));
    let client = Apart::start(vendor, &gateway.base_url(), Duration::ZERO, SILENCE, &[]).unwrap();
    gateway.until(|tally| tally.open == 1).await;
    let (begin, mut next_break, mut broken) = (Instant::now(), Duration::from_secs(2), [0; Break::ALL.len()]);
    for number in 0..events {
        gateway.push(EVENT_TYPE, &number.to_string(), EVENT);
        if number % 50 == 0 {
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
        let chosen = fastrand::usize(..Break::ALL.len());
        if begin.elapsed() >= next_break && gateway.break_one(number, Break::ALL[chosen]) {
            broken[chosen] += 1;
            next_break = begin.elapsed() + Duration::from_secs(2);
        }
    }
    let pushed = begin.elapsed();
    let tally = gateway.until(|tally| tally.acknowledged == events).await;
    let took = begin.elapsed();
    let account = client.stop().unwrap();
    println!(
        "{vendor:?}: {events} events pushed in {pushed:.1?}, all acknowledged after {took:.1?}; breaks: {:?}\n\
         {} deliveries, {} lost, {} handled twice; longest gap {:.2?} (gateway: none in order), {} ms (client: none open)\n\
         {} connections; memory of the client {:.1} MiB above idle",
        Break::ALL.iter().zip(broken).collect::<Vec<_>>(),
        tally.deliveries,
        events - account.handled,
        account.twice,
        tally.longest_gap,
        account.longest_gap_ms,
        account.connections,
        account.grown_kib as f64 / 1024.0,
    );
}

/// Pushes events, never more than so many that are not acknowledged. The client is another process.
async fn throughput(vendor: Side, events: usize) {
    let gateway = gateway(vendor).await;
    let client = Apart::start(vendor, &gateway.base_url(), Duration::ZERO, SILENCE, &[]).unwrap();
    gateway.until(|tally| tally.open == 1).await;
    let begin = Instant::now();
    for number in 0..events {
        while number > gateway.tally().acknowledged + 500 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        gateway.push(EVENT_TYPE, &number.to_string(), EVENT);
    }
    gateway.until(|tally| tally.acknowledged == events).await;
    let took = begin.elapsed();
    let account = client.stop().unwrap();
    println!(
        "{vendor:?}: {events} events in {took:.2?}: {:.0} per second, {:.1} us of CPU of the client each",
        events as f64 / took.as_secs_f64(),
        account.cpu_ms as f64 * 1e3 / events as f64,
    );
}

/// Pushes events at once; each handler takes 100 ms. The client is another process.
async fn burst(vendor: Side, events: usize) {
    let gateway = gateway(vendor).await;
    let client = Apart::start(vendor, &gateway.base_url(), Duration::from_millis(100), SILENCE, &[]).unwrap();
    gateway.until(|tally| tally.open == 1).await;
    let begin = Instant::now();
    for number in 0..events {
        gateway.push(EVENT_TYPE, &number.to_string(), EVENT);
    }
    let tally = gateway.until(|tally| tally.acknowledged == events).await;
    let took = begin.elapsed();
    let account = client.stop().unwrap();
    println!(
        "{vendor:?}: {events} at once, handlers of 100 ms: all acknowledged after {took:.2?}, slowest answer {:.2?}, \
         {} deliveries, {} handled, {} twice, memory of the client {:.1} MiB above idle",
        tally.slowest_answer,
        tally.deliveries,
        account.handled,
        account.twice,
        account.grown_kib as f64 / 1024.0,
    );
}

/// Changes real frames at random, and prints how many.
fn change(time: Duration) {
    let feishu: serde_json::Value = serde_json::from_str(include_str!("../data/feishu_frames.json")).unwrap();
    let dingtalk: serde_json::Value = serde_json::from_str(include_str!("../data/dingtalk_frames.json")).unwrap();
    let frames = |value: &serde_json::Value| value["frames"].as_object().unwrap().values().cloned().collect::<Vec<_>>();
    let feishu: Vec<Vec<u8>> =
        frames(&feishu).iter().map(|frame| base64_decode(frame.as_str().unwrap()).unwrap()).collect();
    let dingtalk: Vec<Vec<u8>> =
        frames(&dingtalk).iter().map(|frame| frame["frame"].as_str().unwrap().as_bytes().to_vec()).collect();
    for (vendor, seeds) in [(Side::Feishu, feishu), (Side::DingTalk, dingtalk)] {
        let (begin, mut count) = (Instant::now(), 0_u64);
        while begin.elapsed() < time {
            for _ in 0..1000 {
                let mut data = vec![u8::MAX];
                data.extend_from_slice(&seeds[fastrand::usize(..seeds.len())]);
                for _ in 0..fastrand::usize(..8) {
                    let at = fastrand::usize(..data.len());
                    match fastrand::u8(..5) {
                        0 => data[at] = fastrand::u8(..),
                        1 => data.truncate(at.max(1)),
                        2 => data.insert(at, fastrand::u8(..)),
                        3 => {
                            let piece = data[at..].to_vec();
                            data.extend(piece);
                        }
                        _ => drop(data.drain(at..(at + fastrand::usize(..16)).min(data.len()))),
                    }
                    if data.is_empty() {
                        data.push(u8::MAX);
                    }
                }
                fuzz::say(vendor, &data);
                count += 1;
            }
        }
        println!("{vendor:?}: {count} changed frames in {:?}, no panic", begin.elapsed());
    }
}

/// Delivers events to a client of another kind, and prints how fast it was. The environment variable
/// `CLIENT_PID_FILE` may name a file with the client's process id.
async fn serve(vendor: &str, events: usize) {
    let gateway = gateway(if vendor == "feishu" { Side::Feishu } else { Side::DingTalk }).await;
    println!("{}", gateway.base_url());
    gateway.until(|tally| tally.open == 1).await;
    let client = std::env::var("CLIENT_PID_FILE").ok().and_then(|file| std::fs::read_to_string(file).ok());
    let client = client.as_deref().map(str::trim).unwrap_or("self").to_owned();
    let (begin, used) = (Instant::now(), cpu_ms(&client));
    for number in 0..events {
        while number > gateway.tally().acknowledged + gateway.tally().malformed + 500 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        gateway.push(EVENT_TYPE, &number.to_string(), EVENT);
    }
    let answered = |tally: &huiyi_mock::Tally| tally.acknowledged + tally.malformed >= events;
    let tally = gateway.until(answered).await;
    let (took, used) = (begin.elapsed(), cpu_ms(&client) - used);
    println!(
        "{events} events in {took:.2?}: {:.0} per second, {:.1} us of CPU of the client each; {} deliveries, {} malformed",
        events as f64 / took.as_secs_f64(),
        used as f64 * 1e3 / events as f64,
        tally.deliveries,
        tally.malformed,
    );
}
