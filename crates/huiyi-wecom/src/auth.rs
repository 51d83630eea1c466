//! WeCom's credentials: a corporation's own app, or a third-party app that the corporation has authorized.
//!
//! Page: <https://developer.work.weixin.qq.com/document/path/91039>.

use std::sync::Arc;

use huiyi_core::identity::Stamp;
use huiyi_core::reqwest::Request;
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::ticket::Ticket;
use huiyi_core::token::{Grant, IssuedToken, StoreKey, token_text, with_parent_token};
use huiyi_core::transport::Transport;
use huiyi_core::wire::lenient;
use huiyi_core::{BoxFuture, Error, Token, TokenSource};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::generated::operations;

/// Adds the token to the query, since WeCom accepts it only there.
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
    #[serde(deserialize_with = "token_text")]
    access_token: String,
    #[serde(default, deserialize_with = "lenient::opt_i64")]
    expires_in: Option<i64>,
}

impl OwnApp {
    /// Returns the first 8 bytes of a hash of the secret. Apps of one corporation differ only in their secrets; the
    /// hash tells them apart, and the store does not contain the secret.
    fn fingerprint(&self) -> String {
        let hash = Sha256::new().chain_update(&self.corp_id).chain_update([0]);
        let hash = hash.chain_update(self.secret.expose_secret()).finalize();
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Grant for OwnApp {
    fn key(&self) -> String {
        let agent = self.agent.as_deref().unwrap_or("app");
        let key = StoreKey::new("wecom", self.transport.base_url()).with("corp", &self.corp_id).with("app", agent);
        key.with("fingerprint", &self.fingerprint()).into_text()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async {
            let query = [("corpid", self.corp_id.as_str()), ("corpsecret", self.secret.expose_secret())];
            let answer: AccessToken =
                self.transport.get_for_token(&operations::GET_ACCESS_TOKEN, "/cgi-bin/gettoken", &query).await?;
            Ok(IssuedToken::new(answer.access_token, answer.expires_in))
        })
    }
}

/// The token of a third-party suite.
pub(crate) struct Suite {
    pub(crate) id: String,
    pub(crate) secret: SecretString,
    pub(crate) ticket: Ticket,
    pub(crate) transport: Transport,
}

#[derive(Deserialize)]
struct SuiteToken {
    #[serde(deserialize_with = "token_text")]
    suite_access_token: String,
    #[serde(default, deserialize_with = "lenient::opt_i64")]
    expires_in: Option<i64>,
}

impl Grant for Suite {
    fn key(&self) -> String {
        StoreKey::new("wecom", self.transport.base_url()).with("suite", &self.id).into_text()
    }

    fn version(&self) -> u64 {
        self.ticket.count()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async {
            let operation = &operations::GET_SUITE_TOKEN;
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
            Ok(IssuedToken::new(answer.suite_access_token, answer.expires_in))
        })
    }
}

/// Error codes by which WeCom rejects the suite token in a request for a corporation's token.
const BAD_SUITE_TOKEN: &[&str] = &["40082", "42009"];

/// The token of a corporation that has authorized a third-party suite.
pub(crate) struct SuiteCorp {
    pub(crate) suite_id: String,
    pub(crate) suite: Arc<dyn TokenSource>,
    /// The suite's ticket: a corporation's token needs a suite token, and a suite token needs the ticket.
    pub(crate) ticket: Ticket,
    pub(crate) corp_id: String,
    pub(crate) permanent_code: SecretString,
    pub(crate) transport: Transport,
}

impl Grant for SuiteCorp {
    fn key(&self) -> String {
        let key = StoreKey::new("wecom", self.transport.base_url()).with("suite", &self.suite_id);
        key.with("corp", &self.corp_id).into_text()
    }

    fn version(&self) -> u64 {
        self.ticket.count()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        let ask = move |suite: Token| -> BoxFuture<'_, Result<IssuedToken, Error>> {
            Box::pin(async move {
                let body = json!({"auth_corpid": self.corp_id, "permanent_code": self.permanent_code.expose_secret()});
                let url =
                    self.transport.http().post(format!("{}/cgi-bin/service/get_corp_token", self.transport.base_url()));
                let request = url.query(&[("suite_access_token", suite.expose())]).json(&body).build();
                let answer: AccessToken = self.transport.request_token(&operations::GET_CORP_TOKEN, request).await?;
                Ok(IssuedToken::new(answer.access_token, answer.expires_in))
            })
        };
        Box::pin(with_parent_token(&*self.suite, BAD_SUITE_TOKEN, ask))
    }
}
