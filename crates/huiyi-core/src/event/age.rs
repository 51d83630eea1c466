//! Checks the age of a delivery.

use std::time::Duration;

use super::{Limits, RejectReason};

/// How far a vendor's clock may be ahead of the receiver's.
const AHEAD: Duration = Duration::from_secs(300);

impl Limits {
    /// Checks the time at which a delivery was signed, since the Unix epoch.
    ///
    /// # Errors
    ///
    /// If it was signed too long ago, or more than five minutes in the future.
    #[doc(hidden)]
    pub fn check_age(&self, signed: Duration) -> Result<(), RejectReason> {
        let now = self.clock().unix_time();
        if signed > now.saturating_add(AHEAD) {
            return Err(RejectReason::FromTheFuture);
        }
        if now.saturating_sub(signed) > self.max_age() { Err(RejectReason::TooOld) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::{BoxFuture, Clock};

    struct At(Duration);

    impl Clock for At {
        fn unix_time(&self) -> Duration {
            self.0
        }

        fn monotonic(&self) -> Duration {
            self.0
        }

        fn sleep(&self, _duration: Duration) -> BoxFuture<'static, ()> {
            Box::pin(std::future::ready(()))
        }
    }

    #[test]
    fn the_limits_themselves_are_accepted_and_what_is_beyond_is_not() {
        let seconds = Duration::from_secs;
        let limits = Limits::new(seconds(3600)).with_clock(Arc::new(At(seconds(10_000))));

        assert_eq!(limits.check_age(seconds(6_400)), Ok(()));
        assert_eq!(limits.check_age(seconds(6_399)), Err(RejectReason::TooOld));
        assert_eq!(limits.check_age(seconds(10_300)), Ok(()));
        assert_eq!(limits.check_age(seconds(10_301)), Err(RejectReason::FromTheFuture));
        assert_eq!(limits.check_age(Duration::MAX), Err(RejectReason::FromTheFuture));
    }
}
