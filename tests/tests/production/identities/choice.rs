//! Which credential each operation gets.

use huiyi_core::operation::Operation;
use huiyi_core::{ErrorKind, QuotaPolicy, StaticToken};
use huiyi_mock::{Loopback, Vendor};
use huiyi_tests::by_name::ByName;
use huiyi_tests::fault_matrix::{calls, family};
use huiyi_tests::subject::Subject;
use huiyi_tests::{Failure, logins};

use super::support::{examples, presented};

/// The outcome for one operation.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// It was sent with this kind of credential, or with none.
    Sent(Option<&'static str>),
    /// It was not sent, and the error is clear.
    Refused,
}

/// Returns whether the error names the operation and the kinds of credential that it accepts.
fn is_clear(failure: &Failure, operation: &Operation) -> bool {
    let Failure::Call(error) = failure else { return false };
    let text = error.to_string();
    error.kind() == ErrorKind::Misuse
        && error.operation() == operation.id
        && text.contains(operation.id)
        && text.contains(&format!("of kind {};", operation.tokens.join(" or ")))
}

/// Calls every operation as a client that has these kinds of credential, the preferred one first.
async fn call_all(
    server: &Loopback,
    client: &dyn ByName,
    table: &'static [&'static Operation],
    kinds: &[&'static str],
) {
    let vendor = server.vendor();
    let (mut sent, mut bare, mut refused, mut wrong) = (0, 0, 0, Vec::new());
    let examples = examples(vendor);
    assert_eq!(examples.len(), family(vendor).operations.len());
    for example in &examples {
        let operation = table.iter().find(|operation| operation.id == example.operation).unwrap();
        server.forget();
        let result = client.call(&example.operation, &example.arguments).await;
        let requests = server.calls(&example.operation);
        let fate = match (requests.first(), &result) {
            (Some(request), _) => Fate::Sent(presented(vendor, request).map(|(kind, _)| kind)),
            (None, Err(failure)) if server.requests().is_empty() && is_clear(failure, operation) => Fate::Refused,
            (None, result) => {
                wrong.push(format!("{}: {} requests, {result:?}", operation.id, server.requests().len()));
                continue;
            }
        };
        let expected = match kinds.iter().find(|kind| operation.tokens.contains(kind)) {
            Some(kind) => Fate::Sent(Some(kind)),
            // Calls that issue tokens must not carry one.
            None if operation.tokens.is_empty() => Fate::Sent(None),
            None => Fate::Refused,
        };
        match fate {
            Fate::Sent(Some(_)) => sent += 1,
            Fate::Sent(None) => bare += 1,
            Fate::Refused => refused += 1,
        }
        if fate != expected {
            wrong.push(format!("{}: {fate:?} instead of {expected:?}", operation.id));
        }
    }
    println!(
        "{:8} as {kinds:?}: {sent} operations were sent with a credential, {bare} without, {refused} refused",
        format!("{vendor:?}")
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(sent > 0 && bare > 0);
}

#[tokio::test]
async fn every_operation_of_feishu_gets_a_token_that_it_accepts_or_is_not_sent() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let subject = Subject::new(Vendor::Feishu, server.base_url());
    let builder = || subject.feishu().base_url(server.base_url()).quota(QuotaPolicy::off());
    let user = StaticToken::new(logins::feishu(&server.base_url()).await.access);
    let table = huiyi_feishu::Client::operations();
    let app = builder().build().unwrap();
    app.get_meeting("1").send().await.unwrap();

    call_all(&server, &app, table, &["tenant"]).await;
    call_all(&server, &app.as_user(user.clone()), table, &["user"]).await;
    call_all(&server, &builder().user_source(user).build().unwrap(), table, &["tenant", "user"]).await;
}

#[tokio::test]
async fn every_operation_of_tencent_gets_a_credential_that_it_accepts_or_is_not_sent() {
    let server = Loopback::start(Vendor::Tencent).await.unwrap();
    let subject = Subject::new(Vendor::Tencent, server.base_url());
    let builder = || subject.tencent().base_url(server.base_url()).quota(QuotaPolicy::off());
    let user = StaticToken::new(logins::tencent(&server.base_url()).await.access);
    let table = huiyi_tencent::Client::operations();
    let app = builder().build().unwrap();

    call_all(&server, &app, table, &["aksk"]).await;
    call_all(&server, &app.as_user(user.clone()), table, &["oauth"]).await;
    call_all(&server, &builder().user_source(user).build().unwrap(), table, &["aksk", "oauth"]).await;
}

#[tokio::test]
async fn every_operation_of_wecom_and_dingtalk_gets_the_one_kind_of_token() {
    for (vendor, table) in
        [(Vendor::WeCom, huiyi_wecom::Client::operations()), (Vendor::DingTalk, huiyi_dingtalk::Client::operations())]
    {
        let server = Loopback::start(vendor).await.unwrap();
        let client = Subject::new(vendor, server.base_url()).build();
        let [call, _] = calls(vendor);
        client.call(call.operation, &call.arguments).await.unwrap();

        call_all(&server, &*client, table, &["access_token"]).await;
    }
}
