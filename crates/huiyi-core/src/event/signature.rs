//! Signatures of deliveries: digests that include a shared secret.

use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Returns the SHA-1 of sorted and concatenated texts, the signature of WeCom, DingTalk and Tencent Meeting.
#[must_use]
pub fn sha1_of_sorted(mut texts: [&str; 4]) -> [u8; 20] {
    texts.sort_unstable();
    let mut hash = Sha1::new();
    texts.iter().for_each(|text| hash.update(text.as_bytes()));
    hash.finalize().into()
}

/// Returns the SHA-256 of concatenated byte strings, the signature of Feishu.
#[must_use]
pub fn sha256_of(parts: [&[u8]; 4]) -> [u8; 32] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// Returns whether a hexadecimal signature equals this digest, compared in constant time.
#[must_use]
pub fn is_signed_by(signature: &str, digest: &[u8]) -> bool {
    let hexadecimal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let given = signature.trim().to_ascii_lowercase();
    given.as_bytes().ct_eq(hexadecimal.as_bytes()).into()
}

/// Returns whether two secrets are equal, compared in constant time.
#[must_use]
pub fn is_same_secret(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Example of <https://cloud.tencent.com/document/product/1095/51612> with a shorter text.
    #[test]
    fn the_order_of_the_texts_does_not_matter() {
        let one = sha1_of_sorted(["b", "a", "d", "c"]);

        assert_eq!(one, sha1_of_sorted(["d", "c", "b", "a"]));
        assert!(is_signed_by("81fe8bfe87576c3ecb22426f8e57847382917acf", &one));
    }

    #[test]
    fn a_signature_may_have_capital_letters_and_must_be_whole() {
        let digest = sha256_of([b"ab", b"", b"c", b""]);
        let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

        assert!(is_signed_by(right, &digest));
        assert!(is_signed_by(&right.to_uppercase(), &digest));
        assert!(!is_signed_by("", &digest));
        assert!(!is_signed_by(&right[..63], &digest));
        assert!(!is_signed_by(&format!("{right}0"), &digest));
        assert!(!is_signed_by(&right.replace('f', "e"), &digest));
    }
}
