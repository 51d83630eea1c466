//! WeCom, which has its token in the URL of each call.

use huiyi_core::RetryPolicy;
use huiyi_core::clock::Clock;
use huiyi_mock::{Fault, Loopback, Target, Vendor};
use huiyi_tests::attempts::Attempts;
use huiyi_tests::by_name::ByName;
use huiyi_tests::clock::TestClock;
use huiyi_tests::fault_matrix::{family, nobody};
use huiyi_tests::subject::{Credentials, Subject};
use serde_json::json;
use std::sync::Arc;

use crate::ear::{heard, listen};
use crate::forms::{Search, secrets_of};
use crate::said::{debugged, said_by_failure};

/// Makes one call of WeCom, which has its token in the URL, and returns everything that is printed about it.
async fn observed(client: &dyn ByName, attempts: &Attempts, operation: &str, call: &huiyi_tests::Arguments) -> Said {
    let before = attempts.count();
    let result = client.call(operation, call).await;
    let mut texts: Vec<String> = attempts.seen().into_iter().skip(before).map(|seen| seen.shown).collect();
    if let Err(failure) = &result {
        texts.extend(said_by_failure(failure));
    }
    texts.extend(debugged(&client));
    texts.extend(heard());
    Said { succeeded: result.is_ok(), texts }
}

struct Said {
    succeeded: bool,
    texts: Vec<String>,
}

#[tokio::test]
async fn no_operation_of_wecom_shows_the_token_of_its_url() {
    let _listening = listen();
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(TestClock::new());
    let attempts = Attempts::new(Arc::clone(&clock));
    let mut subject = Subject::new(Vendor::WeCom, server.base_url());
    subject.clock = Some(clock);
    subject.attempts = Some(attempts.clone());
    subject.retry = RetryPolicy::default().with_budget(10_000);
    let client = subject.build();
    subject.base_url = nobody().await;
    subject.credentials = Credentials::Token("token-sentinel-that-nobody-gets".to_owned());
    let unconnected = subject.build();
    let mut search = Search::new(Vendor::WeCom);
    let mut examples = family(Vendor::WeCom).spec().examples();
    examples.dedup_by(|one, other| one.operation == other.operation);
    assert_eq!(examples.len(), family(Vendor::WeCom).operations.len());

    for example in &examples {
        let operation = example.operation.as_str();
        let arguments = &example.arguments;
        let target = || Target::Operation(operation.to_owned());
        let refusal = json!({"errcode": 40058, "errmsg": "invalid parameter, hint: [1657000000_1_abc]"});
        let plan: [(&str, Vec<Fault>); 3] = [
            ("success", Vec::new()),
            ("errcode", vec![Fault::Status { status: 200, headers: Vec::new(), body: refusal.to_string() }]),
            ("reset", vec![Fault::ResetAfterRead; 3]),
        ];
        for (what, faults) in plan {
            server.clear();
            server.forget();
            // Without this answer, the server would refuse the made-up credentials of the suite's calls.
            let answer = json!({"errcode": 0, "errmsg": "ok", "access_token": "", "suite_access_token": ""});
            if ["get_access_token", "get_suite_token", "get_corp_token"].contains(&operation) && what == "success" {
                let body = answer.to_string();
                server.fault(target(), Fault::Status { status: 200, headers: Vec::new(), body });
            }
            for fault in faults {
                server.fault(target(), fault);
            }
            let said = observed(&*client, &attempts, operation, arguments).await;
            assert_eq!(said.succeeded, what == "success", "{operation} {what}");
            let secrets: Vec<String> = server.requests().iter().flat_map(secrets_of).filter(|s| s.len() > 9).collect();
            search.look(&format!("{operation}, {what}"), &secrets, &said.texts);
        }
        let said = observed(&*unconnected, &attempts, operation, arguments).await;
        assert!(!said.succeeded);
        search.look(&format!("{operation}, nobody listens"), &[], &said.texts);
    }
    search.end(&format!("{} operations", examples.len()));
}
