//! How large and how old a delivery may be.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock};

/// How large and how old a delivery may be, and the clock that says so.
#[derive(Clone, Debug)]
pub struct Limits {
    max_age: Duration,
    max_body: usize,
    clock: Arc<dyn Clock>,
}

impl Limits {
    /// Bodies of at most 256 KiB, signed within this time.
    #[must_use]
    pub fn new(max_age: Duration) -> Self {
        Self { max_age, max_body: 256 * 1024, clock: Arc::new(SystemClock::default()) }
    }

    /// Accepts what was signed within this time.
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

    /// Reads the time from this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// How long ago a delivery may have been signed.
    #[must_use]
    pub fn max_age(&self) -> Duration {
        self.max_age
    }

    /// How many bytes a body may have.
    #[must_use]
    pub fn max_body(&self) -> usize {
        self.max_body
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}

/// The setters of limits that the builders of all receivers have.
#[doc(hidden)]
#[macro_export]
macro_rules! receiver_limit_methods {
    () => {
        /// Accepts deliveries that were signed within this time. Keep it above the time over which the vendor
        /// repeats deliveries, or its last repetitions are refused.
        pub fn max_age(mut self, max_age: ::std::time::Duration) -> Self {
            self.limits = self.limits.with_max_age(max_age);
            self
        }

        /// Accepts bodies of at most this many bytes; 256 KiB by default.
        pub fn max_body(mut self, bytes: usize) -> Self {
            self.limits = self.limits.with_max_body(bytes);
            self
        }

        /// Reads the time from this clock.
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::clock::Clock>) -> Self {
            self.limits = self.limits.with_clock(clock);
            self
        }
    };
}
