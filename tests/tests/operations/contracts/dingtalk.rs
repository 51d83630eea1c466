//! DingTalk: the bare token in its own header; the status shows failure; a firewall that bans.

use huiyi_core::{QuotaPolicy, RetryPolicy};
use huiyi_tests::by_name::ByName;
use huiyi_tests::family::{DINGTALK, Family};
use serde_json::{Value, json};

use super::mock::{Answer, Received};
use super::side::{MESSAGE, REQUEST_ID, Side, equal};

pub(crate) struct DingTalk;

impl Side for DingTalk {
    fn family(&self) -> Family {
        DINGTALK
    }

    fn clients(&self, base_url: &str) -> Vec<(&'static str, Box<dyn ByName>)> {
        let builder =
            huiyi_dingtalk::Client::builder().base_url(base_url).retry(RetryPolicy::off()).quota(QuotaPolicy::off());
        vec![("access_token", Box::new(builder.access_token("token-of-the-app").build().unwrap()))]
    }

    fn credential_headers(&self, _credential: &str) -> &'static [&'static str] {
        &["x-acs-dingtalk-access-token"]
    }

    fn check_credential(&self, _credential: &str, request: &Received) -> Result<(), String> {
        equal("x-acs-dingtalk-access-token", request.header("x-acs-dingtalk-access-token"), Some("token-of-the-app"))
    }

    fn refusal(&self, _operation: &str, code: &Value, status: u16) -> Answer {
        Answer::json(status, &json!({"code": code, "requestid": REQUEST_ID, "message": MESSAGE}))
    }

    fn bare_success(&self) -> Value {
        json!({})
    }

    fn ban(&self) -> Option<(Answer, &'static str)> {
        let body = json!({"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "ad8eb5"});
        Some((Answer::json(200, &body).with_header("x-acs-request-id", REQUEST_ID), "punish"))
    }
}
