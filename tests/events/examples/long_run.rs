//! Measures long connections over long runs.
//!
//! ```text
//! long_run breaks [events]            events while a connection breaks every 2 s, with each vendor
//! long_run throughput [events]        events per second, and CPU of client and gateway together
//! long_run burst [events]             all at once, with handlers of 100 ms
//! long_run fuzz [seconds]             frames that are changed at random
//! long_run serve feishu|dingtalk [events]   a gateway for a client in another process
//! ```
#![allow(clippy::unwrap_used, reason = "a figure that cannot be had is a failure")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use huiyi_core::event::{Connector, EventSet, base64_decode};
use huiyi_event_tests::{Vendor as Side, fuzz};
use huiyi_mock::{Break, Gateway, Vendor, credentials};

const EVENT: &str = r#"{"meeting":{"id":"6911188411934433028","topic":"周会","meeting_no":"235812466","start_time":"1608883322"},"operator":{"id":{"union_id":"on_1","user_id":"u1","open_id":"ou_1"},"user_role":1,"user_type":1}}"#;

#[tokio::main]
async fn main() {
    let argument = |position| std::env::args().nth(position);
    let number = |position: usize, otherwise: usize| argument(position).map_or(otherwise, |text| text.parse().unwrap());
    match argument(1).as_deref() {
        Some("breaks") => {
            breaks("feishu", Vendor::Feishu, number(2, 100_000), feishu).await;
            breaks("dingtalk", Vendor::DingTalk, number(2, 100_000), dingtalk).await;
        }
        Some("throughput") => {
            throughput("feishu", Vendor::Feishu, number(2, 100_000), feishu).await;
            throughput("dingtalk", Vendor::DingTalk, number(2, 100_000), dingtalk).await;
        }
        Some("burst") => {
            burst("feishu", Vendor::Feishu, number(2, 10_000), feishu).await;
            burst("dingtalk", Vendor::DingTalk, number(2, 10_000), dingtalk).await;
        }
        Some("fuzz") => change(Duration::from_secs(number(2, 600) as u64)),
        Some("serve") => serve(&argument(2).unwrap(), number(3, 20_000)).await,
        other => panic!("{other:?} is none of: breaks, throughput, burst, fuzz, serve"),
    }
}

fn feishu(gateway: &Gateway) -> Connector<huiyi_feishu::events::Event> {
    let app = credentials::FEISHU;
    let builder = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret);
    builder.base_url(gateway.base_url()).build().unwrap().events()
}

fn dingtalk(gateway: &Gateway) -> Connector<huiyi_dingtalk::events::Event> {
    let app = credentials::DINGTALK;
    let builder = huiyi_dingtalk::Client::builder().app(app.app_key, app.secret);
    builder.base_url(gateway.base_url()).build().unwrap().events()
}

/// Returns the resident memory of this process in MiB.
fn memory() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) / 256
}

/// Returns the CPU time of a process, by default of this one.
fn cpu(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let ticks: u64 =
        stat.rsplit(')').next().unwrap_or_default().split(' ').skip(12).take(2).flat_map(str::parse::<u64>).sum();
    Duration::from_millis(ticks * 10)
}

async fn breaks<E: EventSet>(name: &str, vendor: Vendor, events: usize, connector: fn(&Gateway) -> Connector<E>) {
    let gateway = Gateway::start(vendor).await.unwrap();
    gateway.ping_every(1);
    gateway.repeat_after(Duration::from_secs(2));
    let handled: Arc<Mutex<HashMap<String, u32>>> = Arc::default();
    let (noted, idle) = (Arc::clone(&handled), memory());
    // The pauses are the default ones. Silence is noticed sooner, because pings are more frequent.
    let connector = connector(&gateway).tempo(|tempo| {
        tempo.probe = Duration::from_secs(1);
        tempo.patience = Duration::from_secs(1);
        tempo.quiet = Some(Duration::from_secs(2));
    });
    let watch = connector.watch();
    let running = tokio::spawn(connector.run(move |delivery| {
        *noted.lock().unwrap().entry(delivery.id().unwrap_or_default().to_owned()).or_default() += 1;
        std::future::ready(Ok::<(), std::fmt::Error>(()))
    }));
    let (begin, mut next_break, mut broken, mut most) = (Instant::now(), Duration::from_secs(2), 0, 0);
    for number in 0..events {
        gateway.push("vc.meeting.join_meeting_v1", &number.to_string(), EVENT);
        if number % 50 == 0 {
            tokio::time::sleep(Duration::from_millis(60)).await;
            most = most.max(memory());
        }
        if begin.elapsed() >= next_break && gateway.break_one(number, Break::ALL[fastrand::usize(..Break::ALL.len())]) {
            broken += 1;
            next_break = begin.elapsed() + Duration::from_secs(2);
        }
    }
    let tally = gateway.until(|tally| tally.acknowledged == events).await;
    let took = begin.elapsed();
    watch.stop();
    running.await.unwrap().unwrap();
    let handled = handled.lock().unwrap();
    let lost = (0..events).filter(|number| !handled.contains_key(&number.to_string())).count();
    let twice = handled.values().filter(|times| **times > 1).count();
    println!(
        "{name}: {events} events in {took:.1?}, {broken} breaks, {} connections: {lost} lost, {} deliveries, {twice} handled twice,\n\
         longest gap {:.2?} (gateway: none in order), {:.2?} (client: none open), memory {} MiB above idle (with the gateway)",
        tally.opened,
        tally.deliveries,
        tally.longest_gap,
        watch.figures().longest_gap,
        most.saturating_sub(idle),
    );
}

async fn throughput<E: EventSet>(name: &str, vendor: Vendor, events: usize, connector: fn(&Gateway) -> Connector<E>) {
    let gateway = Gateway::start(vendor).await.unwrap();
    let connector = connector(&gateway);
    let watch = connector.watch();
    let running = tokio::spawn(connector.run(|_| std::future::ready(Ok::<(), std::fmt::Error>(()))));
    gateway.until(|tally| tally.open == 1).await;
    let (begin, used) = (Instant::now(), cpu("self"));
    for number in 0..events {
        while number > gateway.tally().acknowledged + 1_000 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        gateway.push("vc.meeting.join_meeting_v1", &number.to_string(), EVENT);
    }
    gateway.until(|tally| tally.acknowledged == events).await;
    let (took, used) = (begin.elapsed(), cpu("self") - used);
    watch.stop();
    running.await.unwrap().unwrap();
    println!(
        "{name}: {events} events in {took:.2?}: {:.0} per second, {:.1} us of CPU each (client and gateway)",
        events as f64 / took.as_secs_f64(),
        used.as_secs_f64() * 1e6 / events as f64,
    );
}

async fn burst<E: EventSet>(name: &str, vendor: Vendor, events: usize, connector: fn(&Gateway) -> Connector<E>) {
    let gateway = Gateway::start(vendor).await.unwrap();
    let connector = connector(&gateway);
    let watch = connector.watch();
    let running = tokio::spawn(connector.run(|_| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok::<(), std::fmt::Error>(())
    }));
    gateway.until(|tally| tally.open == 1).await;
    for number in 0..events {
        gateway.push("vc.meeting.join_meeting_v1", &number.to_string(), EVENT);
    }
    let (before, mut most) = (memory(), 0);
    while gateway.tally().acknowledged < events {
        most = most.max(memory());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    watch.stop();
    running.await.unwrap().unwrap();
    let tally = gateway.tally();
    println!(
        "{name}: {events} at once, handlers of 100 ms: slowest answer {:.2?}, {} deliveries, {} MiB above before",
        tally.slowest_answer,
        tally.deliveries,
        most.saturating_sub(before),
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

/// Delivers events to a client in another process, and prints how fast it was. The environment variable
/// `CLIENT_PID_FILE` may name a file with the client's process id.
async fn serve(vendor: &str, events: usize) {
    let vendor = if vendor == "feishu" { Vendor::Feishu } else { Vendor::DingTalk };
    let gateway = Gateway::start(vendor).await.unwrap();
    println!("{}", gateway.base_url());
    gateway.until(|tally| tally.open == 1).await;
    let client = std::env::var("CLIENT_PID_FILE").ok().and_then(|file| std::fs::read_to_string(file).ok());
    let client = client.as_deref().map(str::trim).unwrap_or("self").to_owned();
    let (begin, used) = (Instant::now(), cpu(&client));
    for number in 0..events {
        while number > gateway.tally().acknowledged + gateway.tally().malformed + 500 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        gateway.push("vc.meeting.join_meeting_v1", &number.to_string(), EVENT);
    }
    let answered = |tally: &huiyi_mock::Tally| tally.acknowledged + tally.malformed >= events;
    let tally = gateway.until(answered).await;
    let (took, used) = (begin.elapsed(), cpu(&client) - used);
    println!(
        "{events} events in {took:.2?}: {:.0} per second, {:.1} us of CPU of the client each; {} deliveries, {} malformed",
        events as f64 / took.as_secs_f64(),
        used.as_secs_f64() * 1e6 / events as f64,
        tally.deliveries,
        tally.malformed,
    );
}
