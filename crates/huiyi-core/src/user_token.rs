//! Tokens that stand for a user: short-lived, renewed with a refresh token that works once.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::clock::BoxFuture;
use crate::error::ApiError;
use crate::token::{Grant, IssuedToken, Token};

/// What a login or a refresh gives.
#[derive(Clone, Debug)]
pub struct UserTokens {
    /// The access token.
    pub access: Token,
    /// How long the access token is valid from now on.
    pub lives: Duration,
    /// The refresh token, if the vendor gave one. It replaces the one that was used.
    pub refresh: Option<SecretString>,
    /// How long the refresh token is valid from now on, if the vendor says.
    pub refresh_lives: Option<Duration>,
}

/// Is told of every new pair of tokens, before the new access token is used.
///
/// Refresh tokens work once. A pair that is not kept is lost with the process, and the user has
/// to log in again.
///
/// ```
/// use huiyi_core::BoxFuture;
/// use huiyi_core::user_token::{KeepTokens, UserTokens};
///
/// struct Database;
///
/// impl KeepTokens for Database {
///     fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
///         Box::pin(async move {
///             // write tokens.refresh to the database here
///             # let _ = tokens;
///         })
///     }
/// }
/// ```
pub trait KeepTokens: Send + Sync + 'static {
    /// Keeps the pair. The call that needed the token waits for it.
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()>;
}

/// A vendor's way of renewing user tokens.
pub trait Refresh: Send + Sync + 'static {
    /// What tells this user's tokens apart in a shared store; no secret.
    fn key(&self) -> String;

    /// Completes an access token that a store kept as text, with the account it stands for.
    fn restore(&self, token: Token) -> Token {
        token
    }

    /// Exchanges a refresh token for a new pair.
    ///
    /// # Errors
    ///
    /// The vendor's refusal: the user has to log in again.
    fn refresh<'a>(&'a self, refresh_token: &'a str) -> BoxFuture<'a, Result<UserTokens, ApiError>>;
}

/// A [`Grant`] that renews a user's tokens and hands the rotated pair on.
pub struct RefreshGrant<R> {
    vendor: R,
    current: Mutex<SecretString>,
    keeper: Option<Arc<dyn KeepTokens>>,
}

impl<R: Refresh> RefreshGrant<R> {
    /// Starts from a refresh token that was kept.
    pub fn new(vendor: R, refresh_token: SecretString, keeper: Option<Arc<dyn KeepTokens>>) -> Self {
        Self { vendor, current: Mutex::new(refresh_token), keeper }
    }
}

impl<R: Refresh> Grant for RefreshGrant<R> {
    fn key(&self) -> String {
        self.vendor.key()
    }

    fn restore(&self, token: Token) -> Token {
        self.vendor.restore(token)
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, ApiError>> {
        Box::pin(async move {
            let current = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let tokens = self.vendor.refresh(current.expose_secret()).await?;
            if let Some(next) = &tokens.refresh {
                *self.current.lock().unwrap_or_else(PoisonError::into_inner) = next.clone();
            }
            if let Some(keeper) = &self.keeper {
                keeper.keep(&tokens).await;
            }
            Ok(IssuedToken { token: tokens.access, lives: tokens.lives })
        })
    }
}

impl<R: Refresh> fmt::Debug for RefreshGrant<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshGrant").field("key", &self.vendor.key()).finish_non_exhaustive()
    }
}
