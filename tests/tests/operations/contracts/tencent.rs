//! Tencent Meeting: signed requests or OAuth headers, `error_info`, the request id in a header.

use std::sync::Arc;
use std::time::Duration;

use huiyi_core::{QuotaPolicy, RetryPolicy};
use huiyi_mock::tencent_signature;
use huiyi_tests::by_name::ByName;
use huiyi_tests::clock::TestClock;
use huiyi_tests::family::{Family, TENCENT};
use serde_json::{Value, json};

use super::mock::{Answer, Received};
use super::side::{MESSAGE, REQUEST_ID, Side, equal};

pub(crate) struct Tencent;

const SECRET_ID: &str = "AKIDz8krbsJ5yKBZ";
const SECRET_KEY: &str = "key-of-the-contract";
const NOW: &str = "1718600000";

/// The OAuth calls answer in their own form, and so do two others.
const WITH_PLAIN_CODE: [&str; 5] =
    ["create_oauth_token", "refresh_oauth_token", "get_oauth_user_info", "get_jsapi_user", "set_real_time_asr"];

impl Side for Tencent {
    fn family(&self) -> Family {
        TENCENT
    }

    fn clients(&self, base_url: &str) -> Vec<(&'static str, Box<dyn ByName>)> {
        let now = Duration::from_secs(NOW.parse().unwrap());
        let builder = || {
            let builder =
                huiyi_tencent::Client::builder().base_url(base_url).retry(RetryPolicy::off()).quota(QuotaPolicy::off());
            builder.clock(Arc::new(TestClock::at(now)))
        };
        let signing = builder().keys("211153201", SECRET_ID, SECRET_KEY).sdk_id("10066660661").build().unwrap();
        let user = builder().user_access_token("open-id-of-the-user", "token-of-the-user").build().unwrap();
        vec![("aksk", Box::new(signing)), ("oauth", Box::new(user))]
    }

    fn credential_headers(&self, credential: &str) -> &'static [&'static str] {
        match credential {
            "aksk" => {
                &["x-tc-key", "x-tc-timestamp", "x-tc-nonce", "x-tc-signature", "x-tc-registered", "appid", "sdkid"]
            }
            _ => &["accesstoken", "openid", "x-tc-timestamp", "x-tc-nonce"],
        }
    }

    fn check_credential(&self, credential: &str, request: &Received) -> Result<(), String> {
        let header = |name| request.header(name).unwrap_or_default();
        let nonce = header("x-tc-nonce");
        equal("X-TC-Timestamp", header("x-tc-timestamp"), NOW)?;
        equal("whether X-TC-Nonce is a positive number", nonce.parse::<i64>().is_ok_and(|nonce| nonce > 0), true)?;
        if credential == "oauth" {
            equal("AccessToken", header("accesstoken"), "token-of-the-user")?;
            return equal("OpenId", header("openid"), "open-id-of-the-user");
        }
        equal("X-TC-Key", header("x-tc-key"), SECRET_ID)?;
        equal("X-TC-Registered", header("x-tc-registered"), "1")?;
        equal("AppId", header("appid"), "211153201")?;
        equal("SdkId", header("sdkid"), "10066660661")?;
        let signature =
            tencent_signature(SECRET_ID, SECRET_KEY, &request.method, nonce, NOW, &request.target, &request.body);
        equal("X-TC-Signature", header("x-tc-signature"), &signature)
    }

    fn refusal(&self, operation: &str, code: &Value, status: u16) -> Answer {
        let body = match operation {
            _ if WITH_PLAIN_CODE.contains(&operation) => {
                json!({"nonce": "98187ecdebca4846", "code": code, "message": MESSAGE})
            }
            _ => json!({"error_info": {"error_code": code, "new_error_code": 1, "message": MESSAGE}}),
        };
        Answer::json(status, &body).with_header("X-TC-Trace", REQUEST_ID)
    }

    fn bare_success(&self) -> Value {
        json!({})
    }
}
