//! Why a delivery was refused.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;

use super::Reply;
use super::received::reply;

/// Why a delivery was refused. No reason contains anything of the delivery or of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RejectReason {
    /// The vendor does not use this HTTP method.
    Method,
    /// The body is larger than the receiver's limit.
    TooLarge,
    /// A query parameter, a header or a member that every delivery has is missing.
    Missing(&'static str),
    /// A query parameter, a header or a member is there more than once.
    Repeated(&'static str),
    /// The delivery is not what the vendor sends: it is not JSON or XML, or a value is malformed.
    Malformed(&'static str),
    /// The text is not UTF-8.
    NotUtf8,
    /// The XML has a document type definition, an entity of its own or a processing instruction.
    UnsafeXml,
    /// The XML is nested too deeply, or has too many elements.
    TooComplex,
    /// No signature, where the vendor always sends one.
    Unsigned,
    /// The signature was made with none of the receiver's keys, or over something else.
    WrongSignature,
    /// Signed too long ago: see [`Limits`](super::Limits).
    TooOld,
    /// Signed at a time that the receiver's clock has not reached.
    FromTheFuture,
    /// Not encrypted, although the receiver has a key for encryption.
    NotEncrypted,
    /// Encrypted, although the receiver has no key for encryption.
    Encrypted,
    /// None of the receiver's keys decrypts it.
    Undecryptable,
    /// The verification token is not one of the receiver's.
    WrongToken,
    /// For another app or corporation than the receiver's.
    WrongRecipient,
}

impl RejectReason {
    /// The status to answer with. All failures of keys have the same one.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Missing(_)
            | Self::Repeated(_)
            | Self::Malformed(_)
            | Self::NotUtf8
            | Self::UnsafeXml
            | Self::TooComplex => StatusCode::BAD_REQUEST,
            Self::Unsigned
            | Self::WrongSignature
            | Self::TooOld
            | Self::FromTheFuture
            | Self::NotEncrypted
            | Self::Encrypted
            | Self::Undecryptable
            | Self::WrongToken
            | Self::WrongRecipient => StatusCode::UNAUTHORIZED,
        }
    }
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method => f.write_str("the HTTP method is not used by the vendor"),
            Self::TooLarge => f.write_str("the body is too large"),
            Self::Missing(name) => write!(f, "{name} is missing"),
            Self::Repeated(name) => write!(f, "{name} is there more than once"),
            Self::Malformed(name) => write!(f, "{name} is malformed"),
            Self::NotUtf8 => f.write_str("the text is not UTF-8"),
            Self::UnsafeXml => f.write_str("the XML has a document type, an entity or an instruction"),
            Self::TooComplex => f.write_str("the XML is nested too deeply or has too many elements"),
            Self::Unsigned => f.write_str("the signature is missing"),
            Self::WrongSignature => f.write_str("the signature is wrong"),
            Self::TooOld => f.write_str("it was signed too long ago"),
            Self::FromTheFuture => f.write_str("it was signed in the future of this clock"),
            Self::NotEncrypted => f.write_str("it is not encrypted"),
            Self::Encrypted => f.write_str("it is encrypted, and the receiver has no key for that"),
            Self::Undecryptable => f.write_str("no key decrypts it"),
            Self::WrongToken => f.write_str("the verification token is wrong"),
            Self::WrongRecipient => f.write_str("it is for another app or corporation"),
        }
    }
}

/// A delivery that was refused: log the reason, and send the [`reply`](Self::reply).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    vendor: &'static str,
    reason: RejectReason,
}

impl Rejection {
    /// A refusal by the receiver of this vendor.
    #[must_use]
    pub fn new(vendor: &'static str, reason: RejectReason) -> Self {
        Self { vendor, reason }
    }

    /// The vendor whose receiver refused.
    #[must_use]
    pub fn vendor(&self) -> &'static str {
        self.vendor
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> RejectReason {
        self.reason
    }

    /// The answer to send: a status with an empty body, which tells nothing about the keys.
    #[must_use]
    pub fn reply(&self) -> Reply {
        reply(self.reason.status(), None, Bytes::new())
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "delivery to the receiver of {} refused: {}", self.vendor, self.reason)
    }
}

impl std::error::Error for Rejection {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_keys_are_answered_alike() {
        let reasons = [
            RejectReason::Unsigned,
            RejectReason::WrongSignature,
            RejectReason::TooOld,
            RejectReason::Undecryptable,
            RejectReason::WrongToken,
            RejectReason::WrongRecipient,
        ];

        for reason in reasons {
            let reply = Rejection::new("vendor", reason).reply();

            assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
            assert!(reply.body().is_empty() && reply.headers().is_empty());
        }
    }

    #[test]
    fn a_rejection_is_one_line() {
        let rejection = Rejection::new("wecom", RejectReason::Missing("nonce"));

        assert_eq!(rejection.to_string(), "delivery to the receiver of wecom refused: nonce is missing");
    }
}
