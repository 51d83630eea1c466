//! Keeps a user's refresh token, which works once.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use huiyi_core::secrecy::{ExposeSecret as _, SecretString};
use huiyi_core::user_token::{KeepTokens, UserTokens};
use huiyi_core::{BoxFuture, StoreError};
use redis::Script;

use crate::connection::Redis;
use crate::tokens::millis;

/// The first and the longest wait before a failed attempt to keep a pair is repeated.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Stores the time of arrival and the refresh token, unless a later one is stored.
///
/// Times are milliseconds of Redis's own clock, and the client gives the age, so differences between the processes'
/// clocks do not matter. A stored time in the future means that the clock went back, and is ignored.
const STORE: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local arrived = now - tonumber(ARGV[2])
local stored = redis.call('GET', KEYS[1])
local other = stored and tonumber(string.match(stored, '^(%d+) '))
if other and other > arrived and other <= now then return 0 end
local value = string.format('%.0f ', arrived) .. ARGV[1]
if ARGV[3] then redis.call('SET', KEYS[1], value, 'PX', ARGV[3]) else redis.call('SET', KEYS[1], value) end
return 1";

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
    /// Also share the access tokens (`ClientBuilder::token_store`), so only one process at a time renews.
    ///
    /// If a pair cannot be kept, the keeper retries until Redis is back. Let Redis write to disk (`appendonly yes`),
    /// otherwise users must log in again after Redis restarts.
    pub fn keeper(&self, user: impl Into<Arc<str>>) -> RedisKeeper {
        RedisKeeper { redis: self.clone(), user: user.into(), pairs: Arc::default() }
    }
}

impl RedisKeeper {
    /// Keeps the refresh token of a login and replaces an older one. A pair that was renewed before and is kept later,
    /// in any process, does not replace it.
    ///
    /// # Errors
    ///
    /// If Redis cannot be written.
    pub async fn store(&self, refresh_token: &SecretString, expires_in: Option<Duration>) -> Result<(), StoreError> {
        self.store_from(Instant::now(), refresh_token, expires_in).await
    }

    /// Keeps a refresh token that arrived at this time.
    async fn store_from(
        &self,
        arrived: Instant,
        refresh_token: &SecretString,
        expires_in: Option<Duration>,
    ) -> Result<(), StoreError> {
        let sealed = self.redis.seal.seal(&self.user, refresh_token.expose_secret());
        let sealed = sealed.map_err(|_| StoreError::new("the refresh token cannot be encrypted"))?;
        let (script, age) = (Script::new(STORE), arrived.elapsed());
        let mut call = script.key(self.name());
        call.arg(sealed).arg(u64::try_from(age.as_millis()).unwrap_or(u64::MAX));
        if let Some(ttl) = expires_in {
            call.arg(millis(ttl.saturating_sub(age)));
        }
        self.redis.run(|mut connection| async move { call.invoke_async::<i64>(&mut connection).await }).await.map(drop)
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
            let (arrived, mut wait) = (Instant::now(), FIRST_WAIT);
            while self.pairs.load(Ordering::Relaxed) == pair
                && self.store_from(arrived, refresh, tokens.refresh_expires_in).await.is_err()
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
            let sealed = found.as_deref().and_then(|bytes| bytes.splitn(2, |byte| *byte == b' ').nth(1));
            Ok(sealed.and_then(|sealed| self.redis.seal.open(&self.user, sealed)).map(SecretString::from))
        })
    }
}

impl fmt::Debug for RedisKeeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisKeeper").field("user", &self.user).finish_non_exhaustive()
    }
}
