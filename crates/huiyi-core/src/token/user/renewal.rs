//! Renews a user's tokens with refresh tokens that work once, in one process or in several.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use secrecy::{ExposeSecret, SecretString};

use super::{KeepTokens, Refresh, UserTokens};
use crate::clock::BoxFuture;
use crate::error::{Error, ErrorKind};
use crate::token::context::{StepFailed, TokenContext};
use crate::token::within::within;
use crate::token::{Grant, IssuedToken, Token};

/// Most refresh tokens that one renewal tries.
const TRIES: usize = 4;

/// A [`Grant`] that renews a user's tokens and passes the new pair to the keeper.
pub struct RefreshGrant<R> {
    vendor: R,
    known: Mutex<Known>,
    keeper: Option<Arc<dyn KeepTokens>>,
    /// Makes sure that pairs are kept one after the other.
    keeping: Arc<tokio::sync::Mutex<()>>,
    context: TokenContext,
}

/// The refresh tokens that this process knows.
struct Known {
    /// The one that the client was built with or received last.
    current: SecretString,
    /// Those that the vendor refused in the last renewal.
    refused: Vec<SecretString>,
}

impl<R: Refresh> RefreshGrant<R> {
    /// Starts with a refresh token that was kept.
    pub fn new(
        vendor: R,
        refresh_token: SecretString,
        keeper: Option<Arc<dyn KeepTokens>>,
        context: TokenContext,
    ) -> Self {
        let known = Mutex::new(Known { current: refresh_token, refused: Vec::new() });
        Self { vendor, known, keeper, keeping: Arc::default(), context }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the refresh token that was kept last, or an error if the keeper cannot be read.
    async fn kept(&self) -> Result<Option<SecretString>, StepFailed> {
        let Some(keeper) = &self.keeper else { return Ok(None) };
        let kept = self.context.step(&self.vendor.key(), "load of the refresh token", keeper.load()).await;
        kept.map(|kept| kept.filter(|kept| !kept.expose_secret().is_empty()))
    }

    /// Passes a new pair to the keeper and waits a limited time until it is kept.
    async fn keep(&self, tokens: &UserTokens) {
        let Some(keeper) = self.keeper.clone() else { return };
        let (context, keeping, tokens) = (self.context.clone(), Arc::clone(&self.keeping), tokens.clone());
        let key = self.vendor.key();
        let task = async move {
            // A keeper that stalls must not prevent the next pair from being kept.
            let turn = within(&*context.clock, context.time_limit, keeping.lock()).await;
            if AssertUnwindSafe(keeper.keep(&tokens)).catch_unwind().await.is_err() {
                context.tell(&key, "keep", "it panicked");
            }
            drop(turn);
        };
        let task = task.boxed().shared();
        if let Err(task) = self.context.fetches.spawn(task.clone()) {
            // Without a runtime, only this call can run it.
            return task.await;
        }
        if within(&*self.context.clock, self.context.patience(), task).await.is_none() {
            self.context.tell(&self.vendor.key(), "keep", "the pair is not kept yet; calls go on");
        }
    }

    /// Exchanges one of the known refresh tokens for a new pair.
    async fn renew(&self) -> Result<UserTokens, Error> {
        let own = self.known().current.clone();
        let first = self.kept().await;
        let mut unreadable = first.is_err();
        let mut kept = first.unwrap_or_default();
        let mut refused: Vec<SecretString> = Vec::new();
        let mut changed = false;
        let result = loop {
            let untried = |token: &SecretString| !refused.iter().any(|other| is_same(other, token));
            let Some(next) = kept.clone().filter(untried).or_else(|| Some(own.clone()).filter(untried)) else {
                break None;
            };
            match self.vendor.refresh(next.expose_secret()).await {
                Err(error) if is_refusal(&error) => {
                    refused.push(next);
                    // Another process may have renewed in between, or the kept token is older than ours.
                    let newer = self.kept().await;
                    unreadable |= newer.is_err();
                    let newer = newer.unwrap_or_default();
                    changed |= matches!((&kept, &newer), (Some(old), Some(new)) if !is_same(old, new))
                        || (kept.is_none() && newer.is_some());
                    kept = newer;
                    if refused.len() >= TRIES {
                        break Some(Err(error));
                    }
                    let more =
                        kept.iter().chain([&own]).any(|token| !refused.iter().any(|tried| is_same(tried, token)));
                    if !more {
                        break Some(Err(error));
                    }
                }
                result => break Some(result),
            }
        };
        let mut known = self.known();
        match result {
            Some(Ok(tokens)) => {
                known.refused.clear();
                if let Some(next) = &tokens.refresh {
                    known.current = next.clone();
                }
                Ok(tokens)
            }
            Some(Err(mut error)) => {
                if is_refusal(&error) {
                    known.refused = refused;
                    // The new token of another process is not readable yet: the renewal is running, or the
                    // keeper cannot be read.
                    if changed || unreadable {
                        error.parts_mut().kind = ErrorKind::Overtaken;
                    }
                }
                Err(error)
            }
            None => Err(Error::no_token(ErrorKind::Auth, "there is no refresh token")),
        }
    }
}

fn is_same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

/// Returns whether the vendor refused the refresh token.
fn is_refusal(error: &Error) -> bool {
    error.code().is_some() && !error.is_transient()
}

impl<R: Refresh> Grant for RefreshGrant<R> {
    fn key(&self) -> String {
        self.vendor.key()
    }

    fn restore(&self, token: Token) -> Token {
        self.vendor.restore(token)
    }

    fn is_single_use(&self) -> bool {
        true
    }

    fn has_news(&self) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            let Ok(Some(kept)) = self.kept().await else { return false };
            let known = self.known();
            !is_same(&kept, &known.current) && !known.refused.iter().any(|refused| is_same(refused, &kept))
        })
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async move {
            let tokens = self.renew().await?;
            self.keep(&tokens).await;
            Ok(IssuedToken { token: tokens.access, expires_in: tokens.expires_in })
        })
    }
}

impl<R: Refresh> fmt::Debug for RefreshGrant<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshGrant").field("key", &self.vendor.key()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
