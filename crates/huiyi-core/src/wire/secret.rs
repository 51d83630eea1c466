//! A string that must not be shown.

use std::fmt;

use super::scalar::{Scalar, scalar_text_traits};

/// A password, key or token in a request or an answer.
///
/// It is sent and received as plain text, but `Debug` hides it and there is no `Display`.
///
/// ```
/// use huiyi_core::wire::Secret;
///
/// let password = Secret::from("735912");
/// assert_eq!(format!("{password:?}"), "Secret(***)");
/// assert_eq!(password.expose(), "735912");
/// ```
#[derive(Clone)]
pub struct Secret(Scalar);

impl Secret {
    /// Returns the text. Do not log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

scalar_text_traits!(Secret, "a string", empty_is_none: false);

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn it_goes_over_the_wire_and_not_into_debug() {
        let secret: Secret = serde_json::from_str(r#""hunter2""#).unwrap();

        assert_eq!(serde_json::to_string(&secret).unwrap(), r#""hunter2""#);
        assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(***) Secret(***)");
    }

    #[test]
    fn a_numeric_password_stays_a_number() {
        let secret: Secret = serde_json::from_str("735912").unwrap();

        assert_eq!(secret.expose(), "735912");
        assert_eq!(serde_json::to_string(&secret).unwrap(), "735912");
    }
}
