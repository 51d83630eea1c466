//! The keys of a callback address of WeCom, DingTalk or Tencent Meeting.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::{Aes, Limits, RejectReason, is_signed_by, sha1_of_sorted, time_of};
use crate::BuildError;

/// A token, which signs deliveries, and the key that encrypts them: `Aes`, or `Option<Aes>` if a vendor's deliveries may
/// come without encryption.
#[derive(Clone, Debug)]
pub struct CallbackKey<A> {
    token: SecretString,
    aes: A,
}

/// A text, and what a delivery says about its signature.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "the text may be a secret")]
pub struct SignedText<'a> {
    /// The signature in hexadecimal digits.
    pub signature: &'a str,
    /// The time of the signature, as digits.
    pub timestamp: &'a str,
    /// The random text that was signed with the others.
    pub nonce: &'a str,
    /// The text, encrypted or in Base64.
    pub text: &'a str,
}

/// All keys of a callback address. There are several while the application replaces one.
#[derive(Clone, Debug)]
pub struct CallbackKeys<A> {
    keys: Vec<CallbackKey<A>>,
    is_malformed: bool,
}

impl<A> Default for CallbackKeys<A> {
    fn default() -> Self {
        Self { keys: Vec::new(), is_malformed: false }
    }
}

impl<A> CallbackKey<A> {
    /// Returns the key that encrypts deliveries.
    pub fn aes(&self) -> &A {
        &self.aes
    }

    /// Computes the signature of a text.
    #[must_use]
    pub fn digest(&self, timestamp: &str, nonce: &str, text: &str) -> [u8; 20] {
        sha1_of_sorted([self.token.expose_secret(), timestamp, nonce, text])
    }

    fn has_signed(&self, signed: &SignedText<'_>) -> bool {
        is_signed_by(signed.signature, &self.digest(signed.timestamp, signed.nonce, signed.text))
    }
}

impl CallbackKeys<Option<Aes>> {
    /// Adds the token of an address without encryption.
    pub fn add_token(&mut self, token: SecretString) {
        self.push(token, None);
    }
}

impl<A: From<Aes>> CallbackKeys<A> {
    /// Adds a token and the `EncodingAESKey` that belongs to it.
    pub fn add(&mut self, token: SecretString, encoding_aes_key: &SecretString) {
        match Aes::from_encoding_key(encoding_aes_key.expose_secret()) {
            Ok(aes) => self.push(token, aes.into()),
            Err(_) => self.is_malformed = true,
        }
    }

    fn push(&mut self, token: SecretString, aes: A) {
        if token.expose_secret().is_empty() {
            self.is_malformed = true;
        } else {
            self.keys.push(CallbackKey { token, aes });
        }
    }

    /// Returns the keys if there are any and none is malformed. `needed` says what has to be set, and `aes_key` is the
    /// vendor's name for the AES key.
    ///
    /// # Errors
    ///
    /// If there are no keys, or one is malformed.
    pub fn checked(self, needed: &'static str, aes_key: &str) -> Result<Self, BuildError> {
        if self.is_malformed {
            let reason = format!("a token is empty, or an {aes_key} is not 43 characters");
            return Err(BuildError::credential("keys", &reason));
        }
        if self.keys.is_empty() {
            return Err(BuildError::missing("keys", needed));
        }
        Ok(self)
    }

    /// Checks the signature and its age, and reads the text with the keys of the token that signed it. Several keys may
    /// have the same token: the first that can read the text counts.
    ///
    /// # Errors
    ///
    /// If no token signed the text, the signature is too old, or no key can read it. If several keys fail, the error is
    /// the last one other than [`RejectReason::Undecryptable`].
    pub fn open<T>(
        &self,
        signed: &SignedText<'_>,
        unit: Duration,
        limits: &Limits,
        read: impl Fn(&CallbackKey<A>) -> Result<T, RejectReason>,
    ) -> Result<(&CallbackKey<A>, T), RejectReason> {
        let mut signers = self.keys.iter().filter(|key| key.has_signed(signed)).peekable();
        if signers.peek().is_none() {
            return Err(RejectReason::WrongSignature);
        }
        limits.check_age(time_of(signed.timestamp, unit)?)?;
        let mut refused = RejectReason::Undecryptable;
        for key in signers {
            match read(key) {
                Ok(value) => return Ok((key, value)),
                Err(RejectReason::Undecryptable) => {}
                Err(reason) => refused = reason,
            }
        }
        Err(refused)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::event::{open, seal};

    const KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
    const OTHER_KEY: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
    const NOW: Duration = Duration::from_secs(1);

    fn keys(pairs: &[(&str, &str)]) -> CallbackKeys<Aes> {
        let mut keys = CallbackKeys::default();
        for (token, key) in pairs {
            keys.add((*token).into(), &(*key).into());
        }
        keys
    }

    /// Opens a message that the first pair signed and encrypted, with these keys and for this recipient.
    fn opened(signer: (&str, &str), receiver: &CallbackKeys<Aes>, recipient: &str) -> Result<String, RejectReason> {
        let signer = keys(&[signer]);
        let text = seal(signer.keys[0].aes(), [7; 16], "会议", "ww1");
        let limits = Limits::new(Duration::from_secs(3600));
        let timestamp = limits.clock().unix_time().as_secs().to_string();
        let signature: String =
            signer.keys[0].digest(&timestamp, "n", &text).iter().map(|byte| format!("{byte:02x}")).collect();
        let signed = SignedText { signature: &signature, timestamp: &timestamp, nonce: "n", text: &text };
        let read = |key: &CallbackKey<Aes>| {
            let opened = open(key.aes(), &text)?;
            if opened.recipient == recipient { Ok(opened.message) } else { Err(RejectReason::WrongRecipient) }
        };
        receiver.open(&signed, NOW, &limits, read).map(|(_, message)| message)
    }

    #[test]
    fn the_key_of_the_token_that_signed_reads_the_text() {
        let one_of_two = keys(&[("old", OTHER_KEY), ("new", KEY)]);
        let same_token = keys(&[("new", OTHER_KEY), ("new", KEY)]);

        for receiver in [one_of_two, same_token] {
            assert_eq!(opened(("new", KEY), &receiver, "ww1").as_deref(), Ok("会议"));
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_reason_that_says_most() {
        let receiver = keys(&[("token", KEY), ("token", OTHER_KEY)]);

        assert_eq!(opened(("other", KEY), &receiver, "ww1"), Err(RejectReason::WrongSignature));
        assert_eq!(opened(("token", KEY), &receiver, "ww2"), Err(RejectReason::WrongRecipient));
        assert_eq!(opened(("token", KEY), &keys(&[("token", OTHER_KEY)]), "ww1"), Err(RejectReason::Undecryptable));
    }

    #[test]
    fn malformed_keys_are_told_of_before_missing_ones() {
        let said =
            |keys: CallbackKeys<Aes>| keys.checked("a token is needed", "EncodingAESKey").err().unwrap().to_string();

        for (token, key) in [("", KEY), ("token", ""), ("token", "short")] {
            assert!(said(keys(&[(token, key)])).contains("an EncodingAESKey is not 43 characters"), "{token} {key}");
        }
        assert!(said(CallbackKeys::default()).contains("a token is needed"));
        assert!(keys(&[("token", KEY)]).checked("", "").is_ok());
    }
}
