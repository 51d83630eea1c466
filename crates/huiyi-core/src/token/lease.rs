//! The right of one process to request a token that several processes need.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Entropy;

/// A lease on a key. A process gets it from the store before it requests a token. No other process can have
/// it until it is released or expires.
#[derive(Clone, PartialEq, Eq)]
pub struct Lease {
    key: String,
    owner: String,
    ttl: Duration,
}

impl Lease {
    /// Creates a lease of a key for an owner; it expires after `ttl`.
    pub fn new(key: impl Into<String>, owner: impl Into<String>, ttl: Duration) -> Self {
        Self { key: key.into(), owner: owner.into(), ttl }
    }

    /// Creates a lease with a unique owner.
    pub(super) fn random(key: &str, entropy: &dyn Entropy, ttl: Duration) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let owner = format!("{:016x}{:016x}-{number}", entropy.next_u64(), entropy.next_u64());
        Self::new(key, owner, ttl)
    }

    /// Returns the key of the token.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns who has or wants the lease. Each fetch of each process has a different owner.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Returns how long the lease lasts from now on unless it is renewed.
    pub fn ttl(&self) -> Duration {
        self.ttl
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("key", &self.key).field("owner", &self.owner).field("ttl", &self.ttl).finish()
    }
}

/// A store's reply to a request for a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leased {
    /// The requester has the lease, also if it had it before.
    Granted,
    /// Another owner has it.
    HeldByAnother,
    /// The store has no leases: each process requests tokens itself.
    Unsupported,
}
