//! However many calls need a token at the same moment, the vendor gets one token request.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use huiyi_core::ErrorKind;
use huiyi_core::clock::Clock;
use huiyi_core::secrecy::ExposeSecret;
use huiyi_mock::{Loopback, Vendor};
use huiyi_tests::by_name::ByName;
use huiyi_tests::clock::TestClock;
use huiyi_tests::fault_matrix::{Scripted, calls};
use huiyi_tests::few_connections::FewConnections;
use huiyi_tests::logins;
use huiyi_tests::subject::{Credentials, Subject};

/// Calls at the same moment.
const CALLS: usize = 10_000;

/// When all calls have a token and this number has succeeded, the others are dropped: they would show nothing new.
const ENOUGH: usize = 200;

/// Connections at the same moment; calls wait for a free one.
const CONNECTIONS: usize = 32;

/// Starts all calls at once.
async fn storm(client: &dyn ByName, call: &Scripted, clock: &TestClock) {
    let before = clock.time_limits();
    let mut calls: FuturesUnordered<_> = (0..CALLS).map(|_| client.call(call.operation, &call.arguments)).collect();
    let mut succeeded = 0;
    while succeeded < ENOUGH || clock.time_limits() - before <= CALLS {
        calls.next().await.expect("every call begins an attempt").unwrap();
        succeeded += 1;
    }
}

async fn subject(server: &Loopback, clock: &Arc<TestClock>, connections: &FewConnections) -> Subject {
    let mut subject = Subject::new(server.vendor(), server.base_url());
    subject.clock = Some(Arc::clone(clock) as Arc<dyn Clock>);
    subject.http = Some(connections.client());
    if server.vendor() == Vendor::Tencent {
        let user = logins::tencent(&server.base_url()).await.refresh.unwrap();
        subject.credentials = Credentials::User(user.expose_secret().to_owned());
        server.forget();
    }
    subject
}

async fn first_calls_and_a_revocation(vendor: Vendor) {
    let server = Loopback::start(vendor).await.unwrap();
    let clock = Arc::new(TestClock::new());
    let connections = FewConnections::new(CONNECTIONS);
    let client = subject(&server, &clock, &connections).await.build();
    let [call, _] = calls(vendor);

    storm(&*client, &call, &clock).await;
    assert_eq!(server.token_requests(), 1, "for the first calls");

    server.revoke_tokens();
    server.forget();
    connections.allow(CONNECTIONS);
    storm(&*client, &call, &clock).await;
    assert_eq!(server.token_requests(), 1, "after the revocation");
    assert!(server.calls(call.operation).len() >= 2 * ENOUGH, "a rejected call is sent once more");
}

#[tokio::test]
async fn ten_thousand_calls_of_feishu_need_one_token() {
    first_calls_and_a_revocation(Vendor::Feishu).await;
}

#[tokio::test]
async fn ten_thousand_calls_of_wecom_need_one_token() {
    first_calls_and_a_revocation(Vendor::WeCom).await;
}

#[tokio::test]
async fn ten_thousand_calls_of_dingtalk_need_one_token() {
    first_calls_and_a_revocation(Vendor::DingTalk).await;
}

#[tokio::test]
async fn ten_thousand_calls_of_a_tencent_user_need_one_refresh() {
    first_calls_and_a_revocation(Vendor::Tencent).await;
}

#[tokio::test]
async fn a_wrong_secret_is_tried_once() {
    for vendor in [Vendor::Feishu, Vendor::WeCom, Vendor::DingTalk] {
        let server = Loopback::start(vendor).await.unwrap();
        let mut subject = subject(&server, &Arc::new(TestClock::new()), &FewConnections::new(CONNECTIONS)).await;
        subject.credentials = Credentials::WrongSecret;
        let client = subject.build();
        let [call, _] = calls(vendor);

        let at_once = join_all((0..50).map(|_| client.call(call.operation, &call.arguments))).await;
        let mut results = at_once;
        for _ in 0..50 {
            results.push(client.call(call.operation, &call.arguments).await);
        }

        assert!(results.iter().all(|result| result.as_ref().is_err_and(|error| error.kind() == Some(ErrorKind::Auth))));
        assert_eq!(server.requests().len(), 1, "{vendor:?}");
    }
}

#[tokio::test]
async fn an_operation_that_rejects_every_token_does_not_cost_a_token_per_call() {
    for (vendor, status, body) in [
        (Vendor::Feishu, 400, r#"{"code":99991663,"msg":"Invalid access token for authorization"}"#),
        (Vendor::WeCom, 200, r#"{"errcode":40014,"errmsg":"invalid access_token"}"#),
        (Vendor::DingTalk, 400, r#"{"code":"InvalidAuthentication","message":"bad token","requestid":"1"}"#),
        (Vendor::Tencent, 400, r#"{"error_info":{"error_code":190303,"message":"token expired"}}"#),
    ] {
        let server = Loopback::start(vendor).await.unwrap();
        let clock = Arc::new(TestClock::new());
        let client = subject(&server, &clock, &FewConnections::new(CONNECTIONS)).await.build();
        let [call, other] = calls(vendor);
        server.answer(call.operation, status, body);

        for _ in 0..20 {
            let failure = client.call(call.operation, &call.arguments).await.unwrap_err();
            assert_eq!(failure.kind(), Some(ErrorKind::Auth), "{failure}");
        }
        assert_eq!(server.token_requests(), 2, "{vendor:?}");
        assert_eq!(server.calls(call.operation).len(), 21, "{vendor:?}");
        client.call(other.operation, &other.arguments).await.unwrap();

        clock.advance(Duration::from_secs(61));
        client.call(call.operation, &call.arguments).await.unwrap_err();
        assert_eq!(server.token_requests(), 3, "{vendor:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_revoked_twice_is_replaced_twice() {
    for vendor in [Vendor::Feishu, Vendor::WeCom, Vendor::DingTalk, Vendor::Tencent] {
        let server = Loopback::start(vendor).await.unwrap();
        let clock = Arc::new(TestClock::new());
        let client = subject(&server, &clock, &FewConnections::new(CONNECTIONS)).await.build();
        let [call, _] = calls(vendor);

        for tokens in 1..4 {
            client.call(call.operation, &call.arguments).await.unwrap();
            assert_eq!(server.token_requests(), tokens, "{vendor:?}");
            server.revoke_tokens();
        }
    }
}
