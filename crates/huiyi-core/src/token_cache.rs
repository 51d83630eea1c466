//! The token cache: lazy, one request for any number of callers, refreshed early, and never
//! made worse by a refresh that fails.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::{BoxFuture, Clock, Entropy};
use crate::error::{ApiError, ErrorKind};
use crate::token::{Grant, IssuedToken, Token, TokenSource};
use crate::token_store::{StoredToken, TokenStore};

/// A token is refreshed when less than this is left of it, plus up to a quarter of it as jitter.
const EARLY: Duration = Duration::from_secs(300);

/// After a refresh that failed while the old token still works, the next try waits so long.
const AFTER_FAILED_REFRESH: Duration = Duration::from_secs(15);

/// After the vendor refused the credentials for good, they are not tried again for so long:
/// vendors ban the caller's address after repeated attempts.
const AFTER_WRONG_CREDENTIALS: Duration = Duration::from_secs(60);

/// A token is used for at least so long, so that the callers that waited for it can use it: a
/// clock that is ahead of the vendor's may make a new token look expired.
const SHORTEST_LIFE: Duration = Duration::from_secs(10);

/// Makes a [`TokenSource`] of a [`Grant`].
///
/// There is no background task: a token is fetched by the call that needs it, and refreshed by
/// one of the calls made shortly before it expires, while the others go on with the old one.
pub struct TokenCache<G> {
    grant: G,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    store: Option<Arc<dyn TokenStore>>,
    state: Mutex<State>,
    /// Held by the one caller that fetches.
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    cached: Option<Cached>,
    generation: u64,
    /// How many fetches have ended, and how the last one failed if it did.
    finished: u64,
    failure: Option<Failed>,
    rejected: Option<Token>,
}

#[derive(Clone)]
struct Cached {
    token: Token,
    expires: Duration,
    refresh: Duration,
}

struct Failed {
    error: ApiError,
    at: Duration,
}

enum Held {
    Fresh(Token),
    Ageing(Token),
    None,
}

impl<G: Grant> TokenCache<G> {
    /// A cache in front of a grant.
    pub fn new(grant: G, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, store: Option<Arc<dyn TokenStore>>) -> Self {
        Self { grant, clock, entropy, store, state: Mutex::default(), fetching: tokio::sync::Mutex::new(()) }
    }

    /// Starts with a token that is already there, kept from an earlier run.
    #[must_use]
    pub fn with_token(self, stored: StoredToken) -> Self {
        let refresh = stored.expires.saturating_sub(EARLY);
        self.state().cached = Some(Cached { token: stored.token, expires: stored.expires, refresh });
        self
    }

    async fn get(&self) -> Result<Token, ApiError> {
        let seen = self.state().finished;
        match self.held() {
            Held::Fresh(token) => return Ok(token),
            Held::Ageing(token) => {
                let Ok(_turn) = self.fetching.try_lock() else {
                    return Ok(token);
                };
                // Another caller may have refreshed between the look at the token and the lock.
                if let Held::Fresh(newer) = self.held() {
                    return Ok(newer);
                }
                // Only success replaces a token that still works.
                return Ok(self.fetch().await.unwrap_or(token));
            }
            Held::None => {}
        }
        let _turn = self.fetching.lock().await;
        if let Held::Fresh(token) | Held::Ageing(token) = self.held() {
            return Ok(token);
        }
        if let Some(error) = self.shared_failure(seen) {
            return Err(error);
        }
        self.fetch().await
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self) -> Held {
        let now = self.clock.unix_time();
        let state = self.state();
        match &state.cached {
            Some(cached) if now < cached.refresh => Held::Fresh(cached.token.clone()),
            Some(cached) if now < cached.expires => Held::Ageing(cached.token.clone()),
            _ => Held::None,
        }
    }

    /// The failure of a fetch that ended while we waited for it, or in which the vendor made clear
    /// that asking again is of no use. What failed on our side, for instance for want of a ticket,
    /// is tried again at once.
    fn shared_failure(&self, seen: u64) -> Option<ApiError> {
        let now = self.clock.unix_time();
        let state = self.state();
        let failed = state.failure.as_ref()?;
        let waited_for_it = state.finished > seen;
        let by_vendor = failed.error.attempts() > 0;
        let transient =
            matches!(failed.error.kind(), ErrorKind::Unavailable | ErrorKind::RateLimited | ErrorKind::Other);
        let wrong = by_vendor && !transient && now.saturating_sub(failed.at) < AFTER_WRONG_CREDENTIALS;
        (waited_for_it || wrong).then(|| failed.error.clone())
    }

    async fn fetch(&self) -> Result<Token, ApiError> {
        let result = match self.stored().await {
            Some(issued) => Ok(issued),
            None => self.issue().await,
        };
        let now = self.clock.unix_time();
        let jitter = self.entropy.next_u64() % (EARLY.as_secs() / 4);
        let mut state = self.state();
        state.finished += 1;
        match result {
            Ok(issued) => {
                state.generation += 1;
                let token = issued.token.with_generation(state.generation);
                let early = EARLY.min(issued.lives / 4) + Duration::from_secs(jitter).min(issued.lives / 16);
                let expires = now + issued.lives.max(SHORTEST_LIFE);
                state.cached = Some(Cached { token: token.clone(), expires, refresh: expires.saturating_sub(early) });
                state.failure = None;
                Ok(token)
            }
            Err(error) => {
                if let Some(cached) = &mut state.cached {
                    cached.refresh = now + AFTER_FAILED_REFRESH;
                }
                state.failure = Some(Failed { error: error.clone(), at: now });
                Err(error)
            }
        }
    }

    async fn stored(&self) -> Option<IssuedToken> {
        let store = self.store.as_ref()?;
        let stored = store.load(&self.grant.key()).await?;
        let now = self.clock.unix_time();
        let state = self.state();
        let known_bad = state.rejected.as_ref().is_some_and(|rejected| rejected.is_same(&stored.token));
        let ours = state.cached.as_ref().is_some_and(|cached| cached.token.is_same(&stored.token));
        let lives = stored.expires.checked_sub(now)?;
        (!known_bad && !ours && !lives.is_zero()).then_some(IssuedToken { token: stored.token, lives })
    }

    async fn issue(&self) -> Result<IssuedToken, ApiError> {
        let issued = self.grant.issue().await?;
        if let Some(store) = &self.store {
            let expires = self.clock.unix_time() + issued.lives;
            store.save(&self.grant.key(), &StoredToken { token: issued.token.clone(), expires }).await;
        }
        Ok(issued)
    }
}

impl<G: Grant> TokenSource for TokenCache<G> {
    fn token(&self) -> BoxFuture<'_, Result<Token, ApiError>> {
        Box::pin(self.get())
    }

    /// Drops the cached token if it is the rejected one. Callers that were rejected with an
    /// older one simply take the newer.
    fn reject<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, bool> {
        let mut state = self.state();
        if state.cached.as_ref().is_some_and(|cached| cached.token.generation() == token.generation()) {
            state.cached = None;
            state.rejected = Some(token.clone());
        }
        drop(state);
        Box::pin(async { true })
    }
}

impl<G: Grant> std::fmt::Debug for TokenCache<G> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenCache").field("key", &self.grant.key()).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "token_cache_tests.rs"]
mod tests;
