//! What a client shares with its clones.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::identity::Identity;
use crate::observe::Observer;
use crate::quota::Quotas;
use crate::retry::{Budget, RetryPolicy};
use crate::token::Fetches;
use crate::transport::Transport;

/// The state behind a client: identity, quotas, retry policy. A clone is one more pointer to it.
#[derive(Clone)]
pub struct Session(Arc<State>);

#[derive(Clone)]
struct State {
    transport: Transport,
    budget: Arc<Budget>,
    observer: Option<Arc<dyn Observer>>,
    quotas: Arc<Quotas>,
    identity: Identity,
    retry: RetryPolicy,
    defaults: BTreeMap<&'static str, String>,
    /// Token requests under way.
    fetches: Fetches,
    #[cfg(feature = "long-connection")]
    app: Option<AppSecret>,
}

/// The id and the secret of an app, with which long connections are opened.
#[cfg(feature = "long-connection")]
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "for the vendor crates")]
#[doc(hidden)]
pub struct AppSecret {
    pub id: Arc<str>,
    pub secret: secrecy::SecretString,
}

impl Session {
    pub(crate) fn new(
        transport: Transport,
        identity: Identity,
        retry: RetryPolicy,
        quotas: Quotas,
        observer: Option<Arc<dyn Observer>>,
        fetches: Fetches,
    ) -> Self {
        let budget = Arc::new(Budget::new(&retry));
        let quotas = Arc::new(quotas);
        Self(Arc::new(State {
            transport,
            budget,
            observer,
            quotas,
            identity,
            retry,
            defaults: BTreeMap::new(),
            fetches,
            #[cfg(feature = "long-connection")]
            app: None,
        }))
    }

    fn changed(&self, change: impl FnOnce(&mut State)) -> Self {
        let mut state = State::clone(&self.0);
        change(&mut state);
        Self(Arc::new(state))
    }

    /// The same client with another identity: same connections, quotas and retry budget.
    #[must_use]
    pub fn with_identity(&self, identity: Identity) -> Self {
        self.changed(|state| state.identity = identity.or_tenant_of(&state.identity))
    }

    /// The same client with another identity that has quotas of its own: same connections and retry budget.
    #[must_use]
    pub fn with_separate_quotas(&self, identity: Identity) -> Self {
        self.changed(|state| {
            state.quotas = Arc::new(state.quotas.for_other_identity());
            state.identity = identity;
        })
    }

    /// The same client with another retry policy; the retry budget stays shared.
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        self.changed(|state| state.retry = retry)
    }

    /// The same client with a value for an argument that many operations take.
    #[must_use]
    pub fn with_default(&self, argument: &'static str, value: impl Into<String>) -> Self {
        self.changed(|state| {
            state.defaults.insert(argument, value.into());
        })
    }

    /// The value that the client has for an argument which the call leaves out.
    pub fn default_of(&self, argument: &str) -> Option<&str> {
        self.0.defaults.get(argument).map(String::as_str)
    }

    /// The same client, which can open long connections.
    #[cfg(feature = "long-connection")]
    #[doc(hidden)]
    #[must_use]
    pub fn with_app_secret(&self, id: &str, secret: &secrecy::SecretString) -> Self {
        self.changed(|state| state.app = Some(AppSecret { id: id.into(), secret: secret.clone() }))
    }

    /// The app that long connections are opened for.
    #[cfg(feature = "long-connection")]
    #[doc(hidden)]
    pub fn app_secret(&self) -> Option<&AppSecret> {
        self.0.app.as_ref()
    }

    /// The connection pool and its limits.
    pub fn transport(&self) -> &Transport {
        &self.0.transport
    }

    /// The identity that calls are made with.
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// Waits until the token requests under way have ended and what they brought is kept, at most so long.
    /// Returns whether that is so.
    pub async fn wait_for_tokens(&self, limit: Duration) -> bool {
        self.0.fetches.ended(&**self.transport().clock(), limit).await
    }

    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.0.retry
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.0.budget
    }

    pub(crate) fn quotas(&self) -> &Quotas {
        &self.0.quotas
    }

    pub(crate) fn observer_arc(&self) -> Option<Arc<dyn Observer>> {
        self.0.observer.clone()
    }

    pub(crate) fn observer(&self) -> Option<&dyn Observer> {
        self.0.observer.as_deref()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("transport", &self.0.transport)
            .field("identity", &self.0.identity)
            .finish_non_exhaustive()
    }
}
