//! Token sources, as the pipeline uses them.

use std::fmt;
use std::sync::Arc;

use super::access::Token;
use crate::clock::BoxFuture;
use crate::error::Error;

/// Supplies a client with tokens.
///
/// Implement it if another system keeps the tokens, for instance a service of yours that hands them out. The
/// clients' own sources (app credentials, user tokens) implement it too.
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
    /// Returns a token that is probably valid.
    ///
    /// # Errors
    ///
    /// If no token can be obtained. The call that needs it fails with this error.
    fn token(&self) -> BoxFuture<'_, Result<Token, Error>>;

    /// Reports that the vendor rejected this token. Returns whether the next token may be a different one, so
    /// that a retry of the call makes sense.
    fn reject<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, bool>;

    /// Reports that the vendor also rejected this token, which replaced one that it had just rejected.
    /// Another token is unlikely to help. The default does nothing.
    fn rejected_again(&self, token: &Token) {
        let _ = token;
    }
}

/// Shares one source among several clients.
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
    /// Creates a source that returns this token even after the vendor stops accepting it.
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
