//! Faults that happen below HTTP.

use std::io::ErrorKind;

use huiyi_mock::{Fault, Target, Vendor};

use crate::client::{Session, Wire};

/// Sends the sample call into a fault; the test reads the response.
async fn meet(fault: Fault) -> (Session, Wire) {
    let session = Session::start(Vendor::Feishu).await;
    session.server.fault(Target::Any, fault);
    let mut wire = Wire::open(&session.server).await;
    let (_, method, target, body) = session.sample();
    session.send_by(&mut wire, method, target, body).await.unwrap();
    (session, wire)
}

/// Waits until the server has recorded the request.
async fn until_recorded(session: &Session) {
    while session.server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    for fault in [Fault::ResetBeforeRead, Fault::ResetAfterRead] {
        let (session, mut wire) = meet(fault).await;

        let error = wire.receive().await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        let requests = session.server.requests();
        assert_eq!((requests.len(), requests[0].status), (1, None));
    }
}

#[tokio::test]
async fn a_reset_before_reading_leaves_the_body_unread() {
    let session = Session::start(Vendor::WeCom).await;
    for (fault, length) in [(Fault::ResetBeforeRead, 0), (Fault::ResetAfterRead, 17)] {
        session.server.fault(Target::Any, fault);

        let answer = session.send_sample().await;

        assert!(answer.is_err());
        assert_eq!(session.server.requests().last().unwrap().body.len(), length);
    }
}

#[tokio::test]
async fn what_is_reset_after_reading_was_carried_out() {
    let session = Session::start(Vendor::Feishu).await;
    let code = huiyi_mock::credentials::FEISHU;
    let body = serde_json::json!({"grant_type": "authorization_code", "client_id": code.app_id,
        "client_secret": code.app_secret, "code": code.code})
    .to_string();
    session.server.fault(Target::Token, Fault::ResetAfterRead);

    let first = session.send("POST", "/open-apis/authen/v2/oauth/token", body.as_bytes()).await;
    let second = session.send("POST", "/open-apis/authen/v2/oauth/token", body.as_bytes()).await;

    assert!(first.is_err());
    assert_eq!(second.unwrap().json()["code"], 20065);
}

#[tokio::test]
async fn without_an_answer_the_connection_stays_open_and_silent() {
    let (session, wire) = meet(Fault::NoAnswer).await;
    until_recorded(&session).await;

    let silence = wire.stream.try_read(&mut [0; 1]).unwrap_err();
    let other = session.send_sample().await.unwrap();
    drop(session);
    let rest = wire.receive_rest().await.unwrap();

    assert_eq!(silence.kind(), ErrorKind::WouldBlock);
    assert_eq!(other.status, 200);
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn a_stalled_body_stops_in_the_middle_and_the_connection_stays() {
    let (session, mut wire) = meet(Fault::StalledBody).await;

    let head = wire.receive_head().await.unwrap();
    let length: usize = head.header("content-length").unwrap().parse().unwrap();
    wire.receive_bytes(length / 2).await.unwrap();
    let silence = wire.stream.try_read(&mut [0; 1]).unwrap_err();
    drop(session);
    let rest = wire.receive_rest().await.unwrap();

    assert_eq!(silence.kind(), ErrorKind::WouldBlock);
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn a_truncated_body_ends_with_the_connection() {
    let (_session, mut wire) = meet(Fault::TruncatedBody).await;

    let head = wire.receive_head().await.unwrap();
    let length: usize = head.header("content-length").unwrap().parse().unwrap();
    let rest = wire.receive_rest().await.unwrap();

    assert_eq!(rest.len(), length / 2);
}

#[tokio::test]
async fn the_server_stops_with_its_last_handle() {
    let session = Session::start(Vendor::Feishu).await;
    let handle = session.server.clone();
    let mut wire = Wire::open(&session.server).await;

    drop(session);
    wire.send("GET", "/", &[], b"").await.unwrap();
    assert_eq!(wire.receive().await.unwrap().status, 404);

    drop(handle);
    assert_eq!(wire.receive_rest().await.unwrap(), b"");
}
