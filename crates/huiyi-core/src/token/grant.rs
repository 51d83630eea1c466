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
    /// How long it is valid from now on.
    pub expires_in: Duration,
}

impl IssuedToken {
    /// A token whose answer gives so many seconds, see [`lifetime`].
    pub fn new(token: impl Into<String>, seconds: Option<i64>) -> Self {
        Self { token: Token::new(token), expires_in: lifetime(seconds) }
    }
}

/// How long a token lives whose answer gives so many seconds: two hours, as with all these vendors, if it
/// does not say, and not at all if it is over already.
pub fn lifetime(seconds: Option<i64>) -> Duration {
    Duration::from_secs(seconds.map_or(7200, |seconds| u64::try_from(seconds).unwrap_or_default()))
}

/// Asks for a token that costs another token, as store apps and suites do, and once more if the
/// vendor rejects that other token with one of these codes.
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
/// [`TokenCache`](crate::token_cache::TokenCache) makes a [`TokenSource`] of it.
pub trait Grant: Send + Sync + 'static {
    /// What the token is for, to tell it apart in a shared store: vendor, app, tenant, kind.
    /// Holds no secret.
    fn key(&self) -> String;

    /// Counts what the grant was given since, such as pushed tickets: a refusal counts for one version only.
    fn version(&self) -> u64 {
        0
    }

    /// Whether asking may spend something that works once, such as a refresh token. A refusal may then mean that
    /// another process was faster.
    fn is_single_use(&self) -> bool {
        false
    }

    /// Whether another process has left something since the vendor refused, with which asking makes sense again.
    fn has_news(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(false))
    }

    /// Completes a token that a [`TokenStore`](crate::TokenStore) kept as text, with the account it stands for.
    fn restore(&self, token: Token) -> Token {
        token
    }

    /// Asks the vendor for a token, once.
    ///
    /// # Errors
    ///
    /// The vendor's refusal, or what went wrong on the way.
    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>>;
}
