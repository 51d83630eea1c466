//! High load: bursts, repetitions, shutdowns, random breaks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use huiyi_mock::Break;

use crate::side::{Side, Told, content, each, pair};

each! {
    repetitions_are_handled_once,
    handlers_that_run_are_answered_at_shutdown,
    handlers_that_fail_or_panic_are_called_again,
    no_event_is_lost_while_connections_break_at_random,
}

async fn repetitions_are_handled_once<S: Side>() {
    let (gateway, connector) = pair::<S>(&Told::default()).await;
    gateway.repeat_after(Duration::from_secs(60));
    let watch = connector.watch();
    let handled = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&handled);
    let running = tokio::spawn(connector.run(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Ok::<(), std::fmt::Error>(()))
    }));
    gateway.until(|tally| tally.open == 1).await;
    gateway.push(S::EVENT_TYPE, "1", &content(100));
    for _ in 0..110 {
        gateway.push_again(0);
    }
    gateway.push(S::EVENT_TYPE, "2", &content(100));
    while watch.stats().acknowledged + watch.stats().failed < 112 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    watch.stop();
    running.await.unwrap().unwrap();

    assert_eq!(handled.load(Ordering::SeqCst), 2);
    assert_eq!(gateway.tally().acknowledged, 2);
}

async fn handlers_that_run_are_answered_at_shutdown<S: Side>() {
    let told = Told::default();
    let (gateway, connector) = pair::<S>(&told).await;
    gateway.repeat_after(Duration::from_secs(60));
    let (begun, mut begins) = tokio::sync::mpsc::unbounded_channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(connector.run_until(stopped, move |_| {
        let begun = begun.clone();
        async move {
            begun.send(())?;
            tokio::time::sleep(Duration::from_millis(300)).await;
            Ok::<(), tokio::sync::mpsc::error::SendError<()>>(())
        }
    }));
    for number in 0..20 {
        gateway.push(S::EVENT_TYPE, &number.to_string(), &content(100));
    }
    for _ in 0..20 {
        begins.recv().await.unwrap();
    }
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();

    let tally = gateway.until(|tally| tally.sockets == 0).await;
    assert_eq!((tally.acknowledged, tally.closes), (20, 1), "{}", told.text());
    assert_eq!(told.text(), "");
}

async fn handlers_that_fail_or_panic_are_called_again<S: Side>() {
    let told = Told::default();
    let (gateway, connector) = pair::<S>(&told).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let running = tokio::spawn(connector.run(move |_| {
        let call = counter.fetch_add(1, Ordering::SeqCst);
        async move {
            assert!(call != 1, "told to panic");
            if call == 0 { Err("the database is away") } else { Ok(()) }
        }
    }));
    gateway.push(S::EVENT_TYPE, "1", &content(100));
    let tally = gateway.until(|tally| tally.acknowledged == 1).await;
    running.abort();

    assert_eq!((calls.load(Ordering::SeqCst), tally.failed), (3, 2));
    assert!(told.text().contains("the database is away") && told.text().contains("panicked"), "{}", told.text());
}

async fn no_event_is_lost_while_connections_break_at_random<S: Side>() {
    const EVENTS: usize = 2_000;
    let told = Told::default();
    let (gateway, connector) = pair::<S>(&told).await;
    let watch = connector.watch();
    let handled: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
    let noted = Arc::clone(&handled);
    let running = tokio::spawn(connector.run(move |delivery| {
        *noted.lock().unwrap().entry(delivery.id().unwrap().to_owned()).or_default() += 1;
        std::future::ready(Ok::<(), std::fmt::Error>(()))
    }));
    for number in 0..EVENTS {
        if number % 100 == 50 {
            gateway.until(|tally| tally.open > 0).await;
            gateway.break_one(number, Break::ALL[number / 100 % Break::ALL.len()]);
        }
        gateway.push(S::EVENT_TYPE, &number.to_string(), &content(200));
        if number % 10 == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    let tally = gateway.until(|tally| tally.acknowledged == EVENTS).await;
    watch.stop();
    running.await.unwrap().unwrap();

    println!("{} deliveries, longest gap {:?}, {:?}", tally.deliveries, tally.longest_gap, watch.stats());
    let handled = handled.lock().unwrap();
    assert_eq!(handled.len(), EVENTS);
    assert!(handled.values().all(|times| *times == 1), "told apart");
    assert!(tally.opened > EVENTS / 100 && tally.malformed == 0, "{tally:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_events_at_once_are_answered_in_time_within_bounded_memory() {
    const EVENTS: usize = 10_000;
    let told = Told::default();
    let (gateway, connector) = pair::<crate::side::Feishu>(&told).await;
    gateway.repeat_after(Duration::from_secs(60));
    let watch = connector.watch();
    let handled = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&handled);
    let running = tokio::spawn(connector.run(move |_| {
        let counter = Arc::clone(&counter);
        async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            counter.fetch_add(1, Ordering::SeqCst);
            Ok::<(), std::fmt::Error>(())
        }
    }));
    gateway.until(|tally| tally.open == 1).await;
    for number in 0..EVENTS {
        gateway.push("painted", &number.to_string(), r#"{"meeting":{"id":"1"}}"#);
    }
    let before = super::hostile::memory();
    let mut most = 0;
    while gateway.tally().acknowledged < EVENTS {
        most = most.max(super::hostile::memory().saturating_sub(before));
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(gateway.tally().failed, 0, "{}", told.text());
    }
    watch.stop();
    running.await.unwrap().unwrap();

    let tally = gateway.tally();
    println!("slowest answer {:?}, grown by {} MiB", tally.slowest_answer, most >> 20);
    assert_eq!(handled.load(Ordering::SeqCst), EVENTS);
    // The client's limit counts from when an event was read; the gateway's figure also has the time in its own queue.
    assert!(!told.text().contains("not answered in time"), "{}", told.text());
    assert!(most < 64 << 20, "{most}");
}
