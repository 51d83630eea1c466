//! Browser logins of users against a loopback server.

use std::sync::atomic::{AtomicU64, Ordering};

use huiyi_core::user_token::UserTokens;
use huiyi_mock::{Vendor, credentials, shared_http};

/// Logs a user in to Feishu.
///
/// # Panics
///
/// If the loopback server refuses it, which is a defect.
pub async fn feishu(base_url: &str) -> UserTokens {
    let app = credentials::FEISHU;
    let login = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(base_url);
    let login = login.http_client(shared_http(Vendor::Feishu)).login();
    let verifier = huiyi_feishu::Verifier::from_kept("verifier-of-at-least-forty-three-characters-0123456789");
    let login = login.expect("the loopback server's own credentials");
    let tokens = login.exchange(&fresh(app.code), "https://example.com/callback", &verifier).await;
    tokens.expect("the loopback server's own code")
}

/// Logs a user in to DingTalk.
///
/// # Panics
///
/// If the loopback server refuses it, which is a defect.
pub async fn dingtalk(base_url: &str) -> UserTokens {
    let app = credentials::DINGTALK;
    let builder = huiyi_dingtalk::Client::builder().app(app.app_key, app.secret).base_url(base_url);
    builder
        .http_client(shared_http(Vendor::DingTalk))
        .exchange_code(&fresh(app.code))
        .await
        .expect("the loopback server's own code")
}

/// Logs a user in to Tencent Meeting.
///
/// # Panics
///
/// If the loopback server refuses it, which is a defect.
pub async fn tencent(base_url: &str) -> UserTokens {
    tencent_by(&fresh(credentials::TENCENT.auth_code), base_url).await
}

/// Logs another user in to Tencent Meeting. The open id ends in `@` and this name.
///
/// # Panics
///
/// If the loopback server refuses it, which is a defect.
pub async fn tencent_as(name: &str, base_url: &str) -> UserTokens {
    tencent_by(&format!("{}@{name}", fresh(credentials::TENCENT.auth_code)), base_url).await
}

async fn tencent_by(code: &str, base_url: &str) -> UserTokens {
    let app = credentials::TENCENT;
    let builder = huiyi_tencent::Client::builder().oauth_app(app.sdk_id, app.oauth_secret);
    let builder = builder.base_url(base_url).oauth_base_url(base_url).http_client(shared_http(Vendor::Tencent));
    let login = builder.login().expect("the loopback server's own credentials");
    login.exchange(code).await.expect("the loopback server's own code").0
}

/// Makes a new code, because the server accepts each code once.
fn fresh(code: &str) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("{code}-login-{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}
