//! Tencent Meeting's OAuth 2.0 for third-party apps. Internal apps sign their requests instead, see `sign`.
//!
//! Page: <https://cloud.tencent.com/document/product/1095/51257>.

use std::sync::Arc;
use std::time::Duration;

use huiyi_core::identity::{Stamp, secret_header};
use huiyi_core::operation::Operation;
use huiyi_core::reqwest::{Request, Url};
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::token::{StoreKey, lifetime, optional_token, token_text};
use huiyi_core::transport::Transport;
use huiyi_core::user_token::{Refresh, UserTokens};
use huiyi_core::wire::lenient;
use huiyi_core::{BoxFuture, BuildError, Error, ErrorKind, Token};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::generated::operations;
use crate::sign::{plain_header, positive};

/// The host of logins and of the OAuth calls.
pub const OAUTH: &str = "https://meeting.tencent.com";

/// Puts token, account, timestamp and nonce into the headers. OAuth requests have no signature.
pub(crate) fn oauth_headers(request: &mut Request, token: &Token, stamp: Stamp) -> Result<(), String> {
    let account = token.account().ok_or("Tencent Meeting needs the open id with the token: `Token::with_account`")?;
    secret_header(request, "accesstoken", token.expose())?;
    plain_header(request, "openid", account)?;
    plain_header(request, "x-tc-timestamp", &stamp.unix_time.as_secs().to_string())?;
    plain_header(request, "x-tc-nonce", &positive(stamp.nonce).to_string())
}

/// A third-party app: its id (`SdkId`) and secret, and the transport to the host of the OAuth calls.
#[derive(Clone, Debug)]
pub(crate) struct OAuthApp {
    pub(crate) sdk_id: String,
    pub(crate) secret: SecretString,
    pub(crate) transport: Transport,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    data: Option<TokenData>,
}

/// `expires` is a time, not a duration.
#[derive(Deserialize)]
struct TokenData {
    #[serde(deserialize_with = "token_text")]
    access_token: String,
    #[serde(default, deserialize_with = "optional_token")]
    refresh_token: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_i64")]
    expires: Option<i64>,
    open_id: String,
}

/// The lifetime of a refresh token: 30 days.
const REFRESH_LIVES: Duration = Duration::from_secs(30 * 24 * 3600);

impl OAuthApp {
    async fn ask(
        &self,
        operation: &'static Operation,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<(UserTokens, String), Error> {
        let path = format!("/wemeet-webapi/v2/oauth2/oauth/{path}");
        let answer: Answer = self.transport.post_for_token(operation, &path, body).await?;
        let Some(data) = answer.data else {
            return Err(self.transport.token_refused(operation, ErrorKind::Other, None, "the answer has no tokens"));
        };
        let now = i64::try_from(self.transport.clock().unix_time().as_secs()).unwrap_or(i64::MAX);
        let tokens = UserTokens {
            access: Token::new(data.access_token).with_account(data.open_id.as_str()),
            expires_in: lifetime(data.expires.map(|expires| expires.saturating_sub(now))),
            refresh: data.refresh_token.map(SecretString::from),
            refresh_expires_in: Some(REFRESH_LIVES),
        };
        Ok((tokens, data.open_id))
    }
}

/// Renews a user's tokens. A renewal makes the old pair invalid at once.
pub(crate) struct UserRefresh {
    pub(crate) app: OAuthApp,
    pub(crate) open_id: Arc<str>,
}

impl Refresh for UserRefresh {
    fn key(&self) -> String {
        let key = StoreKey::new("tencent", self.app.transport.base_url()).with("app", &self.app.sdk_id);
        key.with("user", &self.open_id).into_text()
    }

    fn restore(&self, token: Token) -> Token {
        token.with_account(Arc::clone(&self.open_id))
    }

    fn refresh<'a>(&'a self, refresh_token: &'a str) -> BoxFuture<'a, Result<UserTokens, Error>> {
        Box::pin(async move {
            let body = json!({"sdk_id": self.app.sdk_id, "open_id": &*self.open_id, "refresh_token": refresh_token});
            let (tokens, _) = self.app.ask(&operations::REFRESH_OAUTH_TOKEN, "refresh_token", &body).await?;
            Ok(tokens)
        })
    }
}

/// A user's browser login to a third-party app.
#[derive(Debug)]
pub struct Login {
    pub(crate) app: OAuthApp,
}

impl Login {
    /// Returns the URL to open in the user's browser.
    ///
    /// `state` has at most 64 letters and digits. Tencent Meeting returns it unchanged in the redirect: compare it.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the OAuth host is not a URL, or `state` is not letters and digits.
    pub fn authorize_url(&self, corp_id: &str, redirect_uri: &str, state: &str) -> Result<Url, BuildError> {
        if state.len() > 64 || !state.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(BuildError::credential("state", "it has to be at most 64 letters and digits"));
        }
        let parameters = [
            ("corp_id", corp_id),
            ("sdk_id", self.app.sdk_id.as_str()),
            ("redirect_uri", redirect_uri),
            ("state", state),
        ];
        let host = self.app.transport.base_url();
        Url::parse_with_params(&format!("{host}/marketplace/authorize.html"), parameters)
            .map_err(|error| BuildError::BaseUrl { url: host.to_owned(), reason: error.to_string() })
    }

    /// Exchanges the `auth_code` from the redirect for tokens; a code can be used once, within 5 minutes.
    ///
    /// Returns the tokens and the user's open id.
    ///
    /// # Errors
    ///
    /// The vendor's error, for instance code 1002 for an unknown or used code.
    pub async fn exchange(&self, auth_code: &str) -> Result<(UserTokens, String), Error> {
        let body =
            json!({"sdk_id": self.app.sdk_id, "secret": self.app.secret.expose_secret(), "auth_code": auth_code});
        self.app.ask(&operations::CREATE_OAUTH_TOKEN, "access_token", &body).await
    }
}
