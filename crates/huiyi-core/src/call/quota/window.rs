//! One documented limit, counted exactly over every window of its length.

use std::collections::VecDeque;
use std::time::Duration;

use crate::operation::Limit;

/// No window is longer, however small the scale is.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// A larger limit is counted in this many steps per window: permits of one step become free together, at the
/// end of it. So a window needs little memory, whatever its limit.
const STEPS: u32 = 4096;

/// The permits of one limit.
///
/// A permit is taken when a call is sent, and free again one window after its answer came. So of any calls that
/// the vendor counts within one window, no more can exist than there are permits.
#[derive(Debug)]
pub(super) struct Window {
    permits: u32,
    length: Duration,
    step: Duration,
    in_flight: u32,
    /// When answered calls leave the window, in order, and how many at that time.
    leaving: VecDeque<(Duration, u32)>,
    /// How many those are together.
    answered: u32,
}

impl Window {
    /// The window of a limit, of which this fraction is used.
    pub(super) fn new(limit: &Limit, scale: f64) -> Self {
        let (permits, length) = scaled(limit, scale);
        let step = if permits > STEPS { length / STEPS } else { Duration::ZERO };
        Self { permits, length, step, in_flight: 0, leaving: VecDeque::new(), answered: 0 }
    }

    /// How many permits are taken, and by how many that is too much for one more.
    fn excess(&self) -> u32 {
        (self.in_flight.saturating_add(self.answered).saturating_add(1)).saturating_sub(self.permits)
    }

    /// Returns whether a permit is free.
    pub(super) fn has_place(&mut self, now: Duration) -> bool {
        while let Some((_, calls)) = self.leaving.front().filter(|(at, _)| *at <= now) {
            self.answered -= calls;
            self.leaving.pop_front();
        }
        self.excess() == 0
    }

    /// The earliest time at which a permit may be free.
    pub(super) fn free_at(&mut self, now: Duration) -> Duration {
        if self.has_place(now) {
            return now;
        }
        let mut missing = self.excess();
        for (at, calls) in &self.leaving {
            missing = missing.saturating_sub(*calls);
            if missing == 0 {
                return *at;
            }
        }
        // The answer to a call under way comes now at the earliest.
        now.saturating_add(self.length)
    }

    /// Takes a permit, even beyond the limit.
    pub(super) fn take(&mut self) {
        self.in_flight += 1;
    }

    /// The answer to a call came, or will never come.
    pub(super) fn settle(&mut self, now: Duration) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let mut at = now.saturating_add(self.length);
        if !self.step.is_zero() {
            let step = self.step.as_nanos();
            let steps = at.as_nanos().div_ceil(step);
            at = u64::try_from(steps * step).map_or(at, Duration::from_nanos);
        }
        self.answered += 1;
        match self.leaving.back_mut() {
            Some((last, calls)) if *last >= at => *calls += 1,
            _ => self.leaving.push_back((at, 1)),
        }
    }

    /// A call was never sent.
    pub(super) fn release(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Returns whether nothing is counted.
    pub(super) fn is_idle(&mut self, now: Duration) -> bool {
        self.has_place(now) && self.in_flight == 0 && self.answered == 0
    }

    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.leaving.len()
    }
}

/// So many calls in so long are this fraction of a limit.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float to integer cast saturates, and the number is not negative"
)]
pub(super) fn scaled(limit: &Limit, scale: f64) -> (u32, Duration) {
    let requests = f64::from(limit.requests) * scale;
    let length = Duration::from_secs(u64::from(limit.per_seconds));
    if requests >= 1.0 {
        return (requests as u32, length);
    }
    // Less than one call in a window is one call in a longer window.
    let stretched = Duration::try_from_secs_f64(length.as_secs_f64() / requests.max(f64::MIN_POSITIVE));
    (1, stretched.map_or(LONGEST, |stretched| stretched.min(LONGEST)))
}
