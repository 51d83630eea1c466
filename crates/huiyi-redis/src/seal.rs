//! The format of a token in Redis: plain text, or encrypted with the application's key.

use sha2::{Digest, Sha256};

/// Encrypts stored values if the application has set a key.
#[derive(Clone, Default)]
pub(crate) struct Seal {
    #[cfg(feature = "encryption")]
    cipher: Option<aes_gcm::Aes256Gcm>,
}

const PLAIN: u8 = b'p';
#[cfg(feature = "encryption")]
const SEALED: u8 = b's';

/// A text could not be encrypted.
#[derive(Debug)]
pub(crate) struct CannotSeal;

impl Seal {
    #[cfg(feature = "encryption")]
    pub(crate) fn with_key(key: &[u8; 32]) -> Self {
        use aes_gcm::KeyInit as _;
        Self { cipher: Some(aes_gcm::Aes256Gcm::new(key.into())) }
    }

    /// Returns the bytes to store under a key. They cannot be decrypted under another key.
    pub(crate) fn seal(&self, key: &str, text: &str) -> Result<Vec<u8>, CannotSeal> {
        #[cfg(feature = "encryption")]
        if let Some(cipher) = &self.cipher {
            use aes_gcm::aead::{Aead as _, Generate as _, Payload};
            let nonce = aes_gcm::Nonce::try_generate().map_err(|_| CannotSeal)?;
            let payload = Payload { msg: text.as_bytes(), aad: key.as_bytes() };
            let sealed = cipher.encrypt(&nonce, payload).map_err(|_| CannotSeal)?;
            return Ok([&[SEALED], &nonce[..], &sealed].concat());
        }
        let _ = key;
        Ok([&[PLAIN], text.as_bytes()].concat())
    }

    /// Returns the text that was stored under a key; `None` if it was encrypted with another application key or has
    /// an unknown format.
    pub(crate) fn open(&self, key: &str, stored: &[u8]) -> Option<String> {
        let (kind, rest) = stored.split_first()?;
        #[cfg(feature = "encryption")]
        if let Some(cipher) = &self.cipher {
            use aes_gcm::aead::{Aead as _, Payload};
            let (nonce, sealed) = rest.split_at_checked(12).filter(|_| *kind == SEALED)?;
            let nonce = aes_gcm::Nonce::try_from(nonce).ok()?;
            let text = cipher.decrypt(&nonce, Payload { msg: sealed, aad: key.as_bytes() }).ok()?;
            return String::from_utf8(text).ok();
        }
        let _ = key;
        (*kind == PLAIN).then(|| String::from_utf8(rest.to_vec()).ok())?
    }
}

/// Returns a fingerprint that identifies a token without revealing it.
pub(crate) fn fingerprint(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Seal, fingerprint};

    #[test]
    fn without_a_key_a_text_is_stored_as_it_is() {
        let stored = Seal::default().seal("k", "t-1").unwrap_or_default();

        assert_eq!(stored, b"pt-1");
        assert_eq!(Seal::default().open("k", &stored).as_deref(), Some("t-1"));
        assert_eq!(Seal::default().open("k", b""), None);
        assert_eq!(Seal::default().open("k", b"st-1"), None);
    }

    #[cfg(feature = "encryption")]
    #[test]
    fn with_a_key_only_the_key_opens_it_and_only_in_its_place() {
        let (seal, other) = (Seal::with_key(&[7; 32]), Seal::with_key(&[8; 32]));
        let stored = seal.seal("k", "t-sentinel").unwrap_or_default();

        assert!(!stored.windows(3).any(|window| window == b"sen"));
        assert_ne!(stored, seal.seal("k", "t-sentinel").unwrap_or_default());
        assert_eq!(seal.open("k", &stored).as_deref(), Some("t-sentinel"));
        assert_eq!(seal.open("l", &stored), None);
        assert_eq!(other.open("k", &stored), None);
        assert_eq!(Seal::default().open("k", &stored), None);
        assert_eq!(seal.open("k", b"pt-1"), None);
    }

    #[test]
    fn a_fingerprint_is_short_and_differs() {
        assert_eq!(fingerprint("a").len(), 16);
        assert_ne!(fingerprint("a"), fingerprint("b"));
    }
}
