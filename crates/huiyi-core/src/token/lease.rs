//! The right of one process to ask for a token that all of them need.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Entropy;

/// What a process that wants to ask the vendor for a token asks a store for: nobody else may have the lease of
/// this key until it is released or its time is over.
#[derive(Clone, PartialEq, Eq)]
pub struct Lease {
    key: String,
    owner: String,
    ttl: Duration,
}

impl Lease {
    /// A lease of a key for an owner; it ends by itself after `ttl`.
    pub fn new(key: impl Into<String>, owner: impl Into<String>, ttl: Duration) -> Self {
        Self { key: key.into(), owner: owner.into(), ttl }
    }

    /// A lease with an owner that nobody else is.
    pub(super) fn random(key: &str, entropy: &dyn Entropy, ttl: Duration) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let owner = format!("{:016x}{:016x}-{number}", entropy.next_u64(), entropy.next_u64());
        Self::new(key, owner, ttl)
    }

    /// The key of the token.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Who has or wants the lease. Another text for each fetch of each process.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// How long the lease lasts from now on unless it is taken again.
    pub fn ttl(&self) -> Duration {
        self.ttl
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("key", &self.key).field("owner", &self.owner).field("ttl", &self.ttl).finish()
    }
}

/// A store's answer to somebody who wants a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leased {
    /// The lease is the asker's, also if it was before.
    Granted,
    /// Somebody else has it.
    HeldByAnother,
    /// The store has no leases: each process asks the vendor itself.
    Unsupported,
}
