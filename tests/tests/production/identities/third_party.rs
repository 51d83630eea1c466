//! Apps that act for other corporations.

use huiyi_core::MemoryStore;
use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials};
use huiyi_tests::by_name::ByName;
use huiyi_tests::fault_matrix::calls;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::support::tokens;

/// Returns the operations of the requests to the server, in order.
fn order(server: &Loopback) -> Vec<String> {
    server.requests().into_iter().filter_map(|request| request.operation).collect()
}

#[tokio::test]
async fn a_store_app_of_feishu_acts_in_each_tenant_that_installed_it() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let app = credentials::FEISHU;
    let ticket = huiyi_feishu::AppTicket::default();
    let store = Arc::new(MemoryStore::default());
    let tenant = |key: &str| {
        let builder = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url());
        builder.store_app(ticket.clone(), key).token_store(store.clone()).build().unwrap()
    };
    let (one, other) = (tenant("tenant-one"), tenant("tenant-other"));

    let error = one.get_meeting("1").send().await.unwrap_err();
    assert!(error.to_string().contains("no app_ticket has been set yet"), "{}", error);
    assert!(server.requests().is_empty());

    ticket.set(app.app_ticket);
    for client in [&one, &other, &one, &other] {
        client.get_meeting("1").send().await.unwrap();
    }
    let (app_token, tenant_token) = ("create_app_access_token", "create_tenant_access_token");
    let expected = [app_token, tenant_token, "get_meeting", tenant_token, "get_meeting", "get_meeting", "get_meeting"];
    assert_eq!(order(&server), expected, "the tenants share the app's token");
    let keys = server.calls(tenant_token).into_iter().map(|request| request.json().unwrap()["tenant_key"].clone());
    assert_eq!(keys.collect::<Vec<_>>(), ["tenant-one", "tenant-other"]);
    assert_eq!(BTreeSet::from_iter(tokens(&server, "get_meeting")).len(), 2);

    // The platform forgets all tokens, including the app's.
    server.revoke_tokens();
    server.forget();
    one.get_meeting("1").send().await.unwrap();
    assert_eq!(order(&server), ["get_meeting", tenant_token, app_token, tenant_token, "get_meeting"]);
}

#[tokio::test]
async fn a_suite_of_wecom_acts_for_a_corporation() {
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let app = credentials::WECOM;
    let ticket = huiyi_wecom::SuiteTicket::default();
    let builder = huiyi_wecom::Client::builder().base_url(server.base_url());
    let builder = builder.suite(app.suite_id, app.suite_secret, ticket.clone(), app.corpid, app.permanent_code);
    let client = builder.build().unwrap();
    let [call, _] = calls(Vendor::WeCom);
    let read = || client.call(call.operation, &call.arguments);

    let failure = read().await.unwrap_err();
    assert!(failure.to_string().contains("no suite_ticket has been set yet"), "{failure}");
    assert!(server.requests().is_empty());

    ticket.set(app.suite_ticket);
    read().await.unwrap();
    read().await.unwrap();
    assert_eq!(order(&server), ["get_suite_token", "get_corp_token", call.operation, call.operation]);

    // Only the corporation's token is rejected: the suite's can fetch another one.
    server.forget();
    server.fault(Target::Operation(call.operation.to_owned()), Fault::TokenRejected);
    read().await.unwrap();
    assert_eq!(order(&server), [call.operation, "get_corp_token", call.operation]);

    server.revoke_tokens();
    server.forget();
    read().await.unwrap();
    let expected = [call.operation, "get_corp_token", "get_suite_token", "get_corp_token", call.operation];
    assert_eq!(order(&server), expected);
}

#[tokio::test]
async fn a_suite_of_dingtalk_waits_for_its_ticket_and_takes_the_newest() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let app = credentials::DINGTALK;
    let ticket = huiyi_dingtalk::SuiteTicket::default();
    let builder = huiyi_dingtalk::Client::builder().app(app.app_key, app.secret).base_url(server.base_url());
    let client = builder.suite(ticket.clone(), app.corp_id).build().unwrap();
    let [call, _] = calls(Vendor::DingTalk);
    let read = || client.call(call.operation, &call.arguments);

    let failure = read().await.unwrap_err();
    assert!(failure.to_string().contains("no suiteTicket has been set yet"), "{failure}");
    assert!(server.requests().is_empty());

    ticket.set("the-first-ticket");
    ticket.set(app.suite_ticket);
    read().await.unwrap();
    server.revoke_tokens();
    read().await.unwrap();

    let corp_token = "create_corp_access_token";
    assert_eq!(order(&server), [corp_token, call.operation, call.operation, corp_token, call.operation]);
}
