//! AES-256-CBC with PKCS#7 padding, as the vendors use it.

use std::fmt;

use aes::Aes256;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use cbc::cipher::{Array, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};

const BLOCK: usize = 16;

/// Accepts non-zero trailing bits and missing padding: the vendors' keys and examples have both.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes Base64, with or without padding.
#[must_use]
pub fn base64_decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.trim()).ok()
}

/// Encodes bytes as Base64, with padding.
#[must_use]
pub fn base64_encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// The text is not a valid key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadKey;

/// An AES-256 key.
pub struct Aes(SecretBox<[u8; 32]>);

impl Aes {
    /// Reads a key from an `EncodingAESKey`: 43 characters of Base64, with or without padding.
    ///
    /// # Errors
    ///
    /// If the text is not Base64 of 32 bytes.
    pub fn from_encoding_key(text: &str) -> Result<Self, BadKey> {
        let bytes = base64_decode(text).ok_or(BadKey)?;
        let key: [u8; 32] = bytes.try_into().map_err(|_| BadKey)?;
        Ok(Self(SecretBox::new(Box::new(key))))
    }

    /// Derives a key as the SHA-256 of a text, as Feishu does.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(SecretBox::new(Box::new(Sha256::digest(text.as_bytes()).into())))
    }

    /// Returns the initialisation vector of WeCom, DingTalk and Tencent Meeting: the first half of the key.
    #[must_use]
    pub fn first_half(&self) -> [u8; BLOCK] {
        let mut half = [0; BLOCK];
        half.copy_from_slice(&self.0.expose_secret()[..BLOCK]);
        half
    }

    /// Decrypts and removes the padding of at most `longest_padding` bytes. Returns `None` if the padding is
    /// invalid.
    #[must_use]
    pub fn decrypt(&self, iv: [u8; BLOCK], ciphertext: &[u8], longest_padding: u8) -> Option<Vec<u8>> {
        if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(BLOCK) {
            return None;
        }
        let mut text = ciphertext.to_vec();
        let (blocks, _) = Array::slice_as_chunks_mut(&mut text);
        cbc::Decryptor::<Aes256>::new(self.0.expose_secret().into(), &iv.into()).decrypt_blocks(blocks);
        let padding = *text.last()?;
        if padding == 0 || padding > longest_padding || usize::from(padding) > text.len() {
            return None;
        }
        let end = text.len() - usize::from(padding);
        let odd = text.get(end..)?.iter().fold(0, |odd, byte| odd | (byte ^ padding));
        text.truncate(end);
        (odd == 0).then_some(text)
    }

    /// Pads to a multiple of `multiple` bytes and encrypts.
    #[must_use]
    pub fn encrypt(&self, iv: [u8; BLOCK], plaintext: &[u8], multiple: u8) -> Vec<u8> {
        let multiple = usize::from(multiple.max(16)).next_multiple_of(BLOCK);
        let padding = multiple - plaintext.len() % multiple;
        let mut text = plaintext.to_vec();
        text.resize(plaintext.len() + padding, u8::try_from(padding).unwrap_or(0));
        let (blocks, _) = Array::slice_as_chunks_mut(&mut text);
        cbc::Encryptor::<Aes256>::new(self.0.expose_secret().into(), &iv.into()).encrypt_blocks(blocks);
        text
    }
}

impl Clone for Aes {
    fn clone(&self) -> Self {
        Self(SecretBox::new(Box::new(*self.0.expose_secret())))
    }
}

impl fmt::Debug for Aes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Aes(***)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    /// Example of
    /// <https://open.feishu.cn/document/event-subscription-guide/event-subscriptions/event-subscription-configure-/encrypt-key-encryption-configuration-case>.
    #[test]
    fn feishus_example_is_decrypted() {
        let bytes = base64_decode("P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=").unwrap();
        let (iv, ciphertext) = bytes.split_at(16);

        let text = Aes::from_text("test key").decrypt(iv.try_into().unwrap(), ciphertext, 16);

        assert_eq!(text.as_deref(), Some(b"hello world".as_slice()));
    }

    #[test]
    fn what_is_encrypted_is_decrypted_for_every_length() {
        let aes = Aes::from_encoding_key("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C").unwrap();
        for length in 0..100 {
            let plaintext = vec![7; length];

            let sixteen = aes.encrypt(aes.first_half(), &plaintext, 16);
            let thirty_two = aes.encrypt(aes.first_half(), &plaintext, 32);

            assert_eq!(aes.decrypt(aes.first_half(), &sixteen, 16).as_ref(), Some(&plaintext));
            assert_eq!(aes.decrypt(aes.first_half(), &thirty_two, 32).as_ref(), Some(&plaintext));
            assert_eq!(thirty_two.len() % 32, 0);
        }
    }

    #[test]
    fn padding_that_is_too_long_or_uneven_is_refused() {
        let aes = Aes::from_text("key");
        let padded = |end: &[u8]| {
            let mut text = vec![b'x'; 32 - end.len()];
            text.extend_from_slice(end);
            let mut encrypted = aes.encrypt([0; 16], &text, 16);
            encrypted.truncate(32);
            encrypted
        };

        assert!(aes.decrypt([0; 16], &padded(&[2, 2]), 16).is_some());
        for end in [vec![0], vec![1, 2], vec![17; 17], vec![33; 32]] {
            assert_eq!(aes.decrypt([0; 16], &padded(&end), 16), None, "{end:?}");
        }
        assert!(aes.decrypt([0; 16], &padded(&[17; 17]), 32).is_some());
        for length in [0, 15, 17] {
            assert_eq!(aes.decrypt([0; 16], &vec![0; length], 16), None);
        }
    }

    #[test]
    fn a_key_that_is_none_is_refused_and_none_is_shown() {
        for key in
            ["", "short", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C5", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B!C"]
        {
            assert_eq!(Aes::from_encoding_key(key).err(), Some(BadKey), "{key}");
        }
        assert_eq!(format!("{:?}", Aes::from_text("s3cret")), "Aes(***)");
    }
}
