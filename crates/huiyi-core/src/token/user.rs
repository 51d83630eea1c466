//! Tokens that stand for a user: short-lived, renewed with a refresh token that works once.

mod renewal;

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

use super::Token;
use super::store::StoreError;
use crate::clock::BoxFuture;
use crate::error::Error;

pub use renewal::RefreshGrant;

/// What a login or a refresh gives.
#[derive(Clone, Debug)]
pub struct UserTokens {
    /// The access token.
    pub access: Token,
    /// How long the access token is valid from now on.
    pub expires_in: Duration,
    /// The refresh token, if the vendor gave one. It replaces the one that was used.
    pub refresh: Option<SecretString>,
    /// How long the refresh token is valid from now on, if the vendor says.
    pub refresh_expires_in: Option<Duration>,
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
    /// Keeps the pair. The call that needed the token waits for it, but no longer than an eighth of the client's
    /// time limit, at most three seconds; it is brought to its end whatever becomes of the call. A program that
    /// ends waits for it by `Client::wait_for_tokens`.
    ///
    /// It cannot fail: the old refresh token is used up already. Try again until the pair is kept.
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()>;

    /// The refresh token that was kept last, asked for before each renewal.
    ///
    /// Write it if several processes renew the tokens of one user: the refresh token that a process began
    /// with is used up as soon as another one has renewed. Keep the pair of a login as well, since what is
    /// kept goes before what the client was built with. The processes need a [`TokenStore`] in common too
    /// where a renewal ends the older access token. By default there is none, and each process goes on from
    /// the token that it got itself.
    ///
    /// [`TokenStore`]: crate::TokenStore
    ///
    /// # Errors
    ///
    /// If it cannot be read. The client goes on with the refresh token that it has.
    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, StoreError>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

impl fmt::Debug for dyn KeepTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeepTokens")
    }
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
    fn refresh<'a>(&'a self, refresh_token: &'a str) -> BoxFuture<'a, Result<UserTokens, Error>>;
}
