//! Access tokens, and the leases for requesting them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use huiyi_core::{BoxFuture, Lease, Leased, StoreError, StoredToken, Token, TokenStore};
use redis::Script;

use crate::connection::Redis;
use crate::seal::fingerprint;

/// Stores a token unless another owner has had the lease since.
const SAVE_UNDER: &str = "
local last = redis.call('GET', KEYS[2])
if last and last ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1";

/// Removes a token if it still has this fingerprint.
const FORGET: &str = "
local stored = redis.call('GET', KEYS[1])
if stored and string.sub(stored, 1, #ARGV[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1";

/// Takes or extends a lease. Its last owner is known for a day longer.
const LEASE: &str = "
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], ARGV[1], 'PX', 86400000 + ARGV[2])
return 1";

/// Ends a lease.
const RELEASE: &str = "
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1";

impl Redis {
    /// Returns the bytes of a token: its fingerprint, then its expiry and text, encrypted if there is a key.
    fn written(&self, key: &str, stored: &StoredToken) -> Result<Vec<u8>, StoreError> {
        let expires = stored.expires.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let text = format!("{expires} {}", stored.token.expose());
        let sealed = self.seal.seal(key, &text).map_err(|_| StoreError::new("the token cannot be encrypted"))?;
        Ok([fingerprint(stored.token.expose()).as_bytes(), &sealed].concat())
    }

    fn read(&self, key: &str, bytes: &[u8]) -> Option<StoredToken> {
        let text = self.seal.open(key, bytes.get(16..)?)?;
        let (expires, token) = text.split_once(' ')?;
        let expires = UNIX_EPOCH.checked_add(Duration::from_millis(expires.parse().ok()?))?;
        Some(StoredToken::new(Token::new(token), expires))
    }
}

/// Returns for how many milliseconds Redis keeps a token; at least one.
fn ttl(stored: &StoredToken) -> u64 {
    let left = stored.expires.duration_since(SystemTime::now()).unwrap_or_default();
    millis(left)
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).clamp(1, 1 << 52)
}

impl TokenStore for Redis {
    fn load<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        Box::pin(async move {
            let name = self.key(key, "token");
            let found: Option<Vec<u8>> = self
                .run(|mut connection| async move { redis::cmd("GET").arg(name).query_async(&mut connection).await })
                .await?;
            Ok(found.and_then(|bytes| self.read(key, &bytes)))
        })
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let (name, bytes) = (self.key(key, "token"), self.written(key, token)?);
            self.run(|mut connection| async move {
                redis::cmd("SET").arg(name).arg(bytes).arg("PX").arg(ttl(token)).query_async(&mut connection).await
            })
            .await
        })
    }

    fn save_under<'a>(&'a self, lease: &'a Lease, token: &'a StoredToken) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let bytes = self.written(lease.key(), token)?;
            let script = Script::new(SAVE_UNDER);
            let mut call = script.key(self.key(lease.key(), "token"));
            call.key(self.key(lease.key(), "last-owner")).arg(lease.owner()).arg(bytes).arg(ttl(token));
            self.run(|mut connection| async move { call.invoke_async(&mut connection).await }).await
        })
    }

    fn forget<'a>(&'a self, key: &'a str, token: &'a Token) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let script = Script::new(FORGET);
            let mut call = script.key(self.key(key, "token"));
            call.arg(fingerprint(token.expose()));
            self.run(|mut connection| async move { call.invoke_async::<i64>(&mut connection).await }).await.map(drop)
        })
    }

    fn lease<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<Leased, StoreError>> {
        Box::pin(async move {
            let script = Script::new(LEASE);
            let mut call = script.key(self.key(lease.key(), "lease"));
            call.key(self.key(lease.key(), "last-owner")).arg(lease.owner()).arg(millis(lease.ttl()));
            let granted: bool =
                self.run(|mut connection| async move { call.invoke_async(&mut connection).await }).await?;
            Ok(if granted { Leased::Granted } else { Leased::HeldByAnother })
        })
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let script = Script::new(RELEASE);
            let mut call = script.key(self.key(lease.key(), "lease"));
            call.arg(lease.owner());
            self.run(|mut connection| async move { call.invoke_async::<i64>(&mut connection).await }).await.map(drop)
        })
    }
}
