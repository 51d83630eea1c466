//! Where tokens come from, as the pipeline sees it.

use std::fmt;
use std::sync::Arc;

use super::access::Token;
use crate::clock::BoxFuture;
use crate::error::Error;

/// Where a client takes its tokens from.
///
/// Implement it for a system that keeps tokens elsewhere, for instance a service of your own that
/// hands them out. The clients' own sources (app credentials, user tokens) implement it too.
///
/// ```
/// use huiyi_core::{Error, BoxFuture, Token, TokenSource};
///
/// struct Vault;
///
/// impl TokenSource for Vault {
///     fn token(&self) -> BoxFuture<'_, Result<Token, Error>> {
///         Box::pin(async { Ok(Token::new("t-from-the-vault")) })
///     }
///
///     fn reject<'a>(&'a self, _token: &'a Token) -> BoxFuture<'a, bool> {
///         Box::pin(async { false })   // we have no other one to offer
///     }
/// }
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// A token that is believed to be valid.
    ///
    /// # Errors
    ///
    /// If none can be obtained; the call that needs it fails with this error.
    fn token(&self) -> BoxFuture<'_, Result<Token, Error>>;

    /// The vendor rejected this token. Answers whether the next one may be another, so that
    /// sending the call once more makes sense.
    fn reject<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, bool>;

    /// The vendor rejected this token as well, which came in the place of one that it had rejected a
    /// moment before: another is unlikely to help. Nothing is asked for in return.
    fn rejected_again(&self, token: &Token) {
        let _ = token;
    }
}

/// One source for several clients.
impl<S: TokenSource + ?Sized> TokenSource for Arc<S> {
    fn token(&self) -> BoxFuture<'_, Result<Token, Error>> {
        (**self).token()
    }

    fn reject<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, bool> {
        (**self).reject(token)
    }

    fn rejected_again(&self, token: &Token) {
        (**self).rejected_again(token);
    }
}

impl fmt::Debug for dyn TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}

/// One fixed token, never refreshed.
///
/// ```
/// use huiyi_core::{StaticToken, Token};
///
/// let source = StaticToken::new(Token::new("u-104b7e1f"));
/// # let _ = source;
/// ```
#[derive(Clone, Debug)]
pub struct StaticToken(Token);

impl StaticToken {
    /// Uses this token until the vendor stops accepting it.
    pub fn new(token: Token) -> Self {
        Self(token)
    }
}

impl TokenSource for StaticToken {
    fn token(&self) -> BoxFuture<'_, Result<Token, Error>> {
        let token = self.0.clone();
        Box::pin(async move { Ok(token) })
    }

    fn reject<'a>(&'a self, _token: &'a Token) -> BoxFuture<'a, bool> {
        Box::pin(async { false })
    }
}
