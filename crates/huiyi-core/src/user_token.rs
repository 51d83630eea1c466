//! Tokens that stand for a user: short-lived, renewed with a refresh token that works once.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::clock::BoxFuture;
use crate::error::{Error, ErrorKind};
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
    fn load(&self) -> BoxFuture<'_, Option<SecretString>> {
        Box::pin(std::future::ready(None))
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

    async fn kept(&self) -> Option<SecretString> {
        match &self.keeper {
            Some(keeper) => keeper.load().await,
            None => None,
        }
    }
}

/// Whether the vendor has said no to the refresh token.
fn is_refusal(error: &Error) -> bool {
    error.code().is_some() && !matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::RateLimited)
}

impl<R: Refresh> Grant for RefreshGrant<R> {
    fn key(&self) -> String {
        self.vendor.key()
    }

    fn restore(&self, token: Token) -> Token {
        self.vendor.restore(token)
    }

    fn issue(&self) -> BoxFuture<'_, Result<IssuedToken, Error>> {
        Box::pin(async move {
            let own = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let first = self.kept().await.unwrap_or_else(|| own.clone());
            let tokens = match self.vendor.refresh(first.expose_secret()).await {
                Err(error) if is_refusal(&error) => {
                    // Another process may have renewed in between, or what is kept is older than what we have.
                    let others = [self.kept().await, Some(own)].into_iter().flatten();
                    let mut newer = others.filter(|other| other.expose_secret() != first.expose_secret());
                    let newer = newer.next().ok_or(error)?;
                    self.vendor.refresh(newer.expose_secret()).await?
                }
                result => result?,
            };
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use secrecy::{ExposeSecret as _, SecretString};

    use super::{KeepTokens, Refresh, RefreshGrant, UserTokens};
    use crate::clock::BoxFuture;
    use crate::error::{Error, ErrorKind};
    use crate::token::{Grant, Token};

    /// Takes each refresh token once: `R0`, `R1`, ..
    #[derive(Clone, Default)]
    struct Vendor(Arc<Mutex<u32>>);

    impl Refresh for Vendor {
        fn key(&self) -> String {
            "test:user".to_owned()
        }

        fn refresh<'a>(&'a self, refresh_token: &'a str) -> BoxFuture<'a, Result<UserTokens, Error>> {
            let mut number = self.0.lock().unwrap();
            let result = if refresh_token == format!("R{number}") {
                *number += 1;
                let refresh = Some(SecretString::from(format!("R{number}")));
                let access = Token::new(format!("A{number}"));
                Ok(UserTokens { access, lives: Duration::from_secs(7200), refresh, refresh_lives: None })
            } else {
                let mut error = Error::new("test", "refresh", ErrorKind::Auth, "used up");
                error.parts_mut().code = Some("20064".to_owned());
                Err(error)
            };
            Box::pin(std::future::ready(result))
        }
    }

    /// A database, or one that is only written.
    #[derive(Clone, Default)]
    struct Database {
        kept: Arc<Mutex<Option<SecretString>>>,
        is_read: bool,
        /// What the first questions are answered, as if it had been asked earlier.
        earlier: Arc<Mutex<Vec<&'static str>>>,
    }

    impl KeepTokens for Database {
        fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
            *self.kept.lock().unwrap() = tokens.refresh.clone();
            Box::pin(std::future::ready(()))
        }

        fn load(&self) -> BoxFuture<'_, Option<SecretString>> {
            let earlier = self.earlier.lock().unwrap().pop().map(SecretString::from);
            let kept = earlier.or_else(|| self.kept.lock().unwrap().clone().filter(|_| self.is_read));
            Box::pin(std::future::ready(kept))
        }
    }

    async fn renewals(is_read: bool) -> Vec<Result<String, ErrorKind>> {
        let (vendor, database) = (Vendor::default(), Database { is_read, ..Database::default() });
        let process =
            || RefreshGrant::new(vendor.clone(), SecretString::from("R0"), Some(Arc::new(database.clone()) as Arc<_>));
        let (one, other) = (process(), process());
        let mut tokens = Vec::new();
        for process in [&one, &other, &other, &one] {
            let issued = process.issue().await;
            tokens.push(issued.map(|issued| issued.token.expose().to_owned()).map_err(|error| error.kind()));
        }
        assert_eq!(database.kept.lock().unwrap().as_ref().unwrap().expose_secret().chars().next(), Some('R'));
        tokens
    }

    #[tokio::test]
    async fn processes_that_read_what_was_kept_take_turns() {
        assert_eq!(renewals(true).await, ["A1", "A2", "A3", "A4"].map(|token| Ok(token.to_owned())));
    }

    #[tokio::test]
    async fn a_renewal_that_another_process_has_overtaken_goes_on_from_what_that_one_kept() {
        let (vendor, database) = (Vendor::default(), Database { is_read: true, ..Database::default() });
        let process = || {
            let keeper: Arc<dyn KeepTokens> = Arc::new(database.clone());
            RefreshGrant::new(vendor.clone(), SecretString::from("R0"), Some(keeper))
        };
        process().issue().await.unwrap();
        database.earlier.lock().unwrap().push("R0");

        assert_eq!(process().issue().await.unwrap().token.expose(), "A2");
    }

    #[tokio::test]
    async fn what_a_client_was_built_with_is_used_if_what_was_kept_is_refused() {
        let (vendor, database) = (Vendor::default(), Database { is_read: true, ..Database::default() });
        *database.kept.lock().unwrap() = Some(SecretString::from("of an older login"));
        let process = RefreshGrant::new(vendor, SecretString::from("R0"), Some(Arc::new(database)));

        assert_eq!(process.issue().await.unwrap().token.expose(), "A1");
    }

    #[tokio::test]
    async fn without_reading_it_only_one_process_can_renew() {
        let auth = Err(ErrorKind::Auth);
        assert_eq!(renewals(false).await, [Ok("A1".to_owned()), auth.clone(), auth, Ok("A2".to_owned())]);
    }
}
