//! The error of a value that does not fit its type.

use std::fmt;

use super::received::Received;

/// Longest part of an unreadable text that the error shows, in characters.
const EXCERPT_CHARACTERS: usize = 40;

/// A value does not fit its type.
///
/// The error names the value, shortened if it is long, and what was expected, with its range.
///
/// ```
/// use huiyi_core::wire::UnixSeconds;
///
/// let error = "tomorrow".parse::<UnixSeconds>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid value: string \"tomorrow\", \
///      expected an integer from -9223372036854775808 to 9223372036854775807"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
// Boxed, because every field of every answer creates a result that may hold it.
pub struct ValueError(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    found: String,
    expected: &'static str,
}

impl ValueError {
    #[cold]
    pub(super) fn new(received: &Received<'_>, expected: &'static str) -> Self {
        let found = match received {
            Received::Null => "null".to_owned(),
            Received::Boolean(value) => format!("boolean {value}"),
            Received::Integer(value) => format!("number {value}"),
            Received::Unsigned(value) => format!("number {value}"),
            Received::Float(value) => format!("number {value}"),
            Received::Text(text) => match text.char_indices().nth(EXCERPT_CHARACTERS) {
                Some((end, _)) => format!("string {:?}..", &text[..end]),
                None => format!("string {text:?}"),
            },
        };
        Self(Box::new(Details { found, expected }))
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { found, expected } = &*self.0;
        write!(f, "invalid value: {found}, expected {expected}")
    }
}

impl std::error::Error for ValueError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shortened_between_characters() {
        let error = ValueError::new(&Received::Text("会".repeat(100).into()), "an integer");

        let expected = format!("invalid value: string \"{}\".., expected an integer", "会".repeat(40));
        assert_eq!(error.to_string(), expected);
    }
}
