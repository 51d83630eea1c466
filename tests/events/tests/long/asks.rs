//! Failing requests for a connection address: temporary failures are retried, a wrong secret ends the connection.

use std::time::{Duration, Instant};

use huiyi_core::ErrorKind;
use huiyi_core::event::State;
use huiyi_mock::{AskFault, Break, Gateway};

use crate::side::{Side, Told, connector, content, each, pair};

each! {
    what_may_pass_is_tried_again_within_the_pause,
    a_wrong_secret_ends_the_first_start_with_its_reason,
    a_refusal_of_credentials_after_a_success_is_tried_again_and_shown,
    a_client_without_an_app_cannot_connect,
}

fn passing<S: Side>() -> Vec<AskFault> {
    let handshake = |status: &str, code: &str| {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        AskFault::NotUpgraded(403, vec![header("Handshake-Status", status), header("Handshake-Autherrcode", code)])
    };
    vec![
        AskFault::Code(S::TOO_MANY.to_owned()),
        AskFault::Code("1".to_owned()),
        AskFault::Answer(500, "<html>trouble</html>".to_owned()),
        AskFault::Answer(503, String::new()),
        AskFault::Answer(200, "no JSON".to_owned()),
        AskFault::Answer(400, "<html>a proxy</html>".to_owned()),
        AskFault::Empty,
        AskFault::Hang,
        AskFault::Reset,
        AskFault::NotUpgraded(401, Vec::new()),
        AskFault::NotUpgraded(500, Vec::new()),
        handshake("514", "1000040350"),
        handshake("514", "7"),
        AskFault::UpgradeHangs,
    ]
}

async fn what_may_pass_is_tried_again_within_the_pause<S: Side>() {
    for fault in passing::<S>() {
        let told = Told::default();
        let (gateway, connector) = pair::<S>(&told).await;
        gateway.fault(fault.clone());
        let begin = Instant::now();
        let mut connection = connector.connect().unwrap();
        gateway.push(S::EVENT_TYPE, "1", &content(100));

        connection.next().await.unwrap().unwrap().ack();

        // At most the time limit of a call and the longest pause.
        assert!(begin.elapsed() < Duration::from_millis(1_200), "{fault:?}: {:?}", begin.elapsed());
        assert_eq!(connection.watch().stats().refusals, 1, "{fault:?}: {}", told.text());
        assert!(told.text().contains("is opened again in"), "{fault:?}: {}", told.text());
    }
}

async fn a_wrong_secret_ends_the_first_start_with_its_reason<S: Side>() {
    let gateway = Gateway::start(S::VENDOR).await.unwrap();
    let connector = connector::<S>(&gateway, "wrong-secret-sentinel");
    let watch = connector.watch();

    let error = connector.run(|_| std::future::ready(Ok::<(), std::fmt::Error>(()))).await.unwrap_err();

    assert_eq!(error.code(), Some(S::WRONG), "{error}");
    assert!(matches!(watch.state(), State::Refused(_)), "{:?}", watch.state());
    assert_eq!(gateway.tally().asks, 1);
    assert!(!format!("{error} {error:?}").contains("sentinel"), "{error:?}");
}

async fn a_refusal_of_credentials_after_a_success_is_tried_again_and_shown<S: Side>() {
    let told = Told::default();
    let (gateway, connector) = pair::<S>(&told).await;
    let mut watch = connector.watch();
    let mut connection = connector.connect().unwrap();
    gateway.until(|tally| tally.open == 1).await;
    assert!(watch.connected().await);
    gateway.fault_always(Some(AskFault::Code(S::WRONG.to_owned())));
    gateway.break_all(Break::Reset);
    gateway.until(|tally| tally.asks == 4).await;

    let State::Waiting { reason, failures, .. } = watch.state() else { panic!("{:?}", watch.state()) };
    assert!(reason.to_string().contains(S::WRONG) && failures >= 2, "{reason} {failures}");

    gateway.fault_always(None);
    gateway.push(S::EVENT_TYPE, "1", &content(100));
    connection.next().await.unwrap().unwrap().ack();
    assert!(watch.state().is_connected());
}

async fn a_client_without_an_app_cannot_connect<S: Side>() {
    let error = S::without_app().connect().unwrap_err();
    assert!(error.to_string().contains("long connections need"), "{error}");
    let error = S::without_app().run(|_| std::future::ready(Ok::<(), std::fmt::Error>(()))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
}
