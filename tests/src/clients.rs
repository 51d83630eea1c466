//! Clients of the four vendors that talk to a loopback server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use huiyi_core::Token;
use huiyi_core::clock::Clock;
use huiyi_loopback::{Loopback, credentials};

/// A Feishu client.
///
/// # Panics
///
/// If the settings are refused, which is a defect.
pub fn feishu(server: &Loopback, clock: Option<Arc<dyn Clock>>) -> huiyi_feishu::Client {
    let mut builder = huiyi_feishu::Client::builder()
        .app(credentials::FEISHU.app_id, credentials::FEISHU.app_secret)
        .base_url(server.base_url());
    if let Some(clock) = clock {
        builder = builder.clock(clock);
    }
    builder.build().expect("the loopback server's own credentials")
}

/// A WeCom client.
///
/// # Panics
///
/// If the settings are refused, which is a defect.
pub fn wecom(server: &Loopback, clock: Option<Arc<dyn Clock>>) -> huiyi_wecom::Client {
    let mut builder = huiyi_wecom::Client::builder()
        .corp(credentials::WECOM.corpid, credentials::WECOM.secret)
        .base_url(server.base_url());
    if let Some(clock) = clock {
        builder = builder.clock(clock);
    }
    builder.build().expect("the loopback server's own credentials")
}

/// A DingTalk client.
///
/// # Panics
///
/// If the settings are refused, which is a defect.
pub fn dingtalk(server: &Loopback, clock: Option<Arc<dyn Clock>>) -> huiyi_dingtalk::Client {
    let mut builder = huiyi_dingtalk::Client::builder()
        .app(credentials::DINGTALK.app_key, credentials::DINGTALK.secret)
        .base_url(server.base_url());
    if let Some(clock) = clock {
        builder = builder.clock(clock);
    }
    builder.build().expect("the loopback server's own credentials")
}

/// A Tencent Meeting client.
///
/// # Panics
///
/// If the settings are refused, which is a defect.
pub fn tencent(server: &Loopback, clock: Option<Arc<dyn Clock>>) -> huiyi_tencent::Client {
    let keys = credentials::TENCENT;
    let mut builder =
        huiyi_tencent::Client::builder().keys(keys.app_id, keys.secret_id, keys.secret_key).base_url(server.base_url());
    if let Some(clock) = clock {
        builder = builder.clock(clock);
    }
    builder.build().expect("the loopback server's own credentials")
}

/// A fresh Feishu user token, by the browser login's exchange.
///
/// # Panics
///
/// If the loopback server refuses it, which is a defect.
pub async fn feishu_user(base_url: &str) -> Token {
    let app = credentials::FEISHU;
    let login = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(base_url).login();
    let verifier = huiyi_feishu::Verifier::from_kept("verifier-of-at-least-forty-three-characters-0123456789");
    let login = login.expect("the loopback server's own credentials");
    let tokens = login.exchange(&fresh(app.code), "https://example.com/callback", &verifier).await;
    tokens.expect("the loopback server's own code").access
}

/// A fresh Tencent Meeting user token with its open id, by the browser login's exchange.
///
/// # Panics
///
/// If the loopback server refuses it, which is a defect.
pub async fn tencent_user(base_url: &str) -> Token {
    let app = credentials::TENCENT;
    let login = huiyi_tencent::Client::builder()
        .oauth_app(app.sdk_id, app.oauth_secret)
        .oauth_base_url(base_url)
        .base_url(base_url)
        .login();
    let login = login.expect("the loopback server's own credentials");
    let tokens = login.exchange(&fresh(app.auth_code)).await;
    tokens.expect("the loopback server's own code").0.access
}

/// The server takes each code once.
fn fresh(code: &str) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("{code}{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}
