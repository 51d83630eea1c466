//! Building a client: credentials, host, settings.

use std::sync::Arc;

use huiyi_core::client::{Settings, credential, environment, fixed_token, optional_environment};
use huiyi_core::identity::Identity;
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::transport::Transport;
use huiyi_core::user_token::KeepTokens;
use huiyi_core::vendor::Vendor;
use huiyi_core::{BuildError, IntoSecret, Token, TokenSource, shared_builder_methods, shared_client_methods};

use crate::AppTicket;
use crate::auth::{self, App, UserRefresh};
use crate::generated::{Client, operations};
use crate::{answer, oauth};

/// The API host for Feishu, in China.
pub const FEISHU: &str = "https://open.feishu.cn";

/// The API host for Lark, outside China.
pub const LARK: &str = "https://open.larksuite.com";

pub(crate) static VENDOR: Vendor = Vendor {
    name: "feishu",
    custom: &operations::CUSTOM,
    errors: operations::ERROR_CODES,
    bans: &[],
    read: answer::read,
    has_data_member: true,
    request_id_headers: operations::REQUEST_ID_HEADERS,
    wait_hint: answer::wait_hint,
    default_url: FEISHU,
    own_hosts: &["open.feishu.cn", "open.larksuite.com"],
    own_prefixes: &["open-apis"],
    title_case_headers: false,
};

impl Client {
    /// Starts building a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Builds a client of an internal app from `FEISHU_APP_ID` and `FEISHU_APP_SECRET`, and `FEISHU_BASE_URL` if it
    /// is set.
    ///
    /// # Errors
    ///
    /// [`BuildError`] with the names of the variables that are missing.
    pub fn from_env() -> Result<Self, BuildError> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns a client that acts for a user: its operations use the user's token.
    ///
    /// It shares connections, quotas and settings with this client.
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_feishu::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use huiyi_feishu::{StaticToken, Token};
    ///
    /// let user = client.as_user(StaticToken::new(Token::new("u-7f1bcd13fc57d46bac21793a18e560")));
    /// user.end_meeting("6911188411932033028").send().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn as_user(&self, source: impl TokenSource) -> Self {
        Self {
            session: self.session.with_identity(Identity::none().with_token("user", Arc::new(source), auth::bearer)),
        }
    }

    shared_client_methods!();
}

/// Builds a [`Client`].
///
/// Clones of a builder share one connection pool. The pool belongs to the runtime that uses it first.
///
/// ```
/// # fn run(app_secret: String) -> Result<(), huiyi_feishu::BuildError> {
/// use huiyi_feishu::{Client, LARK};
///
/// let feishu = Client::builder().app("cli_a1b2c3", &app_secret).build()?;
/// let lark = Client::builder().app("cli_a1b2c3", app_secret).base_url(LARK).build()?;
/// # let _ = (feishu, lark); Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientBuilder {
    settings: Settings,
    app: Option<App>,
    store: Option<(AppTicket, String)>,
    tenant: Option<Result<Arc<dyn TokenSource>, BuildError>>,
    user: Option<User>,
}

#[derive(Clone, Debug)]
enum User {
    Source(Result<Arc<dyn TokenSource>, BuildError>),
    Refresh { name: String, token: SecretString, keeper: Arc<dyn KeepTokens> },
}

impl ClientBuilder {
    /// Reads `FEISHU_APP_ID`, `FEISHU_APP_SECRET` and, if set, `FEISHU_BASE_URL`. Instead of `NAME`, `NAME_FILE` can
    /// name a file with the value.
    ///
    /// # Errors
    ///
    /// [`BuildError::Environment`] with the names of the variables that are missing; [`BuildError::EnvironmentFile`] if
    /// a named file cannot be read.
    pub fn from_env() -> Result<Self, BuildError> {
        let [id, secret] = environment(["FEISHU_APP_ID", "FEISHU_APP_SECRET"])?;
        let builder = Self::default().app(id, secret);
        Ok(match optional_environment("FEISHU_BASE_URL")? {
            Some(url) => builder.base_url(url),
            None => builder,
        })
    }

    /// Sets the id (`cli_..`) and the secret of an internal (custom) app.
    pub fn app(mut self, id: impl Into<String>, secret: impl IntoSecret) -> Self {
        self.app = Some(App { id: id.into(), secret: secret.into_secret() });
        self
    }

    /// Makes the app a store app that acts in the tenant with this key.
    ///
    /// Feishu pushes a new ticket every hour, as an event. A receiver of events that has a clone of `ticket` sets it;
    /// otherwise set it on a clone.
    pub fn store_app(mut self, ticket: AppTicket, tenant_key: impl Into<String>) -> Self {
        self.store = Some((ticket, tenant_key.into()));
        self
    }

    /// Uses this tenant token, `t-..`, until Feishu rejects it.
    pub fn tenant_access_token(mut self, token: impl Into<String>) -> Self {
        self.tenant = Some(fixed_token("tenant access token", Token::new(token)));
        self
    }

    /// Takes tenant tokens from your own source.
    pub fn tenant_source(mut self, source: impl TokenSource) -> Self {
        self.tenant = Some(Ok(Arc::new(source)));
        self
    }

    /// Uses this user token, `u-..`, until Feishu rejects it.
    pub fn user_access_token(mut self, token: impl Into<String>) -> Self {
        self.user = Some(User::Source(fixed_token("user access token", Token::new(token))));
        self
    }

    /// Takes user tokens from your own source.
    ///
    /// If an operation accepts tenant and user tokens and the client has both, it sends the tenant token. To send
    /// the user token, use [`Client::as_user`].
    pub fn user_source(mut self, source: impl TokenSource) -> Self {
        self.user = Some(User::Source(Ok(Arc::new(source))));
        self
    }

    /// Renews a user's tokens from a refresh token; needs [`app`](Self::app).
    ///
    /// A refresh token can be used once, and each renewal returns a new one. The client passes each new pair to
    /// `keeper` before it uses it. So either only one process renews the tokens of a user, or the keeper's
    /// [`load`](KeepTokens::load) returns the refresh token that was kept last; then several processes may renew
    /// them. `user` names the user in a shared token store.
    ///
    /// This client acts for one user; [`user_tokens`](Self::user_tokens) is for many.
    pub fn user_refresh_token(
        mut self,
        user: impl Into<String>,
        refresh_token: impl IntoSecret,
        keeper: Arc<dyn KeepTokens>,
    ) -> Self {
        let token = refresh_token.into_secret();
        self.user = Some(User::Refresh { name: user.into(), token, keeper });
        self
    }

    /// Returns the tokens of one user, for [`Client::as_user`], renewed as by
    /// [`user_refresh_token`](Self::user_refresh_token).
    ///
    /// So one client with one connection pool serves any number of users. Call this once for each user and share
    /// clones of the result: two results would use the same refresh token.
    ///
    /// ```no_run
    /// use std::sync::Arc;
    ///
    /// use huiyi_feishu::{Client, KeepTokens};
    ///
    /// # async fn run(
    /// #     app_secret: String, user: String, kept: String, keeper: Arc<dyn KeepTokens>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let builder = Client::builder().app("cli_a1b2c3", app_secret);
    /// let client = builder.clone().build()?;
    ///
    /// // for each user, with the refresh token that was kept
    /// let user = client.as_user(builder.user_tokens(user, kept, keeper)?);
    /// user.end_meeting("6911188411932033028").send().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the app or an argument is missing or malformed, or the base URL cannot be used.
    pub fn user_tokens(
        &self,
        user: impl Into<String>,
        refresh_token: impl IntoSecret,
        keeper: Arc<dyn KeepTokens>,
    ) -> Result<Arc<dyn TokenSource>, BuildError> {
        let transport = self.settings.transport(&VENDOR, env!("CARGO_PKG_VERSION"))?;
        self.renewing(user.into(), refresh_token.into_secret(), keeper, &transport)
    }

    shared_builder_methods!();

    /// Checks the settings and builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if a credential is missing or malformed, or the base URL cannot be used.
    pub fn build(mut self) -> Result<Client, BuildError> {
        let transport = self.settings.transport(&VENDOR, env!("CARGO_PKG_VERSION"))?;
        let (tenant, user) = (self.tenant.take(), self.user.take());
        let mut identity = match (self.checked_app()?, &self.store, tenant) {
            (_, _, Some(source)) => Identity::none().with_token("tenant", source?, auth::bearer),
            (Some(app), Some((ticket, tenant_key)), None) => {
                credential("tenant key", tenant_key)?;
                let app_token = auth::store_app_token(app, ticket, &transport, &self.settings);
                auth::store_app(app, &app_token, ticket, tenant_key, &transport, &self.settings)
            }
            (Some(app), None, None) => auth::internal_app(app, &transport, &self.settings),
            (None, Some(_), None) => return Err(BuildError::missing("app id", "a store app needs `app` as well")),
            (None, None, None) if user.is_some() => Identity::none(),
            (None, None, None) => return Err(BuildError::missing("app id", "call `app`")),
        };
        match user {
            Some(User::Source(source)) => identity = identity.with_token("user", source?, auth::bearer),
            Some(User::Refresh { name, token, keeper }) => {
                let source = self.renewing(name, token, keeper, &transport)?;
                identity = identity.with_token("user", source, auth::bearer);
            }
            None => {}
        }
        let app = self.checked_app()?;
        if let Some(app) = app {
            identity = identity.with_app(&*app.id);
        }
        let session = self.settings.session(transport, identity);
        #[cfg(feature = "long-connection")]
        let session = match app {
            // Store apps cannot open long connections.
            Some(app) if self.store.is_none() => session.with_app_secret(&app.id, &app.secret, None),
            _ => session,
        };
        Ok(Client { session })
    }

    /// Returns the app, if one is set, after checking its id and secret.
    fn checked_app(&self) -> Result<Option<&App>, BuildError> {
        if let Some(app) = &self.app {
            credential("app id", &app.id)?;
            credential("app secret", app.secret.expose_secret())?;
        }
        Ok(self.app.as_ref())
    }

    /// Returns a source of a user's tokens that starts from a refresh token.
    fn renewing(
        &self,
        user: String,
        token: SecretString,
        keeper: Arc<dyn KeepTokens>,
        transport: &Transport,
    ) -> Result<Arc<dyn TokenSource>, BuildError> {
        let app = self.checked_app()?;
        let app = app.ok_or_else(|| BuildError::missing("app id", "refreshing needs `app` as well"))?.clone();
        credential("user", &user)?;
        let tenant = self.store.as_ref().map(|(_, tenant_key)| tenant_key.clone());
        let refresh = UserRefresh { app, transport: transport.clone(), tenant, user };
        self.settings.renewed(refresh, token, keeper, transport)
    }

    /// Returns the browser login in which a user authorizes the app; needs [`app`](Self::app).
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the app is missing or malformed, or the base URL cannot be used.
    pub fn login(&self) -> Result<oauth::Login, BuildError> {
        let app = self.checked_app()?;
        let app = app.ok_or_else(|| BuildError::missing("app id", "a login needs `app`"))?.clone();
        let transport = self.settings.transport(&VENDOR, env!("CARGO_PKG_VERSION"))?;
        Ok(oauth::Login::new(app, transport))
    }
}
