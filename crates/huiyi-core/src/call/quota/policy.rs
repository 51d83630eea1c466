//! How an application wants the quotas to be kept.

/// How the documented quotas are kept.
///
/// As many calls as a quota allows go out at once; only what is beyond waits or is refused. A call counts from
/// the moment it is sent until one window after its answer came, so that the vendor never sees more than the
/// limit in any window, however long requests travel.
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
    pub(super) mode: Mode,
    pub(super) scale: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
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
    /// `tokio::time::timeout` for instance. A caller that gives up leaves its permit to the next.
    ///
    /// While the vendor says that it blocks an API, calls of it wait as well, but not for longer than the time
    /// limit of an attempt: beyond that they fail with [`ErrorKind::RateLimited`](crate::ErrorKind::RateLimited).
    pub fn wait() -> Self {
        Self { mode: Mode::Wait, scale: 1.0 }
    }

    /// A call beyond the quota fails at once with [`ErrorKind::RateLimited`](crate::ErrorKind::RateLimited)
    /// and says how long to wait.
    pub fn refuse() -> Self {
        Self { mode: Mode::Refuse, scale: 1.0 }
    }

    /// No quota is kept, and no call is held back while the vendor blocks an API; the vendor's refusals are
    /// still retried.
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
