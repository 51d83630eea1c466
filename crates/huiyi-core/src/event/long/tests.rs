//! Hours of trouble in simulated time: no socket, no waiting.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod world;

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::time::timeout;

use super::protocol::Message;
use super::state::State;
use world::{Asked, World};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_not_told_for_an_hour_is_asked_for_until_it_is() {
    let mut world = World::start(|_| {});
    let mut server = world.accept().await;
    server.event("1").await;
    world.ack_next().await;
    world.set(Asked::Fails);
    drop(server);
    tokio::time::sleep(seconds(3600)).await;
    let tries = world.asks();
    let State::Waiting { failures, .. } = world.watch.state() else { panic!("{:?}", world.watch.state()) };
    // The pauses have a ceiling of a minute: about 120 in an hour.
    assert!((60..400).contains(&tries) && failures > 60, "{tries} {failures}");

    world.set(Asked::Answers);
    let back = world.now();
    let mut server = world.accept().await;
    assert!(world.now() - back <= seconds(60), "{:?}", world.now() - back);
    server.event("2").await;
    world.ack_next().await;
    assert!(world.watch.stats().longest_gap >= seconds(3600));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_and_a_connection_that_hangs_are_given_up() {
    let mut world = World::start(|_| {});
    world.set(Asked::Hangs);
    tokio::time::sleep(seconds(600)).await;
    assert!(world.asks() >= 10, "{}", world.asks());
    world.set(Asked::NoConnection);
    tokio::time::sleep(seconds(600)).await;
    world.set(Asked::Answers);
    let back = world.now();

    world.accept().await;

    assert!(world.now() - back <= seconds(70), "{:?}", world.now() - back);
}

#[tokio::test(start_paused = true)]
async fn a_half_open_connection_is_noticed_within_forty_seconds() {
    for ping_every in [None, Some(seconds(30)), Some(seconds(120)), Some(seconds(300))] {
        let mut world = World::start(move |world| world.ping_every = ping_every);
        let server = world.accept().await;
        let open = world.now();

        // Nobody reads and nobody writes.
        let _next = world.accept().await;

        let took = world.now() - open;
        assert!(took <= seconds(41), "{ping_every:?}: {took:?}");
        assert!(ping_every.is_none_or(|every| took <= every * 2), "{ping_every:?}: {took:?}");
        drop(server);
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_that_is_alive_stays_for_a_day() {
    let mut world = World::start(|world| world.ping_every = Some(seconds(120)));
    let mut server = world.accept().await;
    let end = world.now() + seconds(86_400);
    let mut pings = 0;
    while world.now() < end {
        match server.socket.next().await {
            // The answer to a WebSocket ping goes out by itself.
            Some(Ok(Message::Ping(_))) => {}
            Some(Ok(Message::Text(text))) if text == "ping" => {
                pings += 1;
                server.socket.send(Message::text("pong")).await.unwrap();
            }
            other => panic!("{other:?}"),
        }
    }

    assert!((720..=722).contains(&pings), "{pings}");
    assert_eq!(world.watch.stats().connections, 1);
}

#[tokio::test(start_paused = true)]
async fn before_the_old_connection_is_given_up_the_new_one_is_open() {
    let mut world = World::start(|_| {});
    let mut old = world.accept().await;
    old.event("1").await;
    let first = world.next().await;
    old.socket.send(Message::text("leaving")).await.unwrap();
    let mut new = world.accept().await;
    new.event("2").await;
    world.ack_next().await;

    first.ack();

    assert_eq!(old.said().await, "ack 1");
    assert_eq!(new.said().await, "ack 2");
    assert!(matches!(old.socket.next().await, Some(Ok(Message::Close(_)))));
    let figures = world.watch.stats();
    assert_eq!((figures.longest_gap, figures.connections), (Duration::ZERO, 2));
    assert!(world.watch.state().is_connected());
}

#[tokio::test(start_paused = true)]
async fn while_no_new_connection_can_be_opened_the_old_one_is_used() {
    let mut world = World::start(|_| {});
    let mut old = world.accept().await;
    world.set(Asked::Fails);
    old.socket.send(Message::text("leaving")).await.unwrap();
    for number in 0..10 {
        old.event(&number.to_string()).await;
        world.ack_next().await;
        assert_eq!(old.said().await, format!("ack {number}"));
        tokio::time::sleep(seconds(1)).await;
    }
    assert!(world.watch.state().is_connected() && world.asks() > 2);
    world.set(Asked::Answers);

    world.accept().await;

    assert_eq!(world.watch.stats().longest_gap, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_accepts_and_drops_is_not_stormed() {
    let mut world = World::start(|_| {});
    let end = world.now() + seconds(3600);
    let mut connections = 0;
    while world.now() < end {
        drop(world.accept().await);
        connections += 1;
    }
    assert!(connections < 400, "{connections}");
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_takes_nothing_is_given_up() {
    let mut world = World::start(|world| world.ping_every = Some(seconds(120)));
    let mut server = world.accept().await;
    // It writes all the time, so that there are signs of life, and reads nothing.
    for number in 0.. {
        server.event(&format!("{number:0>1000}")).await;
        if server.is_closed {
            break;
        }
        world.next().await.ack();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(number < 1_000, "never given up");
    }
    world.accept().await;
}

#[tokio::test(start_paused = true)]
async fn a_function_for_incidents_that_panics_ends_nothing() {
    let mut world = World::with(
        |_| {},
        |connector| Some(connector.on_incident(|incident| panic!("{incident}")).connect().unwrap()),
    );
    for id in ["1", "2", "3"] {
        let mut server = timeout(seconds(600), world.accept()).await.unwrap();
        server.event(id).await;
        drop(world.next().await);
        server.event(id).await;
        world.ack_next().await;
        assert_eq!(server.said().await, format!("ack {id}"));
    }
    assert_eq!(world.watch.stats().connections, 3);
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_connection_or_of_the_client_is_a_break_like_others() {
    let mut world = World::start(|_| {});
    let mut server = world.accept().await;
    world.set(Asked::Panics);
    server.socket.send(Message::text("panic")).await.unwrap();
    tokio::time::sleep(seconds(600)).await;
    assert!(matches!(world.watch.state(), State::Waiting { .. }), "{:?}", world.watch.state());
    world.set(Asked::Answers);

    let mut server = timeout(seconds(600), world.accept()).await.unwrap();
    server.event("1").await;
    world.ack_next().await;
}

#[tokio::test(start_paused = true)]
async fn a_stop_takes_its_time_once_whatever_is_in_hand() {
    let mut running = None;
    let mut world = World::with(
        |_| {},
        |connector| {
            let connector = connector.stop_within(seconds(10));
            running = Some(tokio::spawn(connector.run(|_| std::future::pending::<Result<(), std::fmt::Error>>())));
            None
        },
    );
    // The second is acknowledged 1.4 seconds after the stop; the handlers of both never end.
    let mut server = world.accept().await;
    server.event("1").await;
    tokio::time::sleep(seconds(2)).await;
    server.event("2").await;
    tokio::time::sleep(seconds(1)).await;
    world.watch.stop();
    let stopped = world.now();
    assert_eq!((server.said().await, server.said().await), ("ack 1".to_owned(), "ack 2".to_owned()));
    drop(server);

    running.unwrap().await.unwrap().unwrap();

    let took = world.now() - stopped;
    assert!(took >= seconds(10) && took < Duration::from_millis(10_100), "{took:?}");
}
