//! Reasons for refusing a delivery.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;

use super::Reply;
use super::received::reply;

/// Why a delivery was refused. No reason contains parts of the delivery or of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RejectReason {
    /// The vendor does not use this HTTP method.
    Method,
    /// The body is larger than the receiver's limit.
    TooLarge,
    /// A required query parameter, header or member is missing.
    Missing(&'static str),
    /// A query parameter, header or member occurs more than once.
    Repeated(&'static str),
    /// The delivery does not have the vendor's format: it is not JSON or XML, or a value is malformed.
    Malformed(&'static str),
    /// The text is not UTF-8.
    NotUtf8,
    /// The XML has a document type definition, a custom entity or a processing instruction.
    UnsafeXml,
    /// The XML is nested too deeply, or has too many elements.
    TooComplex,
    /// The delivery has no signature, although the vendor always sends one.
    Unsigned,
    /// The signature was not made with one of the receiver's keys, or not for this content.
    WrongSignature,
    /// The delivery was signed too long ago, see [`Limits`](super::Limits).
    TooOld,
    /// The delivery was signed more than five minutes ahead of the receiver's clock.
    FromTheFuture,
    /// The delivery is not encrypted, although the receiver has an encryption key.
    NotEncrypted,
    /// The delivery is encrypted, although the receiver has no encryption key.
    Encrypted,
    /// None of the receiver's keys decrypts it.
    Undecryptable,
    /// The verification token is not one of the receiver's.
    WrongToken,
    /// The delivery is for another app or corporation.
    WrongRecipient,
}

impl RejectReason {
    /// Returns the status to reply with. All failures of keys have the same status.
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
            Self::Repeated(name) => write!(f, "{name} occurs more than once"),
            Self::Malformed(name) => write!(f, "{name} is malformed"),
            Self::NotUtf8 => f.write_str("the text is not UTF-8"),
            Self::UnsafeXml => f.write_str("the XML has a document type, an entity or an instruction"),
            Self::TooComplex => f.write_str("the XML is nested too deeply or has too many elements"),
            Self::Unsigned => f.write_str("the signature is missing"),
            Self::WrongSignature => f.write_str("the signature is wrong"),
            Self::TooOld => f.write_str("it was signed too long ago"),
            Self::FromTheFuture => f.write_str("it was signed more than five minutes ahead of this clock"),
            Self::NotEncrypted => f.write_str("it is not encrypted"),
            Self::Encrypted => f.write_str("it is encrypted, and the receiver has no key for that"),
            Self::Undecryptable => f.write_str("no key decrypts it"),
            Self::WrongToken => f.write_str("the verification token is wrong"),
            Self::WrongRecipient => f.write_str("it is for another app or corporation"),
        }
    }
}

/// A refused delivery: log the reason and send the [`reply`](Self::reply).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    vendor: &'static str,
    reason: RejectReason,
}

impl Rejection {
    /// Creates a refusal by this vendor's receiver.
    #[must_use]
    pub fn new(vendor: &'static str, reason: RejectReason) -> Self {
        Self { vendor, reason }
    }

    /// Returns the vendor whose receiver refused the delivery.
    #[must_use]
    pub fn vendor(&self) -> &'static str {
        self.vendor
    }

    /// Returns the reason.
    #[must_use]
    pub fn reason(&self) -> RejectReason {
        self.reason
    }

    /// Returns the reply: a status with an empty body, which reveals nothing about the keys.
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
