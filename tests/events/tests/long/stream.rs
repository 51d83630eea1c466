//! The stream of arrivals: acknowledgements, and the reports of missing ones.

use std::time::Duration;

use futures_util::StreamExt;
use huiyi_mock::{Break, Gateway};

use crate::side::{Side, Told, content, each, pair};

each! {
    what_is_acknowledged_comes_once_and_what_is_not_comes_again,
    what_is_not_answered_in_time_is_told,
    an_answer_after_the_end_of_its_connection_is_told_and_goes_nowhere_else,
    a_stream_that_is_dropped_closes_its_connection,
    a_stream_that_is_stopped_ends_when_all_is_settled,
    an_old_connection_is_replaced_without_a_gap,
    events_beyond_the_room_are_asked_for_again,
    a_client_of_its_own_settings_connects,
}

async fn what_is_acknowledged_comes_once_and_what_is_not_comes_again<S: Side>() {
    let told = Told::default();
    let (gateway, connector) = pair::<S>(&told).await;
    let mut connection = connector.connect().unwrap();
    for id in ["ack", "fail", "drop"] {
        gateway.push(S::EVENT_TYPE, id, &content(100));
    }
    for _ in 0..3 {
        let arrival = connection.next().await.unwrap().unwrap();
        assert_eq!(arrival.delivery().event_type(), S::EVENT_TYPE);
        assert!(arrival.delivery().unreadable().is_none());
        match arrival.delivery().id().unwrap() {
            "ack" => arrival.ack(),
            "fail" => arrival.fail(),
            _ => drop(arrival),
        }
    }
    let mut again = Vec::new();
    for _ in 0..2 {
        // The stream also implements the `Stream` of `futures`.
        let arrival = StreamExt::next(&mut connection).await.unwrap().unwrap();
        again.push(arrival.delivery().id().unwrap().to_owned());
        arrival.ack();
    }
    again.sort();

    assert_eq!(again, ["drop", "fail"]);
    let tally = gateway.until(|tally| tally.acknowledged == 3).await;
    assert_eq!((tally.failed, tally.malformed, tally.deliveries), (1, 0, 5));
    assert!(told.text().contains("(id drop) was not acknowledged"), "{}", told.text());
    let figures = connection.watch().stats();
    assert_eq!((figures.events, figures.acknowledged, figures.failed), (5, 3, 1));
    assert!(figures.last_frame.is_some());
}

async fn what_is_not_answered_in_time_is_told<S: Side>() {
    let told = Told::default();
    let (gateway, connector) = pair::<S>(&told).await;
    gateway.repeat_after(Duration::from_secs(60));
    let mut connection = connector.tempo(|tempo| tempo.answer = Duration::from_millis(100)).connect().unwrap();
    gateway.push(S::EVENT_TYPE, "slow", &content(100));
    let arrival = connection.next().await.unwrap().unwrap();
    gateway.push(S::EVENT_TYPE, "quick", &content(100));
    connection.next().await.unwrap().unwrap().ack();
    assert_eq!(told.text(), "");
    while told.text().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(told.text().ends_with("(id slow) was not answered in time"), "{}", told.text());

    arrival.ack();
    gateway.until(|tally| tally.acknowledged == 2).await;
}

async fn an_answer_after_the_end_of_its_connection_is_told_and_goes_nowhere_else<S: Side>() {
    let told = Told::default();
    let (gateway, connector) = pair::<S>(&told).await;
    gateway.repeat_after(Duration::from_secs(60));
    let mut connection = connector.connect().unwrap();
    gateway.push(S::EVENT_TYPE, "1", &content(100));
    let arrival = connection.next().await.unwrap().unwrap();
    gateway.break_all(Break::Reset);
    gateway.until(|tally| tally.opened == 2).await;

    arrival.ack();
    gateway.push(S::EVENT_TYPE, "2", &content(100));
    connection.next().await.unwrap().unwrap().ack();

    let tally = gateway.until(|tally| tally.acknowledged == 1).await;
    assert_eq!((tally.malformed, tally.acknowledged), (0, 1));
    assert!(told.text().contains("(id 1) was not acknowledged"), "{}", told.text());
}

async fn a_stream_that_is_dropped_closes_its_connection<S: Side>() {
    let (gateway, connector) = pair::<S>(&Told::default()).await;
    let mut connection = connector.connect().unwrap();
    gateway.push(S::EVENT_TYPE, "1", &content(100));
    let arrival = connection.next().await.unwrap().unwrap();
    drop(connection);

    gateway.until(|tally| tally.sockets == 0).await;
    arrival.ack();
    assert_eq!(gateway.tally().acknowledged, 0);
}

async fn a_stream_that_is_stopped_ends_when_all_is_settled<S: Side>() {
    let (gateway, connector) = pair::<S>(&Told::default()).await;
    let mut connection = connector.connect().unwrap();
    gateway.push(S::EVENT_TYPE, "1", &content(100));
    let arrival = connection.next().await.unwrap().unwrap();
    connection.watch().stop();
    tokio::time::sleep(Duration::from_millis(20)).await;
    gateway.push(S::EVENT_TYPE, "2", &content(100));
    gateway.until(|tally| tally.failed >= 1).await;
    assert_eq!(gateway.tally().sockets, 1);

    arrival.ack();

    assert!(connection.next().await.is_none());
    let tally = gateway.until(|tally| tally.sockets == 0).await;
    assert_eq!((tally.acknowledged, tally.closes), (1, 1));
}

async fn an_old_connection_is_replaced_without_a_gap<S: Side>() {
    let (gateway, connector) = pair::<S>(&Told::default()).await;
    let connector = connector.renew_after(Duration::from_millis(300)).tempo(|tempo| tempo.drained = Duration::ZERO);
    let connection = connector.connect().unwrap();
    let tally = gateway.until(|tally| tally.opened >= 4).await;

    assert_eq!(tally.longest_without_socket, Duration::ZERO);
    assert_eq!(connection.watch().stats().longest_gap, Duration::ZERO);
}

async fn events_beyond_the_room_are_asked_for_again<S: Side>() {
    let told = Told::default();
    let (gateway, connector) = pair::<S>(&told).await;
    let connector = connector.room(64 << 10).tempo(|tempo| tempo.room = Duration::from_millis(50));
    let mut connection = connector.connect().unwrap();
    gateway.until(|tally| tally.open == 1).await;
    for number in 0..4 {
        gateway.push(S::EVENT_TYPE, &number.to_string(), &content(9_000));
    }
    gateway.until(|tally| tally.failed >= 3).await;

    for _ in 0..4 {
        let arrival = connection.next().await.unwrap().unwrap();
        arrival.ack();
    }
    gateway.until(|tally| tally.acknowledged == 4).await;
    assert!(told.text().contains("too many events are waiting"), "{}", told.text());
}

async fn a_client_of_its_own_settings_connects<S: Side>() {
    let gateway = Gateway::start(S::VENDOR).await.unwrap();
    let mut connection = S::own_connector(&gateway).connect().unwrap();
    gateway.push(S::EVENT_TYPE, "1", &content(100));

    connection.next().await.unwrap().unwrap().ack();
    gateway.until(|tally| tally.acknowledged == 1).await;
}
