//! An access token.

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

/// An access token. `Debug` does not show it.
///
/// ```
/// use huiyi_core::Token;
///
/// let token = Token::new("t-104b7e1f");
/// assert_eq!(format!("{token:?}"), "Token(***)");
/// assert_eq!(token.expose(), "t-104b7e1f");
/// ```
#[derive(Clone)]
pub struct Token {
    secret: Arc<SecretString>,
    generation: u64,
    account: Option<Arc<str>>,
}

impl Token {
    /// Creates a token that was obtained elsewhere.
    pub fn new(secret: impl Into<String>) -> Self {
        Self { secret: Arc::new(SecretString::from(secret.into())), generation: 0, account: None }
    }

    /// Sets the account that the token stands for, if requests must carry it, such as Tencent Meeting's
    /// `OpenId`.
    #[must_use]
    pub fn with_account(mut self, account: impl Into<Arc<str>>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Returns the token's text. Only the code that sends the token should call this.
    pub fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// Returns the account that the token stands for, if requests must carry it.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// Returns whether no request can carry the token: it is empty or has control characters.
    pub(crate) fn is_unusable(&self) -> bool {
        self.expose().trim().is_empty() || self.expose().chars().any(char::is_control)
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    pub(crate) fn with_generation(mut self, generation: u64) -> Self {
        self.generation = generation;
        self
    }

    /// Returns whether two tokens have the same text.
    pub fn is_same(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}
