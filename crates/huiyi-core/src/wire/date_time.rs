//! A date and time that is kept as text.

use super::scalar::{Scalar, scalar_text_traits, shown_text_traits};

/// A date and time as ISO 8601 text, kept as the vendor wrote it.
///
/// Vendors differ in precision and in the format of the offset, and some omit the offset. So this type does not
/// parse the text; pass [`as_str`](Self::as_str) to the date library of your choice.
///
/// ```
/// use huiyi_core::wire::DateTime;
///
/// let start = DateTime::from("2026-05-12T09:30:00+08:00");
/// assert_eq!(start.as_str(), "2026-05-12T09:30:00+08:00");
/// ```
#[derive(Clone)]
pub struct DateTime(Scalar);

impl DateTime {
    /// Returns the text as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the text as a `String`.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_string()
    }
}

scalar_text_traits!(DateTime, "an ISO 8601 date and time", empty_is_none: true);
shown_text_traits!(DateTime);

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn any_spelling_of_a_time_comes_back_unchanged() {
        for json in [r#""2026-05-12T09:30Z""#, r#""2026-05-12 09:30:00.123""#, "1778549400"] {
            let time: DateTime = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&time).unwrap(), json);
        }
    }
}
