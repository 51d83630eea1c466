//! Blocks by the vendor.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What a vendor blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocks {
    /// The operation that was called.
    Operation,
    /// Everything from this address, whatever the credentials.
    Everything,
}

/// Even if a vendor asks for a longer wait, calls are sent again after an hour: no vendor documents a longer
/// block.
pub(super) const LONGEST: Duration = Duration::from_secs(3600);

/// The time until which the vendor blocks everything.
#[derive(Debug, Default)]
pub(super) struct Everything(AtomicU64);

impl Everything {
    pub(super) fn block(&self, until: Duration) {
        self.0.fetch_max(u64::try_from(until.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn blocked(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}
