//! Documented quotas, kept on the client's side so that the vendor need not refuse.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use crate::clock::Clock;
use crate::operation::{Limit, Operation};

/// How the documented quotas are kept.
///
/// ```
/// use huiyi_core::QuotaPolicy;
///
/// let half = QuotaPolicy::wait().with_scale(0.5);   // two processes share the app
/// let at_once = QuotaPolicy::refuse();              // an error instead of a wait
/// # let _ = (half, at_once);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuotaPolicy {
    mode: Mode,
    scale: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Off,
    Wait,
    Refuse,
}

impl Default for QuotaPolicy {
    fn default() -> Self {
        Self::wait()
    }
}

impl QuotaPolicy {
    /// Calls wait for their turn, in the order in which they came. The default.
    ///
    /// The wait comes before the call's own time limit and has no end of its own: put one around the call,
    /// `tokio::time::timeout` for instance. A caller that gives up leaves its place to the next.
    pub fn wait() -> Self {
        Self { mode: Mode::Wait, scale: 1.0 }
    }

    /// A call beyond the quota fails at once with [`ErrorKind::RateLimited`](crate::ErrorKind::RateLimited)
    /// and says how long to wait.
    pub fn refuse() -> Self {
        Self { mode: Mode::Refuse, scale: 1.0 }
    }

    /// No quota is kept; the vendor's refusals are still retried.
    pub fn off() -> Self {
        Self { mode: Mode::Off, scale: 1.0 }
    }

    /// Uses this fraction of each quota: less than 1 when several processes share an app, more
    /// than 1 where the vendor has granted more. Values that are not positive count as 1.
    #[must_use]
    pub fn with_scale(mut self, scale: f64) -> Self {
        self.scale = if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
        self
    }
}

/// No two places are further apart, however small the scale is.
const LONGEST_PERIOD: Duration = Duration::from_secs(366 * 24 * 3600);

/// The quotas of a client and its clones.
pub(crate) struct Quotas {
    policy: QuotaPolicy,
    clock: Arc<dyn Clock>,
    gates: Mutex<HashMap<GateKey, Arc<Gate>>>,
}

/// Where a quota is counted: an operation (or all of them together) and a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct GateKey {
    operation: Option<&'static str>,
    tenant: Option<Arc<str>>,
}

struct Gate {
    /// Held by the caller whose turn it is. The value counts the limiters that have granted a
    /// place which no request has used yet, so that a caller that gives up leaves it to the next.
    turn: tokio::sync::Mutex<usize>,
    limiters: Vec<Limiter>,
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, QuotaClock, NoOpMiddleware<Nanos>>;

#[derive(Clone)]
struct QuotaClock(Arc<dyn Clock>);

impl GovernorClock for QuotaClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(self.0.monotonic())
    }
}

impl Quotas {
    pub(crate) fn new(policy: QuotaPolicy, clock: Arc<dyn Clock>) -> Self {
        Self { policy, clock, gates: Mutex::new(HashMap::new()) }
    }

    /// The same policy, with nothing counted yet.
    pub(crate) fn afresh(&self) -> Self {
        Self::new(self.policy, Arc::clone(&self.clock))
    }

    /// Waits for a place, or says how long the wait would be.
    pub(crate) async fn enter(&self, operation: &'static Operation, tenant: Option<&Arc<str>>) -> Result<(), Duration> {
        if self.policy.mode == Mode::Off || operation.limits.is_empty() {
            return Ok(());
        }
        let gate = |shared: bool| {
            let limits = operation.limits.iter().filter(move |limit| limit.shared == shared);
            let key = GateKey { operation: (!shared).then_some(operation.id), tenant: tenant.cloned() };
            limits.clone().next().is_some().then(|| self.gate(key, limits))
        };
        match (gate(false), gate(true)) {
            (Some(own), Some(common)) => self.pass_both(&own, &common).await,
            (Some(gate), None) | (None, Some(gate)) => {
                self.pass(&mut *gate.turn.lock().await, gate.limiters.iter()).await
            }
            (None, None) => Ok(()),
        }
    }

    /// Passes in the order of arrival at the common gate. A call that finds its operation's own quota used
    /// up goes aside, so that others need not wait for it, and comes back past the queue.
    ///
    /// No place of the common quota is taken before the call has one of its own, and but one of its own before
    /// the common one: places that are used later are used all at once, which is more than a window allows.
    async fn pass_both(&self, own: &Gate, common: &Gate) -> Result<(), Duration> {
        let mut head = common.turn.lock().await;
        let mut free = own.turn.try_lock().ok();
        if let Some(turn) = &mut free
            // More are granted if somebody gave up who had come back past the queue.
            && **turn <= own.limiters.len()
            && grant(turn, own.limiters.iter()).is_ok()
        {
            self.pass(&mut head, common.limiters.iter()).await?;
            **turn = 0;
            return Ok(());
        }
        drop(head);
        let mut aside = match free {
            Some(turn) => turn,
            None => own.turn.lock().await,
        };
        self.pass(&mut aside, own.limiters.iter().chain(&common.limiters)).await
    }

    /// Waits until all these limiters have granted a place, and uses them.
    async fn pass<'g>(
        &self,
        granted: &mut usize,
        limiters: impl Iterator<Item = &'g Limiter> + Clone,
    ) -> Result<(), Duration> {
        while let Err(not_until) = grant(granted, limiters.clone()) {
            let wait = not_until.wait_time_from(Nanos::from(self.clock.monotonic()));
            // Nobody who refuses to wait holds a turn for longer than a look at the limiters.
            if self.policy.mode == Mode::Refuse {
                return Err(wait);
            }
            self.clock.sleep(wait).await;
        }
        *granted = 0;
        Ok(())
    }

    fn gate<'a>(&self, key: GateKey, limits: impl Iterator<Item = &'a Limit>) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let mut limits: Vec<&Limit> = limits.collect();
            limits.sort_by_key(|limit| std::cmp::Reverse(limit.per_seconds));
            let limiters = limits.into_iter().filter_map(|limit| self.limiter(limit)).collect();
            Arc::new(Gate { turn: tokio::sync::Mutex::new(0), limiters })
        };
        Arc::clone(gates.entry(key).or_insert_with(make))
    }

    /// A window of a second is kept by even spacing; a longer one lets a fiftieth of it through
    /// at once and spaces the rest, so that no window of that length ever sees more than the limit.
    fn limiter(&self, limit: &Limit) -> Option<Limiter> {
        let requests = f64::from(limit.requests) * self.policy.scale;
        let burst = if limit.per_seconds > 1 { (requests / 50.0).floor().max(1.0) } else { 1.0 };
        let steady = if burst > 1.0 { requests - burst } else { requests };
        let period = Duration::try_from_secs_f64(f64::from(limit.per_seconds) / steady.max(f64::MIN_POSITIVE));
        let period = period.map_or(LONGEST_PERIOD, |period| period.min(LONGEST_PERIOD));
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float to integer cast saturates, and burst is at least 1"
        )]
        let burst = NonZeroU32::new(burst as u32)?;
        let quota = Quota::with_period(period)?.allow_burst(burst);
        Some(RateLimiter::direct_with_clock(quota, QuotaClock(Arc::clone(&self.clock))))
    }
}

/// Takes a place at each limiter that has not granted one yet, as far as there are any.
fn grant<'g>(
    granted: &mut usize,
    limiters: impl Iterator<Item = &'g Limiter>,
) -> Result<(), governor::NotUntil<Nanos>> {
    for limiter in limiters.skip(*granted) {
        limiter.check()?;
        *granted += 1;
    }
    Ok(())
}

impl std::fmt::Debug for Quotas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Quotas").field("policy", &self.policy).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "quota_tests.rs"]
mod tests;
