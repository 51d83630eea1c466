//! The token cache. It fetches a token when one is needed, with one request for all waiting callers. It
//! refreshes early and keeps a valid token if a refresh fails.

mod fetcher;
mod state;
mod visit;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use futures_util::FutureExt as _;
use futures_util::future::Shared;

use super::context::TokenContext;
use super::within::within;
use super::{Grant, StoredToken, Token, TokenSource};
use crate::clock::BoxFuture;
use crate::error::{Error, ErrorKind};

use fetcher::Fetcher;
use state::Held;

/// Turns a [`Grant`] into a [`TokenSource`].
///
/// A call that needs a token fetches it. Shortly before the token expires, a call starts a renewal; that call and all
/// others continue with the old token. A fetch runs on the runtime of the call that started it and continues even if
/// that call is dropped: a refresh token works once, so the vendor's answer must be received. Shutting down
/// the runtime still ends the fetch; `Client::wait_for_tokens` waits for running fetches.
///
/// A caller waits for at most two fetches, each limited to 1.25 times the client's time limit. If a fetch stalls, for
/// instance on a runtime that no longer runs, the next caller starts a new one.
pub struct TokenCache<G> {
    fetcher: Arc<Fetcher<G>>,
    /// The running fetch, shared by all callers that wait for it.
    running: Mutex<Option<Running>>,
}

type Fetch = Shared<BoxFuture<'static, Result<Token, Error>>>;

#[derive(Clone)]
struct Running {
    fetch: Fetch,
    since: Duration,
}

impl<G: Grant> TokenCache<G> {
    /// Creates a cache for a grant.
    pub fn new(grant: G, context: TokenContext) -> Self {
        Self { fetcher: Arc::new(Fetcher::new(grant, context)), running: Mutex::default() }
    }

    /// Starts with an existing token, for instance from an earlier run.
    #[must_use]
    pub fn with_token(self, stored: StoredToken) -> Self {
        let expires = stored.expires.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.fetcher.state().preset(stored.token, expires);
        self
    }

    async fn get(&self) -> Result<Token, Error> {
        match self.fetcher.held() {
            Held::Fresh(token) => Ok(token),
            Held::Ageing(token) => match self.fetch_or_join() {
                Turn::Held(newer) => Ok(newer),
                // Nobody waits for a renewal; only a success replaces a valid token. Polling the fetch once
                // starts it. Without a runtime, each poll also advances it.
                Turn::Wait(running) => Ok(running.fetch.now_or_never().and_then(Result::ok).unwrap_or(token)),
            },
            Held::None => self.wait().await,
        }
    }

    /// Longest time that a fetch may take: the time limit of its request, plus some time for the store.
    fn longest(&self) -> Duration {
        let limit = self.fetcher.context.time_limit;
        limit.saturating_add(limit / 4)
    }

    async fn wait(&self) -> Result<Token, Error> {
        for _ in 0..2 {
            let running = match self.fetch_or_join() {
                Turn::Held(token) => return Ok(token),
                Turn::Wait(running) => running,
            };
            let result = within(&*self.fetcher.context.clock, self.longest(), running.fetch.clone()).await;
            // The fetch has ended or stalls, so nobody may join it any more.
            let mut current = self.running();
            if current.as_ref().is_some_and(|current| current.fetch.ptr_eq(&running.fetch)) {
                *current = None;
            }
            drop(current);
            if let Some(result) = result {
                return result;
            }
        }
        let reason = format!("two token requests took longer than {:.1} s each", self.longest().as_secs_f64());
        Err(Error::no_token(ErrorKind::Unavailable, reason))
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins the running fetch or starts one.
    fn fetch_or_join(&self) -> Turn {
        let now = self.fetcher.context.clock.monotonic();
        let mut current = self.running();
        let goes_on =
            |running: &&Running| running.fetch.peek().is_none() && now.saturating_sub(running.since) < self.longest();
        if let Some(running) = current.as_ref().filter(goes_on) {
            return Turn::Wait(running.clone());
        }
        // Another caller's fetch may have ended between the first check and the lock.
        if let Held::Fresh(token) = self.fetcher.held() {
            return Turn::Held(token);
        }
        let fetcher = Arc::clone(&self.fetcher);
        // A panic in the application's own source must not affect all later callers.
        let future = async move {
            let fetched = AssertUnwindSafe(fetcher.fetch()).catch_unwind().await;
            fetched.unwrap_or_else(|_| Err(Error::no_token(ErrorKind::Other, "the token source panicked")))
        };
        let future: BoxFuture<'static, Result<Token, Error>> = Box::pin(future);
        let running = Running { fetch: future.shared(), since: now };
        *current = Some(running.clone());
        let driven = running.fetch.clone();
        let _ = self.fetcher.context.fetches.spawn(async move { drop(driven.await) });
        Turn::Wait(running)
    }
}

/// What a caller without a fresh token does.
enum Turn {
    /// There is a fresh token now.
    Held(Token),
    /// The caller waits for this fetch.
    Wait(Running),
}

impl<G: Grant> TokenSource for TokenCache<G> {
    fn token(&self) -> BoxFuture<'_, Result<Token, Error>> {
        Box::pin(self.get())
    }

    /// A caller whose rejected token is older than the cached one gets the cached one.
    fn reject<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, bool> {
        let now = self.fetcher.context.clock.monotonic();
        let another = self.fetcher.state().reject(token, now);
        Box::pin(async move { another })
    }

    fn rejected_again(&self, token: &Token) {
        let now = self.fetcher.context.clock.monotonic();
        self.fetcher.state().rejected_again(token, now);
    }
}

impl<G: Grant> std::fmt::Debug for TokenCache<G> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenCache").field("key", &self.fetcher.grant.key()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
