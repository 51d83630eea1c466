//! A limit on calls, kept the way the vendors do: fixed windows, per operation.

use std::collections::HashMap;

/// How many calls of one operation are answered in one window of time.
///
/// Windows are fixed and start at multiples of their length, by the server's own clock. A call above the
/// limit is refused as [`Fault::RateLimited`](crate::Fault::RateLimited) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Calls that are answered per window and operation.
    pub calls: u32,
    /// Length of the window in seconds; less than 1 counts as 1.
    pub window_seconds: i64,
}

/// What was used of a quota.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    windows: HashMap<String, (i64, u32)>,
}

impl Usage {
    /// Counts a call.
    ///
    /// # Errors
    ///
    /// The seconds until the next window, if the call is above the limit.
    pub(crate) fn count(&mut self, quota: Quota, operation: &str, now: i64) -> Result<(), i64> {
        let length = quota.window_seconds.max(1);
        let window = now.div_euclid(length);
        let entry = self.windows.entry(operation.to_owned()).or_insert((window, 0));
        if entry.0 != window {
            *entry = (window, 0);
        }
        if entry.1 >= quota.calls {
            return Err(length - now.rem_euclid(length));
        }
        entry.1 += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Quota, Usage};

    #[test]
    fn each_operation_has_its_own_windows() {
        let quota = Quota { calls: 2, window_seconds: 60 };
        let mut usage = Usage::default();

        assert_eq!(usage.count(quota, "a", 119), Ok(()));
        assert_eq!(usage.count(quota, "a", 119), Ok(()));
        assert_eq!(usage.count(quota, "a", 119), Err(1));
        assert_eq!(usage.count(quota, "b", 119), Ok(()));
        assert_eq!(usage.count(quota, "a", 120), Ok(()));
    }
}
