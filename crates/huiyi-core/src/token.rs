//! Access tokens, and where they come from.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::clock::BoxFuture;
use crate::error::Error;

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

/// A token as the vendor issued it.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The token.
    pub token: Token,
    /// How long it is valid from now on.
    pub lives: Duration,
}

impl IssuedToken {
    /// A token whose answer gives so many seconds, see [`life`].
    pub fn new(token: impl Into<String>, seconds: Option<i64>) -> Self {
        Self { token: Token::new(token), lives: life(seconds) }
    }
}

/// How long a token lives whose answer gives so many seconds: two hours, as with all these vendors, if it
/// does not say, and not at all if it is over already.
pub fn life(seconds: Option<i64>) -> Duration {
    Duration::from_secs(seconds.map_or(7200, |seconds| u64::try_from(seconds).unwrap_or_default()))
}

/// Asks for a token that costs another token, as store apps and suites do, and once more if the
/// vendor rejects that other token with one of these codes.
///
/// # Errors
///
/// If either token cannot be obtained.
pub async fn ask_with<'a, T>(
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
