//! Connections that break: each break is noticed, the connection is replaced, and no event is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use huiyi_mock::Break;

use crate::side::{Side, Told, content, each, pair};

each! {
    every_break_is_noticed_within_two_intervals_and_no_event_is_lost,
    an_announced_end_leaves_no_gap_and_the_old_connection_is_closed,
    a_row_of_announcements_does_not_pile_up_connections,
}

async fn every_break_is_noticed_within_two_intervals_and_no_event_is_lost<S: Side>() {
    for how in Break::ALL {
        let told = Told::default();
        let (gateway, connector) = pair::<S>(&told).await;
        let watch = connector.watch();
        let handled = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&handled);
        let running = tokio::spawn(connector.run(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok::<(), std::fmt::Error>(()))
        }));
        gateway.until(|tally| tally.open == 1).await;
        for number in 0..20 {
            gateway.push(S::EVENT_TYPE, &number.to_string(), &content(100));
        }
        let begin = Instant::now();
        assert_eq!(gateway.break_all(how), 1);
        for number in 20..40 {
            gateway.push(S::EVENT_TYPE, &number.to_string(), &content(100));
        }

        let tally = gateway.until(|tally| tally.open == 1).await;
        // Two intervals of one second, and some time for a busy machine.
        assert!(begin.elapsed() < Duration::from_millis(2_900), "{how:?}: {:?}\n{}", begin.elapsed(), told.text());
        assert!(tally.opened == 2, "{how:?}: {tally:?}");
        gateway.until(|tally| tally.acknowledged == 40).await;
        watch.stop();
        running.await.unwrap().unwrap();
        assert_eq!(handled.load(Ordering::SeqCst), 40, "{how:?}");
        assert_eq!(gateway.tally().malformed, 0);
    }
}

async fn an_announced_end_leaves_no_gap_and_the_old_connection_is_closed<S: Side>() {
    if S::VENDOR == huiyi_mock::Vendor::Feishu {
        // Feishu does not announce the end of a connection.
        return;
    }
    for how in [Break::Disconnect, Break::DisconnectAndStay] {
        let told = Told::default();
        let (gateway, connector) = pair::<S>(&told).await;
        let connector = connector.tempo(|tempo| tempo.drained = Duration::from_millis(200));
        let watch = connector.watch();
        let mut connection = connector.connect().unwrap();
        gateway.until(|tally| tally.open == 1).await;
        gateway.push(S::EVENT_TYPE, "1", &content(100));
        let first = connection.next().await.unwrap().unwrap();

        assert_eq!(gateway.break_all(how), 1);
        gateway.until(|tally| tally.open == 1 && tally.sockets == 2).await;
        gateway.push(S::EVENT_TYPE, "2", &content(100));
        connection.next().await.unwrap().unwrap().ack();
        // An event is acknowledged over the connection on which it came.
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(gateway.tally().sockets, 2);
        first.ack();
        gateway.until(|tally| tally.acknowledged == 2 && tally.sockets == 1).await;

        assert_eq!(watch.stats().longest_gap, Duration::ZERO, "{}", told.text());
        assert_eq!(gateway.tally().longest_without_socket, Duration::ZERO);
        assert_eq!(gateway.tally().malformed, 0);
    }
}

async fn a_row_of_announcements_does_not_pile_up_connections<S: Side>() {
    if S::VENDOR == huiyi_mock::Vendor::Feishu {
        return;
    }
    let (gateway, connector) = pair::<S>(&Told::default()).await;
    let _connection = connector.connect().unwrap();
    for _ in 0..10 {
        gateway.until(|tally| tally.open == 1).await;
        assert_eq!(gateway.break_all(Break::DisconnectAndStay), 1);
    }
    let tally = gateway.until(|tally| tally.open == 1).await;

    assert!(tally.opened == 11 && tally.most_sockets <= 5, "{tally:?}");
    assert_eq!(tally.longest_without_socket, Duration::ZERO);
}
