//! A keeper that records each pair, and whether it had been used before.

use huiyi_core::BoxFuture;
use huiyi_core::secrecy::ExposeSecret;
use huiyi_core::user_token::{KeepTokens, UserTokens};
use huiyi_mock::{Loopback, Vendor, credentials};
use huiyi_tests::by_name::ByName;
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// Keeps pairs, and the number of calls of an operation that the server had received by then.
#[derive(Clone)]
pub(crate) struct Witness {
    pub(crate) server: Loopback,
    pub(crate) operation: &'static str,
    pub(crate) kept: Arc<Mutex<Vec<(String, String, usize)>>>,
}

impl Witness {
    pub(crate) fn new(server: &Loopback, operation: &'static str) -> Self {
        Self { server: server.clone(), operation, kept: Arc::default() }
    }

    pub(crate) fn kept(&self) -> Vec<(String, String, usize)> {
        self.kept.lock().unwrap().clone()
    }
}

impl KeepTokens for Witness {
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            // The caller has to wait, as with a database.
            tokio::task::yield_now().await;
            let refresh = tokens.refresh.as_ref().unwrap().expose_secret().to_owned();
            let seen = self.server.calls(self.operation).len();
            self.kept.lock().unwrap().push((tokens.access.expose().to_owned(), refresh, seen));
        })
    }
}

/// Returns the refresh tokens that were sent, in order.
pub(crate) fn spent(server: &Loopback, operation: &str) -> Vec<String> {
    let name = if server.vendor() == Vendor::DingTalk { "refreshToken" } else { "refresh_token" };
    let bodies = server.calls(operation).into_iter().filter_map(|request| request.json());
    bodies.filter_map(|body| body.get(name).and_then(Value::as_str).map(str::to_owned)).collect()
}

/// Makes a client of a user, from a refresh token.
pub(crate) fn user(server: &Loopback, refresh_token: &str, witness: &Witness) -> Box<dyn ByName> {
    let keeper: Arc<dyn KeepTokens> = Arc::new(witness.clone());
    let app = credentials::TENCENT;
    match server.vendor() {
        Vendor::Feishu => {
            let app = credentials::FEISHU;
            let builder = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url());
            Box::new(builder.user_refresh_token("user", refresh_token, keeper).build().unwrap())
        }
        Vendor::DingTalk => {
            let app = credentials::DINGTALK;
            let builder = huiyi_dingtalk::Client::builder().app(app.app_key, app.secret).base_url(server.base_url());
            Box::new(builder.user_refresh_token("user", refresh_token, keeper).build().unwrap())
        }
        _ => {
            let builder = huiyi_tencent::Client::builder().oauth_app(app.sdk_id, app.oauth_secret);
            let builder = builder.base_url(server.base_url()).oauth_base_url(server.base_url());
            Box::new(builder.user_refresh_token(app.open_id, refresh_token, keeper).build().unwrap())
        }
    }
}
