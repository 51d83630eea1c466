//! Feishu: bearer tokens, `code` and `msg`.

use huiyi_core::{QuotaPolicy, RetryPolicy};
use huiyi_tests::by_name::ByName;
use huiyi_tests::family::{FEISHU, Family};
use serde_json::{Value, json};

use super::mock::{Answer, Received};
use super::side::{MESSAGE, REQUEST_ID, Side, equal};

pub(crate) struct Feishu;

impl Side for Feishu {
    fn family(&self) -> Family {
        FEISHU
    }

    fn clients(&self, base_url: &str) -> Vec<(&'static str, Box<dyn ByName>)> {
        let builder =
            || huiyi_feishu::Client::builder().base_url(base_url).retry(RetryPolicy::off()).quota(QuotaPolicy::off());
        let tenant = builder().tenant_access_token("t-of-the-tenant").build().unwrap();
        let user = builder().user_access_token("u-of-the-user").build().unwrap();
        vec![("tenant", Box::new(tenant)), ("user", Box::new(user))]
    }

    fn credential_headers(&self, _credential: &str) -> &'static [&'static str] {
        &["authorization"]
    }

    fn check_credential(&self, credential: &str, request: &Received) -> Result<(), String> {
        let expected = if credential == "user" { "Bearer u-of-the-user" } else { "Bearer t-of-the-tenant" };
        equal("Authorization", request.header("authorization"), Some(expected))
    }

    fn refusal(&self, operation: &str, code: &Value, status: u16) -> Answer {
        // The OAuth call has its own form.
        let body = match operation {
            "create_user_token" => json!({"code": code, "error": "invalid_grant", "error_description": MESSAGE}),
            _ => json!({"code": code, "msg": MESSAGE, "error": {"log_id": REQUEST_ID}, "data": {}}),
        };
        Answer::json(status, &body).with_header("X-Tt-Logid", REQUEST_ID)
    }

    fn bare_success(&self) -> Value {
        json!({"code": 0, "msg": "success", "data": {}})
    }
}
