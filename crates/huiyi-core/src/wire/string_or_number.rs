//! A string that some answers send as a number.

use super::scalar::{Scalar, scalar_text_traits, shown_text_traits};

/// A text, usually an id, that the vendor documents as a string and sometimes sends as a number.
///
/// Nothing is lost: the text of a number up to 18446744073709551615 is available without a conversion, and a number
/// is written back as a number. Two values are equal if their texts are equal. A value created from a string is
/// written in quotes.
///
/// ```
/// use huiyi_core::wire::StringOrNumber;
///
/// let id: StringOrNumber = serde_json::from_str("18446744073709551615")?;
/// assert_eq!(id.as_str(), "18446744073709551615");
/// assert_eq!(serde_json::to_string(&id)?, "18446744073709551615");
///
/// assert_eq!(serde_json::to_string(&StringOrNumber::from("007"))?, r#""007""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct StringOrNumber(Scalar);

impl StringOrNumber {
    /// Returns the text; for a number or a boolean, its JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the integer that this stands for, quoted or not; `None` if it is not an integer or is out of range.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.0.as_i64()
    }

    /// Returns whether it arrived, and is written, in quotes.
    #[must_use]
    pub fn is_string(&self) -> bool {
        self.0.is_quoted()
    }

    /// Returns the text as a `String`.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_string()
    }
}

scalar_text_traits!(StringOrNumber, "a string, a number or a boolean", empty_is_none: false);
shown_text_traits!(StringOrNumber);

/// Creates a number, written without quotes.
impl From<i64> for StringOrNumber {
    fn from(value: i64) -> Self {
        Self(Scalar::from(value))
    }
}

/// Creates a number, written without quotes.
impl From<f64> for StringOrNumber {
    fn from(value: f64) -> Self {
        Self(Scalar::from(value))
    }
}

/// Creates a boolean, written without quotes.
impl From<bool> for StringOrNumber {
    fn from(value: bool) -> Self {
        Self(Scalar::from(value))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn every_scalar_comes_back_as_it_was() {
        for json in [
            r#""""#,
            r#""007""#,
            r#""a\"b""#,
            "0",
            "-5",
            "18446744073709551615",
            "1.0",
            "-0.0",
            "1.5",
            "1e300",
            "5e-324",
            "true",
            "false",
        ] {
            let value: StringOrNumber = serde_json::from_str(json).unwrap();

            let back: serde_json::Value = serde_json::to_value(&value).unwrap();
            assert_eq!(back, serde_json::from_str::<serde_json::Value>(json).unwrap());
            assert_eq!(value.is_string(), json.starts_with('"'));
        }
    }

    #[test]
    fn a_number_and_its_text_are_the_same_id() {
        let number: StringOrNumber = serde_json::from_str("42").unwrap();
        let text: StringOrNumber = serde_json::from_str(r#""42""#).unwrap();

        assert_eq!(number, text);
        assert_eq!(number, "42");
        assert_eq!(text.as_i64(), Some(42));
    }

    #[test]
    fn null_lists_and_objects_are_refused() {
        for json in ["null", "[]", "{}"] {
            let error = serde_json::from_str::<StringOrNumber>(json).unwrap_err();
            assert!(error.to_string().contains("expected a string, a number or a boolean"));
        }
    }

    #[test]
    fn it_shows_how_it_came() {
        assert_eq!(format!("{:?}", StringOrNumber::from("a")), r#"StringOrNumber("a")"#);
        assert_eq!(format!("{:?}", StringOrNumber::from(5)), "StringOrNumber(5)");
    }
}
