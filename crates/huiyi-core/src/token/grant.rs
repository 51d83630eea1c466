//! One way of obtaining tokens from the vendor.

use std::time::Duration;

use super::access::Token;
use super::source::TokenSource;
use crate::clock::BoxFuture;
use crate::error::Error;

/// A token as the vendor issued it.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The token.
    pub token: Token,
    /// How long the token is valid from now on.
    pub expires_in: Duration,
}

impl IssuedToken {
    /// Creates a token that is valid for this many seconds, see [`lifetime`].
    pub fn new(token: impl Into<String>, seconds: Option<i64>) -> Self {
        Self { token: Token::new(token), expires_in: lifetime(seconds) }
    }
}

/// Returns the lifetime for the number of seconds in an answer: two hours if the answer has none, as with all
/// these vendors, and zero if the number is negative.
pub fn lifetime(seconds: Option<i64>) -> Duration {
    Duration::from_secs(seconds.map_or(7200, |seconds| u64::try_from(seconds).unwrap_or_default()))
}

/// Requests a token that requires another token, as store apps and suites do. If the vendor rejects that
/// other token with one of these codes, it requests both once more.
///
/// # Errors
///
/// If either token cannot be obtained.
pub async fn with_parent_token<'a, T>(
    parent: &'a dyn TokenSource,
    rejections: &[&str],
    ask: impl Fn(Token) -> BoxFuture<'a, Result<T, Error>>,
) -> Result<T, Error> {
    let token = parent.token().await?;
    let refused = match ask(token.clone()).await {
        Err(error) if error.code().is_some_and(|code| rejections.contains(&code)) => error,
        other => return other,
    };
    if !parent.reject(&token).await {
        return Err(refused);
    }
    let next = parent.token().await?;
    if next.is_same(&token) { Err(refused) } else { ask(next).await }
}

/// One way of obtaining a token from the vendor: app credentials, a refresh token.
///
/// [`TokenCache`](crate::token_cache::TokenCache) turns it into a [`TokenSource`].
pub trait Grant: Send + Sync + 'static {
    /// Identifies the token in a shared store: vendor, app, tenant, kind. Contains no secret.
    fn key(&self) -> String;

    /// Counts the updates of the grant's input, such as pushed tickets: a refusal applies to one version
    /// only.
    fn version(&self) -> u64 {
        0
    }

    /// Returns whether a request may use up something that works once, such as a refresh token. A refusal may then
    /// mean that another process was faster.
    fn is_single_use(&self) -> bool {
        false
    }

    /// Returns whether another process has stored something new since the refusal, so another request makes
    /// sense.
    fn has_news(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(false))
    }

    /// Adds the account to a token that a [`TokenStore`](crate::TokenStore) stored as text.
    fn restore(&self, token: Token) -> Token {
        token
    }

    /// Requests a token from the vendor, once.
    ///
    /// # Errors
    ///
    /// The vendor's refusal, or the failure of the request.
    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>>;
}
