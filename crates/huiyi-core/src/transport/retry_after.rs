//! How long the headers of an answer ask the client to wait.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue};

/// Reads `Retry-After`: a number of seconds or an HTTP date. A date is compared with the `Date` of the answer, so the client's clock does not have to be right.
pub(crate) fn read(headers: &HeaderMap) -> Option<Duration> {
    seconds(headers, RETRY_AFTER.as_str()).or_else(|| {
        let wait = date(headers.get(RETRY_AFTER)?)?.duration_since(date(headers.get(DATE)?)?).ok()?;
        // A time in the past gives no wait.
        (!wait.is_zero()).then_some(wait)
    })
}

/// Adds a `Date` with the time of arrival to an answer whose `Retry-After` is a time but that has no `Date`.
pub(crate) fn add_date(headers: &mut HeaderMap, unix_time: Duration) {
    let Some(until) = headers.get(RETRY_AFTER) else { return };
    if date(until).is_none() || headers.get(DATE).is_some_and(|value| date(value).is_some()) {
        return;
    }
    let now = UNIX_EPOCH.checked_add(unix_time).map(httpdate::fmt_http_date);
    if let Some(Ok(now)) = now.map(HeaderValue::try_from) {
        headers.insert(DATE, now);
    }
}

fn date(value: &HeaderValue) -> Option<SystemTime> {
    httpdate::parse_http_date(value.to_str().ok()?.trim()).ok()
}

/// Reads a header that holds a number of seconds. Zero asks for no wait, so it is `None`.
pub fn seconds(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let value = headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok()?;
    Duration::try_from_secs_f64(value).ok().filter(|wait| !wait.is_zero())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const NOON: &str = "Sun, 06 Nov 1994 12:00:00 GMT";

    fn wait(until: &str, now: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, until.parse().unwrap());
        if let Some(now) = now {
            headers.insert(DATE, now.parse().unwrap());
        }
        // The client's clock shows 11:45.
        add_date(&mut headers, Duration::from_secs(784_122_300));
        read(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_read() {
        assert_eq!(wait("120", None), Some(120));
        assert_eq!(wait("Sun, 06 Nov 1994 12:00:30 GMT", Some(NOON)), Some(30));
        assert_eq!(wait("Sunday, 06-Nov-94 12:00:30 GMT", Some(NOON)), Some(30));
        assert_eq!(wait("Sun Nov  6 12:00:30 1994", Some(NOON)), Some(30));
    }

    #[test]
    fn without_a_date_the_clients_clock_counts() {
        assert_eq!(wait(NOON, None), Some(900));
        assert_eq!(wait(NOON, Some("noon")), Some(900));
    }

    #[test]
    fn what_is_over_or_no_date_asks_for_nothing() {
        for until in
            ["Sun, 06 Nov 1994 11:59:59 GMT", NOON, "soon", "-1", "0", "0.0", "", "Sun, 06 Nov 1994 25:00:00 GMT"]
        {
            assert_eq!(wait(until, Some(NOON)), None, "{until}");
        }
    }
}
