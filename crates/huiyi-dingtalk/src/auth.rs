//! DingTalk's credentials: an internal app, or a third-party app that a corporation has authorized.
//!
//! Page: <https://open.dingtalk.com/document/orgapp/obtain-the-access-token-of-an-internal-app>.

use std::time::Duration;

use huiyi_core::identity::{Stamp, secret_header};
use huiyi_core::reqwest::Request;
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::ticket::Ticket;
use huiyi_core::token::{Grant, IssuedToken, StoreKey, lifetime, optional_token, token_text};
use huiyi_core::transport::Transport;
use huiyi_core::user_token::{Refresh, UserTokens};
use huiyi_core::wire::lenient;
use huiyi_core::{BoxFuture, Error, Token, encode_path};
use serde::Deserialize;
use serde_json::json;

use crate::generated::operations;

/// Puts the token without a prefix into DingTalk's header.
pub(crate) fn in_header(request: &mut Request, token: &Token, _stamp: Stamp) -> Result<(), String> {
    secret_header(request, "x-acs-dingtalk-access-token", token.expose())
}

/// The id (app key, client id) and secret of an app.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) key: String,
    pub(crate) secret: SecretString,
}

/// Returns the start of the key of each token of an app.
fn key(transport: &Transport, app_key: &str) -> StoreKey {
    StoreKey::new("dingtalk", transport.base_url()).with("app", app_key)
}

/// The newer calls return snake case, the older ones camel case.
#[derive(Deserialize)]
struct AccessToken {
    #[serde(alias = "accessToken", deserialize_with = "token_text")]
    access_token: String,
    #[serde(default, alias = "expireIn", deserialize_with = "lenient::opt_i64")]
    expires_in: Option<i64>,
}

impl From<AccessToken> for IssuedToken {
    fn from(answer: AccessToken) -> Self {
        Self::new(answer.access_token, answer.expires_in)
    }
}

/// The token of an internal app.
pub(crate) struct InternalApp {
    pub(crate) app: App,
    pub(crate) transport: Transport,
}

impl Grant for InternalApp {
    fn key(&self) -> String {
        key(&self.transport, &self.app.key).into_text()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async {
            let body = json!({"appKey": self.app.key, "appSecret": self.app.secret.expose_secret()});
            let path = "/v1.0/oauth2/accessToken";
            let answer: AccessToken =
                self.transport.post_for_token(&operations::CREATE_ACCESS_TOKEN, path, &body).await?;
            Ok(answer.into())
        })
    }
}

/// The token of any app for one corporation, from the unified token call.
pub(crate) struct CorpApp {
    pub(crate) app: App,
    pub(crate) corp_id: String,
    pub(crate) transport: Transport,
}

impl Grant for CorpApp {
    fn key(&self) -> String {
        key(&self.transport, &self.app.key).with("corp", &self.corp_id).into_text()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async {
            let body = json!({
                "client_id": self.app.key,
                "client_secret": self.app.secret.expose_secret(),
                "grant_type": "client_credentials",
            });
            let path = format!("/v1.0/oauth2/{}/token", encode_path(&self.corp_id));
            let answer: AccessToken =
                self.transport.post_for_token(&operations::CREATE_CORP_TOKEN, &path, &body).await?;
            Ok(answer.into())
        })
    }
}

/// The token of a corporation that has authorized a third-party app.
pub(crate) struct SuiteCorp {
    pub(crate) suite: App,
    pub(crate) ticket: Ticket,
    pub(crate) corp_id: String,
    pub(crate) transport: Transport,
}

impl Grant for SuiteCorp {
    fn key(&self) -> String {
        key(&self.transport, &self.suite.key).with("kind", "suite").with("corp", &self.corp_id).into_text()
    }

    fn version(&self) -> u64 {
        self.ticket.count()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async {
            let operation = &operations::CREATE_CORP_ACCESS_TOKEN;
            let Some(ticket) = self.ticket.get() else {
                return Err(self.transport.no_token(
                    operation,
                    "no suiteTicket has been set yet; DingTalk pushes one about every five hours",
                ));
            };
            let body = json!({
                "suiteKey": self.suite.key,
                "suiteSecret": self.suite.secret.expose_secret(),
                "authCorpId": self.corp_id,
                "suiteTicket": ticket.expose_secret(),
            });
            let answer: AccessToken =
                self.transport.post_for_token(operation, "/v1.0/oauth2/corpAccessToken", &body).await?;
            Ok(answer.into())
        })
    }
}

/// Renews user tokens.
pub(crate) struct UserRefresh {
    pub(crate) app: App,
    pub(crate) transport: Transport,
    /// The corporation in which the app acts: two corporations may have users of the same name.
    pub(crate) corp: Option<String>,
    pub(crate) user: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserToken {
    #[serde(deserialize_with = "token_text")]
    access_token: String,
    #[serde(default, deserialize_with = "lenient::opt_i64")]
    expire_in: Option<i64>,
    #[serde(default, deserialize_with = "optional_token")]
    refresh_token: Option<String>,
}

impl UserRefresh {
    /// Exchanges an authorization code (`code`) or a refresh token (`refreshToken`).
    pub(crate) async fn exchange(&self, grant_type: &str, member: &str, value: &str) -> Result<UserTokens, Error> {
        let body = json!({
            "clientId": self.app.key,
            "clientSecret": self.app.secret.expose_secret(),
            "grantType": grant_type,
            member: value,
        });
        let path = "/v1.0/oauth2/userAccessToken";
        let answer: UserToken =
            self.transport.post_for_token(&operations::CREATE_USER_ACCESS_TOKEN, path, &body).await?;
        Ok(UserTokens {
            access: Token::new(answer.access_token),
            expires_in: lifetime(answer.expire_in),
            refresh: answer.refresh_token.map(SecretString::from),
            refresh_expires_in: Some(Duration::from_secs(30 * 24 * 3600)),
        })
    }
}

impl Refresh for UserRefresh {
    fn key(&self) -> String {
        let key = key(&self.transport, &self.app.key);
        key.with_optional("corp", self.corp.as_deref()).with("user", &self.user).into_text()
    }

    fn refresh<'a>(&'a self, refresh_token: &'a str) -> BoxFuture<'a, Result<UserTokens, Error>> {
        Box::pin(self.exchange("refresh_token", "refreshToken", refresh_token))
    }
}
