//! However a token endpoint refuses, it gets one request until the pause is over.
//!
//! `cargo test -p huiyi-tests --test production token_endpoint -- --nocapture` prints the table.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;
use std::time::Duration;

use huiyi_core::RetryPolicy;
use huiyi_core::clock::Clock;
use huiyi_core::secrecy::ExposeSecret;
use huiyi_mock::{Loopback, Vendor, shared_http};
use huiyi_tests::clock::TestClock;
use huiyi_tests::fault_matrix::calls;
use huiyi_tests::logins;
use huiyi_tests::subject::{Credentials, Subject};

/// A refusal: its name, headers, status, body.
struct Refusal {
    name: &'static str,
    headers: &'static [(&'static str, &'static str)],
    status: u16,
    body: String,
    /// The time to wait that it asks for, in seconds.
    asks: Option<u64>,
}

fn refusal(name: &'static str, status: u16, body: impl Into<String>, asks: Option<u64>) -> Refusal {
    Refusal { name, headers: &[], status, body: body.into(), asks }
}

/// Returns the refusals that every vendor may send, and those of one vendor's pages.
fn refusals(vendor: Vendor) -> Vec<Refusal> {
    let mut all = vec![
        Refusal { headers: &[("Retry-After", "60")], ..refusal("429, Retry-After: 60", 429, "", Some(60)) },
        refusal("429", 429, "", None),
        refusal("503", 503, "", None),
        refusal("502, a page", 502, "<html><h1>Bad Gateway</h1></html>", None),
        refusal("403, a page", 403, "<html><h1>Forbidden</h1></html>", None),
        refusal("half a document", 200, "{\"access_token\":\"", None),
        refusal("an empty object", 200, "{}", None),
    ];
    let vendors: &[(&str, u16, &str)] = match vendor {
        Vendor::Feishu => &[
            ("99991400", 400, r#"{"code":99991400,"msg":"request trigger frequency limit"}"#),
            ("10014, wrong secret", 400, r#"{"code":10014,"msg":"app secret invalid"}"#),
            ("empty token", 200, r#"{"code":0,"msg":"ok","tenant_access_token":"","expire":7200}"#),
        ],
        Vendor::WeCom => &[
            ("45009", 200, r#"{"errcode":45009,"errmsg":"reach max api daily quota limit"}"#),
            ("-1", 200, r#"{"errcode":-1,"errmsg":"system busy"}"#),
            ("40001, wrong secret", 200, r#"{"errcode":40001,"errmsg":"invalid credential"}"#),
            ("empty token", 200, r#"{"errcode":0,"errmsg":"ok","access_token":"","expires_in":7200}"#),
        ],
        Vendor::DingTalk => &[
            ("Qps", 403, r#"{"code":"Forbidden.AccessDenied.QpsLimitForApi","message":"qps","requestid":"1"}"#),
            (
                "Qpm",
                403,
                r#"{"code":"Forbidden.AccessDenied.QpmLimitForAppkeyAndApi","message":"qpm","requestid":"1"}"#,
            ),
            ("punish", 403, r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"1"}"#),
            ("wrong secret", 400, r#"{"code":"invalidClientSecret","message":"no","requestid":"1"}"#),
            ("empty token", 200, r#"{"accessToken":"","expireIn":7200}"#),
        ],
        Vendor::Tencent => &[
            ("190310", 500, r#"{"error_info":{"error_code":190310,"message":"too many"}}"#),
            ("1003", 200, r#"{"code":1003,"message":"refresh token invalid"}"#),
            (
                "empty token",
                200,
                r#"{"code":0,"message":"","data":{"access_token":"","refresh_token":"r","open_id":"o"}}"#,
            ),
        ],
    };
    all.extend(vendors.iter().map(|(name, status, body)| refusal(name, *status, *body, None)));
    all
}

fn endpoint(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Feishu => "create_tenant_access_token_internal",
        Vendor::WeCom => "get_access_token",
        Vendor::DingTalk => "create_access_token",
        Vendor::Tencent => "refresh_oauth_token",
    }
}

#[tokio::test]
async fn two_hundred_calls_ask_a_token_endpoint_that_refuses_once() {
    let mut wrong = Vec::new();
    for vendor in Vendor::ALL {
        for refusal in refusals(vendor) {
            let server = Loopback::start(vendor).await.unwrap();
            let clock = Arc::new(TestClock::new());
            let mut subject = Subject::new(vendor, server.base_url());
            subject.retry = RetryPolicy::off();
            subject.clock = Some(Arc::clone(&clock) as Arc<dyn Clock>);
            subject.http = Some(shared_http(vendor));
            if vendor == Vendor::Tencent {
                let user = logins::tencent(&server.base_url()).await.refresh.unwrap();
                subject.credentials = Credentials::User(user.expose_secret().to_owned());
            }
            server.answer_with(endpoint(vendor), refusal.headers, refusal.status, refusal.body.clone());
            server.forget();
            let client = subject.build();
            let [call, _] = calls(vendor);

            for _ in 0..200 {
                client.call(call.operation, &call.arguments).await.unwrap_err();
            }
            let during = server.token_requests();
            if let Some(asks) = refusal.asks {
                clock.advance(Duration::from_secs(asks - 1));
                client.call(call.operation, &call.arguments).await.unwrap_err();
            }
            let before = server.token_requests();
            clock.advance(Duration::from_secs(3600));
            let error = client.call(call.operation, &call.arguments).await.unwrap_err();
            let after = server.token_requests();
            println!("{:8} {:24} {during:3} {before:3} {after:3}  {error}", format!("{vendor:?}"), refusal.name);
            if (during, before, after) != (1, 1, 2) {
                wrong.push(format!("{vendor:?} {}: {during} {before} {after}", refusal.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
