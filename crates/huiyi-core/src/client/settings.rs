//! Settings that are the same for all vendors.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::base_url::{base, without_prefix};
use super::build_error::BuildError;
use super::credential::credential;
use crate::clock::{Clock, Entropy, SystemClock, SystemEntropy};
use crate::identity::Identity;
use crate::observe::Observer;
use crate::quota::{QuotaPolicy, Quotas, SharedQuota};
use crate::redact;
use crate::retry::RetryPolicy;
use crate::session::Session;
use crate::token::{Fetches, Grant, TokenContext, TokenSource};
use crate::token_cache::TokenCache;
use crate::token_store::TokenStore;
use crate::transport::Transport;
use crate::user_token::{KeepTokens, Refresh, RefreshGrant};
use crate::vendor::Vendor;

/// The pool adds the idle timeout to the current time, and panics if the sum is too large.
const LONGEST_IDLE: Duration = Duration::from_secs(366 * 24 * 3600);

/// The settings that the four client builders share; the builders' methods set them.
#[derive(Clone)]
pub struct Settings {
    pub(crate) base_url: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) pool_idle_timeout: Duration,
    pub(crate) body_limit: usize,
    pub(crate) user_agent: Option<String>,
    pub(crate) http: Option<reqwest::Client>,
    /// The connection pool created from these settings; everything that is built with them shares it.
    pool: Arc<OnceLock<reqwest::Client>>,
    pub(crate) retry: RetryPolicy,
    pub(crate) quota: QuotaPolicy,
    pub(crate) shared_quota: Option<Arc<dyn SharedQuota>>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) store: Option<Arc<dyn TokenStore>>,
    /// Running token requests of everything that is built with these settings.
    fetches: Fetches,
    pub(crate) clock: Option<Arc<dyn Clock>>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: None,
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            pool_idle_timeout: Duration::from_secs(30),
            body_limit: 64 << 20,
            user_agent: None,
            http: None,
            pool: Arc::default(),
            retry: RetryPolicy::default(),
            quota: QuotaPolicy::default(),
            shared_quota: None,
            observer: None,
            store: None,
            fetches: Fetches::default(),
            clock: None,
            entropy: Arc::new(SystemEntropy),
        }
    }
}

impl Settings {
    /// Creates the connection pool and its limits.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the base URL, the user agent or the TLS setup is not valid.
    pub fn transport(&self, vendor: &'static Vendor, crate_version: &str) -> Result<Transport, BuildError> {
        let url = self.base_url.as_deref().unwrap_or(vendor.default_url).trim_end_matches('/');
        let parsed = base(url)?;
        without_prefix(vendor, &parsed)?;
        let has_tls = self.http.is_some() || cfg!(any(feature = "rustls", feature = "native-tls"));
        if parsed.scheme() == "https" && !has_tls {
            return Err(BuildError::NoTls);
        }
        let http = match &self.http {
            Some(http) => http.clone(),
            None => self.pool(vendor, crate_version)?,
        };
        Ok(Transport {
            vendor,
            http,
            base_url: Arc::from(parsed.as_str().trim_end_matches('/')),
            base_path: Arc::from(parsed.path().trim_end_matches('/')),
            clock: self.clock.clone().unwrap_or_else(|| Arc::new(SystemClock::default())),
            entropy: Arc::clone(&self.entropy),
            timeout: self.timeout,
            body_limit: self.body_limit,
            #[cfg(feature = "long-connection")]
            upgrades: self.http.is_none().then(|| crate::transport::Upgrades {
                user_agent: self.own_user_agent(vendor, crate_version).into(),
                connect_timeout: self.connect_timeout,
            }),
        })
    }

    fn own_user_agent(&self, vendor: &'static Vendor, crate_version: &str) -> String {
        let by_default = || format!("huiyi-{}/{crate_version}", vendor.name);
        self.user_agent.clone().unwrap_or_else(by_default)
    }

    fn pool(&self, vendor: &'static Vendor, crate_version: &str) -> Result<reqwest::Client, BuildError> {
        if let Some(made) = self.pool.get() {
            return Ok(made.clone());
        }
        let user_agent = self.own_user_agent(vendor, crate_version);
        if http::HeaderValue::from_str(&user_agent).is_err() {
            return Err(BuildError::credential(
                "user agent",
                "it contains characters that are not allowed in a header",
            ));
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.pool_idle_timeout);
        if vendor.title_case_headers {
            builder = builder.http1_title_case_headers();
        }
        let made = builder.build().map_err(|error| BuildError::Http(crate::transport::connection_trouble(&error)))?;
        Ok(self.pool.get_or_init(|| made).clone())
    }

    /// Returns a source that fetches tokens from a grant when needed and shares them in the store, if there is one.
    pub fn cached(&self, grant: impl Grant, transport: &Transport) -> Arc<dyn TokenSource> {
        Arc::new(TokenCache::new(grant, self.context(transport)))
    }

    fn context(&self, transport: &Transport) -> TokenContext {
        TokenContext {
            clock: Arc::clone(transport.clock()),
            entropy: Arc::clone(transport.entropy()),
            store: self.store.clone(),
            time_limit: self.timeout,
            fetches: self.fetches.clone(),
            observer: self.observer.clone(),
        }
    }

    /// Returns a source of a user's tokens that starts with a refresh token.
    ///
    /// # Errors
    ///
    /// [`BuildError::Credential`] if the refresh token is not valid; it does not show the value.
    pub fn renewed(
        &self,
        vendor: impl Refresh,
        refresh_token: SecretString,
        keeper: Arc<dyn KeepTokens>,
        transport: &Transport,
    ) -> Result<Arc<dyn TokenSource>, BuildError> {
        credential("refresh token", refresh_token.expose_secret())?;
        let around = self.context(transport);
        let grant = RefreshGrant::new(vendor, refresh_token, Some(keeper), around.clone());
        Ok(Arc::new(TokenCache::new(grant, around)))
    }

    /// Creates the session that the generated client uses.
    pub fn session(&self, transport: Transport, identity: Identity) -> Session {
        let mut quotas = Quotas::new(self.quota, Arc::clone(transport.clock()), self.timeout);
        if let (Some(store), Some(app)) = (&self.shared_quota, identity.app()) {
            let scope = format!("{}:{}:{app}", transport.vendor.name, transport.base_url);
            quotas = quotas.shared(Arc::clone(store), scope);
        }
        Session::new(transport, identity, self.retry.clone(), quotas, self.observer.clone(), self.fetches.clone())
    }

    #[doc(hidden)]
    pub fn set_base_url(&mut self, url: String) {
        self.base_url = Some(url);
    }

    #[doc(hidden)]
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    #[doc(hidden)]
    pub fn set_connect_timeout(&mut self, timeout: Duration) {
        self.connect_timeout = timeout;
        self.pool = Arc::default();
    }

    #[doc(hidden)]
    pub fn set_pool_idle_timeout(&mut self, timeout: Duration) {
        self.pool_idle_timeout = timeout.min(LONGEST_IDLE);
        self.pool = Arc::default();
    }

    #[doc(hidden)]
    pub fn set_body_limit(&mut self, bytes: usize) {
        self.body_limit = bytes;
    }

    #[doc(hidden)]
    pub fn set_user_agent(&mut self, user_agent: String) {
        self.user_agent = Some(user_agent);
        self.pool = Arc::default();
    }

    #[doc(hidden)]
    pub fn set_http_client(&mut self, http: reqwest::Client) {
        self.http = Some(http);
    }

    #[doc(hidden)]
    pub fn set_retry(&mut self, retry: RetryPolicy) {
        self.retry = retry;
    }

    #[doc(hidden)]
    pub fn set_quota(&mut self, quota: QuotaPolicy) {
        self.quota = quota;
    }

    #[doc(hidden)]
    pub fn set_shared_quota(&mut self, store: Arc<dyn SharedQuota>) {
        self.shared_quota = Some(store);
    }

    #[doc(hidden)]
    pub fn set_observer(&mut self, observer: Arc<dyn Observer>) {
        self.observer = Some(observer);
    }

    #[doc(hidden)]
    pub fn set_token_store(&mut self, store: Arc<dyn TokenStore>) {
        self.store = Some(store);
    }

    #[doc(hidden)]
    pub fn set_clock(&mut self, clock: Arc<dyn Clock>) {
        self.clock = Some(clock);
    }

    #[doc(hidden)]
    pub fn set_entropy(&mut self, entropy: Arc<dyn Entropy>) {
        self.entropy = entropy;
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("base_url", &self.base_url.as_deref().map(redact::url))
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
