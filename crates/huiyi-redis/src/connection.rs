//! The connection: reconnects by itself, and no command takes longer than its time limit.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use huiyi_core::StoreError;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, IntoConnectionInfo, RedisError, RedisResult};

use crate::seal::Seal;

/// After a failure Redis is not asked for so long: each call would wait for the time limit.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// A Redis or Valkey server that several processes share. Clones share one connection.
///
/// It is a [`TokenStore`](huiyi_core::TokenStore) with leases, a `SharedQuota`, and makes
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
    /// Milliseconds since the start until which Redis is not asked.
    down_until: AtomicU64,
}

impl Redis {
    /// A server by its URL: `redis://[user:password@]host[:port][/database]`, `rediss://` with a TLS feature, or
    /// `redis+unix:///path`. Nothing is sent yet; the server may come up later.
    ///
    /// # Errors
    ///
    /// If the URL is none.
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

    /// What all keys begin with. Default: `huiyi`. Services that share a server but no credentials need different
    /// ones.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<Arc<str>>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The longest that a command may take, connecting included. Default: half a second.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// How many processes share the quotas. While Redis is down each of them uses this part of every quota.
    /// Default: 1, which is all of it.
    #[must_use]
    pub fn with_replicas(mut self, replicas: u32) -> Self {
        self.replicas = replicas.max(1);
        self
    }

    /// Encrypts tokens with this key (AES-256-GCM). What was stored with another key, or with none, is as if it
    /// were not there.
    #[cfg(feature = "encryption")]
    #[cfg_attr(docsrs, doc(cfg(feature = "encryption")))]
    #[must_use]
    pub fn encrypted(mut self, key: &[u8; 32]) -> Self {
        self.seal = Seal::with_key(key);
        self
    }

    /// A key of this service. What stands in braces decides the slot of a cluster, so that scripts find all keys of
    /// one thing together.
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
            // The server is there and says no, for instance to a wrong password: that is no reason to wait.
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
