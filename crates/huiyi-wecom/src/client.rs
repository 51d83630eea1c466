//! Building a client: credentials, host, settings.

use std::sync::Arc;

use huiyi_core::client::{Settings, credential, environment, fixed_token, optional_environment};
use huiyi_core::identity::Identity;
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::vendor::Vendor;
use huiyi_core::{BuildError, IntoSecret, Token, TokenSource, shared_builder_methods, shared_client_methods};

use crate::SuiteTicket;
use crate::answer;
use crate::auth::{OwnApp, Suite, SuiteCorp, in_query};
use crate::generated::{Client, operations};

/// The API host.
pub const WECOM: &str = "https://qyapi.weixin.qq.com";

pub(crate) static VENDOR: Vendor = Vendor {
    name: "wecom",
    custom: &operations::CUSTOM,
    errors: operations::ERROR_CODES,
    bans: &[],
    read: answer::read,
    has_data_member: false,
    request_id_headers: operations::REQUEST_ID_HEADERS,
    wait_hint: answer::wait_hint,
    default_url: WECOM,
    own_hosts: &["qyapi.weixin.qq.com"],
    own_prefixes: &["cgi-bin"],
    title_case_headers: false,
};

impl Client {
    /// Starts building a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Builds a client of a corporation's own app from `WECOM_CORP_ID` and `WECOM_CORP_SECRET`, and
    /// `WECOM_BASE_URL` if it is set.
    ///
    /// # Errors
    ///
    /// [`BuildError`] with the names of the variables that are missing.
    pub fn from_env() -> Result<Self, BuildError> {
        ClientBuilder::from_env()?.build()
    }

    shared_client_methods!();
}

/// Builds a [`Client`].
///
/// Clones of a builder share one connection pool. The pool belongs to the runtime that uses it first.
///
/// ```
/// # fn run(corp_secret: String) -> Result<(), huiyi_wecom::BuildError> {
/// let client = huiyi_wecom::Client::builder().corp("ww1234567890abcdef", corp_secret).build()?;
/// # let _ = client; Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientBuilder {
    settings: Settings,
    credentials: Option<Credentials>,
    agent: Option<String>,
}

#[derive(Clone, Debug)]
enum Credentials {
    Corp { id: String, secret: SecretString },
    Suite { id: String, secret: SecretString, ticket: SuiteTicket, corp_id: String, permanent_code: SecretString },
    Source(Result<Arc<dyn TokenSource>, BuildError>),
}

impl ClientBuilder {
    /// Reads `WECOM_CORP_ID`, `WECOM_CORP_SECRET` and, if set, `WECOM_BASE_URL`. Instead of `NAME`, `NAME_FILE` can
    /// name a file with the value.
    ///
    /// # Errors
    ///
    /// [`BuildError::Environment`] with the names of the variables that are missing; [`BuildError::EnvironmentFile`] if
    /// a named file cannot be read.
    pub fn from_env() -> Result<Self, BuildError> {
        let [id, secret] = environment(["WECOM_CORP_ID", "WECOM_CORP_SECRET"])?;
        let builder = Self::default().corp(id, secret);
        Ok(match optional_environment("WECOM_BASE_URL")? {
            Some(url) => builder.base_url(url),
            None => builder,
        })
    }

    /// Sets the id (`ww..`) of a corporation and the secret of the corporation's own app.
    pub fn corp(mut self, id: impl Into<String>, secret: impl IntoSecret) -> Self {
        self.credentials = Some(Credentials::Corp { id: id.into(), secret: secret.into_secret() });
        self
    }

    /// Adds the app's `agentid` to its keys in a shared token store, for people who read them.
    ///
    /// Without it, apps of one corporation have different keys, too. It has an effect only with
    /// [`corp`](Self::corp): a suite's keys name the suite, and your own token or token source is not stored.
    pub fn agent(mut self, agent_id: impl Into<String>) -> Self {
        self.agent = Some(agent_id.into());
        self
    }

    /// Sets a third-party suite that acts for a corporation that has authorized it.
    ///
    /// WeCom pushes a new ticket every 10 minutes, as an event. A receiver of events that has a clone of `ticket` sets
    /// it; otherwise set it on a clone.
    pub fn suite(
        mut self,
        id: impl Into<String>,
        secret: impl IntoSecret,
        ticket: SuiteTicket,
        corp_id: impl Into<String>,
        permanent_code: impl IntoSecret,
    ) -> Self {
        self.credentials = Some(Credentials::Suite {
            id: id.into(),
            secret: secret.into_secret(),
            ticket,
            corp_id: corp_id.into(),
            permanent_code: permanent_code.into_secret(),
        });
        self
    }

    /// Uses this token until WeCom rejects it.
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
    pub fn build(self) -> Result<Client, BuildError> {
        let transport = self.settings.transport(&VENDOR, env!("CARGO_PKG_VERSION"))?;
        // Quotas are counted per corporation.
        let (source, app, tenant): (Arc<dyn TokenSource>, _, _) = match self.credentials {
            None => {
                return Err(BuildError::missing("corp id", "call `app` or another method with the app's credentials"));
            }
            Some(Credentials::Source(source)) => (source?, None, None),
            Some(Credentials::Corp { id, secret }) => {
                credential("corp id", &id)?;
                credential("corp secret", secret.expose_secret())?;
                let app = Some(id.clone());
                let grant = OwnApp { corp_id: id, secret, agent: self.agent, transport: transport.clone() };
                (self.settings.cached(grant, &transport), app, None)
            }
            Some(Credentials::Suite { id, secret, ticket, corp_id, permanent_code }) => {
                credential("suite id", &id)?;
                credential("suite secret", secret.expose_secret())?;
                credential("corp id", &corp_id)?;
                credential("permanent code", permanent_code.expose_secret())?;
                let suite = Suite { id: id.clone(), secret, ticket: ticket.clone(), transport: transport.clone() };
                let suite = self.settings.cached(suite, &transport);
                let (app, tenant) = (Some(id.clone()), Some(corp_id.clone()));
                let suite_id = id;
                let grant =
                    SuiteCorp { suite_id, suite, ticket, corp_id, permanent_code, transport: transport.clone() };
                (self.settings.cached(grant, &transport), app, tenant)
            }
        };
        let mut identity = Identity::none().with_token("access_token", source, in_query);
        if let Some(app) = app {
            identity = identity.with_app(app);
        }
        if let Some(tenant) = tenant {
            identity = identity.with_tenant(tenant);
        }
        Ok(Client { session: self.settings.session(transport, identity) })
    }
}
