//! Checks credentials that are passed to a builder.

use std::sync::Arc;

use super::build_error::BuildError;
use crate::token::{StaticToken, Token, TokenSource};

/// Checks that a credential is not empty, has no control characters, and does not begin or end with white space.
///
/// # Errors
///
/// [`BuildError::Credential`] with the name; it does not show the value.
pub fn credential(name: &'static str, value: &str) -> Result<(), BuildError> {
    if value.trim().is_empty() {
        return Err(BuildError::credential(name, "it is empty"));
    }
    if value.chars().any(char::is_control) {
        return Err(BuildError::credential(name, "it contains a line break or another control character"));
    }
    if value.trim() != value {
        return Err(BuildError::credential(name, "it begins or ends with a space"));
    }
    Ok(())
}

/// Creates the source of a token that was obtained elsewhere. Builders keep the result until they build.
///
/// # Errors
///
/// [`BuildError::Credential`] with the name if the token is not valid; it does not show the value.
pub fn fixed_token(name: &'static str, token: Token) -> Result<Arc<dyn TokenSource>, BuildError> {
    credential(name, token.expose())?;
    if token.expose().get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(BuildError::credential(name, "it begins with `Bearer `, which is not part of a token"));
    }
    if token.expose().contains(char::is_whitespace) {
        return Err(BuildError::credential(name, "it contains white space"));
    }
    Ok(Arc::new(StaticToken::new(token)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

    use super::fixed_token;
    use crate::token::Token;

    #[test]
    fn a_given_token_is_the_token_alone() {
        for (token, reason) in [
            ("Bearer t-secret", "it begins with `Bearer `"),
            ("bearer t-secret", "it begins with `Bearer `"),
            ("t-secret of mine", "it contains white space"),
            ("t-secret ", "it begins or ends with a space"),
            ("", "it is empty"),
        ] {
            let error = fixed_token("access token", Token::new(token)).err().unwrap().to_string();

            assert!(error.contains(reason) && !error.contains("secret"), "{error}");
        }
        assert!(fixed_token("access token", Token::new("t-Bearer")).is_ok());
    }
}
