//! Limits on calls, counted as the vendors do: in fixed windows, per operation.

use std::collections::HashMap;

/// The number of calls of one operation that are answered in one window of time.
///
/// Windows are fixed and start at multiples of their length, by the server's own clock. A call above the limit is
/// refused like [`Fault::RateLimited`](crate::Fault::RateLimited).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Calls that are answered per window and operation.
    pub calls: u32,
    /// Length of the window in seconds; less than 1 counts as 1.
    pub window_seconds: i64,
}

/// A quota, and what it counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Enforced {
    pub(crate) quota: Quota,
    /// Whether all operations are counted together.
    pub(crate) together: bool,
}

/// The calls counted so far, by the quota's position and the operation.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    windows: HashMap<(usize, String), (i64, u32)>,
}

impl Usage {
    /// Counts a call if it is within all quotas.
    ///
    /// # Errors
    ///
    /// The seconds until the next window, if the call is above a limit.
    pub(crate) fn count(&mut self, quotas: &[Enforced], operation: &str, now: i64) -> Result<(), i64> {
        let mut wait = None;
        let places = quotas.iter().enumerate().map(|(index, Enforced { quota, together })| {
            let length = quota.window_seconds.max(1);
            let key = (index, if *together { String::new() } else { operation.to_owned() });
            (key, now.div_euclid(length), quota.calls, length - now.rem_euclid(length))
        });
        let places: Vec<_> = places.collect();
        for (key, window, calls, left) in &places {
            let used = self.windows.get(key).filter(|(began, _)| began == window).map_or(0, |(_, used)| *used);
            if used >= *calls {
                wait = wait.max(Some(*left));
            }
        }
        if let Some(wait) = wait {
            return Err(wait);
        }
        for (key, window, _, _) in places {
            let entry = self.windows.entry(key).or_insert((window, 0));
            if entry.0 != window {
                *entry = (window, 0);
            }
            entry.1 += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Enforced, Quota, Usage};

    #[test]
    fn each_operation_has_its_own_windows() {
        let quotas = [Enforced { quota: Quota { calls: 2, window_seconds: 60 }, together: false }];
        let mut usage = Usage::default();

        assert_eq!(usage.count(&quotas, "a", 119), Ok(()));
        assert_eq!(usage.count(&quotas, "a", 119), Ok(()));
        assert_eq!(usage.count(&quotas, "a", 119), Err(1));
        assert_eq!(usage.count(&quotas, "b", 119), Ok(()));
        assert_eq!(usage.count(&quotas, "a", 120), Ok(()));
    }

    #[test]
    fn a_call_that_one_quota_refuses_is_counted_by_none() {
        let minute = Enforced { quota: Quota { calls: 3, window_seconds: 60 }, together: true };
        let second = Enforced { quota: Quota { calls: 1, window_seconds: 1 }, together: false };
        let quotas = [minute, second];
        let mut usage = Usage::default();

        assert_eq!(usage.count(&quotas, "a", 0), Ok(()));
        assert_eq!(usage.count(&quotas, "a", 0), Err(1));
        assert_eq!(usage.count(&quotas, "b", 0), Ok(()));
        assert_eq!(usage.count(&quotas, "a", 1), Ok(()));
        assert_eq!(usage.count(&quotas, "c", 2), Err(58));
    }
}
