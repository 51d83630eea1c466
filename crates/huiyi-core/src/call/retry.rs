//! When a call is retried, how often, and after how long.

use std::sync::Mutex;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

/// How failures are retried.
///
/// Only safe retries are made: of idempotent operations, and after failures in which the request was
/// certainly not accepted (the connection was refused, or the vendor reported a rate limit). If the vendor
/// says how long to wait, that replaces the backoff, unless it is less than the first wait of the backoff.
///
/// ```
/// use std::time::Duration;
/// use huiyi_core::RetryPolicy;
///
/// let patient = RetryPolicy::default().with_attempts(6).with_total(Duration::from_secs(120));
/// let never = RetryPolicy::off();
/// # let _ = (patient, never);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    pub(crate) attempts: u32,
    pub(crate) total: Duration,
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
    pub(crate) budget: u32,
}

impl Default for RetryPolicy {
    /// Three attempts within 30 seconds; the first wait is 0.2 to 0.4 s and doubles up to 10 s.
    fn default() -> Self {
        Self {
            attempts: 3,
            total: Duration::from_secs(30),
            first: Duration::from_millis(200),
            longest: Duration::from_secs(10),
            budget: 50,
        }
    }
}

impl RetryPolicy {
    /// Sends every request once. A rejected token is still replaced, and the call is then sent once more.
    pub fn off() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// Sets the maximum number of attempts, including the first; 0 counts as 1. Default: 3.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets the time after the start of the first attempt within which a retry must start. If the next wait would
    /// exceed it, the call fails.
    ///
    /// It also limits the wait that a vendor can ask for. Default: 30 seconds.
    #[must_use]
    pub fn with_total(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// Sets the first and the longest wait. The wait doubles in between, with jitter; the longest is at least the first.
    /// Default: 0.2 and 10 seconds.
    #[must_use]
    pub fn with_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest.max(first);
        self
    }

    /// Sets how many retries are available before successful calls must earn more.
    ///
    /// Each retry uses one, each success returns a tenth. So clients do not make an outage worse by tripling
    /// their load. It has no effect in a policy for `Client::with_retry`, which shares the client's budget. Default: 50.
    #[must_use]
    pub fn with_budget(mut self, budget: u32) -> Self {
        self.budget = budget;
        self
    }
}

/// The retries that a client and its clones have left.
#[derive(Debug)]
pub(crate) struct Budget {
    tenths: Mutex<u32>,
    most: u32,
}

impl Budget {
    pub(crate) fn new(policy: &RetryPolicy) -> Self {
        let most = policy.budget.saturating_mul(10);
        Self { tenths: Mutex::new(most), most }
    }

    fn take(&self) -> bool {
        let mut tenths = self.tenths.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match tenths.checked_sub(10) {
            Some(left) => {
                *tenths = left;
                true
            }
            None => false,
        }
    }

    pub(crate) fn give_back(&self) {
        let mut tenths = self.tenths.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *tenths = tenths.saturating_add(1).min(self.most);
    }
}

/// The plan of one call: how many attempts are left, and the next wait.
pub(crate) struct Plan<'a> {
    policy: &'a RetryPolicy,
    budget: &'a Budget,
    waits: Option<backon::ExponentialBackoff>,
    seed: u64,
    attempts: u32,
    started: Option<Duration>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(policy: &'a RetryPolicy, budget: &'a Budget, seed: u64) -> Self {
        Self { policy, budget, waits: None, seed, attempts: 1, started: None }
    }

    /// Starts the time for retries, unless it has started already.
    pub(crate) fn begin(&mut self, now: Duration) {
        self.started.get_or_insert(now);
    }

    /// The backoff is created when it is first needed, because most calls succeed at once.
    fn backoff(&mut self) -> Option<Duration> {
        let (policy, seed) = (self.policy, self.seed);
        let waits = self.waits.get_or_insert_with(|| {
            ExponentialBuilder::new()
                .with_min_delay(policy.first)
                .with_max_delay(policy.longest)
                .with_factor(2.0)
                .with_jitter()
                .with_jitter_seed(seed)
                .without_max_times()
                .build()
        });
        // The library adds jitter on top of the longest wait.
        waits.next().map(|wait| wait.min(policy.longest))
    }

    /// Returns how long to wait before the next attempt; `None` if there is no next attempt.
    pub(crate) fn next(&mut self, now: Duration, hint: Option<Duration>) -> Option<Duration> {
        if self.attempts >= self.policy.attempts {
            return None;
        }
        let wait = match hint {
            Some(hint) if hint >= self.policy.first => hint,
            // Otherwise all attempts would go out at almost the same time.
            hint => self.backoff()?.max(hint.unwrap_or_default()),
        };
        let elapsed = now.saturating_sub(*self.started.get_or_insert(now));
        if elapsed.checked_add(wait).is_none_or(|end| end > self.policy.total) || !self.budget.take() {
            return None;
        }
        self.attempts += 1;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Budget, Plan, RetryPolicy};

    fn waits(policy: &RetryPolicy, hints: &[Option<u64>]) -> Vec<Option<Duration>> {
        let budget = Budget::new(policy);
        let mut plan = Plan::new(policy, &budget, 7);
        hints.iter().map(|hint| plan.next(Duration::ZERO, hint.map(Duration::from_secs))).collect()
    }

    #[test]
    fn attempts_are_bounded() {
        let waits = waits(&RetryPolicy::default(), &[None, None, None]);

        assert!(waits.first().is_some_and(Option::is_some));
        assert!(waits.get(1).is_some_and(Option::is_some));
        assert_eq!(waits.get(2), Some(&None));
    }

    #[test]
    fn the_number_of_attempts_can_be_chosen() {
        for (attempts, retries) in [(0, 0), (1, 0), (2, 1), (5, 4)] {
            let policy = RetryPolicy::default().with_attempts(attempts);
            assert_eq!(waits(&policy, &[Some(1); 6]).iter().flatten().count(), retries, "{attempts}");
        }
    }

    #[test]
    fn the_backoff_doubles_with_jitter_up_to_the_longest_wait() {
        let seconds = Duration::from_secs;
        let policy = RetryPolicy::default().with_attempts(6).with_total(seconds(600));
        let waits = waits(&policy.with_backoff(seconds(2), seconds(20)), &[None; 5]);

        for (wait, (least, most)) in waits.into_iter().zip([(2, 4), (4, 8), (8, 16), (16, 20), (20, 20)]) {
            let wait = wait.unwrap_or_default();
            assert!(seconds(least) <= wait && wait <= seconds(most), "{wait:?}, not {least} to {most} s");
        }
    }

    #[test]
    fn the_total_time_can_be_chosen_and_used_up() {
        let policy = RetryPolicy::default().with_total(Duration::from_secs(60));

        assert_eq!(waits(&policy, &[Some(60)]), [Some(Duration::from_secs(60))]);
        assert_eq!(waits(&policy, &[Some(61)]), [None]);
    }

    #[test]
    fn the_hint_wins_over_the_backoff() {
        assert_eq!(waits(&RetryPolicy::default(), &[Some(3)]), [Some(Duration::from_secs(3))]);
    }

    #[test]
    fn a_hint_that_is_shorter_than_the_first_wait_does_not_turn_the_backoff_off() {
        let policy = RetryPolicy::default().with_backoff(Duration::from_secs(2), Duration::from_secs(20));
        let waits = waits(&policy, &[Some(0), Some(1), Some(2)]);

        assert!(waits[0].is_some_and(|wait| wait >= Duration::from_secs(2)), "{waits:?}");
        assert!(waits[1].is_some_and(|wait| wait >= Duration::from_secs(4)), "{waits:?}");
        assert_eq!(waits[2], None);
    }

    #[test]
    fn a_hint_beyond_the_total_time_is_not_waited_for() {
        assert_eq!(waits(&RetryPolicy::default(), &[Some(86_400)]), [None]);
    }

    #[test]
    fn off_means_one_attempt() {
        assert_eq!(waits(&RetryPolicy::off(), &[None]), [None]);
    }

    #[test]
    fn an_empty_budget_stops_retries_until_successes_refill_it() {
        let policy = RetryPolicy::default().with_attempts(10).with_budget(1);
        let budget = Budget::new(&policy);
        let mut plan = Plan::new(&policy, &budget, 7);

        assert!(plan.next(Duration::ZERO, None).is_some());
        assert!(plan.next(Duration::ZERO, None).is_none());
        (0..10).for_each(|_| budget.give_back());
        assert!(plan.next(Duration::ZERO, None).is_some());
    }
}
