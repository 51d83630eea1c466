//! Sharing tokens among clients and processes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::BoxFuture;
use crate::token::Token;

/// A place where several clients or processes share tokens, so that one request serves them all.
///
/// A store that fails should behave as if it were empty: the client then asks the vendor itself.
/// Calls wait for it, so let it give up after a second or so.
/// Entries are secrets; encrypt them where others can read.
///
/// ```
/// use std::time::Duration;
///
/// use huiyi_core::{BoxFuture, StoredToken, Token, TokenStore};
///
/// # struct Redis;
/// # impl Redis {
/// #     async fn get(&self, _key: &str) -> Option<(String, u64)> { None }
/// #     async fn set(&self, _key: &str, _text: &str, _until: u64) {}
/// # }
/// impl TokenStore for Redis {
///     fn load<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<StoredToken>> {
///         Box::pin(async move {
///             let (text, until) = self.get(key).await?;
///             Some(StoredToken { token: Token::new(text), expires: Duration::from_secs(until) })
///         })
///     }
///
///     fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> BoxFuture<'a, ()> {
///         Box::pin(async move { self.set(key, token.token.expose(), token.expires.as_secs()).await })
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// The token kept under this key, if any.
    fn load<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<StoredToken>>;

    /// Keeps a token under this key, in place of an older one.
    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> BoxFuture<'a, ()>;
}

/// A token with the moment at which it expires.
#[derive(Clone, Debug)]
pub struct StoredToken {
    /// The token.
    pub token: Token,
    /// Expiry as time since the Unix epoch.
    pub expires: Duration,
}

impl std::fmt::Debug for dyn TokenStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenStore")
    }
}

/// A store in this process's memory, to share tokens among several clients.
///
/// ```
/// use std::sync::Arc;
///
/// use huiyi_core::{MemoryStore, TokenStore};
///
/// // Give a clone of it to each client's `token_store`.
/// let shared: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());
/// # let _ = shared;
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<HashMap<String, StoredToken>>);

impl TokenStore for MemoryStore {
    fn load<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<StoredToken>> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        Box::pin(async move { found })
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> BoxFuture<'a, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), token.clone());
        Box::pin(async {})
    }
}
