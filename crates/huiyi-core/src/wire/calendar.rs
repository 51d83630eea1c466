//! Conversions to and from the date libraries `jiff` and `chrono`, each behind the feature of its name.

use super::{DateTime, UnixMillis, UnixMillisText, UnixSeconds, UnixSecondsText};

/// Adds the conversions of a type that counts seconds.
macro_rules! seconds {
    ($($name:ident),+) => {$(
        #[cfg(feature = "jiff")]
        impl $name {
            /// Returns the time as a `jiff` timestamp; `None` if it is out of range there.
            #[must_use]
            pub fn to_jiff(&self) -> Option<jiff::Timestamp> {
                jiff::Timestamp::from_second(self.checked()?).ok()
            }
        }

        /// Rounds down to the second.
        #[cfg(feature = "jiff")]
        impl From<jiff::Timestamp> for $name {
            fn from(time: jiff::Timestamp) -> Self {
                Self::from_seconds(time.as_millisecond().div_euclid(1000))
            }
        }

        #[cfg(feature = "chrono")]
        impl $name {
            /// Returns the time as a `chrono` date; `None` if it is out of range there.
            #[must_use]
            pub fn to_chrono(&self) -> Option<chrono::DateTime<chrono::Utc>> {
                chrono::DateTime::from_timestamp(self.checked()?, 0)
            }
        }

        /// Rounds down to the second.
        #[cfg(feature = "chrono")]
        impl<Tz: chrono::TimeZone> From<chrono::DateTime<Tz>> for $name {
            fn from(time: chrono::DateTime<Tz>) -> Self {
                Self::from_seconds(time.timestamp())
            }
        }
    )+};
}

seconds!(UnixSeconds, UnixSecondsText);

/// Adds the conversions of a type that counts milliseconds.
macro_rules! millis {
    ($($name:ident),+) => {$(
        #[cfg(feature = "jiff")]
        impl $name {
            /// Returns the time as a `jiff` timestamp; `None` if it is out of range there.
            #[must_use]
            pub fn to_jiff(&self) -> Option<jiff::Timestamp> {
                jiff::Timestamp::from_millisecond(self.checked()?).ok()
            }
        }

        /// Rounds down to the millisecond.
        #[cfg(feature = "jiff")]
        impl From<jiff::Timestamp> for $name {
            fn from(time: jiff::Timestamp) -> Self {
                let micros = time.as_microsecond();
                Self::from_millis(micros.div_euclid(1000))
            }
        }

        #[cfg(feature = "chrono")]
        impl $name {
            /// Returns the time as a `chrono` date; `None` if it is out of range there.
            #[must_use]
            pub fn to_chrono(&self) -> Option<chrono::DateTime<chrono::Utc>> {
                chrono::DateTime::from_timestamp_millis(self.checked()?)
            }
        }

        /// Rounds down to the millisecond.
        #[cfg(feature = "chrono")]
        impl<Tz: chrono::TimeZone> From<chrono::DateTime<Tz>> for $name {
            fn from(time: chrono::DateTime<Tz>) -> Self {
                Self::from_millis(time.timestamp_millis())
            }
        }
    )+};
}

millis!(UnixMillis, UnixMillisText);

impl DateTime {
    /// Returns the time as a `jiff` timestamp; `None` if it has no offset or is not in ISO 8601 format.
    #[cfg(feature = "jiff")]
    #[must_use]
    pub fn to_jiff(&self) -> Option<jiff::Timestamp> {
        self.as_str().parse().ok()
    }

    /// Returns the time as a `chrono` date; `None` if it has no offset or is not in RFC 3339 format.
    #[cfg(feature = "chrono")]
    #[must_use]
    pub fn to_chrono(&self) -> Option<chrono::DateTime<chrono::FixedOffset>> {
        chrono::DateTime::parse_from_rfc3339(self.as_str()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLIS: i64 = 1_608_888_867_123;

    #[cfg(feature = "jiff")]
    #[test]
    fn times_come_from_and_go_to_jiff() {
        let time = jiff::Timestamp::from_millisecond(MILLIS).unwrap_or_default();

        assert_eq!(UnixMillis::from(time).to_jiff(), Some(time));
        assert_eq!(UnixSecondsText::from(time).as_seconds(), MILLIS / 1000);
        assert_eq!(UnixSeconds::from(jiff::Timestamp::from_millisecond(-1).unwrap_or_default()).as_seconds(), -1);
        assert_eq!(UnixSecondsText::from("soon").to_jiff(), None);
        let text = DateTime::from("2020-12-25T17:34:27.123+08:00");
        assert_eq!(text.to_jiff(), Some(time));
        assert_eq!(DateTime::from("2020-12-25 17:34").to_jiff(), None);
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn times_come_from_and_go_to_chrono() {
        let time = chrono::DateTime::from_timestamp_millis(MILLIS).unwrap_or_default();

        assert_eq!(UnixMillis::from(time).to_chrono(), Some(time));
        assert_eq!(UnixSecondsText::from(time).as_seconds(), MILLIS / 1000);
        assert_eq!(UnixMillisText::from("soon").to_chrono(), None);
        let text = DateTime::from("2020-12-25T17:34:27.123+08:00");
        assert_eq!(text.to_chrono().map(|time| time.timestamp_millis()), Some(MILLIS));
    }
}
