//! The connection to Redis. It reconnects by itself and enforces a time limit for each command.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use huiyi_core::StoreError;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, IntoConnectionInfo, RedisError, RedisResult};

use crate::seal::Seal;

/// After a failure Redis is not used for this time; otherwise each call would wait for the time limit.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// A Redis or Valkey server that several processes share. Clones share one connection.
///
/// It is a [`TokenStore`](huiyi_core::TokenStore) with leases and a `SharedQuota`, and it creates
/// [keepers](Self::keeper) of refresh tokens.
#[derive(Clone)]
pub struct Redis {
    shared: Arc<Shared>,
    prefix: Arc<str>,
    pub(crate) seal: Seal,
    time_limit: Duration,
    pub(crate) replicas: u32,
}

struct Shared {
    client: Client,
    manager: Mutex<Option<ConnectionManager>>,
    started: Instant,
    /// The time until which Redis is not used, in milliseconds since the start.
    down_until: AtomicU64,
}

impl Redis {
    /// Creates a client for a server URL: `redis://[user:password@]host[:port][/database]`, `rediss://` with a TLS
    /// feature, or `redis+unix:///path`. It does not connect yet, so the server may start later.
    ///
    /// # Errors
    ///
    /// If the URL is not valid.
    pub fn new(url: impl IntoConnectionInfo) -> Result<Self, RedisError> {
        let shared = Shared {
            client: Client::open(url)?,
            manager: Mutex::new(None),
            started: Instant::now(),
            down_until: AtomicU64::new(0),
        };
        Ok(Self {
            shared: Arc::new(shared),
            prefix: Arc::from("huiyi"),
            seal: Seal::default(),
            time_limit: Duration::from_millis(500),
            replicas: 1,
        })
    }

    /// Sets the prefix of all keys. Default: `huiyi`. Services that share a server but not their credentials need
    /// different prefixes.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<Arc<str>>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sets the time limit of a command, including the time to connect. Default: half a second.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Sets how many processes share the quotas. While Redis is down, each process uses this fraction of every
    /// quota. Default: 1, so a process uses the whole quota.
    #[must_use]
    pub fn with_replicas(mut self, replicas: u32) -> Self {
        self.replicas = replicas.max(1);
        self
    }

    /// Encrypts tokens with this key (AES-256-GCM). Values stored with another key, or without one, are ignored.
    #[cfg(feature = "encryption")]
    #[cfg_attr(docsrs, doc(cfg(feature = "encryption")))]
    #[must_use]
    pub fn encrypted(mut self, key: &[u8; 32]) -> Self {
        self.seal = Seal::with_key(key);
        self
    }

    /// Returns a key of this service. The text in braces selects the cluster slot, so a script finds all its keys in
    /// one slot.
    pub(crate) fn key(&self, thing: &str, what: &str) -> String {
        format!("{}:{{{thing}}}:{what}", self.prefix)
    }

    /// Runs commands within the time limit.
    pub(crate) async fn run<T, F: Future<Output = RedisResult<T>>>(
        &self,
        commands: impl FnOnce(ConnectionManager) -> F,
    ) -> Result<T, StoreError> {
        let now = self.now();
        let down_until = self.shared.down_until.load(Ordering::Relaxed);
        if now < down_until {
            return Err(StoreError::new("Redis did not answer a moment ago"));
        }
        let manager = self.manager().map_err(StoreError::new)?;
        let failure = match tokio::time::timeout(self.time_limit, commands(manager)).await {
            Ok(Ok(value)) => return Ok(value),
            // The server responds with an error, for instance because of a wrong password. This is no reason to
            // pause.
            Ok(Err(error)) if !error.is_io_error() && !error.is_timeout() => return Err(StoreError::new(error)),
            Ok(Err(error)) => StoreError::new(error),
            Err(_) => StoreError::new(format!("no answer of Redis within {} ms", self.time_limit.as_millis())),
        };
        let pause = u64::try_from(AFTER_FAILURE.as_millis()).unwrap_or(u64::MAX);
        self.shared.down_until.store(self.now().saturating_add(pause), Ordering::Relaxed);
        Err(failure)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.shared.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn manager(&self) -> RedisResult<ConnectionManager> {
        let mut manager = self.shared.manager.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(manager) = &*manager {
            return Ok(manager.clone());
        }
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(AFTER_FAILURE)
            .set_connection_timeout(Some(self.time_limit))
            .set_response_timeout(Some(self.time_limit));
        let made = ConnectionManager::new_lazy_with_config(self.shared.client.clone(), config)?;
        *manager = Some(made.clone());
        Ok(made)
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").field("prefix", &self.prefix).field("replicas", &self.replicas).finish_non_exhaustive()
    }
}
