//! Building a client: credentials, host, settings.

use std::sync::Arc;

use huiyi_core::client::{Settings, credential, environment, fixed_token, optional_environment};
use huiyi_core::identity::Identity;
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::transport::Transport;
use huiyi_core::user_token::KeepTokens;
use huiyi_core::vendor::Vendor;
use huiyi_core::{BuildError, IntoSecret, Token, TokenSource, shared_builder_methods, shared_client_methods};

use crate::answer;
use crate::auth::{Login, OAUTH, OAuthApp, UserRefresh, oauth_headers};
use crate::generated::{Client, operations};
use crate::sign::Keys;
use crate::sts::StsToken;

/// The API host.
pub const TENCENT: &str = "https://api.meeting.qq.com";

pub(crate) static VENDOR: Vendor = Vendor {
    name: "tencent",
    custom: &operations::CUSTOM,
    errors: operations::ERROR_CODES,
    bans: &[],
    read: answer::read,
    has_data_member: false,
    request_id_headers: operations::REQUEST_ID_HEADERS,
    wait_hint: answer::wait_hint,
    default_url: TENCENT,
    own_hosts: &["api.meeting.qq.com"],
    own_prefixes: &["v1"],
    title_case_headers: true,
};

impl Client {
    /// Starts building a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Builds a client of an internal app from `TENCENT_MEETING_APP_ID`, `TENCENT_MEETING_SECRET_ID` and
    /// `TENCENT_MEETING_SECRET_KEY`, and `TENCENT_MEETING_SDK_ID` and `TENCENT_MEETING_BASE_URL` if they are set.
    ///
    /// # Errors
    ///
    /// [`BuildError`] with the names of the variables that are missing.
    pub fn from_env() -> Result<Self, BuildError> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns a client that acts for a user of a third-party app.
    ///
    /// The source's tokens carry the user's open id: [`Token::with_account`]. The new client shares connections
    /// with this one. A third-party app has a separate quota for each user, so the new client and its clones are
    /// counted separately: keep one client for each user instead of making one for each call.
    #[must_use]
    pub fn as_user(&self, source: impl TokenSource) -> Self {
        let identity = Identity::none().with_token("oauth", Arc::new(source), oauth_headers);
        Self { session: self.session.with_separate_quotas(identity) }
    }

    shared_client_methods!();
}

/// Builds a [`Client`].
///
/// Clones of a builder share one connection pool. The pool belongs to the runtime that uses it first.
///
/// ```
/// # fn run(secret_key: String) -> Result<(), huiyi_tencent::BuildError> {
/// let client = huiyi_tencent::Client::builder().keys("211153201", "AKIDz8krbsJ5yKBZ", secret_key).build()?;
/// # let _ = client; Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientBuilder {
    settings: Settings,
    keys: Option<(String, String, SecretString)>,
    sdk_id: Option<String>,
    app: Option<(String, SecretString)>,
    oauth_host: Option<String>,
    user: Option<User>,
    sts_token: Option<StsToken>,
}

#[derive(Clone)]
enum User {
    Source(Result<Arc<dyn TokenSource>, BuildError>),
    Refresh { open_id: Arc<str>, token: SecretString, keeper: Arc<dyn KeepTokens> },
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("User(***)")
    }
}

impl ClientBuilder {
    /// Reads `TENCENT_MEETING_APP_ID`, `TENCENT_MEETING_SECRET_ID`, `TENCENT_MEETING_SECRET_KEY` and,
    /// if set, `TENCENT_MEETING_SDK_ID` and `TENCENT_MEETING_BASE_URL`. Instead of `NAME`, `NAME_FILE` can name a file
    /// with the value.
    ///
    /// # Errors
    ///
    /// [`BuildError::Environment`] with the names of the variables that are missing; [`BuildError::EnvironmentFile`] if
    /// a named file cannot be read.
    pub fn from_env() -> Result<Self, BuildError> {
        let [app_id, secret_id, secret_key] =
            environment(["TENCENT_MEETING_APP_ID", "TENCENT_MEETING_SECRET_ID", "TENCENT_MEETING_SECRET_KEY"])?;
        let mut builder = Self::default().keys(app_id, secret_id, secret_key);
        if let Some(sdk_id) = optional_environment("TENCENT_MEETING_SDK_ID")? {
            builder = builder.sdk_id(sdk_id);
        }
        if let Some(url) = optional_environment("TENCENT_MEETING_BASE_URL")? {
            builder = builder.base_url(url);
        }
        Ok(builder)
    }

    /// Sets the credentials of an internal app: the corporation's `AppId`, the `SecretId` and the `SecretKey`.
    pub fn keys(
        mut self,
        app_id: impl Into<String>,
        secret_id: impl Into<String>,
        secret_key: impl IntoSecret,
    ) -> Self {
        self.keys = Some((app_id.into(), secret_id.into(), secret_key.into_secret()));
        self
    }

    /// Sets the `SdkId` of an internal app. Omit it if the vendor has not assigned one.
    pub fn sdk_id(mut self, sdk_id: impl Into<String>) -> Self {
        self.sdk_id = Some(sdk_id.into());
        self
    }

    /// Sends this STS token, while it is valid, in the header `STS-Token` of the calls that an internal app signs.
    ///
    /// `get_record_file` and `get_transcript` are reported to require it; the other calls ignore it.
    pub fn sts_token(mut self, sts_token: StsToken) -> Self {
        self.sts_token = Some(sts_token);
        self
    }

    /// Sets a third-party app: its `SdkId` and secret, for logins and for renewing users' tokens.
    ///
    /// Such an app can call only for its users. A client that has only the app is a base for [`Client::as_user`];
    /// its own calls fail before anything is sent.
    pub fn oauth_app(mut self, sdk_id: impl Into<String>, secret: impl IntoSecret) -> Self {
        self.app = Some((sdk_id.into(), secret.into_secret()));
        self
    }

    /// Sets another host for logins and token renewals, for tests.
    pub fn oauth_base_url(mut self, url: impl Into<String>) -> Self {
        self.oauth_host = Some(url.into());
        self
    }

    /// Uses this access token and open id of a user.
    pub fn user_access_token(mut self, open_id: impl Into<Arc<str>>, token: impl Into<String>) -> Self {
        let open_id = open_id.into();
        let source = credential("open id", &open_id)
            .and_then(|()| fixed_token("access token", Token::new(token).with_account(open_id)));
        self.user = Some(User::Source(source));
        self
    }

    /// Takes users' tokens from your own source; they carry the open id ([`Token::with_account`]).
    pub fn user_source(mut self, source: impl TokenSource) -> Self {
        self.user = Some(User::Source(Ok(Arc::new(source))));
        self
    }

    /// Renews a user's tokens from a refresh token; needs [`oauth_app`](Self::oauth_app).
    ///
    /// A renewal makes the old pair invalid at once, and the client passes each new pair to `keeper` before it uses
    /// it. So either only one process renews the tokens of a user, or the keeper's [`load`](KeepTokens::load)
    /// returns the refresh token that was kept last; then several processes may renew them, if they also share a
    /// [`token_store`](Self::token_store).
    ///
    /// This client acts for one user; [`user_tokens`](Self::user_tokens) is for many.
    pub fn user_refresh_token(
        mut self,
        open_id: impl Into<Arc<str>>,
        refresh_token: impl IntoSecret,
        keeper: Arc<dyn KeepTokens>,
    ) -> Self {
        let token = refresh_token.into_secret();
        self.user = Some(User::Refresh { open_id: open_id.into(), token, keeper });
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
    /// use huiyi_tencent::{Client, KeepTokens};
    ///
    /// # async fn run(
    /// #     secret: String, open_id: String, kept: String, keeper: Arc<dyn KeepTokens>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let builder = Client::builder().oauth_app("12345678900", secret);
    /// let client = builder.clone().build()?;
    ///
    /// // for each user, with the open id and the refresh token that were kept
    /// let user = client.as_user(builder.user_tokens(&*open_id, kept, keeper)?);
    /// user.get_meeting_by_code("806146667").userid(open_id).send().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the app or an argument is missing or malformed, or the login host cannot be used.
    pub fn user_tokens(
        &self,
        open_id: impl Into<Arc<str>>,
        refresh_token: impl IntoSecret,
        keeper: Arc<dyn KeepTokens>,
    ) -> Result<Arc<dyn TokenSource>, BuildError> {
        self.renewing(open_id.into(), refresh_token.into_secret(), keeper)
    }

    shared_builder_methods!();

    /// Checks the settings and builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if a credential is missing or malformed, or a base URL cannot be used.
    pub fn build(mut self) -> Result<Client, BuildError> {
        let transport = self.settings.transport(&VENDOR, env!("CARGO_PKG_VERSION"))?;
        let mut identity = Identity::none();
        if let Some((app_id, secret_id, secret_key)) = self.keys.take() {
            credential("app id", &app_id)?;
            credential("secret id", &secret_id)?;
            credential("secret key", secret_key.expose_secret())?;
            let sdk_id = self.sdk_id.take();
            if let Some(sdk_id) = &sdk_id {
                credential("sdk id", sdk_id)?;
            }
            let base_path = Arc::clone(transport.base_path());
            let sts_token = self.sts_token.take();
            identity = identity.with_app(&*app_id);
            identity = identity
                .with_signer("aksk", Arc::new(Keys { app_id, sdk_id, secret_id, secret_key, base_path, sts_token }));
        } else if self.user.is_none() && self.app.is_none() {
            return Err(BuildError::missing(
                "app id",
                "call `keys`, `oauth_app` or another method with the app's credentials",
            ));
        }
        // Check the app and the login host even if this client never asks for a token.
        if self.app.is_some() {
            self.checked_app()?;
        }
        if self.oauth_host.is_some() {
            self.login_transport()?;
        }
        match self.user.take() {
            Some(User::Source(source)) => identity = identity.with_token("oauth", source?, oauth_headers),
            Some(User::Refresh { open_id, token, keeper }) => {
                identity = identity.with_token("oauth", self.renewing(open_id, token, keeper)?, oauth_headers);
            }
            None => {}
        }
        // The device type matters only together with the operator; the vendor's page has 1 as the default.
        Ok(Client {
            session: self
                .settings
                .session(transport, identity)
                .with_default("instanceid", "1")
                .with_default("instance_id", "1"),
        })
    }

    /// Returns the browser login of a user; needs [`oauth_app`](Self::oauth_app).
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the app is missing or malformed, or the login host cannot be used.
    pub fn login(&self) -> Result<Login, BuildError> {
        // A login calls only the login host, so the API host is not checked.
        Ok(Login { app: self.login_app()? })
    }

    /// Returns a source of a user's tokens that starts from a refresh token.
    fn renewing(
        &self,
        open_id: Arc<str>,
        token: SecretString,
        keeper: Arc<dyn KeepTokens>,
    ) -> Result<Arc<dyn TokenSource>, BuildError> {
        credential("open id", &open_id)?;
        let app = self.login_app()?;
        let transport = app.transport.clone();
        self.settings.renewed(UserRefresh { app, open_id }, token, keeper, &transport)
    }

    /// Returns the third-party app with the transport to the login host.
    fn login_app(&self) -> Result<OAuthApp, BuildError> {
        let transport = self.login_transport()?;
        let (sdk_id, secret) = self.checked_app()?;
        Ok(OAuthApp { sdk_id, secret, transport })
    }

    /// Returns the transport to the login host.
    fn login_transport(&self) -> Result<Transport, BuildError> {
        let mut settings = self.settings.clone();
        settings.set_base_url(self.oauth_host.clone().unwrap_or_else(|| OAUTH.to_owned()));
        settings.transport(&VENDOR, env!("CARGO_PKG_VERSION"))
    }

    /// Returns the id and the secret of the third-party app, or an error if none is set.
    fn checked_app(&self) -> Result<(String, SecretString), BuildError> {
        let (sdk_id, secret) = self.app.clone().ok_or_else(|| BuildError::missing("sdk id", "call `oauth_app`"))?;
        credential("sdk id", &sdk_id)?;
        credential("app secret", secret.expose_secret())?;
        Ok((sdk_id, secret))
    }
}
