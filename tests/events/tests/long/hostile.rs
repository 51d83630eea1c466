//! Messages that no server should send.

use std::time::Duration;

use huiyi_mock::{AskFault, Break};

use crate::side::{Side, Told, content, each, pair};

each! {
    garbage_is_told_and_the_connection_goes_on,
    a_large_event_arrives,
    a_slow_gateway_is_not_given_up,
    an_unknown_event_and_an_unreadable_one_are_delivered,
}

async fn garbage_is_told_and_the_connection_goes_on<S: Side>() {
    let told = Told::default();
    let (gateway, connector) = pair::<S>(&told).await;
    let mut connection = connector.connect().unwrap();
    gateway.until(|tally| tally.open == 1).await;
    let garbage: [(&[u8], bool); 8] = [
        (b"", false),
        (b"\xff\xff\xff\xff", false),
        (b"no JSON", true),
        (b"[1]", true),
        (b"{}", true),
        (br#"{"type":7,"headers":[],"data":{}}"#, true),
        (br#"{"specVersion":"1.0","type":"EVENT","headers":{}}"#, true),
        (&[0x0b; 10_000], false),
    ];
    for (bytes, is_text) in garbage {
        gateway.send_raw(bytes, is_text);
    }
    gateway.push(S::EVENT_TYPE, "1", &content(100));

    connection.next().await.unwrap().unwrap().ack();

    let tally = gateway.until(|tally| tally.acknowledged == 1).await;
    assert_eq!(tally.opened, 1);
    assert!(connection.watch().stats().unreadable >= 4, "{:?}", connection.watch().stats());
    assert!(told.text().contains("cannot be read"), "{}", told.text());
}

async fn a_large_event_arrives<S: Side>() {
    let (gateway, connector) = pair::<S>(&Told::default()).await;
    gateway.repeat_after(Duration::from_secs(60));
    let mut connection = connector.connect().unwrap();
    gateway.push(S::EVENT_TYPE, "1", &content(2 << 20));

    let arrival = connection.next().await.unwrap().unwrap();
    assert!(arrival.delivery().content().len() >= 2 << 20);
    arrival.ack();
    gateway.until(|tally| tally.acknowledged == 1).await;
}

async fn a_slow_gateway_is_not_given_up<S: Side>() {
    let told = Told::default();
    let (gateway, connector) = pair::<S>(&told).await;
    gateway.repeat_after(Duration::from_secs(60));
    gateway.fault(AskFault::Slow(Duration::from_millis(100)));
    gateway.pause_before_messages(Duration::from_millis(100));
    let mut connection = connector.connect().unwrap();
    for number in 0..10 {
        gateway.push(S::EVENT_TYPE, &number.to_string(), &content(100));
    }
    for _ in 0..10 {
        connection.next().await.unwrap().unwrap().ack();
    }

    let tally = gateway.until(|tally| tally.acknowledged == 10).await;
    assert_eq!((tally.asks, tally.opened, tally.deliveries), (1, 1, 10), "{}", told.text());
}

async fn an_unknown_event_and_an_unreadable_one_are_delivered<S: Side>() {
    let (gateway, connector) = pair::<S>(&Told::default()).await;
    let mut connection = connector.connect().unwrap();
    gateway.push("painted", "1", r#"{"colour":"red"}"#);
    gateway.push(S::EVENT_TYPE, "2", "[7]");
    for _ in 0..2 {
        connection.next().await.unwrap().unwrap().ack();
    }
    let tally = gateway.until(|tally| tally.acknowledged == 2).await;
    assert_eq!(tally.malformed, 0);
}

/// Returns the resident memory of this process in bytes.
#[cfg(target_os = "linux")]
pub(crate) fn memory() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[tokio::test]
async fn bombs_of_fragments_are_told_and_the_connection_goes_on() {
    let told = Told::default();
    let (gateway, connector) = pair::<crate::side::Feishu>(&told).await;
    let mut connection = connector.connect().unwrap();
    gateway.until(|tally| tally.open == 1).await;
    for sum in [2_000_000_000, u64::MAX, 1025] {
        gateway.send_fragment("bomb", sum, 0, b"x");
    }
    let piece = vec![b'x'; 64 << 10];
    for number in 0..4_000 {
        gateway.send_fragment(&format!("open-{number}"), 1024, 7, &piece);
        tokio::task::yield_now().await;
    }
    gateway.push("painted", "1", "{}");
    connection.next().await.unwrap().unwrap().ack();
    gateway.until(|tally| tally.acknowledged == 1).await;

    assert_eq!(gateway.tally().opened, 1);
    assert!(told.text().contains("number of fragments is out of bounds"), "{}", told.text());
}

#[tokio::test]
async fn an_event_in_fragments_arrives_whole_and_is_acknowledged_once() {
    let (gateway, connector) = pair::<crate::side::Feishu>(&Told::default()).await;
    gateway.fragments_of(7);
    gateway.repeat_after(Duration::from_secs(60));
    let mut connection = connector.connect().unwrap();
    gateway.push("painted", "1", r#"{"topic":"周会"}"#);

    let arrival = connection.next().await.unwrap().unwrap();
    assert_eq!(arrival.delivery().content(), r#"{"topic":"周会"}"#);
    arrival.ack();
    let tally = gateway.until(|tally| tally.acknowledged == 1).await;
    assert_eq!((tally.malformed, tally.deliveries), (0, 1));
    gateway.break_all(Break::Close);
}
