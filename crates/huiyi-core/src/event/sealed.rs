//! The encrypted message of WeCom and DingTalk: 16 random bytes, the length, the message and the recipient.

use super::{Aes, RejectReason, base64_decode, base64_encode};

/// Both pad to multiples of 32 bytes, two AES blocks.
const PADDING: u8 = 32;
/// Length of the random bytes and the message length before the message.
const FRONT: usize = 20;

/// A message after decryption.
#[allow(missing_debug_implementations, reason = "the message may be a secret")]
pub struct Opened {
    /// The message.
    pub message: String,
    /// The recipient at the end: a corporation, a suite or an app.
    pub recipient: String,
}

/// Decrypts a message in Base64.
///
/// # Errors
///
/// If the key does not decrypt it, or the text is not UTF-8.
pub fn open(aes: &Aes, encrypted: &str) -> Result<Opened, RejectReason> {
    let ciphertext = base64_decode(encrypted).ok_or(RejectReason::Undecryptable)?;
    let plaintext = aes.decrypt(aes.first_half(), &ciphertext, PADDING).ok_or(RejectReason::Undecryptable)?;
    let (length, rest) =
        plaintext.get(16..).and_then(<[u8]>::split_first_chunk::<4>).ok_or(RejectReason::Undecryptable)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| RejectReason::Undecryptable)?;
    let (message, recipient) = rest.split_at_checked(length).ok_or(RejectReason::Undecryptable)?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| RejectReason::NotUtf8);
    Ok(Opened { message: text(message)?, recipient: text(recipient)? })
}

/// Encrypts a message and encodes it as Base64.
#[must_use]
pub fn seal(aes: &Aes, random: [u8; 16], message: &str, recipient: &str) -> String {
    let mut plaintext = Vec::with_capacity(FRONT + message.len() + recipient.len());
    plaintext.extend_from_slice(&random);
    plaintext.extend_from_slice(&u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes());
    plaintext.extend_from_slice(message.as_bytes());
    plaintext.extend_from_slice(recipient.as_bytes());
    base64_encode(&aes.encrypt(aes.first_half(), &plaintext, PADDING))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened() {
        let aes = Aes::from_text("key");

        let opened = open(&aes, &seal(&aes, [9; 16], "会议", "ww1")).unwrap();

        assert_eq!((opened.message.as_str(), opened.recipient.as_str()), ("会议", "ww1"));
    }

    #[test]
    fn a_length_beyond_the_message_is_refused() {
        let aes = Aes::from_text("key");
        for front in [vec![0; 10], vec![0xff; 20], [vec![0; 19], vec![9]].concat()] {
            let encrypted = base64_encode(&aes.encrypt(aes.first_half(), &front, 32));

            assert_eq!(open(&aes, &encrypted).err(), Some(RejectReason::Undecryptable));
        }
    }

    #[test]
    fn a_message_that_is_not_utf8_is_refused() {
        let aes = Aes::from_text("key");
        let plaintext = [vec![0; 16], vec![0, 0, 0, 2], vec![0xff, 0xfe]].concat();
        let encrypted = base64_encode(&aes.encrypt(aes.first_half(), &plaintext, 32));

        assert_eq!(open(&aes, &encrypted).err(), Some(RejectReason::NotUtf8));
    }
}
