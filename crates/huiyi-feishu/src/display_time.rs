//! The display times of the statistics operations.
//!
//! `list_meeting_details`, `list_participant_details` and `list_resource_reservations` return times such as
//! `2022.12.23 11:16:59 (GMT+08:00)` but take Unix seconds, so a time from a response cannot be sent in the next
//! request as it is.

use std::time::Duration;

use huiyi_core::wire::UnixSecondsText;

use crate::types::{MeetingDetail, ParticipantDetail, ResourceReservation};

/// Parses a time such as `2022.12.23 11:16:59 (GMT+08:00)`; returns `None` if it has another format.
///
/// The zone may also be `(GMT)` or `(GMT+8)`. A time without a zone gives `None`.
///
/// ```
/// let start = huiyi_feishu::parse_display_time("2022.12.23 11:16:59 (GMT+08:00)");
/// assert_eq!(start.map(|time| time.as_seconds()), Some(1_671_765_419));
/// ```
pub fn parse_display_time(text: &str) -> Option<UnixSecondsText> {
    let (date, rest) = text.trim().split_once(' ')?;
    let (time, zone) = rest.trim_start().split_once('(')?;
    let [year, month, day] = numbers(date, '.')?;
    let [hour, minute, second] = numbers(time.trim_end(), ':')?;
    let offset = offset(zone.strip_suffix(')')?.strip_prefix("GMT")?)?;
    let is_date = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let is_time = hour < 24 && minute < 60 && second < 60;
    if !is_date || !is_time {
        return None;
    }
    let days = days_since_epoch(year, month, day);
    Some(UnixSecondsText::from_seconds(days * 86_400 + hour * 3_600 + minute * 60 + second - offset))
}

/// Parses a duration such as `01:02:03` or `02:03`; returns `None` if it has another format.
///
/// ```
/// let length = huiyi_feishu::parse_display_duration("01:00:05");
/// assert_eq!(length, Some(std::time::Duration::from_secs(3605)));
/// ```
pub fn parse_display_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let [hours, minutes, seconds] = numbers(text, ':').or_else(|| numbers(text, ':').map(|[m, s]| [0, m, s]))?;
    if minutes >= 60 || seconds >= 60 {
        return None;
    }
    let total = hours.checked_mul(3600)?.checked_add(minutes * 60 + seconds)?;
    u64::try_from(total).ok().map(Duration::from_secs)
}

/// Accessors that parse display texts.
macro_rules! accessors {
    ($type:ident: $($name:ident = $field:ident as $what:ident, $text:literal;)+) => {
        impl $type {$(
            #[doc = $text]
            #[doc = concat!("\n\nReads `", stringify!($field), "`; `None` if it is absent or written in another way.")]
            pub fn $name(&self) -> Option<accessors!(@type $what)> {
                self.$field.as_deref().and_then(accessors!(@parse $what))
            }
        )+}
    };
    (@type time) => { UnixSecondsText };
    (@type duration) => { Duration };
    (@parse time) => { parse_display_time };
    (@parse duration) => { parse_display_duration };
}

accessors! { MeetingDetail:
    start = meeting_start_time as time, "When the meeting began.";
    end = meeting_end_time as time, "When the meeting ended.";
    duration = meeting_duration as duration, "How long the meeting took.";
}

accessors! { ParticipantDetail:
    joined = join_time as time, "When the participant joined.";
    left = leave_time as time, "When the participant left.";
    duration = time_in_meeting as duration, "How long the participant was in the meeting.";
}

accessors! { ResourceReservation:
    start = event_start_time as time, "When the reservation begins.";
    end = event_end_time as time, "When the reservation ends.";
    duration = event_duration as duration, "How long the reservation lasts.";
}

/// Parses exactly `N` unsigned numbers.
fn numbers<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for number in &mut numbers {
        let digits = parts.next().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = digits.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// Returns the seconds by which a zone is ahead of GMT. The text is empty, or such as `+8` or `-03:30`.
fn offset(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let (sign, distance) = match text.strip_prefix('-') {
        Some(behind) => (-1, behind),
        None => (1, text.strip_prefix('+')?),
    };
    let [hours, minutes] = numbers(distance, ':').or_else(|| numbers(distance, ':').map(|[hours]| [hours, 0]))?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// Returns the days since 1970-01-01 in the Gregorian calendar. The year starts in March here, so the leap day is
/// its last day.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year / 4 - year / 100 + year / 400;
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}
