//! Counts calls as a vendor may: over sliding windows, and over fixed seconds, minutes or hours.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// A documented limit.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Number of calls in a window.
    pub calls: usize,
    /// Length of the window.
    pub seconds: u64,
    /// Whether all operations count together.
    pub together: bool,
}

/// The calls so far, by limit and operation.
#[derive(Debug)]
pub struct Counted {
    limits: Vec<Limit>,
    /// The calls of the sliding window that ends now.
    sliding: HashMap<(usize, String), VecDeque<Duration>>,
    /// The calls of each fixed window, which begins at a multiple of its length.
    fixed: HashMap<(usize, String), (u64, usize)>,
}

impl Counted {
    /// Starts with no calls.
    pub fn new(limits: &[Limit]) -> Self {
        Self { limits: limits.to_vec(), sliding: HashMap::new(), fixed: HashMap::new() }
    }

    /// Counts a call. Returns whether it is within all limits, over sliding and over fixed windows.
    pub fn count(&mut self, operation: &str, now: Duration) -> bool {
        let mut is_within = true;
        for (index, limit) in self.limits.iter().enumerate() {
            let key = (index, if limit.together { String::new() } else { operation.to_owned() });
            let sliding = self.sliding.entry(key.clone()).or_default();
            while sliding.front().is_some_and(|first| now - *first >= Duration::from_secs(limit.seconds)) {
                sliding.pop_front();
            }
            sliding.push_back(now);
            let number = now.as_secs() / limit.seconds;
            let fixed = self.fixed.entry(key).or_insert((number, 0));
            *fixed = if fixed.0 == number { (number, fixed.1 + 1) } else { (number, 1) };
            is_within &= sliding.len() <= limit.calls && fixed.1 <= limit.calls;
        }
        is_within
    }
}
