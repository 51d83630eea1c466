//! What all connections of one application have in common.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::state::Counters;
use super::tempo::Tempo;
use crate::clock::{Clock, Entropy};
use crate::event::incident::Incident;

/// One permit is this number of bytes.
const UNIT: usize = 1024;
/// Estimated memory of an event, as a multiple of its message: the text, its content and the typed event.
const TIMES: usize = 4;

pub(super) type Tell = Arc<dyn Fn(Incident) + Send + Sync>;

/// Time, limits, room and counters.
pub(super) struct Common {
    pub(super) vendor: &'static str,
    pub(super) tempo: Tempo,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) counters: Arc<Counters>,
    pub(super) on_incident: Option<Tell>,
    pub(super) room: Arc<Semaphore>,
    pub(super) room_size: u32,
    pub(super) largest: usize,
}

impl Common {
    pub(super) fn now(&self) -> Duration {
        self.clock.monotonic()
    }

    pub(super) fn tell(&self, incident: Incident) {
        incident.tell(self.on_incident.as_deref());
    }

    /// Returns the number of permits for an event whose message has this many bytes. The largest takes all there are.
    pub(super) fn weight(&self, bytes: usize) -> u32 {
        let units = bytes.saturating_mul(TIMES).div_ceil(UNIT).max(1);
        u32::try_from(units).unwrap_or(u32::MAX).min(self.room_size)
    }
}

/// Returns the number of permits for this many bytes.
pub(super) fn permits(bytes: usize) -> u32 {
    u32::try_from((bytes / UNIT).clamp(1, Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX)
}
