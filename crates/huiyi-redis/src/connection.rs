//! The connection to Redis. It is replaced when it fails, and each command has a time limit.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use huiyi_core::StoreError;
#[cfg(feature = "events")]
use huiyi_core::clock::{Entropy as _, SystemEntropy};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::io::tcp::{TcpSettings, socket2::TcpKeepalive};
use redis::{Client, IntoConnectionInfo, RedisError, RedisResult};

use crate::seal::Seal;

/// After a failure Redis is not used for this time; otherwise each call would wait for the time limit.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// After this idle time the system checks whether the server is still there. It also stops network devices from
/// forgetting the connection.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// The system closes a connection whose data is not acknowledged within this time.
#[cfg(any(target_os = "android", target_os = "linux"))]
const ACKNOWLEDGED: Duration = Duration::from_secs(30);

/// Codes of errors that concern the server or the connection, not the command: the server has become a replica, it
/// has lost its own server, or the connection is not authenticated.
const ELSEWHERE: [&str; 3] = ["READONLY", "MASTERDOWN", "NOAUTH"];

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
    link: Mutex<Option<Arc<Link>>>,
    started: Instant,
    /// The time until which Redis is not used, in milliseconds since the start.
    down_until: AtomicU64,
    /// Whose claims of events these are.
    #[cfg(feature = "events")]
    owner: String,
}

/// A connection that is established by the first command. It is used until it fails.
///
/// The manager would keep a connection that does not answer, and the result of a refused one. It is used because all
/// commands that wait for it share one attempt to connect.
struct Link {
    manager: ConnectionManager,
    /// The start of the first command since the last answer, in milliseconds since the start, or [`NOTHING`].
    unanswered_since: AtomicU64,
}

/// The server owes no answer.
const NOTHING: u64 = u64::MAX;

impl Link {
    /// Returns whether a command had no answer within this time. A caller that does not wait so long drops the
    /// command before its time limit.
    fn is_overdue(&self, now: u64, limit: Duration) -> bool {
        let since = self.unanswered_since.load(Ordering::Relaxed);
        Duration::from_millis(now.saturating_sub(since)) > limit
    }

    fn asks(&self, now: u64) {
        let _ = self.unanswered_since.compare_exchange(NOTHING, now, Ordering::Relaxed, Ordering::Relaxed);
    }

    fn answered(&self) {
        self.unanswered_since.store(NOTHING, Ordering::Relaxed);
    }
}

/// Returns whether an error is the server's answer to a command, and no reason to leave the connection. Errors of the
/// connection and of its setup, for instance a wrong password, are none.
fn is_answer(error: &RedisError) -> bool {
    let Some(errors) = error.clone().into_server_errors() else { return false };
    !errors.iter().any(|(_, error)| {
        // Redis 6 gives the error of a command in a script as text.
        let text = error.details().unwrap_or_default();
        ELSEWHERE.iter().any(|code| error.code() == *code || text.contains(&format!("-{code} ")))
    })
}

/// Adds what is not set.
fn checked(mut settings: TcpSettings) -> TcpSettings {
    if settings.keepalive().is_none() {
        settings = settings.set_keepalive(TcpKeepalive::new().with_time(KEEPALIVE));
    }
    #[cfg(any(target_os = "android", target_os = "linux"))]
    if settings.user_timeout().is_none() {
        settings = settings.set_user_timeout(ACKNOWLEDGED);
    }
    settings
}

impl Redis {
    /// Creates a client for a server URL: `redis://[user:password@]host[:port][/database]`, `rediss://` with a TLS
    /// feature, or `redis+unix:///path`. It does not connect yet, so the server may start later.
    ///
    /// # Errors
    ///
    /// If the URL is not valid.
    pub fn new(url: impl IntoConnectionInfo) -> Result<Self, RedisError> {
        let info = url.into_connection_info()?;
        let settings = checked(info.tcp_settings().clone());
        let shared = Shared {
            client: Client::open(info.set_tcp_settings(settings))?,
            link: Mutex::new(None),
            started: Instant::now(),
            down_until: AtomicU64::new(0),
            #[cfg(feature = "events")]
            owner: format!("{:016x}{:016x}", SystemEntropy.next_u64(), SystemEntropy.next_u64()),
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

    /// Returns a random name of this client and its clones.
    #[cfg(feature = "events")]
    pub(crate) fn owner(&self) -> &str {
        &self.shared.owner
    }

    /// Runs commands within the time limit.
    pub(crate) async fn run<T, F: Future<Output = RedisResult<T>>>(
        &self,
        commands: impl FnOnce(ConnectionManager) -> F,
    ) -> Result<T, StoreError> {
        let now = self.now();
        let down_until = self.shared.down_until.load(Ordering::Relaxed);
        if now < down_until {
            return Err(StoreError::new("Redis failed less than 1 s ago and is not used yet"));
        }
        let link = self.link(now).map_err(StoreError::new)?;
        link.asks(now);
        let failure = match tokio::time::timeout(self.time_limit, commands(link.manager.clone())).await {
            Ok(Ok(value)) => {
                link.answered();
                return Ok(value);
            }
            Ok(Err(error)) if is_answer(&error) => {
                link.answered();
                return Err(StoreError::new(error));
            }
            Ok(Err(error)) => StoreError::new(error),
            Err(_) => StoreError::new(format!("no answer from Redis within {} ms", self.time_limit.as_millis())),
        };
        self.leave(&link);
        Err(failure)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.shared.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Returns the connection. A new one is made if there is none, or if the old one does not answer.
    fn link(&self, now: u64) -> RedisResult<Arc<Link>> {
        let mut link = self.shared.link.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(link) = &*link
            && !link.is_overdue(now, self.time_limit)
        {
            return Ok(Arc::clone(link));
        }
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(AFTER_FAILURE)
            .set_connection_timeout(Some(self.time_limit))
            .set_response_timeout(None);
        let manager = ConnectionManager::new_lazy_with_config(self.shared.client.clone(), config)?;
        let made = Arc::new(Link { manager, unanswered_since: AtomicU64::new(NOTHING) });
        *link = Some(Arc::clone(&made));
        Ok(made)
    }

    /// Leaves a connection that failed, and pauses. Nothing happens if another one has replaced it.
    fn leave(&self, failed: &Arc<Link>) {
        let mut link = self.shared.link.lock().unwrap_or_else(PoisonError::into_inner);
        if link.take_if(|link| Arc::ptr_eq(link, failed)).is_some() {
            let pause = u64::try_from(AFTER_FAILURE.as_millis()).unwrap_or(u64::MAX);
            self.shared.down_until.store(self.now().saturating_add(pause), Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").field("prefix", &self.prefix).field("replicas", &self.replicas).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use redis::{ErrorKind, RedisError, ServerErrorKind, make_extension_error};

    use super::{Redis, is_answer};

    #[test]
    fn the_system_checks_connections_unless_it_is_set_otherwise() {
        let redis = Redis::new("redis://127.0.0.1").ok();
        let settings = redis.as_ref().map(|redis| redis.shared.client.get_connection_info().tcp_settings());

        assert!(settings.is_some_and(|settings| settings.keepalive().is_some()));
        #[cfg(target_os = "linux")]
        assert!(settings.is_some_and(|settings| settings.user_timeout().is_some()));
    }

    #[test]
    fn a_connection_is_left_for_errors_of_the_server_and_not_for_those_of_a_command() {
        let said = |code: &str, text: &str| make_extension_error(code.to_owned(), Some(text.to_owned()));
        let script = "Error running script (call to f_1): @user_script:4: -READONLY You can't write against a replica.";

        assert!(is_answer(&said("WRONGTYPE", "Operation against a key holding the wrong kind of value")));
        assert!(is_answer(&said("ERR", "Error running script (call to f_1): READONLY")));
        for error in [
            said("NOAUTH", "Authentication required."),
            said("READONLY", "You can't write against a read only replica."),
            said("ERR", script),
            RedisError::from((ErrorKind::AuthenticationFailed, "Password authentication failed")),
            RedisError::from((ServerErrorKind::ResponseError.into(), "Redis server refused to switch database")),
            RedisError::from(std::io::Error::from(std::io::ErrorKind::BrokenPipe)),
        ] {
            assert!(!is_answer(&error), "{error}");
        }
    }
}
