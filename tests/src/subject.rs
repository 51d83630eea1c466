//! The client under test, of any vendor: the same settings and the same kinds of credentials for all.

use std::sync::Arc;
use std::time::Duration;

use huiyi_core::clock::Clock;
use huiyi_core::reqwest;
use huiyi_core::{QuotaPolicy, RetryPolicy, StaticToken, TokenStore};
use huiyi_mock::{Vendor, credentials};

use crate::attempts::Attempts;
use crate::by_name::ByName;
use crate::kept::Kept;
use crate::logins;

/// The credentials of the client.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// The app that the server knows. Tencent Meeting's app signs; the others fetch a token.
    App,
    /// The same app with another secret.
    WrongSecret,
    /// An app that the server does not know.
    WrongApp,
    /// A given token. For Tencent Meeting it is the app, which needs no token.
    Token(String),
    /// A user of Tencent Meeting with this refresh token. For the others it is the app.
    User(String),
}

/// The settings of a client.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The vendor.
    pub vendor: Vendor,
    /// Host of the API.
    pub base_url: String,
    /// Host of the OAuth calls, if it is another one (Tencent Meeting).
    pub oauth_url: String,
    /// Its credentials.
    pub credentials: Credentials,
    /// Its clock.
    pub clock: Option<Arc<dyn Clock>>,
    /// Records every attempt.
    pub attempts: Option<Attempts>,
    /// The time limit of an attempt.
    pub timeout: Duration,
    /// The largest answer.
    pub body_limit: usize,
    /// How quotas are kept.
    pub quota: QuotaPolicy,
    /// How failures are repeated.
    pub retry: RetryPolicy,
    /// An HTTP client, instead of the client's own.
    pub http: Option<reqwest::Client>,
    /// Where tokens are shared.
    pub store: Option<Arc<dyn TokenStore>>,
}

macro_rules! build {
    ($builder:expr, $subject:expr) => {{
        let subject = $subject;
        let mut builder = $builder
            .base_url(&subject.base_url)
            .timeout(subject.timeout)
            .body_limit(subject.body_limit)
            .quota(subject.quota)
            .retry(subject.retry.clone());
        if let Some(clock) = &subject.clock {
            builder = builder.clock(Arc::clone(clock));
        }
        if let Some(attempts) = &subject.attempts {
            builder = builder.observer(attempts.clone());
        }
        if let Some(store) = &subject.store {
            builder = builder.token_store(Arc::clone(store));
        }
        if let Some(http) = &subject.http {
            builder = builder.http_client(http.clone());
        }
        Box::new(builder.build().expect("settings that fit the loopback server"))
    }};
}

impl Subject {
    /// Makes settings for the server's own app, without quotas.
    pub fn new(vendor: Vendor, base_url: impl Into<String>) -> Self {
        let base_url = base_url.into();
        Self {
            vendor,
            oauth_url: base_url.clone(),
            base_url,
            credentials: Credentials::App,
            clock: None,
            attempts: None,
            timeout: Duration::from_secs(60),
            body_limit: 64 << 20,
            quota: QuotaPolicy::off(),
            retry: RetryPolicy::default(),
            http: None,
            store: None,
        }
    }

    /// Builds the client.
    ///
    /// # Panics
    ///
    /// If the settings are refused, which is a defect.
    pub fn build(&self) -> Box<dyn ByName> {
        match self.vendor {
            Vendor::Feishu => build!(self.feishu(), self),
            Vendor::WeCom => build!(self.wecom(), self),
            Vendor::DingTalk => build!(self.dingtalk(), self),
            Vendor::Tencent => build!(self.tencent(), self),
        }
    }

    /// Returns a builder with Feishu's credentials.
    pub fn feishu(&self) -> huiyi_feishu::ClientBuilder {
        let app = credentials::FEISHU;
        let builder = huiyi_feishu::Client::builder();
        match &self.credentials {
            Credentials::App | Credentials::User(_) => builder.app(app.app_id, app.app_secret),
            Credentials::WrongSecret => builder.app(app.app_id, WRONG),
            Credentials::WrongApp => builder.app("cli_unknown", app.app_secret),
            Credentials::Token(token) => builder.tenant_access_token(token),
        }
    }

    /// Returns a builder with WeCom's credentials.
    pub fn wecom(&self) -> huiyi_wecom::ClientBuilder {
        let app = credentials::WECOM;
        let builder = huiyi_wecom::Client::builder();
        match &self.credentials {
            Credentials::App | Credentials::User(_) => builder.corp(app.corpid, app.secret),
            Credentials::WrongSecret => builder.corp(app.corpid, WRONG),
            Credentials::WrongApp => builder.corp("wwunknown", app.secret),
            Credentials::Token(token) => builder.access_token(token),
        }
    }

    /// Returns a builder with DingTalk's credentials.
    pub fn dingtalk(&self) -> huiyi_dingtalk::ClientBuilder {
        let app = credentials::DINGTALK;
        let builder = huiyi_dingtalk::Client::builder();
        match &self.credentials {
            Credentials::App | Credentials::User(_) => builder.app(app.app_key, app.secret),
            Credentials::WrongSecret => builder.app(app.app_key, WRONG),
            Credentials::WrongApp => builder.app("dingunknown", app.secret),
            Credentials::Token(token) => builder.access_token(token),
        }
    }

    /// Returns a builder with Tencent Meeting's credentials.
    pub fn tencent(&self) -> huiyi_tencent::ClientBuilder {
        let app = credentials::TENCENT;
        let builder = huiyi_tencent::Client::builder().oauth_base_url(&self.oauth_url);
        match &self.credentials {
            Credentials::App | Credentials::Token(_) => builder.keys(app.app_id, app.secret_id, app.secret_key),
            Credentials::WrongSecret => builder.keys(app.app_id, app.secret_id, WRONG),
            Credentials::WrongApp => builder.keys(app.app_id, "AKIDunknown", app.secret_key),
            Credentials::User(refresh_token) => builder.oauth_app(app.sdk_id, app.oauth_secret).user_refresh_token(
                app.open_id,
                refresh_token,
                Kept::default().keeper(),
            ),
        }
    }
}

/// Builds a client of the server's own app with a user who has just logged in, for operations that need one. It has no
/// quotas and does not retry.
///
/// # Panics
///
/// If the loopback server refuses its own credentials, which is a defect.
pub async fn with_user(vendor: Vendor, base_url: &str) -> Box<dyn ByName> {
    let mut subject = Subject::new(vendor, base_url);
    subject.retry = RetryPolicy::off();
    match vendor {
        Vendor::Feishu => {
            let user = StaticToken::new(logins::feishu(base_url).await.access);
            build!(subject.feishu().user_source(user), &subject)
        }
        Vendor::Tencent => {
            let user = StaticToken::new(logins::tencent(base_url).await.access);
            build!(subject.tencent().user_source(user), &subject)
        }
        Vendor::WeCom | Vendor::DingTalk => subject.build(),
    }
}

/// A secret that no server knows.
const WRONG: &str = "wrong-secret-sentinel";
