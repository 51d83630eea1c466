//! Limits for the size and age of a delivery.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock};

/// Limits for the size and age of a delivery, and the clock for the age.
#[derive(Clone, Debug)]
pub struct Limits {
    max_age: Duration,
    max_body: usize,
    clock: Arc<dyn Clock>,
}

impl Limits {
    /// Accepts bodies of at most 256 KiB that were signed within this time.
    #[must_use]
    pub fn new(max_age: Duration) -> Self {
        Self { max_age, max_body: 256 * 1024, clock: Arc::new(SystemClock::default()) }
    }

    /// Accepts deliveries that were signed within this time.
    #[must_use]
    pub fn with_max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// Accepts bodies of at most this many bytes.
    #[must_use]
    pub fn with_max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Uses this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Returns how long ago a delivery may have been signed.
    #[must_use]
    pub fn max_age(&self) -> Duration {
        self.max_age
    }

    /// Returns how many bytes a body may have.
    #[must_use]
    pub fn max_body(&self) -> usize {
        self.max_body
    }

    /// Returns the clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}

/// Adds the setters of limits to the builders of all receivers.
#[doc(hidden)]
#[macro_export]
macro_rules! receiver_limit_methods {
    () => {
        /// Accepts deliveries that were signed within this time. Set it longer than the time during which the vendor
        /// repeats deliveries; otherwise the last repetitions are refused.
        pub fn max_age(mut self, max_age: ::std::time::Duration) -> Self {
            self.limits = self.limits.with_max_age(max_age);
            self
        }

        /// Accepts bodies of at most this many bytes. Default: 256 KiB.
        pub fn max_body(mut self, bytes: usize) -> Self {
            self.limits = self.limits.with_max_body(bytes);
            self
        }

        /// Uses this clock.
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::clock::Clock>) -> Self {
            self.limits = self.limits.with_clock(clock);
            self
        }
    };
}
