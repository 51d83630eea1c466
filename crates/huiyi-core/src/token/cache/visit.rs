//! The shared store during one fetch: every step has a time limit, and after a timeout the store counts as
//! empty.

use std::future::Future;
use std::time::{Duration, UNIX_EPOCH};

use super::fetcher::{Fetcher, MAX_LIFETIME, MIN_LIFETIME};
use crate::token::context::StepFailed;
use crate::token::{Grant, IssuedToken, Lease, Leased, StoredToken, TokenStore};

/// Returns the lifetime of a lease: an eighth of the time limit, from 0.2 to 10 seconds. The owner of a lease
/// extends it.
fn lease_lives(time_limit: Duration) -> Duration {
    (time_limit / 8).clamp(Duration::from_millis(200), Duration::from_secs(10))
}

/// Pause before the first check for a token from the owner of the lease, and the longest pause between two
/// checks.
const FIRST_LOOK: Duration = Duration::from_millis(25);
const LONGEST_LOOK: Duration = Duration::from_millis(400);

pub(super) struct Visit<'a, G> {
    fetcher: &'a Fetcher<G>,
    store: Option<&'a dyn TokenStore>,
    key: String,
    /// The lease, if this fetch has it.
    lease: Option<Lease>,
    /// Whether another fetch had the lease when this one continued without it.
    others: bool,
}

impl<'a, G: Grant> Visit<'a, G> {
    pub(super) fn new(fetcher: &'a Fetcher<G>) -> Self {
        let store = fetcher.context.store.as_deref();
        let key = if store.is_some() { fetcher.grant.key() } else { String::new() };
        Self { fetcher, store, key, lease: None, others: false }
    }

    /// Returns whether another fetch had the lease when this one continued without it.
    pub(super) fn has_rival(&self) -> bool {
        self.others
    }

    async fn ask<T>(
        &mut self,
        step: &'static str,
        future: impl Future<Output = Result<T, crate::token::StoreError>>,
    ) -> Option<T> {
        match self.fetcher.context.step(&self.key, step, future).await {
            Ok(value) => Some(value),
            Err(StepFailed::Error) => None,
            // The next step would take as long.
            Err(StepFailed::TooSlow) => {
                self.store = None;
                None
            }
        }
    }

    /// Returns a usable token from the store. A token that the vendor has rejected is removed.
    pub(super) async fn look(&mut self) -> Option<IssuedToken> {
        let store = self.store?;
        let key = self.key.clone();
        let stored = self.ask("load", store.load(&key)).await??;
        if self.fetcher.state().is_rejected(&stored.token) {
            self.ask("forget", store.forget(&key, &stored.token)).await;
            return None;
        }
        let expires = stored.expires.duration_since(UNIX_EPOCH).unwrap_or_default();
        let expires_in = expires.checked_sub(self.fetcher.context.clock.unix_time())?.min(MAX_LIFETIME);
        let useless = stored.token.is_unusable() || self.fetcher.state().is_known(&stored.token);
        (!useless && expires_in >= MIN_LIFETIME)
            .then(|| IssuedToken { token: self.fetcher.grant.restore(stored.token), expires_in })
    }

    /// Waits until this fetch has the lease or another one has stored a token. Continues without a lease if
    /// it cannot get one.
    pub(super) async fn take_lease(&mut self) -> Option<IssuedToken> {
        let fetcher = self.fetcher;
        let context = &fetcher.context;
        let started = context.clock.monotonic();
        let lease = Lease::random(&self.key, &*context.entropy, lease_lives(context.time_limit));
        let mut pause = FIRST_LOOK;
        loop {
            let store = self.store?;
            match self.ask("lease", store.lease(&lease)).await {
                None | Some(Leased::Unsupported) => return None,
                Some(Leased::Granted) => {
                    self.lease = Some(lease);
                    // Another fetch may have stored a token between the last check and the lease.
                    return self.look().await;
                }
                Some(Leased::HeldByAnother) => {}
            }
            if context.clock.monotonic().saturating_sub(started) >= context.time_limit / 2 {
                self.others = true;
                return None;
            }
            let jitter = Duration::from_millis(context.entropy.next_u64() % 16);
            context.clock.sleep(pause + jitter).await;
            pause = (pause * 2).min(LONGEST_LOOK);
            if let Some(stored) = self.look().await {
                return Some(stored);
            }
        }
    }

    /// Runs a future and extends the lease meanwhile.
    pub(super) async fn holding<F: Future>(&self, future: F) -> F::Output {
        let (Some(store), Some(lease)) = (self.store, &self.lease) else { return future.await };
        // Leases last for real time, whatever the client's clock says. Extending them needs a runtime.
        if tokio::runtime::Handle::try_current().is_err() {
            return future.await;
        }
        let prolong = async {
            loop {
                tokio::time::sleep(lease.ttl() / 3).await;
                // The next step reports a failure.
                let _ = tokio::time::timeout(lease.ttl() / 3, store.lease(lease)).await;
            }
        };
        let (future, prolong) = (std::pin::pin!(future), std::pin::pin!(prolong));
        match futures_util::future::select(future, prolong).await {
            futures_util::future::Either::Left((output, _)) => output,
            futures_util::future::Either::Right((never, _)) => never,
        }
    }

    /// Stores the token that the vendor has issued.
    pub(super) async fn keep(&mut self, token: &IssuedToken) {
        let Some(store) = self.store else { return };
        let expires = self.fetcher.context.clock.unix_time().saturating_add(token.expires_in);
        let Some(expires) = UNIX_EPOCH.checked_add(expires) else { return };
        let stored = StoredToken::new(token.token.clone(), expires);
        match self.lease.clone() {
            Some(lease) => {
                self.ask("save", store.save_under(&lease, &stored)).await;
            }
            None => {
                let key = self.key.clone();
                self.ask("save", store.save(&key, &stored)).await;
            }
        }
    }

    /// Releases the lease.
    pub(super) async fn leave(mut self) {
        if let (Some(store), Some(lease)) = (self.store, self.lease.take()) {
            self.ask("release", store.release(&lease)).await;
        }
    }
}
