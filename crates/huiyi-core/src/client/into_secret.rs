//! The argument type of builders for secrets.

use secrecy::{ExposeSecret as _, SecretString};

/// A secret: plain text or a [`SecretString`].
pub trait IntoSecret {
    /// Returns the secret, which `Debug` does not show.
    fn into_secret(self) -> SecretString;
}

impl IntoSecret for SecretString {
    fn into_secret(self) -> SecretString {
        self
    }
}

impl IntoSecret for &SecretString {
    fn into_secret(self) -> SecretString {
        SecretString::from(self.expose_secret())
    }
}

impl IntoSecret for String {
    fn into_secret(self) -> SecretString {
        SecretString::from(self)
    }
}

impl IntoSecret for &String {
    fn into_secret(self) -> SecretString {
        SecretString::from(self.as_str())
    }
}

impl IntoSecret for &str {
    fn into_secret(self) -> SecretString {
        SecretString::from(self)
    }
}
