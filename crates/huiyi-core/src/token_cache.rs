//! The token cache: lazy, one request for any number of callers, refreshed early, and never
//! made worse by a refresh that fails.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::Shared;

use crate::clock::{BoxFuture, Clock, Entropy};
use crate::error::{Error, ErrorKind};
use crate::token::{Grant, IssuedToken, Token, TokenSource};
use crate::token_store::{StoredToken, TokenStore};

/// A token is refreshed when less than this is left of it, plus up to a quarter of it as jitter.
const EARLY: Duration = Duration::from_secs(300);

/// After a refresh that failed while the old token still works, the next try waits so long.
const AFTER_FAILED_REFRESH: Duration = Duration::from_secs(15);

/// After the vendor refused the credentials for good, they are not tried again for so long:
/// vendors ban the caller's address after repeated attempts.
const AFTER_WRONG_CREDENTIALS: Duration = Duration::from_secs(60);

/// An issued token is used for at least so long, so that the callers that waited for it can use it: a
/// clock that is ahead of the vendor's may make a new token look expired.
const SHORTEST_LIFE: Duration = Duration::from_secs(10);

/// No token lives longer, whatever the vendor or a store says.
const LONGEST_LIFE: Duration = Duration::from_secs(366 * 24 * 3600);

/// Makes a [`TokenSource`] of a [`Grant`].
///
/// There is no background task: a token is fetched by the call that needs it, and refreshed by
/// one of the calls made shortly before it expires, while the others go on with the old one.
/// A fetch whose caller gives up is not lost: the next caller carries it on. A refresh token
/// works once, so that what the vendor answers to it must be received.
pub struct TokenCache<G> {
    fetcher: Arc<Fetcher<G>>,
    /// The fetch under way, shared by all callers that wait for it.
    running: Mutex<Option<Fetch>>,
}

type Fetch = Shared<BoxFuture<'static, Result<Token, Error>>>;

/// All that a fetch needs; it outlives the caller that began it.
struct Fetcher<G> {
    grant: G,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    store: Option<Arc<dyn TokenStore>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cached: Option<Cached>,
    generation: u64,
    failure: Option<Failed>,
    rejected: Option<Token>,
    /// Generation of a token that was rejected as soon as the vendor had issued it, and when that was.
    hopeless: Option<(u64, Duration)>,
}

#[derive(Clone)]
struct Cached {
    token: Token,
    /// Issued for us; others are from a store and may be old.
    issued: bool,
    expires: Duration,
    refresh: Duration,
}

/// A failed fetch: when it ended, and what the grant had at hand.
struct Failed {
    error: Error,
    at: Duration,
    version: u64,
}

enum Held {
    Fresh(Token),
    Ageing(Token),
    None,
}

impl<G: Grant> TokenCache<G> {
    /// A cache in front of a grant.
    pub fn new(grant: G, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, store: Option<Arc<dyn TokenStore>>) -> Self {
        let fetcher = Fetcher { grant, clock, entropy, store, state: Mutex::default() };
        Self { fetcher: Arc::new(fetcher), running: Mutex::default() }
    }

    /// Starts with a token that is already there, kept from an earlier run.
    #[must_use]
    pub fn with_token(self, stored: StoredToken) -> Self {
        let refresh = stored.expires.saturating_sub(EARLY);
        self.fetcher.state().cached =
            Some(Cached { token: stored.token, issued: false, expires: stored.expires, refresh });
        self
    }

    async fn get(&self) -> Result<Token, Error> {
        match self.fetcher.held() {
            Held::Fresh(token) => Ok(token),
            Held::Ageing(token) => match self.fetch_or_join() {
                Turn::Held(newer) => Ok(newer),
                // Only success replaces a token that still works.
                Turn::First(fetch) => Ok(self.finish(fetch).await.unwrap_or(token)),
                // A look at the fetch carries it on if its caller has given up.
                Turn::Other(fetch) => Ok(fetch.now_or_never().and_then(Result::ok).unwrap_or(token)),
            },
            Held::None => match self.fetch_or_join() {
                Turn::Held(token) => Ok(token),
                Turn::First(fetch) | Turn::Other(fetch) => self.finish(fetch).await,
            },
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Fetch>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins the fetch under way, or begins one.
    fn fetch_or_join(&self) -> Turn {
        let mut running = self.running();
        if let Some(fetch) = running.as_ref().filter(|fetch| fetch.peek().is_none()) {
            return Turn::Other(fetch.clone());
        }
        // Another caller's fetch may have ended between the look at the token and the lock.
        if let Held::Fresh(token) = self.fetcher.held() {
            return Turn::Held(token);
        }
        let fetcher = Arc::clone(&self.fetcher);
        // A panic in a store or a source of the application's must not stay for all later callers.
        let future = async move {
            let fetched = AssertUnwindSafe(fetcher.fetch()).catch_unwind().await;
            fetched.unwrap_or_else(|_| Err(Error::no_token(ErrorKind::Other, "getting a token panicked")))
        };
        let future: BoxFuture<'static, Result<Token, Error>> = Box::pin(future);
        let fetch = future.shared();
        *running = Some(fetch.clone());
        Turn::First(fetch)
    }

    async fn finish(&self, fetch: Fetch) -> Result<Token, Error> {
        let result = fetch.clone().await;
        let mut running = self.running();
        if running.as_ref().is_some_and(|running| running.ptr_eq(&fetch)) {
            *running = None;
        }
        result
    }
}

/// What a caller without a fresh token does.
enum Turn {
    /// There is a fresh one by now.
    Held(Token),
    /// It began this fetch.
    First(Fetch),
    /// Another caller began it.
    Other(Fetch),
}

impl<G: Grant> Fetcher<G> {
    fn state(&self) -> MutexGuard<'_, State> {
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

    /// The failure of a fetch in which the vendor made clear that asking again is of no use, unless the
    /// grant was given something since. What failed on our side, for instance for want of a ticket, is
    /// tried again at once.
    fn refused_lately(&self) -> Option<Error> {
        let now = self.clock.monotonic();
        let state = self.state();
        let failed = state.failure.as_ref()?;
        let transient =
            matches!(failed.error.kind(), ErrorKind::Unavailable | ErrorKind::RateLimited | ErrorKind::Other);
        let by_vendor = failed.error.code().is_some();
        let lately = now.saturating_sub(failed.at) < AFTER_WRONG_CREDENTIALS;
        (by_vendor && !transient && lately && failed.version == self.grant.version()).then(|| failed.error.clone())
    }

    async fn fetch(&self) -> Result<Token, Error> {
        let version = self.grant.version();
        let stored = self.stored().await;
        let issued = stored.is_none();
        let result = match (stored, self.refused_lately()) {
            (Some(stored), _) => Ok(stored),
            (None, Some(error)) => {
                self.pause();
                return Err(error);
            }
            (None, None) => self.issue().await,
        };
        let now = self.clock.unix_time();
        let jitter = self.entropy.next_u64() % (EARLY.as_secs() / 4);
        if result.is_err() {
            self.pause();
        }
        let mut state = self.state();
        match result {
            Ok(IssuedToken { token, lives }) => {
                state.generation += 1;
                let token = token.with_generation(state.generation);
                let early = EARLY.min(lives / 4) + Duration::from_secs(jitter).min(lives / 16);
                let expires = now.saturating_add(lives);
                let refresh = expires.saturating_sub(early);
                state.cached = Some(Cached { token: token.clone(), issued, expires, refresh });
                state.failure = None;
                Ok(token)
            }
            Err(error) => {
                state.failure = Some(Failed { error: error.clone(), at: self.clock.monotonic(), version });
                Err(error)
            }
        }
    }

    /// Leaves a token that still works alone for a while.
    fn pause(&self) {
        let now = self.clock.unix_time();
        if let Some(cached) = &mut self.state().cached {
            cached.refresh = now.saturating_add(AFTER_FAILED_REFRESH).min(cached.expires);
        }
    }

    /// A token of the store that is worth using.
    async fn stored(&self) -> Option<IssuedToken> {
        let store = self.store.as_ref()?;
        let stored = store.load(&self.grant.key()).await?;
        let now = self.clock.unix_time();
        let state = self.state();
        let known_bad = state.rejected.as_ref().is_some_and(|rejected| rejected.is_same(&stored.token));
        let ours = state.cached.as_ref().is_some_and(|cached| cached.token.is_same(&stored.token));
        let lives = stored.expires.checked_sub(now)?.min(LONGEST_LIFE);
        let worth = !known_bad && !ours && lives >= SHORTEST_LIFE;
        worth.then(|| IssuedToken { token: self.grant.restore(stored.token), lives })
    }

    async fn issue(&self) -> Result<IssuedToken, Error> {
        let IssuedToken { token, lives } = self.grant.issue().await?;
        let lives = lives.clamp(SHORTEST_LIFE, LONGEST_LIFE);
        if let Some(store) = &self.store {
            let expires = self.clock.unix_time().saturating_add(lives);
            store.save(&self.grant.key(), &StoredToken { token: token.clone(), expires }).await;
        }
        Ok(IssuedToken { token, lives })
    }

    /// Drops the cached token if it is the rejected one; answers whether the next one may be another.
    ///
    /// A token that was rejected as soon as it was issued is kept for a while: what the vendor rejects is not the
    /// token then, and each call would cost a token request.
    fn reject(&self, token: &Token) -> bool {
        let now = self.clock.monotonic();
        let mut state = self.state();
        if state.cached.as_ref().is_none_or(|cached| cached.token.generation() != token.generation()) {
            return true;
        }
        let lately = |at| now.saturating_sub(at) < AFTER_WRONG_CREDENTIALS;
        if state.hopeless.is_some_and(|(generation, at)| generation == token.generation() && lately(at)) {
            return false;
        }
        state.cached = None;
        state.rejected = Some(token.clone());
        true
    }
}

impl<G: Grant> TokenSource for TokenCache<G> {
    fn token(&self) -> BoxFuture<'_, Result<Token, Error>> {
        Box::pin(self.get())
    }

    /// Callers that were rejected with an older token than the cached one simply take the newer.
    fn reject<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, bool> {
        let another = self.fetcher.reject(token);
        Box::pin(async move { another })
    }

    fn rejected_again(&self, token: &Token) {
        let at = self.fetcher.clock.monotonic();
        let mut state = self.fetcher.state();
        // One from the store says nothing of those that the vendor would issue.
        let issued = |cached: &Cached| cached.issued && cached.token.generation() == token.generation();
        if state.cached.as_ref().is_some_and(issued) {
            state.hopeless = Some((token.generation(), at));
        }
    }
}

impl<G: Grant> std::fmt::Debug for TokenCache<G> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenCache").field("key", &self.fetcher.grant.key()).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "token_cache_tests.rs"]
mod tests;
