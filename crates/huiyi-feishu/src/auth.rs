//! Feishu's credentials: how app tokens, tenant tokens and user tokens are obtained.
//!
//! Pages: "Obtain tenant_access_token", "Obtain app_access_token", "Obtain user_access_token"
//! under <https://open.feishu.cn/document/server-docs/authentication-management>.

use std::sync::Arc;

use huiyi_core::client::Settings;
use huiyi_core::identity::{Identity, Stamp, secret_header};
use huiyi_core::reqwest::Request;
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::ticket::Ticket;
use huiyi_core::token::{Grant, IssuedToken, StoreKey, lifetime, optional_token, token_text, with_parent_token};
use huiyi_core::transport::Transport;
use huiyi_core::user_token::{Refresh, UserTokens};
use huiyi_core::wire::lenient;
use huiyi_core::{BoxFuture, Error, Token, TokenSource};
use serde::Deserialize;
use serde_json::json;

use crate::generated::operations;

/// Puts a token into the `Authorization` header.
pub(crate) fn bearer(request: &mut Request, token: &Token, _stamp: Stamp) -> Result<(), String> {
    secret_header(request, "authorization", &format!("Bearer {}", token.expose()))
}

/// The id and secret of an app.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) secret: SecretString,
}

/// The identity of an internal (custom) app: a tenant token, and an app token for operations that need one.
pub(crate) fn internal_app(app: &App, transport: &Transport, settings: &Settings) -> Identity {
    let source =
        |token| settings.cached(InternalApp { app: app.clone(), transport: transport.clone(), token }, transport);
    Identity::none().with_token("tenant", source(Kind::Tenant), bearer).with_token("app", source(Kind::App), bearer)
}

/// The identity of a store app in one tenant.
pub(crate) fn store_app(
    app: &App,
    app_token: &Arc<dyn TokenSource>,
    ticket: &Ticket,
    tenant_key: &str,
    transport: &Transport,
    settings: &Settings,
) -> Identity {
    let grant = StoreTenant {
        app_id: app.id.clone(),
        app_token: Arc::clone(app_token),
        ticket: ticket.clone(),
        tenant_key: tenant_key.to_owned(),
        transport: transport.clone(),
    };
    Identity::none()
        .with_token("tenant", settings.cached(grant, transport), bearer)
        .with_token("app", Arc::clone(app_token), bearer)
        .with_tenant(tenant_key)
}

/// The app token of a store app, shared by all its tenants.
pub(crate) fn store_app_token(
    app: &App,
    ticket: &Ticket,
    transport: &Transport,
    settings: &Settings,
) -> Arc<dyn TokenSource> {
    settings.cached(StoreApp { app: app.clone(), ticket: ticket.clone(), transport: transport.clone() }, transport)
}

/// Returns the start of the key of each token of an app.
fn key(transport: &Transport, app_id: &str) -> StoreKey {
    StoreKey::new("feishu", transport.base_url()).with("app", app_id)
}

#[derive(Clone, Copy)]
enum Kind {
    Tenant,
    App,
}

struct InternalApp {
    app: App,
    transport: Transport,
    token: Kind,
}

/// The token responses are flat, without the usual `data`.
#[derive(Deserialize)]
struct TenantToken {
    #[serde(deserialize_with = "token_text")]
    tenant_access_token: String,
    #[serde(default, deserialize_with = "lenient::opt_i64")]
    expire: Option<i64>,
}

#[derive(Deserialize)]
struct AppToken {
    #[serde(deserialize_with = "token_text")]
    app_access_token: String,
    #[serde(default, deserialize_with = "lenient::opt_i64")]
    expire: Option<i64>,
}

impl Grant for InternalApp {
    fn key(&self) -> String {
        let kind = match self.token {
            Kind::Tenant => "tenant",
            Kind::App => "app",
        };
        key(&self.transport, &self.app.id).with("kind", kind).into_text()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async {
            let body = json!({"app_id": self.app.id, "app_secret": self.app.secret.expose_secret()});
            match self.token {
                Kind::Tenant => {
                    let path = "/open-apis/auth/v3/tenant_access_token/internal";
                    let answer: TenantToken = self
                        .transport
                        .post_for_token(&operations::CREATE_TENANT_ACCESS_TOKEN_INTERNAL, path, &body)
                        .await?;
                    Ok(IssuedToken::new(answer.tenant_access_token, answer.expire))
                }
                Kind::App => {
                    let path = "/open-apis/auth/v3/app_access_token/internal";
                    let answer: AppToken = self
                        .transport
                        .post_for_token(&operations::CREATE_APP_ACCESS_TOKEN_INTERNAL, path, &body)
                        .await?;
                    Ok(IssuedToken::new(answer.app_access_token, answer.expire))
                }
            }
        })
    }
}

struct StoreApp {
    app: App,
    ticket: Ticket,
    transport: Transport,
}

impl Grant for StoreApp {
    fn key(&self) -> String {
        key(&self.transport, &self.app.id).with("kind", "store").into_text()
    }

    fn version(&self) -> u64 {
        self.ticket.count()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async {
            let operation = &operations::CREATE_APP_ACCESS_TOKEN;
            let Some(ticket) = self.ticket.get() else {
                let reason = "no app_ticket has been set yet; Feishu pushes one every hour, or on `resend_app_ticket`";
                return Err(self.transport.no_token(operation, reason));
            };
            let body = json!({
                "app_id": self.app.id,
                "app_secret": self.app.secret.expose_secret(),
                "app_ticket": ticket.expose_secret(),
            });
            let path = "/open-apis/auth/v3/app_access_token";
            let answer: AppToken = self.transport.post_for_token(operation, path, &body).await?;
            Ok(IssuedToken::new(answer.app_access_token, answer.expire))
        })
    }
}

/// Error codes by which Feishu rejects the app token in a request for a tenant token.
const BAD_APP_TOKEN: &[&str] = &["10013", "99991663", "99991664"];

struct StoreTenant {
    app_id: String,
    app_token: Arc<dyn TokenSource>,
    /// The app's ticket: a tenant token needs an app token, and an app token needs the ticket.
    ticket: Ticket,
    tenant_key: String,
    transport: Transport,
}

impl Grant for StoreTenant {
    fn key(&self) -> String {
        key(&self.transport, &self.app_id).with("kind", "tenant").with("tenant", &self.tenant_key).into_text()
    }

    fn version(&self) -> u64 {
        self.ticket.count()
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        let ask = move |app_token: Token| -> BoxFuture<'_, Result<IssuedToken, Error>> {
            Box::pin(async move {
                let body = json!({"app_access_token": app_token.expose(), "tenant_key": self.tenant_key});
                let path = "/open-apis/auth/v3/tenant_access_token";
                let answer: TenantToken =
                    self.transport.post_for_token(&operations::CREATE_TENANT_ACCESS_TOKEN, path, &body).await?;
                Ok(IssuedToken::new(answer.tenant_access_token, answer.expire))
            })
        };
        Box::pin(with_parent_token(&*self.app_token, BAD_APP_TOKEN, ask))
    }
}

/// Renews user tokens; a refresh token can be used once.
pub(crate) struct UserRefresh {
    pub(crate) app: App,
    pub(crate) transport: Transport,
    /// The tenant in which a store app acts: two tenants may have users of the same name.
    pub(crate) tenant: Option<String>,
    pub(crate) user: String,
}

/// The response of the OAuth call; it is flat.
#[derive(Deserialize)]
struct OAuthAnswer {
    #[serde(deserialize_with = "token_text")]
    access_token: String,
    #[serde(default, deserialize_with = "lenient::opt_i64")]
    expires_in: Option<i64>,
    #[serde(default, deserialize_with = "optional_token")]
    refresh_token: Option<String>,
    #[serde(default, deserialize_with = "lenient::opt_i64")]
    refresh_token_expires_in: Option<i64>,
}

impl UserRefresh {
    /// Exchanges an authorisation code or a refresh token.
    pub(crate) async fn exchange(&self, grant: serde_json::Value) -> Result<UserTokens, Error> {
        let mut body = json!({"client_id": self.app.id, "client_secret": self.app.secret.expose_secret()});
        if let (Some(body), serde_json::Value::Object(grant)) = (body.as_object_mut(), grant) {
            body.extend(grant);
        }
        let path = "/open-apis/authen/v2/oauth/token";
        let answer: OAuthAnswer = self.transport.post_for_token(&operations::CREATE_USER_TOKEN, path, &body).await?;
        Ok(UserTokens {
            access: Token::new(answer.access_token),
            expires_in: lifetime(answer.expires_in),
            refresh: answer.refresh_token.map(SecretString::from),
            refresh_expires_in: answer.refresh_token_expires_in.map(|seconds| lifetime(Some(seconds))),
        })
    }
}

impl Refresh for UserRefresh {
    fn key(&self) -> String {
        let key = key(&self.transport, &self.app.id).with("kind", "user");
        key.with_optional("tenant", self.tenant.as_deref()).with("user", &self.user).into_text()
    }

    fn refresh<'a>(&'a self, refresh_token: &'a str) -> BoxFuture<'a, Result<UserTokens, Error>> {
        Box::pin(self.exchange(json!({"grant_type": "refresh_token", "refresh_token": refresh_token})))
    }
}
