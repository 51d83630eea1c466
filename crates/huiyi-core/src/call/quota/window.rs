//! One documented limit, enforced over every period of its window's length.

use std::collections::VecDeque;
use std::time::Duration;

use crate::operation::Limit;

/// Longest window, however small the scale is.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// A larger limit is counted in this many steps per window: permits of one step become free together at its
/// end. So a window needs little memory, whatever its limit.
const STEPS: u32 = 4096;

/// The permits of one limit.
///
/// A permit is taken when a call is sent and becomes free one window after its answer. So the vendor never
/// counts more calls within one window than there are permits.
#[derive(Debug)]
pub(super) struct Window {
    permits: u32,
    length: Duration,
    step: Duration,
    in_flight: u32,
    /// When answered calls leave the window, in order, and how many leave at that time.
    leaving: VecDeque<(Duration, u32)>,
    /// Total number of answered calls in the window.
    answered: u32,
}

impl Window {
    /// Creates the window of a limit. `scale` is the fraction of the limit to use.
    pub(super) fn new(limit: &Limit, scale: f64) -> Self {
        let (permits, length) = scaled(limit, scale);
        let step = if permits > STEPS { length / STEPS } else { Duration::ZERO };
        Self { permits, length, step, in_flight: 0, leaving: VecDeque::new(), answered: 0 }
    }

    /// Returns how many permits must become free before one more can be taken.
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

    /// Returns the earliest time at which a permit may be free.
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
        // A running call can be answered now at the earliest.
        now.saturating_add(self.length)
    }

    /// Takes a permit, even beyond the limit.
    pub(super) fn take(&mut self) {
        self.in_flight += 1;
    }

    /// Records that a call was answered, or never will be.
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

    /// Records that a call was never sent.
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

/// Scales a limit: returns the number of calls and the length of the window.
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
    // Less than one call per window becomes one call per longer window.
    let stretched = Duration::try_from_secs_f64(length.as_secs_f64() / requests.max(f64::MIN_POSITIVE));
    (1, stretched.map_or(LONGEST, |stretched| stretched.min(LONGEST)))
}
