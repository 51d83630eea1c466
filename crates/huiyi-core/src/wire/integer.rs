//! Integers that may arrive as numbers, in quotes, or as booleans.

use super::integer_form::{Integer, bare_integer_traits, quoted_integer_traits};

/// An integer that the vendor writes in quotes, because some clients would round the bare number.
///
/// It also accepts a bare number and then writes one back. A value created here is quoted.
///
/// Received values are checked, and so is [`str::parse`]. `From<&str>` does not check: the caller's text is sent
/// unchanged, and the vendor may refuse it.
///
/// ```
/// use huiyi_core::wire::Int64Text;
///
/// let id: Int64Text = serde_json::from_str(r#""6911188411932033028""#)?;
/// assert_eq!(id.get(), 6911188411932033028);
/// assert_eq!(serde_json::to_string(&Int64Text::from(7))?, r#""7""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Int64Text(Integer);

impl Int64Text {
    /// Returns the value; 0 if it was created with `From` from a text that is not an integer in range.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.0.get()
    }
}

quoted_integer_traits!(Int64Text);

/// An integer that some answers send in quotes or as a boolean.
///
/// It accepts a number, a decimal string and a boolean (0 and 1), and writes back the received form. A value created
/// here is a bare number.
///
/// ```
/// use huiyi_core::wire::LenientInt;
///
/// let count: LenientInt = serde_json::from_str(r#""007""#)?;
/// assert_eq!(count.get(), 7);
/// assert_eq!(serde_json::to_string(&count)?, r#""007""#);
/// assert_eq!(serde_json::to_string(&LenientInt::from(7))?, "7");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LenientInt(Integer);

impl LenientInt {
    /// Returns the value.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.0.get()
    }
}

bare_integer_traits!(LenientInt);

/// Converts `true` to 1 and `false` to 0, written as numbers.
impl From<bool> for LenientInt {
    fn from(value: bool) -> Self {
        Self::from(i64::from(value))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::super::decimal::EXPECTED_INTEGER;
    use super::*;

    #[test]
    fn an_integer_is_two_words_and_so_is_an_optional_one() {
        assert_eq!(size_of::<Int64Text>(), 16);
        assert_eq!(size_of::<Option<LenientInt>>(), 16);
    }

    #[test]
    fn every_form_comes_back_as_it_was() {
        for (json, expected) in [
            ("7", 7),
            (r#""7""#, 7),
            (r#""007""#, 7),
            (r#"" 7""#, 7),
            (r#""1e3""#, 1000),
            (r#""\u0037""#, 7),
            ("5.0", 5),
            ("-0.0", 0),
            ("true", 1),
            ("false", 0),
            ("-9223372036854775808", i64::MIN),
            (r#""9223372036854775807""#, i64::MAX),
        ] {
            let value: LenientInt = serde_json::from_str(json).unwrap();
            assert_eq!(value.get(), expected);

            let back: serde_json::Value = serde_json::to_value(&value).unwrap();
            assert_eq!(back, serde_json::from_str::<serde_json::Value>(json).unwrap());
        }
    }

    #[test]
    fn what_is_out_of_range_is_an_error_that_names_the_range() {
        for json in ["9223372036854775808", "1e19", r#""9223372036854775808""#, "1.5", r#""""#, "null"] {
            let error = serde_json::from_str::<Int64Text>(json).unwrap_err();
            assert!(error.to_string().contains(EXPECTED_INTEGER), "{error}");
        }
    }

    #[test]
    fn equality_and_order_look_at_the_value_only() {
        let padded: Int64Text = serde_json::from_str(r#""007""#).unwrap();

        assert_eq!(padded, Int64Text::from(7));
        assert!(padded < Int64Text::from(8));
        assert_ne!(Int64Text::from("x"), Int64Text::from("y"));
        assert_ne!(Int64Text::from("x"), Int64Text::from(0));
    }

    #[test]
    fn a_callers_text_is_sent_unchecked_and_parse_checks() {
        assert_eq!(serde_json::to_string(&Int64Text::from("x")).unwrap(), r#""x""#);
        assert_eq!(Int64Text::from("12").get(), 12);
        assert_eq!(Int64Text::from("x").get(), 0);
        assert!("x".parse::<Int64Text>().is_err());
    }

    #[test]
    fn values_made_here_have_the_documented_form() {
        let made = (Int64Text::from(7), LenientInt::from(7), LenientInt::from(true));
        assert_eq!(serde_json::to_string(&made).unwrap(), r#"["7",7,1]"#);

        let parsed: (Int64Text, LenientInt) = ("007".parse().unwrap(), "007".parse().unwrap());
        assert_eq!(serde_json::to_string(&parsed).unwrap(), r#"["007",7]"#);
    }

    #[test]
    fn they_are_query_values() {
        for value in [Int64Text::from(7), Int64Text::from("007")] {
            assert_eq!(serde_urlencoded::to_string([("id", &value)]).unwrap(), format!("id={value}"));
        }
    }
}
