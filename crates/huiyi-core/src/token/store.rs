//! Shares tokens among clients and processes.

use std::fmt;
use std::time::SystemTime;

use super::access::Token;
use super::lease::{Lease, Leased};
use crate::clock::BoxFuture;

/// A place where several clients or processes share tokens, so one request serves all of them.
///
/// A store cannot stop a client. If a step fails or takes too long (more than an eighth of the client's time
/// limit or three seconds, whichever is shorter), the client reports it to the
/// [`Observer`](crate::observe::Observer) and continues as if the store were empty.
///
/// A key names everything that its token depends on: vendor, host, app, tenant or corporation, user. It
/// contains no secret. Its format may change with the version. The tokens are secrets: encrypt them if others
/// can read the store.
///
/// With [`lease`](Self::lease), if several processes need a token at the same time, one requests it and the
/// others wait until it is stored. Without leases each process requests its own token, which is enough for
/// one process. The crate `huiyi-redis` has a store with leases.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use huiyi_core::{BoxFuture, StoreError, StoredToken, Token, TokenStore};
///
/// # struct Database;
/// # impl Database {
/// #     async fn get(&self, _key: &str) -> std::io::Result<Option<(String, u64)>> { Ok(None) }
/// #     async fn set(&self, _key: &str, _text: &str, _until: u64) -> std::io::Result<()> { Ok(()) }
/// # }
/// impl TokenStore for Database {
///     fn load<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
///         Box::pin(async move {
///             let found = self.get(key).await.map_err(StoreError::new)?;
///             Ok(found.map(|(text, until)| {
///                 StoredToken::new(Token::new(text), UNIX_EPOCH + Duration::from_secs(until))
///             }))
///         })
///     }
///
///     fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>> {
///         Box::pin(async move {
///             let until = token.expires.duration_since(UNIX_EPOCH).unwrap_or_default();
///             self.set(key, token.token.expose(), until.as_secs()).await.map_err(StoreError::new)
///         })
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// Returns the token stored under this key, if any.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn load<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>>;

    /// Stores a token under this key and replaces an older one.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Stores a token under the key of a lease, unless another owner has held the lease since, even if that lease has
    /// ended: that owner may have stored a newer token. Returns whether it was stored. Without leases it is the
    /// same as [`save`](Self::save).
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    fn save_under<'a>(&'a self, lease: &'a Lease, token: &'a StoredToken) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { self.save(lease.key(), token).await.map(|()| true) })
    }

    /// Removes the token under this key if it is still this one, because the vendor has rejected it. The
    /// default removes nothing; the client whose token was rejected does not use it again.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    fn forget<'a>(&'a self, key: &'a str, token: &'a Token) -> BoxFuture<'a, Result<(), StoreError>> {
        let _ = (key, token);
        Box::pin(std::future::ready(Ok(())))
    }

    /// Gives the lease of a key to its owner, or extends it, unless another owner has it. The default has no
    /// leases.
    ///
    /// # Errors
    ///
    /// If the store cannot be reached.
    fn lease<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<Leased, StoreError>> {
        let _ = lease;
        Box::pin(std::future::ready(Ok(Leased::Unsupported)))
    }

    /// Ends a lease early if its owner still has it.
    ///
    /// # Errors
    ///
    /// If the store cannot be reached.
    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        let _ = lease;
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A token and the time at which it expires.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoredToken {
    /// The token.
    pub token: Token,
    /// When it expires.
    pub expires: SystemTime,
}

impl StoredToken {
    /// Creates a token that expires at this time.
    pub fn new(token: Token, expires: SystemTime) -> Self {
        Self { token, expires }
    }
}

/// Why a step of a store failed. The client continues without the store.
///
/// ```
/// use huiyi_core::StoreError;
///
/// let error = StoreError::new(std::io::Error::other("connection refused"));
/// assert_eq!(error.to_string(), "connection refused");
/// ```
#[derive(Debug)]
pub struct StoreError(Box<dyn std::error::Error + Send + Sync>);

impl StoreError {
    /// Creates an error from its cause, which must not contain a token.
    pub fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl fmt::Debug for dyn TokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenStore")
    }
}
