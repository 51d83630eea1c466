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
    /// A token that was obtained elsewhere.
    pub fn new(secret: impl Into<String>) -> Self {
        Self { secret: Arc::new(SecretString::from(secret.into())), generation: 0, account: None }
    }

    /// Names the account that the token stands for, where requests have to carry it: Tencent
    /// Meeting's `OpenId`.
    #[must_use]
    pub fn with_account(mut self, account: impl Into<Arc<str>>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// The token's text, for the one place that sends it.
    pub fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// The account that the token stands for, if requests have to carry it.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// Whether no request can carry it: it is empty or holds control characters.
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

    /// Whether two tokens have the same text.
    pub fn is_same(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}
