//! The application's settings for quotas.

/// How the client enforces the documented quotas.
///
/// Calls within a quota go out at once; only further calls wait or are refused. A call counts from the moment
/// it is sent until one window after its answer. So the vendor never sees more than the limit in any window,
/// however long requests take.
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
    /// Makes calls wait for their turn, in order of arrival. This is the default.
    ///
    /// The wait comes before the call's own time limit and is not limited itself. To limit it, wrap the call,
    /// for instance in `tokio::time::timeout`. A caller that gives up leaves its permit to the next one.
    ///
    /// While the vendor blocks an API, its calls also wait, but at most for the time limit of one attempt. If
    /// the block lasts longer, they fail with [`ErrorKind::RateLimited`](crate::ErrorKind::RateLimited).
    pub fn wait() -> Self {
        Self { mode: Mode::Wait, scale: 1.0 }
    }

    /// Makes a call beyond the quota fail at once with
    /// [`ErrorKind::RateLimited`](crate::ErrorKind::RateLimited). The error says how long to wait.
    pub fn refuse() -> Self {
        Self { mode: Mode::Refuse, scale: 1.0 }
    }

    /// Turns quotas off. Calls are not held back either while the vendor blocks an API; the vendor's refusals are still
    /// retried.
    pub fn off() -> Self {
        Self { mode: Mode::Off, scale: 1.0 }
    }

    /// Sets the fraction of each quota to use: less than 1 if several processes share an app, more than 1 if
    /// the vendor has granted more. Values that are not positive count as 1.
    #[must_use]
    pub fn with_scale(mut self, scale: f64) -> Self {
        self.scale = if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
        self
    }
}
