//! Times counted from the Unix epoch, 1970-01-01 00:00:00 UTC, without leap seconds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::integer_form::{Integer, bare_integer_traits, quoted_integer_traits};

/// A time in seconds since the Unix epoch, documented as a number.
///
/// It also accepts the number in quotes and then writes it back in quotes.
///
/// ```
/// use std::time::{Duration, SystemTime, UNIX_EPOCH};
/// use huiyi_core::wire::UnixSeconds;
///
/// let start: UnixSeconds = serde_json::from_str("1608888867")?;
/// assert_eq!(start.as_seconds(), 1_608_888_867);
/// assert_eq!(start.to_system_time(), Some(UNIX_EPOCH + Duration::from_secs(1_608_888_867)));
///
/// let in_an_hour = UnixSeconds::from(SystemTime::now() + Duration::from_secs(3600));
/// # let _ = in_an_hour;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(Integer);

seconds!(UnixSeconds, Bare, "Returns the seconds since the Unix epoch.");
bare_integer_traits!(UnixSeconds);

/// A time in seconds since the Unix epoch, documented as a number in quotes.
///
/// It also accepts a bare number and then writes one back. `From<&str>` does not check the caller's text;
/// [`str::parse`] does.
///
/// ```
/// use huiyi_core::wire::UnixSecondsText;
///
/// let end = UnixSecondsText::from("1608888867");
/// assert_eq!(end, UnixSecondsText::from_seconds(1_608_888_867));
/// assert_eq!(serde_json::to_string(&end)?, r#""1608888867""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSecondsText(Integer);

seconds!(
    UnixSecondsText,
    Quoted,
    "Returns the seconds since the Unix epoch; 0 if it was created with `From` from a text that is not an integer."
);
quoted_integer_traits!(UnixSecondsText);

/// A time in milliseconds since the Unix epoch, documented as a number.
///
/// It also accepts the number in quotes and then writes it back in quotes.
///
/// ```
/// use huiyi_core::wire::UnixMillis;
///
/// let start: UnixMillis = serde_json::from_str("1608888867123")?;
/// assert_eq!(start.as_millis(), 1_608_888_867_123);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(Integer);

millis!(UnixMillis, Bare, "Returns the milliseconds since the Unix epoch.");
bare_integer_traits!(UnixMillis);

/// A time in milliseconds since the Unix epoch, documented as a number in quotes.
///
/// It also accepts a bare number and then writes one back. `From<&str>` does not check the caller's text;
/// [`str::parse`] does.
///
/// ```
/// use huiyi_core::wire::UnixMillisText;
///
/// let end = UnixMillisText::from_millis(1_608_888_867_123);
/// assert_eq!(serde_json::to_string(&end)?, r#""1608888867123""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillisText(Integer);

millis!(
    UnixMillisText,
    Quoted,
    "Returns the milliseconds since the Unix epoch; 0 if it was created with `From` from a text that is not an integer."
);
quoted_integer_traits!(UnixMillisText);

const NANOSECONDS_PER_SECOND: i128 = 1_000_000_000;
const NANOSECONDS_PER_MILLISECOND: i128 = 1_000_000;

/// Returns the whole units from the epoch to a time, rounded down and limited to the range of `i64`.
fn units_since_epoch(time: SystemTime, nanoseconds_per_unit: i128) -> i64 {
    // A duration has fewer than 2^94 nanoseconds, so neither the cast nor the negation overflows.
    let nanoseconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos() as i128,
        Err(error) => -(error.duration().as_nanos() as i128),
    };
    let units = nanoseconds.div_euclid(nanoseconds_per_unit);
    i64::try_from(units).unwrap_or(if units < 0 { i64::MIN } else { i64::MAX })
}

/// Returns the time `units` after the epoch, or before it if `units` is negative.
fn system_time(units: i64, duration: fn(u64) -> Duration) -> Option<SystemTime> {
    let distance = duration(units.unsigned_abs());
    if units < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
}

/// Adds the methods of a type that counts seconds.
macro_rules! seconds {
    ($name:ident, $form:ident, $as_seconds:literal) => {
        impl $name {
            /// Creates a time this many seconds after the Unix epoch.
            #[must_use]
            pub const fn from_seconds(seconds: i64) -> Self {
                Self(Integer::$form(seconds))
            }

            #[doc = $as_seconds]
            #[must_use]
            pub fn as_seconds(&self) -> i64 {
                self.0.get()
            }

            #[cfg(any(feature = "jiff", feature = "chrono"))]
            pub(super) fn checked(&self) -> Option<i64> {
                self.0.checked()
            }

            /// Returns the time as a `SystemTime`; `None` if it is out of range there.
            #[must_use]
            pub fn to_system_time(&self) -> Option<SystemTime> {
                system_time(self.0.checked()?, Duration::from_secs)
            }
        }

        /// Rounds down to the second.
        impl From<SystemTime> for $name {
            fn from(time: SystemTime) -> Self {
                Self::from_seconds(units_since_epoch(time, NANOSECONDS_PER_SECOND))
            }
        }
    };
}
use seconds;

/// Adds the methods of a type that counts milliseconds.
macro_rules! millis {
    ($name:ident, $form:ident, $as_millis:literal) => {
        impl $name {
            /// Creates a time this many milliseconds after the Unix epoch.
            #[must_use]
            pub const fn from_millis(millis: i64) -> Self {
                Self(Integer::$form(millis))
            }

            #[doc = $as_millis]
            #[must_use]
            pub fn as_millis(&self) -> i64 {
                self.0.get()
            }

            #[cfg(any(feature = "jiff", feature = "chrono"))]
            pub(super) fn checked(&self) -> Option<i64> {
                self.0.checked()
            }

            /// Returns the time as a `SystemTime`; `None` if it is out of range there.
            #[must_use]
            pub fn to_system_time(&self) -> Option<SystemTime> {
                system_time(self.0.checked()?, Duration::from_millis)
            }
        }

        /// Rounds down to the millisecond.
        impl From<SystemTime> for $name {
            fn from(time: SystemTime) -> Self {
                Self::from_millis(units_since_epoch(time, NANOSECONDS_PER_MILLISECOND))
            }
        }
    };
}
use millis;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_two_words_and_so_is_an_optional_one() {
        assert_eq!(size_of::<UnixSeconds>(), 16);
        assert_eq!(size_of::<Option<UnixMillisText>>(), 16);
    }

    #[test]
    fn system_times_are_rounded_down_on_both_sides_of_the_epoch() {
        let after = UNIX_EPOCH + Duration::from_micros(1_999_999);
        let before = UNIX_EPOCH - Duration::from_micros(1_500);

        assert_eq!(UnixSeconds::from(after).as_seconds(), 1);
        assert_eq!(UnixMillis::from(after).as_millis(), 1_999);
        assert_eq!(UnixSecondsText::from(before).as_seconds(), -1);
        assert_eq!(UnixMillisText::from(before).as_millis(), -2);
    }

    #[test]
    fn times_come_back_from_the_standard_library() {
        for seconds in [-1, 0, 1_608_888_867] {
            let time = UnixSeconds::from_seconds(seconds);
            assert_eq!(UnixSeconds::from(time.to_system_time().unwrap()), time);
        }
    }

    #[test]
    fn a_text_that_is_no_time_has_no_system_time() {
        assert_eq!(UnixSecondsText::from("tomorrow").to_system_time(), None);
    }

    #[test]
    fn the_form_says_whether_a_time_is_quoted() {
        let made = (UnixSeconds::from(1), UnixSecondsText::from(1), UnixMillis::from(1), UnixMillisText::from(1));
        assert_eq!(serde_json::to_string(&made).unwrap(), r#"[1,"1",1,"1"]"#);

        let json = r#"["1",1,"1",1]"#;
        let received: (UnixSeconds, UnixSecondsText, UnixMillis, UnixMillisText) = serde_json::from_str(json).unwrap();
        assert_eq!(received, made);
        assert_eq!(serde_json::to_string(&received).unwrap(), json);
    }

    #[test]
    fn literals_and_texts_convert_without_annotation() {
        fn from(time: impl Into<UnixMillisText>) -> UnixMillisText {
            time.into()
        }
        fn try_from<T: TryInto<UnixMillis>>(time: T) -> Option<UnixMillis> {
            time.try_into().ok()
        }

        assert_eq!(from(1_608_888_867_123), from("1608888867123"));
        assert_eq!(try_from(1_608_888_867_123), try_from("1608888867123"));
        assert_eq!(try_from("soon"), None);
    }
}
