//! What every client can be configured with, whatever the vendor.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use crate::clock::{Clock, Entropy, SystemClock, SystemEntropy};
use crate::identity::Identity;
use crate::observe::Observer;
use crate::quota::{QuotaPolicy, Quotas, SharedQuota};
use crate::redact;
use crate::retry::RetryPolicy;
use crate::session::Session;
use crate::token::{Fetches, Grant, StaticToken, Surroundings, Token, TokenSource};
use crate::token_cache::TokenCache;
use crate::token_store::TokenStore;
use crate::transport::Transport;
use crate::user_token::{KeepTokens, Refresh, RefreshGrant};
use crate::vendor::Vendor;

/// Settings that the four client builders share; the builders' methods fill it.
#[derive(Clone)]
pub struct Settings {
    pub(crate) base_url: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) pool_idle_timeout: Duration,
    pub(crate) body_limit: usize,
    pub(crate) user_agent: Option<String>,
    pub(crate) http: Option<reqwest::Client>,
    /// The pool of connections made of these settings, one for all that is built with them.
    pool: Arc<OnceLock<reqwest::Client>>,
    pub(crate) retry: RetryPolicy,
    pub(crate) quota: QuotaPolicy,
    pub(crate) shared_quota: Option<Arc<dyn SharedQuota>>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) store: Option<Arc<dyn TokenStore>>,
    /// Token requests under way, of all that is built with these settings.
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
    /// The connection pool and its limits.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the base URL, the user agent or the TLS setup cannot work.
    pub fn transport(&self, vendor: &'static Vendor, crate_version: &str) -> Result<Transport, BuildError> {
        let url = self.base_url.as_deref().unwrap_or(vendor.default_url).trim_end_matches('/');
        let parsed = base(url)?;
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
            fetches: self.fetches.clone(),
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
            return Err(BuildError::credential("user agent", "it holds characters that headers cannot carry"));
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

    /// The tokens of a grant, fetched as they are needed and shared in the store if there is one.
    pub fn cached(&self, grant: impl Grant, transport: &Transport) -> Arc<dyn TokenSource> {
        Arc::new(TokenCache::new(grant, self.surroundings(transport)))
    }

    fn surroundings(&self, transport: &Transport) -> Surroundings {
        Surroundings {
            clock: Arc::clone(transport.clock()),
            entropy: Arc::clone(transport.entropy()),
            store: self.store.clone(),
            time_limit: self.timeout,
            fetches: self.fetches.clone(),
            observer: self.observer.clone(),
        }
    }

    /// A user's tokens, from a refresh token on.
    ///
    /// # Errors
    ///
    /// [`BuildError::Credential`] if the refresh token cannot be one; it is not shown.
    pub fn renewed(
        &self,
        vendor: impl Refresh,
        refresh_token: SecretString,
        keeper: Arc<dyn KeepTokens>,
        transport: &Transport,
    ) -> Result<Arc<dyn TokenSource>, BuildError> {
        credential("refresh token", refresh_token.expose_secret())?;
        let around = self.surroundings(transport);
        let grant = RefreshGrant::new(vendor, refresh_token, Some(keeper), around.clone());
        Ok(Arc::new(TokenCache::new(grant, around)))
    }

    /// The state behind the generated client.
    pub fn session(&self, transport: Transport, identity: Identity) -> Session {
        let mut quotas = Quotas::new(self.quota, Arc::clone(transport.clock()), self.timeout);
        if let (Some(store), Some(app)) = (&self.shared_quota, identity.app()) {
            let scope = format!("{}:{}:{app}", transport.vendor.name, transport.base_url);
            quotas = quotas.shared(Arc::clone(store), scope);
        }
        Session::new(transport, identity, self.retry.clone(), quotas, self.observer.clone())
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
        self.pool_idle_timeout = timeout;
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

/// Why a client could not be built. Names what is wrong, never a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is not one.
    BaseUrl {
        /// The URL as given, without user, password and query.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A credential is missing, empty or malformed.
    Credential {
        /// Which one.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Environment variables that are needed are not set.
    Environment {
        /// Their names.
        missing: Vec<&'static str>,
    },
    /// A file that a variable `<NAME>_FILE` of the environment names cannot be read.
    EnvironmentFile {
        /// The variable.
        name: String,
        /// What is wrong with the file.
        reason: String,
    },
    /// An `https` URL, but the crate was built without TLS.
    NoTls,
    /// The HTTP client could not be set up.
    Http(String),
}

impl BuildError {
    fn base_url(url: &str, reason: &str) -> Self {
        Self::BaseUrl { url: redact::url(url), reason: reason.to_owned() }
    }

    /// An error about a credential.
    pub fn credential(name: &'static str, reason: &str) -> Self {
        Self::Credential { name, reason: reason.to_owned() }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl { url, reason } => write!(f, "the base URL {url:?} cannot be used: {reason}"),
            Self::Credential { name, reason } => write!(f, "the {name} cannot be used: {reason}"),
            Self::Environment { missing } => write!(f, "not set in the environment: {}", missing.join(", ")),
            Self::EnvironmentFile { name, reason } => write!(f, "the file named by {name} cannot be read: {reason}"),
            Self::NoTls => f.write_str("an https URL needs TLS: turn on the feature `rustls` or `native-tls`, or pass an HTTP client of your own"),
            Self::Http(reason) => write!(f, "the HTTP client cannot be set up: {reason}"),
        }
    }
}

impl std::error::Error for BuildError {}

/// A base URL in its parts: scheme, host and at most a path.
fn base(url: &str) -> Result<reqwest::Url, BuildError> {
    // Of a text without a scheme the parser says that it is relative; `localhost:8080` is one of scheme `localhost`.
    let scheme = url.trim_start().split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    if !matches!(scheme.as_deref(), Some("https" | "http")) {
        return Err(BuildError::base_url(url, "it has to start with https:// (http:// for tests)"));
    }
    let parsed = reqwest::Url::parse(url).map_err(|error| BuildError::base_url(url, &error.to_string()))?;
    if !parsed.has_host()
        || parsed.query().is_some()
        || parsed.fragment().is_some()
        || !parsed.username().is_empty()
        || parsed.password().is_some()
    {
        return Err(BuildError::base_url(url, "it has to be scheme, host and at most a path"));
    }
    Ok(parsed)
}

/// Accepts a credential that is not empty and can travel in a header or a URL.
///
/// # Errors
///
/// [`BuildError::Credential`] with the name; the value is not shown.
pub fn credential(name: &'static str, value: &str) -> Result<(), BuildError> {
    if value.trim().is_empty() {
        return Err(BuildError::credential(name, "it is empty"));
    }
    if value.chars().any(char::is_control) {
        return Err(BuildError::credential(name, "it holds a line break or another control character"));
    }
    if value.trim() != value {
        return Err(BuildError::credential(name, "it begins or ends with a space"));
    }
    Ok(())
}

/// The source of a token that was obtained elsewhere; builders keep the result until they build.
///
/// # Errors
///
/// [`BuildError::Credential`] with the name if the token cannot be one; it is not shown.
pub fn fixed_token(name: &'static str, token: Token) -> Result<Arc<dyn TokenSource>, BuildError> {
    credential(name, token.expose())?;
    Ok(Arc::new(StaticToken::new(token)))
}

/// Reads variables from the environment, all or a list of those that are missing.
///
/// Where `NAME` is not set, the file that `NAME_FILE` names is read, without a line break at its end: so secrets are
/// mounted into containers.
///
/// # Errors
///
/// [`BuildError::Environment`] with every name that is not set or empty; [`BuildError::EnvironmentFile`] if a named
/// file cannot be read.
pub fn environment<const N: usize>(names: [&'static str; N]) -> Result<[String; N], BuildError> {
    let mut values = names.map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    for (name, value) in names.iter().zip(&mut values).filter(|(_, value)| value.is_none()) {
        *value = from_file(&format!("{name}_FILE"))?;
    }
    let missing: Vec<&'static str> =
        names.iter().zip(&values).filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        return Err(BuildError::Environment { missing });
    }
    Ok(values.map(Option::unwrap_or_default))
}

/// The content of the file that a variable names; `None` if the variable is not set or the file is empty.
fn from_file(variable: &str) -> Result<Option<String>, BuildError> {
    let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) else { return Ok(None) };
    let content = std::fs::read_to_string(path)
        .map_err(|error| BuildError::EnvironmentFile { name: variable.to_owned(), reason: error.to_string() })?;
    let content = content.strip_suffix('\n').map_or(&*content, |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(Some(content.to_owned()).filter(|content| !content.is_empty()))
}

/// Adds the methods that all clients have beside the generated ones. The client has a field `session`.
#[macro_export]
#[doc(hidden)]
macro_rules! shared_client_methods {
    () => {
        /// Waits until the token requests under way have ended and what they brought is stored and kept, at most
        /// so long. Returns whether that is so.
        ///
        /// A call that is given up leaves its token request to the runtime, which ends with the program. Wait
        /// here before the program ends, so that no refresh token is lost: it works once. It is for all that was
        /// built with this client's builder and its clones.
        pub async fn wait_for_tokens(&self, limit: ::std::time::Duration) -> bool {
            self.session.wait_for_tokens(limit).await
        }
    };
}

/// Adds the methods that all client builders have. The builder has a field `settings`.
#[macro_export]
#[doc(hidden)]
macro_rules! shared_builder_methods {
    () => {
        /// Talks to another host: a regional one, a proxy of yours, a test server.
        ///
        /// Scheme and host, and a path prefix if there is one.
        #[must_use]
        pub fn base_url(mut self, url: impl Into<String>) -> Self {
            self.settings.set_base_url(url.into());
            self
        }

        /// Gives up on an attempt after so long. Default: 60 seconds.
        ///
        /// A download may take longer: there the limit is for each piece of it.
        #[must_use]
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_timeout(timeout);
            self
        }

        /// Gives up on connecting after so long. Default: 10 seconds.
        #[must_use]
        pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_connect_timeout(timeout);
            self
        }

        /// Closes a connection that nothing was sent over for so long. Default: 30 seconds.
        ///
        /// Servers and load balancers close idle connections, mostly after a minute. A request that is sent at
        /// that moment fails, and it cannot be known whether it was accepted; so this is better shorter.
        #[must_use]
        pub fn pool_idle_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_pool_idle_timeout(timeout);
            self
        }

        /// Refuses answers larger than this. Default: 64 MiB. Downloads are not limited.
        #[must_use]
        pub fn body_limit(mut self, bytes: usize) -> Self {
            self.settings.set_body_limit(bytes);
            self
        }

        /// Sends this `User-Agent` instead of the crate's name and version.
        #[must_use]
        pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
            self.settings.set_user_agent(user_agent.into());
            self
        }

        /// Uses an HTTP client of yours: its connection pool, proxy, TLS.
        ///
        /// Its own redirect policy, connect timeout, idle timeout and user agent apply, and those set here do not.
        /// Turn redirects off: they would carry credentials to other hosts. Leave
        /// `connection_verbose` off: it logs headers and URLs, tokens included.
        #[must_use]
        pub fn http_client(mut self, client: $crate::reqwest::Client) -> Self {
            self.settings.set_http_client(client);
            self
        }

        /// How failures are retried.
        #[must_use]
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.settings.set_retry(policy);
            self
        }

        /// How the documented quotas are kept.
        #[must_use]
        pub fn quota(mut self, policy: $crate::QuotaPolicy) -> Self {
            self.settings.set_quota(policy);
            self
        }

        /// Keeps the documented quotas together with other processes that share the app.
        ///
        /// A client that was built with a token alone does not know its app, and keeps them for itself.
        #[must_use]
        pub fn shared_quota(mut self, store: ::std::sync::Arc<dyn $crate::quota::SharedQuota>) -> Self {
            self.settings.set_shared_quota(store);
            self
        }

        /// Is told about each attempt of each call.
        #[must_use]
        pub fn observer(mut self, observer: impl $crate::observe::Observer) -> Self {
            self.settings.set_observer(::std::sync::Arc::new(observer));
            self
        }

        /// Shares tokens with other clients or processes.
        #[must_use]
        pub fn token_store(mut self, store: ::std::sync::Arc<dyn $crate::TokenStore>) -> Self {
            self.settings.set_token_store(store);
            self
        }

        /// Replaces the clock, for tests.
        #[must_use]
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::clock::Clock>) -> Self {
            self.settings.set_clock(clock);
            self
        }

        /// Replaces the source of random numbers, for tests.
        #[must_use]
        pub fn entropy(mut self, entropy: ::std::sync::Arc<dyn $crate::clock::Entropy>) -> Self {
            self.settings.set_entropy(entropy);
            self
        }
    };
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

    use super::base;

    /// What is said of a base URL.
    fn said(url: &str) -> String {
        base(url).unwrap_err().to_string()
    }

    #[test]
    fn a_base_url_without_a_scheme_is_told_how_one_starts() {
        for url in
            ["open.feishu.cn", "localhost:8080", "127.0.0.1:8080", "//open.feishu.cn", "ftp://open.feishu.cn", ""]
        {
            let expected =
                format!("the base URL {url:?} cannot be used: it has to start with https:// (http:// for tests)");

            assert_eq!(said(url), expected);
        }
    }

    #[test]
    fn a_base_url_with_a_scheme_is_told_what_else_is_wrong() {
        assert!(said("https://").contains("empty host"), "{}", said("https://"));
        assert!(said("https://open.feishu.cn?a=1").contains("scheme, host and at most a path"));
        assert!(said("https://open.feishu.cn:port").contains("port number"));
    }

    #[test]
    fn a_base_url_has_a_scheme_a_host_and_perhaps_a_path() {
        for url in [
            "https://open.feishu.cn",
            " https://open.feishu.cn",
            "http://127.0.0.1:8080",
            "HTTPS://proxy.example/feishu",
        ] {
            assert!(base(url).is_ok(), "{url}");
        }
    }
}
