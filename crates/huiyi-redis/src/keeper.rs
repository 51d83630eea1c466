//! Keeps a user's refresh token, which works once.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use huiyi_core::secrecy::{ExposeSecret as _, SecretString};
use huiyi_core::user_token::{KeepTokens, UserTokens};
use huiyi_core::{BoxFuture, StoreError};

use crate::connection::Redis;

/// The first and the longest wait before a failed attempt to keep a pair is repeated.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Keeps one user's refresh token in Redis for any number of processes.
#[derive(Clone)]
pub struct RedisKeeper {
    redis: Redis,
    user: Arc<str>,
    /// Number of pairs passed to the keeper: an older pair is abandoned when a newer one arrives.
    pairs: Arc<AtomicU64>,
}

impl Redis {
    /// Returns the keeper of a user's refresh token. `user` identifies vendor, app, tenant and user, in any format.
    ///
    /// Also share the access tokens (`ClientBuilder::token_store`), so that only one process at a time renews.
    ///
    /// If a pair cannot be kept, the keeper retries until Redis is back. Let Redis write to disk (`appendonly yes`),
    /// otherwise users must log in again after Redis restarts.
    pub fn keeper(&self, user: impl Into<Arc<str>>) -> RedisKeeper {
        RedisKeeper { redis: self.clone(), user: user.into(), pairs: Arc::default() }
    }
}

impl RedisKeeper {
    /// Keeps the refresh token of a login and replaces an older one.
    ///
    /// # Errors
    ///
    /// If Redis cannot be written.
    pub async fn store(&self, refresh_token: &SecretString, expires_in: Option<Duration>) -> Result<(), StoreError> {
        let name = self.name();
        let sealed = self.redis.seal.seal(&self.user, refresh_token.expose_secret());
        let sealed = sealed.map_err(|_| StoreError::new("the refresh token cannot be encrypted"))?;
        let mut command = redis::cmd("SET");
        command.arg(name).arg(sealed);
        if let Some(ttl) = expires_in {
            command.arg("EX").arg(ttl.as_secs().clamp(1, 1 << 40));
        }
        self.redis.run(|mut connection| async move { command.query_async(&mut connection).await }).await
    }

    fn name(&self) -> String {
        self.redis.key(&self.user.replace(['{', '}'], "_"), "refresh")
    }
}

impl KeepTokens for RedisKeeper {
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let Some(refresh) = &tokens.refresh else { return };
            let pair = self.pairs.fetch_add(1, Ordering::Relaxed) + 1;
            let mut wait = FIRST_WAIT;
            while self.pairs.load(Ordering::Relaxed) == pair
                && self.store(refresh, tokens.refresh_expires_in).await.is_err()
            {
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        })
    }

    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, StoreError>> {
        Box::pin(async move {
            let name = self.name();
            let found: Option<Vec<u8>> = self
                .redis
                .run(|mut connection| async move { redis::cmd("GET").arg(name).query_async(&mut connection).await })
                .await?;
            Ok(found.and_then(|bytes| self.redis.seal.open(&self.user, &bytes)).map(SecretString::from))
        })
    }
}

impl fmt::Debug for RedisKeeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisKeeper").field("user", &self.user).finish_non_exhaustive()
    }
}
