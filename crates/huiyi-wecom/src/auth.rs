//! WeCom's credentials: a corporation's own app, or a third-party app authorised by it.
//!
//! Page: <https://developer.work.weixin.qq.com/document/path/91039>.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use huiyi_core::identity::Stamp;
use huiyi_core::reqwest::Request;
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::token::{Grant, IssuedToken, ask_with};
use huiyi_core::transport::Transport;
use huiyi_core::{ApiError, BoxFuture, Token, TokenSource};
use serde::Deserialize;
use serde_json::json;

/// Puts the token into the query, the only place where WeCom accepts it.
pub(crate) fn in_query(request: &mut Request, token: &Token, _stamp: Stamp) -> Result<(), String> {
    request.url_mut().query_pairs_mut().append_pair("access_token", token.expose());
    Ok(())
}

/// The token of a corporation's own app: one per corporation and app secret.
pub(crate) struct OwnApp {
    pub(crate) corp_id: String,
    pub(crate) secret: SecretString,
    pub(crate) agent: Option<String>,
    pub(crate) transport: Transport,
}

#[derive(Deserialize)]
struct AccessToken {
    access_token: String,
    expires_in: u64,
}

impl Grant for OwnApp {
    fn key(&self) -> String {
        // Apps of one corporation differ by their secret only; the agent id tells them apart in a
        // shared store without writing the secret there.
        let agent = self.agent.as_deref().unwrap_or("app");
        format!("wecom:{}:{}:{agent}", self.transport.base_url(), self.corp_id)
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, ApiError>> {
        Box::pin(async {
            let query = [("corpid", self.corp_id.as_str()), ("corpsecret", self.secret.expose_secret())];
            let answer: AccessToken =
                self.transport.get_for_token("get_access_token", "/cgi-bin/gettoken", &query).await?;
            Ok(IssuedToken { token: Token::new(answer.access_token), lives: Duration::from_secs(answer.expires_in) })
        })
    }
}

/// The ticket that WeCom pushes every ten minutes to a third-party app.
///
/// Set it from the handler of the `suite_ticket` event; clones share one ticket.
#[derive(Clone, Default)]
pub struct SuiteTicket(Arc<Mutex<Option<SecretString>>>);

impl SuiteTicket {
    /// Replaces the ticket.
    pub fn set(&self, ticket: impl Into<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(SecretString::from(ticket.into()));
    }

    fn get(&self) -> Option<SecretString> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for SuiteTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SuiteTicket(***)")
    }
}

/// The token of a third-party suite.
pub(crate) struct Suite {
    pub(crate) id: String,
    pub(crate) secret: SecretString,
    pub(crate) ticket: SuiteTicket,
    pub(crate) transport: Transport,
}

#[derive(Deserialize)]
struct SuiteToken {
    suite_access_token: String,
    expires_in: u64,
}

impl Grant for Suite {
    fn key(&self) -> String {
        format!("wecom:{}:suite:{}", self.transport.base_url(), self.id)
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, ApiError>> {
        Box::pin(async {
            let operation = "get_suite_token";
            let Some(ticket) = self.ticket.get() else {
                return Err(self
                    .transport
                    .no_token(operation, "no suite_ticket has been set yet; WeCom pushes one every ten minutes"));
            };
            let body = json!({
                "suite_id": self.id,
                "suite_secret": self.secret.expose_secret(),
                "suite_ticket": ticket.expose_secret(),
            });
            let path = "/cgi-bin/service/get_suite_token";
            let answer: SuiteToken = self.transport.post_for_token(operation, path, &body).await?;
            Ok(IssuedToken {
                token: Token::new(answer.suite_access_token),
                lives: Duration::from_secs(answer.expires_in),
            })
        })
    }
}

/// Codes by which WeCom rejects the suite token with which a corporation's token is asked for.
const BAD_SUITE_TOKEN: &[&str] = &["40082", "42009"];

/// The token of a corporation that has authorised a third-party suite.
pub(crate) struct SuiteCorp {
    pub(crate) suite_id: String,
    pub(crate) suite: Arc<dyn TokenSource>,
    pub(crate) corp_id: String,
    pub(crate) permanent_code: SecretString,
    pub(crate) transport: Transport,
}

impl Grant for SuiteCorp {
    fn key(&self) -> String {
        format!("wecom:{}:suite:{}:{}", self.transport.base_url(), self.suite_id, self.corp_id)
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, ApiError>> {
        let ask = move |suite: Token| -> BoxFuture<'_, Result<IssuedToken, ApiError>> {
            Box::pin(async move {
                let body = json!({"auth_corpid": self.corp_id, "permanent_code": self.permanent_code.expose_secret()});
                let url =
                    self.transport.http().post(format!("{}/cgi-bin/service/get_corp_token", self.transport.base_url()));
                let request = url.query(&[("suite_access_token", suite.expose())]).json(&body).build();
                let answer: AccessToken = self.transport.request_token("get_corp_token", request).await?;
                Ok(IssuedToken {
                    token: Token::new(answer.access_token),
                    lives: Duration::from_secs(answer.expires_in),
                })
            })
        };
        Box::pin(ask_with(&*self.suite, BAD_SUITE_TOKEN, ask))
    }
}
