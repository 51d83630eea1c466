//! The fault matrix of each vendor shows no secret.

use huiyi_mock::Vendor;
use huiyi_tests::fault_matrix::{Times, calls, play};
use huiyi_tests::scenario::Scenario;

use crate::ear::{heard, listen};
use crate::forms::{Search, secrets_of};
use crate::said::said_by_failure;

/// Every fault, once and always, against a call that may be repeated and one that must not be.
async fn matrix(vendor: Vendor) {
    let _listening = listen();
    let mut search = Search::new(vendor);
    let calls = calls(vendor);
    for scenario in Scenario::ALL {
        for call in &calls {
            for times in [Times::Once, Times::Always] {
                let outcome = play(vendor, scenario, times, call).await;
                let mut texts = outcome.shown;
                if let Err(failure) = &outcome.result {
                    texts.extend(said_by_failure(failure));
                }
                let told = heard();
                assert!(!told.is_empty());
                texts.extend(told);
                let secrets: Vec<String> = outcome.sent.iter().flat_map(secrets_of).collect();
                search.look(&format!("{}, {}", scenario.title(), call.operation), &secrets, &texts);
            }
        }
    }
    search.end("fault matrix");
}

#[tokio::test]
async fn no_fault_makes_feishu_show_a_secret() {
    matrix(Vendor::Feishu).await;
}

#[tokio::test]
async fn no_fault_makes_wecom_show_a_secret() {
    matrix(Vendor::WeCom).await;
}

#[tokio::test]
async fn no_fault_makes_dingtalk_show_a_secret() {
    matrix(Vendor::DingTalk).await;
}

#[tokio::test]
async fn no_fault_makes_tencent_show_a_secret() {
    matrix(Vendor::Tencent).await;
}
