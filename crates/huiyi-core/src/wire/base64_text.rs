//! A string that contains other data as Base64 (RFC 4648).

use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::scalar::{Scalar, scalar_text_traits, shown_text_traits};

/// Writes padding, like the vendors' examples, and reads with or without padding.
const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

/// Data in Base64, stored as the received text.
///
/// `From<&str>` takes text that is already Base64; [`from_plain`](Self::from_plain) and
/// [`from_bytes`](Self::from_bytes) encode.
///
/// ```
/// use huiyi_core::wire::Base64Text;
///
/// let name = Base64Text::from_plain("周会");
/// assert_eq!(name.as_str(), "5ZGo5Lya");
/// assert_eq!(name.decode_utf8()?, "周会");
/// # Ok::<(), huiyi_core::wire::Base64Error>(())
/// ```
#[derive(Clone)]
pub struct Base64Text(Scalar);

impl Base64Text {
    /// Encodes a plain text.
    #[must_use]
    pub fn from_plain(plain: &str) -> Self {
        Self::from_bytes(plain)
    }

    /// Encodes bytes.
    #[must_use]
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self(Scalar::quoted(STANDARD.encode(bytes)))
    }

    /// Returns the Base64 text as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the Base64 text as a `String`.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_string()
    }

    /// Decodes the text, in the standard or the URL-safe alphabet, with or without padding.
    ///
    /// Line breaks and blanks are skipped.
    ///
    /// # Errors
    /// If the text is not Base64.
    pub fn decode(&self) -> Result<Vec<u8>, Base64Error> {
        let text = self.as_str();
        let engine = if text.contains(['-', '_']) { URL_SAFE } else { STANDARD };
        let decoded = if text.contains(|character: char| character.is_ascii_whitespace()) {
            let symbols: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            engine.decode(symbols)
        } else {
            engine.decode(text)
        };
        decoded.map_err(|source| Base64Error(Cause::Alphabet(source)))
    }

    /// Decodes the text as UTF-8.
    ///
    /// # Errors
    /// If the text is not Base64, or the decoded data is not UTF-8.
    pub fn decode_utf8(&self) -> Result<String, Base64Error> {
        String::from_utf8(self.decode()?).map_err(|source| Base64Error(Cause::Utf8(source.utf8_error())))
    }
}

scalar_text_traits!(Base64Text, "a Base64 string", empty_is_none: false);
shown_text_traits!(Base64Text);

/// The text is not Base64, or the decoded data is not UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base64Error(Cause);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    Alphabet(base64::DecodeError),
    Utf8(std::str::Utf8Error),
}

impl fmt::Display for Base64Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Cause::Alphabet(_) => "the text is not Base64",
            Cause::Utf8(_) => "the decoded data is not UTF-8 text",
        })
    }
}

impl std::error::Error for Base64Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(match &self.0 {
            Cause::Alphabet(source) => source,
            Cause::Utf8(source) => source,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn padding_alphabet_and_line_breaks_do_not_matter() {
        let bytes = vec![0xfb, 0xff, 0xfe, 0x01];

        for text in ["+//+AQ==", "+//+AQ", "-__-AQ==", "-__-AQ", "+//+\r\nAQ==\n", "+//+AR"] {
            assert_eq!(Base64Text::from(text).decode().unwrap(), bytes, "{text}");
        }
    }

    #[test]
    fn what_is_not_base64_says_so_and_keeps_the_cause() {
        for text in ["a", "会议", "+-AA", "AA=A"] {
            let error = Base64Text::from(text).decode().unwrap_err();
            assert_eq!(error.to_string(), "the text is not Base64");
            assert!(error.source().is_some());
        }
        let error = Base64Text::from("/w==").decode_utf8().unwrap_err();
        assert_eq!(error.to_string(), "the decoded data is not UTF-8 text");
    }

    #[test]
    fn an_empty_text_carries_nothing() {
        assert_eq!(Base64Text::from("").decode_utf8().unwrap(), "");
    }

    #[test]
    fn the_text_comes_back_unchanged_even_if_it_is_not_base64() {
        for json in [r#""-__-AQ""#, r#""not base64""#, r#""""#] {
            let text: Base64Text = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&text).unwrap(), json);
        }
    }
}
