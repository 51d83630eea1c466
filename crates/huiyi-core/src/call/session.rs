//! The state that a client shares with its clones.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::identity::Identity;
use crate::observe::Observer;
use crate::quota::Quotas;
use crate::retry::{Budget, RetryPolicy};
#[cfg(feature = "long-connection")]
use crate::ticket::Ticket;
use crate::token::Fetches;
use crate::transport::Transport;

/// The state behind a client: identity, quotas, retry policy. Clones share it.
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
    /// Running token requests.
    fetches: Fetches,
    #[cfg(feature = "long-connection")]
    app: Option<AppSecret>,
}

/// The id and secret of an app, which long connections need. `ticket` receives the tickets that arrive over them.
#[cfg(feature = "long-connection")]
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "for the vendor crates")]
#[doc(hidden)]
pub struct AppSecret {
    pub id: Arc<str>,
    pub secret: secrecy::SecretString,
    pub ticket: Option<Ticket>,
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

    /// Returns the same client with another identity. Connections, quotas and retry budget stay shared.
    #[must_use]
    pub fn with_identity(&self, identity: Identity) -> Self {
        self.changed(|state| state.identity = identity.or_tenant_of(&state.identity))
    }

    /// Returns the same client with another identity and separate quotas. Connections and retry budget stay
    /// shared.
    #[must_use]
    pub fn with_separate_quotas(&self, identity: Identity) -> Self {
        self.changed(|state| {
            state.quotas = Arc::new(state.quotas.for_other_identity());
            state.identity = identity;
        })
    }

    /// Returns the same client with another retry policy; the retry budget stays shared.
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        self.changed(|state| state.retry = retry)
    }

    /// Returns the same client with a default for an argument that many operations have.
    #[must_use]
    pub fn with_default(&self, argument: &'static str, value: impl Into<String>) -> Self {
        self.changed(|state| {
            state.defaults.insert(argument, value.into());
        })
    }

    /// Returns the client's default for an argument that the call omits.
    pub fn default_of(&self, argument: &str) -> Option<&str> {
        self.0.defaults.get(argument).map(String::as_str)
    }

    /// Returns the same client with an app secret, so it can open long connections. Tickets that arrive over them go
    /// to `ticket`.
    #[cfg(feature = "long-connection")]
    #[doc(hidden)]
    #[must_use]
    pub fn with_app_secret(&self, id: &str, secret: &secrecy::SecretString, ticket: Option<Ticket>) -> Self {
        self.changed(|state| state.app = Some(AppSecret { id: id.into(), secret: secret.clone(), ticket }))
    }

    /// Returns the app that long connections are opened for.
    #[cfg(feature = "long-connection")]
    #[doc(hidden)]
    pub fn app_secret(&self) -> Option<&AppSecret> {
        self.0.app.as_ref()
    }

    /// Returns the connection pool and its limits.
    pub fn transport(&self) -> &Transport {
        &self.0.transport
    }

    /// Returns the identity of the client's calls.
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// Waits at most `limit` until running token requests have ended and their tokens are saved. Returns whether they
    /// ended in time.
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
