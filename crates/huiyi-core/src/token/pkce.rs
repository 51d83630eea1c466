//! Proof Key for Code Exchange (RFC 7636) for the vendors' browser logins.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A secret that proves, when the code is exchanged, that the login started here.
///
/// ```
/// use huiyi_core::pkce::Verifier;
///
/// let verifier = Verifier::random()?;
/// // Send verifier.challenge() with the login, and keep the text in the user's session.
/// let kept = verifier.expose().to_owned();
/// // When the browser comes back:
/// assert_eq!(Verifier::from_kept(kept).challenge(), verifier.challenge());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier(SecretString);

impl Verifier {
    /// Creates a random verifier of 43 characters.
    ///
    /// # Errors
    ///
    /// If the operating system has no random numbers.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(SecretString::from(URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// Restores a verifier that was kept between the two steps of a login.
    pub fn from_kept(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// Returns the text to keep, and to send when the code is exchanged.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns the challenge to send when the login starts, method `S256`.
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.expose().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::Verifier;

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let verifier = Verifier::from_kept("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_random_verifier_is_long_enough_and_hidden() {
        let verifier = Verifier::random().map(|verifier| (verifier.expose().len(), format!("{verifier:?}")));

        assert!(verifier.is_ok_and(|(length, shown)| length == 43 && !shown.contains("Verifier(\"")));
    }
}
