//! The server's clock, and the formats of times in headers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The real time, or a time that a test has set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    fixed: Option<i64>,
    /// The time by which a mock's client has moved this clock ahead.
    ahead: Duration,
}

impl Clock {
    /// Returns the current time in seconds since the Unix epoch.
    pub(crate) fn now(self) -> i64 {
        match self.fixed {
            Some(fixed) => fixed.saturating_add(seconds(self.ahead)),
            None => seconds(self.since_epoch()),
        }
    }

    /// Returns the current time since the Unix epoch.
    pub(crate) fn since_epoch(self) -> Duration {
        let start = match self.fixed {
            Some(fixed) => Duration::from_secs(u64::try_from(fixed).unwrap_or_default()),
            None => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
        };
        start + self.ahead
    }

    /// Returns the time by which the clock was moved ahead.
    #[cfg(any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent"))]
    pub(crate) fn ahead(self) -> Duration {
        self.ahead
    }

    /// Moves the clock ahead.
    #[cfg(any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent"))]
    pub(crate) fn advance(&mut self, duration: Duration) {
        self.ahead += duration;
    }

    /// Stops the clock at a point in time.
    pub(crate) fn set(&mut self, unix_seconds: i64) {
        self.fixed = Some(unix_seconds);
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// A point in time, split by the calendar (UTC).
struct Calendar {
    year: i64,
    month: usize,
    day: i64,
    weekday: usize,
    hour: i64,
    minute: i64,
    second: i64,
}

/// Splits Unix seconds by the proleptic Gregorian calendar ("civil from days", Howard Hinnant).
fn calendar(unix_seconds: i64) -> Calendar {
    let days = unix_seconds.div_euclid(86_400);
    let seconds = unix_seconds.rem_euclid(86_400);
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    Calendar {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month: usize::try_from(month).unwrap_or(1),
        day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
        weekday: usize::try_from(days.saturating_add(4).rem_euclid(7)).unwrap_or(0),
        hour: seconds / 3_600,
        minute: seconds / 60 % 60,
        second: seconds % 60,
    }
}

/// Formats a time for the `Date` header (RFC 9110, section 5.6.7).
pub(crate) fn http_date(unix_seconds: i64) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Calendar { year, month, day, weekday, hour, minute, second } = calendar(unix_seconds);
    let (weekday, month) = (DAYS[weekday % 7], MONTHS[(month + 11) % 12]);
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// Formats a time as digits only, `20240131235959`, as at the start of Feishu's log ids.
pub(crate) fn digits(unix_seconds: i64) -> String {
    let Calendar { year, month, day, hour, minute, second, .. } = calendar(unix_seconds);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

#[cfg(test)]
mod tests {
    use super::{digits, http_date};

    #[test]
    fn dates_are_written_as_rfc_9110_does() {
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn leap_days_and_the_epoch_are_right() {
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(1_709_251_199), "Thu, 29 Feb 2024 23:59:59 GMT");
        assert_eq!(digits(1_709_251_200), "20240301000000");
    }
}
