//! What is known about each operation before it is called.
//!
//! The tables are generated from the specs; the runtime only reads them.

use crate::error::ErrorCode;

/// One operation of a vendor's API, as its page documents it.
#[derive(Debug)]
pub struct Operation {
    /// Name of the client method, for instance `get_meeting`.
    pub id: &'static str,
    /// HTTP method in upper case.
    pub method: &'static str,
    /// Path with its parameters in braces.
    pub path: &'static str,
    /// English title.
    pub title: &'static str,
    /// The vendor's page.
    pub docs: &'static str,
    /// Whether sending the request twice does no harm.
    pub idempotent: bool,
    /// Kinds of token that the operation accepts; empty if it takes none.
    pub tokens: &'static [&'static str],
    /// Permission points, any one of which is enough.
    pub scopes: &'static [&'static str],
    /// Documented quota.
    pub limits: &'static [Limit],
    /// Whether the answer is a stream of bytes and not JSON.
    pub raw: bool,
    /// Error codes to which this operation's page gives another meaning than the vendor's table, sorted by
    /// code.
    pub errors: &'static [ErrorCode],
}

/// A documented quota: so many requests in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Number of requests that are allowed.
    pub requests: u32,
    /// Length of the window in seconds.
    pub per_seconds: u32,
    /// Whether all operations of the app are counted together.
    pub shared: bool,
}

impl Operation {
    /// Finds an operation in a table that is sorted by `id`.
    pub fn find(table: &'static [Operation], id: &str) -> Option<&'static Operation> {
        let position = table.binary_search_by(|operation| operation.id.cmp(id)).ok()?;
        table.get(position)
    }
}
