//! WeCom: the token in the query, `errcode` and `errmsg`, the request id inside the message.

use huiyi_core::{QuotaPolicy, RetryPolicy};
use huiyi_tests::by_name::ByName;
use huiyi_tests::family::{Family, WECOM};
use serde_json::{Value, json};

use super::mock::{Answer, Received};
use super::side::{MESSAGE, REQUEST_ID, Side, equal};

pub(crate) struct WeCom;

const TOKEN: &str = "token+of/the=app";

impl Side for WeCom {
    fn family(&self) -> Family {
        WECOM
    }

    fn clients(&self, base_url: &str) -> Vec<(&'static str, Box<dyn ByName>)> {
        let builder =
            huiyi_wecom::Client::builder().base_url(base_url).retry(RetryPolicy::off()).quota(QuotaPolicy::off());
        vec![("access_token", Box::new(builder.access_token(TOKEN).build().unwrap()))]
    }

    fn credential_headers(&self, _credential: &str) -> &'static [&'static str] {
        &[]
    }

    fn credential_query(&self) -> Vec<(String, String)> {
        vec![("access_token".to_owned(), TOKEN.to_owned())]
    }

    fn check_credential(&self, _credential: &str, request: &Received) -> Result<(), String> {
        let raw = request.target.split(['?', '&']).find_map(|pair| pair.strip_prefix("access_token="));
        equal("access_token", raw, Some("token%2Bof%2Fthe%3Dapp"))
    }

    fn refusal(&self, _operation: &str, code: &Value, status: u16) -> Answer {
        let more = format!(
            "hint: [{REQUEST_ID}], from ip: 10.1.2.3, more info at https://open.work.weixin.qq.com/devtool/query?e={code}"
        );
        Answer::json(status, &json!({"errcode": code, "errmsg": format!("{MESSAGE}, {more}")}))
    }

    fn bare_success(&self) -> Value {
        json!({"errcode": 0, "errmsg": "ok"})
    }
}
