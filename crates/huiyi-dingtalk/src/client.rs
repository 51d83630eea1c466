//! Building a client: credentials, host, settings.

use std::sync::Arc;

use huiyi_core::client::{Settings, credential, environment, fixed_token, optional_environment};
use huiyi_core::identity::Identity;
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::transport::Transport;
use huiyi_core::user_token::{KeepTokens, UserTokens};
use huiyi_core::vendor::Vendor;
use huiyi_core::{BuildError, Error, IntoSecret, Token, TokenSource, shared_builder_methods, shared_client_methods};

use crate::SuiteTicket;
use crate::answer;
use crate::auth::{App, CorpApp, InternalApp, SuiteCorp, UserRefresh, in_header};
use crate::generated::{Client, operations};

/// The API host in China.
pub const DINGTALK: &str = "https://api.dingtalk.com";

/// The API host outside China. Apps and credentials belong to one of the two hosts.
pub const DINGTALK_INTERNATIONAL: &str = "https://api.dingtalk.io";

pub(crate) static VENDOR: Vendor = Vendor {
    name: "dingtalk",
    custom: &operations::CUSTOM,
    errors: operations::ERROR_CODES,
    bans: &["punish"],
    read: answer::read,
    has_data_member: false,
    request_id_headers: operations::REQUEST_ID_HEADERS,
    wait_hint: answer::wait_hint,
    default_url: DINGTALK,
    own_hosts: &["api.dingtalk.com", "api.dingtalk.io"],
    own_prefixes: &["v1.0"],
    title_case_headers: false,
};

impl Client {
    /// Starts building a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Builds a client of an internal app from `DINGTALK_APP_KEY` and `DINGTALK_APP_SECRET`, and
    /// `DINGTALK_BASE_URL` if it is set.
    ///
    /// # Errors
    ///
    /// [`BuildError`] with the names of the variables that are missing.
    pub fn from_env() -> Result<Self, BuildError> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns a client with another token, for instance a user's. It shares connections, quotas and settings with
    /// this client.
    #[must_use]
    pub fn with_token(&self, source: impl TokenSource) -> Self {
        let identity = Identity::none().with_token("access_token", Arc::new(source), in_header);
        Self { session: self.session.with_identity(identity) }
    }

    shared_client_methods!();
}

/// Builds a [`Client`].
///
/// Clones of a builder share one connection pool. The pool belongs to the runtime that uses it first.
///
/// ```
/// # fn run(app_secret: String) -> Result<(), huiyi_dingtalk::BuildError> {
/// use huiyi_dingtalk::{Client, DINGTALK_INTERNATIONAL};
///
/// let china = Client::builder().app("dingabcdef", &app_secret).build()?;
/// let abroad = Client::builder().app("dingabcdef", app_secret).base_url(DINGTALK_INTERNATIONAL).build()?;
/// # let _ = (china, abroad); Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientBuilder {
    settings: Settings,
    app: Option<App>,
    credentials: Option<Credentials>,
}

#[derive(Clone)]
enum Credentials {
    Corp(String),
    Suite { ticket: SuiteTicket, corp_id: String },
    User { corp: Option<String>, name: String, token: SecretString, keeper: Arc<dyn KeepTokens> },
    Source(Result<Arc<dyn TokenSource>, BuildError>),
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(***)")
    }
}

impl ClientBuilder {
    /// Reads `DINGTALK_APP_KEY`, `DINGTALK_APP_SECRET` and, if set, `DINGTALK_BASE_URL`. Instead of `NAME`, `NAME_FILE`
    /// can name a file with the value.
    ///
    /// # Errors
    ///
    /// [`BuildError::Environment`] with the names of the variables that are missing; [`BuildError::EnvironmentFile`] if
    /// a named file cannot be read.
    pub fn from_env() -> Result<Self, BuildError> {
        let [key, secret] = environment(["DINGTALK_APP_KEY", "DINGTALK_APP_SECRET"])?;
        let builder = Self::default().app(key, secret);
        Ok(match optional_environment("DINGTALK_BASE_URL")? {
            Some(url) => builder.base_url(url),
            None => builder,
        })
    }

    /// Sets the key (client id) and the secret of an internal app.
    ///
    /// With [`corp`](Self::corp) or [`suite`](Self::suite) it sets the suite key and secret of a third-party app.
    pub fn app(mut self, key: impl Into<String>, secret: impl IntoSecret) -> Self {
        self.app = Some(App { key: key.into(), secret: secret.into_secret() });
        self
    }

    /// Gets the tokens of one corporation from the unified token call `/v1.0/oauth2/{corpId}/token`.
    pub fn corp(mut self, corp_id: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::Corp(corp_id.into()));
        self
    }

    /// Makes the app a third-party app that acts for a corporation that has authorized it.
    ///
    /// DingTalk pushes the ticket as an event. The client's own long connection sets it, and so does a receiver of
    /// events that has a clone of `ticket`; otherwise set it on a clone.
    pub fn suite(mut self, ticket: SuiteTicket, corp_id: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::Suite { ticket, corp_id: corp_id.into() });
        self
    }

    /// Renews a user's tokens from a refresh token; needs [`app`](Self::app).
    ///
    /// A refresh token can be used once, and each renewal returns a new one. The client passes each new pair to
    /// `keeper` before it uses it. So either only one process renews the tokens of a user, or the keeper's
    /// [`load`](KeepTokens::load) returns the refresh token that was kept last; then several processes may renew
    /// them.
    ///
    /// `user` names the user in a shared token store: the union id, or any name. The name is unique within a
    /// corporation if [`corp`](Self::corp) or [`suite`](Self::suite) is called before.
    ///
    /// This client acts for one user; [`user_tokens`](Self::user_tokens) is for many.
    pub fn user_refresh_token(
        mut self,
        user: impl Into<String>,
        refresh_token: impl IntoSecret,
        keeper: Arc<dyn KeepTokens>,
    ) -> Self {
        let token = refresh_token.into_secret();
        self.credentials = Some(Credentials::User { corp: self.corporation(), name: user.into(), token, keeper });
        self
    }

    /// Returns the tokens of one user, for [`Client::with_token`], renewed as by
    /// [`user_refresh_token`](Self::user_refresh_token).
    ///
    /// So one client with one connection pool serves any number of users. Call this once for each user and share
    /// clones of the result: two results would use the same refresh token. The conference calls do not take user
    /// tokens; for other APIs of the app, [`TokenSource::token`] returns the token.
    ///
    /// ```no_run
    /// use std::sync::Arc;
    ///
    /// use huiyi_dingtalk::{Client, KeepTokens, TokenSource};
    ///
    /// # async fn run(
    /// #     app_secret: String, user: String, kept: String, keeper: Arc<dyn KeepTokens>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let builder = Client::builder().app("dingabcdef", app_secret);
    /// let client = builder.clone().build()?;
    ///
    /// // for each user, with the refresh token that was kept
    /// let tokens = builder.user_tokens(user, kept, keeper)?;
    /// let token = tokens.token().await?;
    /// let acting = client.with_token(tokens);
    /// # let _ = (token, acting); Ok(()) }
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
        self.renewing(self.corporation(), user.into(), refresh_token.into_secret(), keeper, &transport)
    }

    /// Uses this token until DingTalk rejects it.
    pub fn access_token(mut self, token: impl Into<String>) -> Self {
        self.credentials = Some(Credentials::Source(fixed_token("access token", Token::new(token))));
        self
    }

    /// Takes tokens from your own source.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.credentials = Some(Credentials::Source(Ok(Arc::new(source))));
        self
    }

    shared_builder_methods!();

    /// Checks the settings and builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if a credential is missing or malformed, or the base URL cannot be used.
    pub fn build(mut self) -> Result<Client, BuildError> {
        let transport = self.settings.transport(&VENDOR, env!("CARGO_PKG_VERSION"))?;
        if self.app.is_some() {
            self.checked_app()?;
        }
        let mut tenant = None;
        #[cfg(feature = "long-connection")]
        let pushed = match &self.credentials {
            Some(Credentials::Suite { ticket, .. }) => Some(ticket.clone()),
            _ => None,
        };
        let source = match self.credentials.take() {
            Some(Credentials::Source(source)) => source?,
            None => {
                let grant = InternalApp { app: self.checked_app()?, transport: transport.clone() };
                self.settings.cached(grant, &transport)
            }
            Some(Credentials::Corp(corp_id)) => {
                corporation(&corp_id)?;
                tenant = Some(corp_id.clone());
                let grant = CorpApp { app: self.checked_app()?, corp_id, transport: transport.clone() };
                self.settings.cached(grant, &transport)
            }
            Some(Credentials::Suite { ticket, corp_id }) => {
                corporation(&corp_id)?;
                tenant = Some(corp_id.clone());
                let grant = SuiteCorp { suite: self.checked_app()?, ticket, corp_id, transport: transport.clone() };
                self.settings.cached(grant, &transport)
            }
            Some(Credentials::User { corp, name, token, keeper }) => {
                self.renewing(corp, name, token, keeper, &transport)?
            }
        };
        let mut identity = Identity::none().with_token("access_token", source, in_header);
        if let Some(app) = &self.app {
            identity = identity.with_app(&*app.key);
        }
        if let Some(tenant) = tenant {
            identity = identity.with_tenant(tenant);
        }
        let session = self.settings.session(transport, identity);
        #[cfg(feature = "long-connection")]
        let session = match &self.app {
            Some(app) => session.with_app_secret(&app.key, &app.secret, pushed),
            None => session,
        };
        Ok(Client { session })
    }

    /// Returns the corporation in which the app acts, if one is set.
    fn corporation(&self) -> Option<String> {
        match &self.credentials {
            Some(Credentials::Corp(corp_id) | Credentials::Suite { corp_id, .. }) => Some(corp_id.clone()),
            Some(Credentials::User { corp, .. }) => corp.clone(),
            Some(Credentials::Source(_)) | None => None,
        }
    }

    /// Returns the app, or an error if none is set.
    fn checked_app(&self) -> Result<App, BuildError> {
        let app = self.app.clone().ok_or_else(|| BuildError::missing("app key", "call `app`"))?;
        credential("app key", &app.key)?;
        credential("app secret", app.secret.expose_secret())?;
        Ok(app)
    }

    /// Returns a source of a user's tokens that starts from a refresh token.
    fn renewing(
        &self,
        corp: Option<String>,
        user: String,
        token: SecretString,
        keeper: Arc<dyn KeepTokens>,
        transport: &Transport,
    ) -> Result<Arc<dyn TokenSource>, BuildError> {
        let app = self.checked_app()?;
        credential("user", &user)?;
        let refresh = UserRefresh { app, transport: transport.clone(), corp, user };
        self.settings.renewed(refresh, token, keeper, transport)
    }

    /// Exchanges the code of a user's browser login for tokens; needs [`app`](Self::app).
    ///
    /// # Errors
    ///
    /// [`LoginError`] if the app is missing, or the token request fails.
    pub async fn exchange_code(&self, code: &str) -> Result<UserTokens, LoginError> {
        let app = self.checked_app().map_err(LoginError::Build)?;
        let transport = self.settings.transport(&VENDOR, env!("CARGO_PKG_VERSION")).map_err(LoginError::Build)?;
        let refresh = UserRefresh { app, transport, corp: None, user: String::new() };
        refresh.exchange("authorization_code", "code", code).await.map_err(LoginError::Request)
    }
}

/// Why a login could not be completed.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoginError {
    /// The builder's settings are missing or malformed.
    Build(BuildError),
    /// The token request failed: DingTalk rejected the code or could not be reached.
    Request(Error),
}

impl std::fmt::Display for LoginError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Build(error) => error.fmt(f),
            Self::Request(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LoginError {}

/// Rejects a corporation id that would change the path of the token request, since the id is a segment of it.
fn corporation(id: &str) -> Result<(), BuildError> {
    credential("corp id", id)?;
    if matches!(id, "." | "..") {
        return Err(BuildError::credential("corp id", "it is `.` or `..`, which would call another endpoint"));
    }
    Ok(())
}
