//! What a client costs in memory, and how often it handles an event, while the worst comes over its connection. The
//! client is a process of its own.

use std::time::Duration;

use huiyi_event_tests::Vendor;
use huiyi_event_tests::apart::{Apart, serve_if_asked};
use huiyi_mock::Gateway;

use crate::side::{Side, content, ends};

/// Events that come at once.
const EVENTS: usize = 10_000;

#[test]
fn feishu() {
    worst::<crate::side::Feishu>(Vendor::Feishu, "memory::feishu");
}

#[test]
fn dingtalk() {
    worst::<crate::side::DingTalk>(Vendor::DingTalk, "memory::dingtalk");
}

fn worst<S: Side>(vendor: Vendor, test: &str) {
    // This is the process of the client.
    if serve_if_asked().unwrap() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(ends(stays_within_its_memory::<S>(vendor, test)));
}

async fn stays_within_its_memory<S: Side>(vendor: Vendor, test: &str) {
    let gateway = Gateway::start(S::VENDOR).await.unwrap();
    gateway.ping_every(1);
    gateway.repeat_after(Duration::from_secs(60));
    let arguments = ["--exact", test, "--nocapture"];
    // A busy machine may keep both processes waiting for seconds, and nothing here breaks the connection.
    let silence = Duration::from_secs(60);
    let client = Apart::start(vendor, &gateway.base_url(), Duration::from_millis(100), silence, &arguments).unwrap();
    gateway.until(|tally| tally.open == 1).await;
    gateway.push(S::EVENT_TYPE, "0", &content(100));
    gateway.until(|tally| tally.acknowledged == 1).await;

    bombs::<S>(&gateway);
    gateway.push(S::EVENT_TYPE, "1", &content(2 << 20));
    for number in 2..EVENTS {
        gateway.push(S::EVENT_TYPE, &number.to_string(), &content(300));
    }
    for number in 0..1_000 {
        gateway.push_again(number);
    }
    let tally = gateway.until(|tally| tally.acknowledged == EVENTS).await;
    let account = client.stop().unwrap();

    println!("{account:?}, slowest answer {:?}, {} asked for again", tally.slowest_answer, tally.failed);
    assert_eq!((account.handled, account.twice), (EVENTS, 0), "{account:?}");
    assert_eq!(account.connections, 1, "nothing ended the connection");
    assert!(account.grown_kib < 64 << 10, "{account:?}");
}

/// Garbage, and pieces of messages that claim to have very many.
fn bombs<S: Side>(gateway: &Gateway) {
    for bytes in [&[0xff; 10_000][..], b"{", b"[[[[[[", &[0x0b; 10_000]] {
        gateway.send_raw(bytes, S::VENDOR == huiyi_mock::Vendor::DingTalk);
    }
    if S::VENDOR == huiyi_mock::Vendor::Feishu {
        for sum in [2_000_000_000, u64::MAX, 1025] {
            gateway.send_fragment("bomb", sum, 0, b"x");
        }
        let piece = vec![b'x'; 64 << 10];
        for number in 0..1_000 {
            gateway.send_fragment(&format!("open-{number}"), 1024, 7, &piece);
        }
    }
}
