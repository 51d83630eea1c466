//! Tokens that stand for a user. They are short-lived and renewed with a refresh token that works once.

mod renewal;

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

use super::Token;
use super::store::StoreError;
use crate::clock::BoxFuture;
use crate::error::Error;

pub use renewal::RefreshGrant;

/// The result of a login or a refresh.
#[derive(Clone, Debug)]
pub struct UserTokens {
    /// The access token.
    pub access: Token,
    /// How long the access token is valid from now on.
    pub expires_in: Duration,
    /// The refresh token, if the vendor gave one. It replaces the one that was used.
    pub refresh: Option<SecretString>,
    /// How long the refresh token is valid from now on, if the vendor says so.
    pub refresh_expires_in: Option<Duration>,
}

/// Receives every new pair of tokens before the new access token is used.
///
/// Refresh tokens work once. A pair that is not kept is lost when the process ends, and the user must log in
/// again.
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
    /// Keeps the pair. The call that needed the token waits for it, but at most an eighth of the client's
    /// time limit and at most three seconds. The future runs to its end even if the call is dropped. Before a
    /// program ends, it can wait for it with `Client::wait_for_tokens`.
    ///
    /// It cannot fail, because the old refresh token is already used up. Try again until the pair is kept.
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()>;

    /// Returns the refresh token that was kept last. The client asks for it before each renewal.
    ///
    /// Implement it if several processes renew the tokens of one user: as soon as one process has renewed,
    /// the refresh token that another process started with is used up. Also keep the pair of a login, because
    /// the kept token takes precedence over the one that the client was built with. If a renewal invalidates
    /// the older access token, the processes also need a common [`TokenStore`]. The default returns `None`,
    /// and each process continues with its own refresh token.
    ///
    /// [`TokenStore`]: crate::TokenStore
    ///
    /// # Errors
    ///
    /// If it cannot be read. The client continues with the refresh token that it has.
    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, StoreError>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

impl fmt::Debug for dyn KeepTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeepTokens")
    }
}

/// A vendor's method of renewing user tokens.
pub trait Refresh: Send + Sync + 'static {
    /// Identifies this user's tokens in a shared store; contains no secret.
    fn key(&self) -> String;

    /// Adds the account to an access token that a store stored as text.
    fn restore(&self, token: Token) -> Token {
        token
    }

    /// Exchanges a refresh token for a new pair.
    ///
    /// # Errors
    ///
    /// The vendor's refusal: the user must log in again.
    fn refresh<'a>(&'a self, refresh_token: &'a str) -> BoxFuture<'a, Result<UserTokens, Error>>;
}
