//! What a client shares with its clones.

use std::fmt;
use std::sync::Arc;

use crate::identity::Identity;
use crate::observe::Observer;
use crate::quota::Quotas;
use crate::retry::{Budget, RetryPolicy};
use crate::transport::Transport;

/// The state behind a generated client: identity, quotas, retry policy. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
    quotas: Arc<Quotas>,
    identity: Arc<Identity>,
    retry: Arc<RetryPolicy>,
}

struct Shared {
    transport: Transport,
    budget: Budget,
    observer: Option<Arc<dyn Observer>>,
}

impl Session {
    pub(crate) fn new(
        transport: Transport,
        identity: Identity,
        retry: RetryPolicy,
        quotas: Quotas,
        observer: Option<Arc<dyn Observer>>,
    ) -> Self {
        let budget = Budget::new(&retry);
        Self {
            shared: Arc::new(Shared { transport, budget, observer }),
            quotas: Arc::new(quotas),
            identity: Arc::new(identity),
            retry: Arc::new(retry),
        }
    }

    /// The same client with another identity: same connections, quotas and retry budget.
    #[must_use]
    pub fn with_identity(&self, identity: Identity) -> Self {
        let identity = identity.or_tenant_of(&self.identity);
        Self { identity: Arc::new(identity), ..self.clone() }
    }

    /// The same client with another identity that has quotas of its own: same connections and retry budget.
    #[must_use]
    pub fn with_identity_apart(&self, identity: Identity) -> Self {
        Self { quotas: Arc::new(self.quotas.afresh()), identity: Arc::new(identity), ..self.clone() }
    }

    /// The same client with another retry policy; the retry budget stays shared.
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        Self { retry: Arc::new(retry), ..self.clone() }
    }

    /// The connection pool and its limits.
    pub fn transport(&self) -> &Transport {
        &self.shared.transport
    }

    /// The identity that calls are made with.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.retry
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.shared.budget
    }

    pub(crate) fn quotas(&self) -> &Quotas {
        &self.quotas
    }

    pub(crate) fn observer(&self) -> Option<&dyn Observer> {
        self.shared.observer.as_deref()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("transport", &self.shared.transport)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}
