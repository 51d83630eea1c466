//! The vendors' error tables as data.

use super::ErrorKind;

/// What the runtime may do by itself about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing: the caller decides.
    None,
    /// Fetch a new token and send the request once more.
    Refresh,
    /// Wait and send the request again.
    Backoff,
}

/// One row of a vendor's error table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code as text; numbers in decimal.
    pub code: &'static str,
    /// The kind of failure for the caller.
    pub kind: ErrorKind,
    /// What the runtime may do about it.
    pub action: Action,
    /// The meaning in a few words.
    pub meaning: &'static str,
}

impl ErrorCode {
    /// Finds a code in a table that is sorted by `code`.
    pub fn find(table: &'static [ErrorCode], code: &str) -> Option<&'static ErrorCode> {
        let position = table.binary_search_by(|row| row.code.cmp(code)).ok()?;
        table.get(position)
    }
}
