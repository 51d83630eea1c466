//! What is searched for, in which forms, and how much was searched.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

/// A part of every secret and token of the loopback server.
pub(crate) const MARK: &str = "sentinel";

/// Secrets without the mark, which users and platforms hand over. Codes begin with the first.
pub(crate) const UNMARKED: [&str; 3] =
    ["code-loopback", "ticket-loopback", "verifier-of-at-least-forty-three-characters"];

/// A token whose encoded forms all differ, and that does not contain the mark.
pub(crate) const AWKWARD: &str = "t-+awkward/token=for&echo%es";

/// The same token in a query.
pub(crate) const AWKWARD_IN_A_FORM: &str = "t-%2Bawkward%2Ftoken%3Dfor%26echo%25es";

/// The characters that forms and queries leave as they are.
pub(crate) const IN_A_FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');
