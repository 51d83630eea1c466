//! What is known about each operation before it is called.
//!
//! The tables are generated from the specs; the runtime only reads them.

use crate::error::ErrorCode;

/// One operation of a vendor's API, as the vendor's page documents it.
#[derive(Debug)]
pub struct Operation {
    /// Name of the client method, for instance `get_meeting`.
    pub id: &'static str,
    /// HTTP method in upper case.
    pub method: &'static str,
    /// Path with its parameters in braces.
    pub path: &'static str,
    /// Scheme and host name of an operation that is not on the default API host.
    pub host: Option<&'static str>,
    /// English title.
    pub title: &'static str,
    /// The vendor's page; empty if there is no public one.
    pub docs: &'static str,
    /// Whether it is safe to send the request twice.
    pub idempotent: bool,
    /// Kinds of token that the operation accepts; empty if it needs none.
    pub tokens: &'static [&'static str],
    /// Permission points; any one of them is enough.
    pub scopes: &'static [&'static str],
    /// Documented quota.
    pub limits: &'static [Limit],
    /// Whether the answer is a stream of bytes instead of JSON.
    pub raw: bool,
    /// The documented top-level members of the answer's value.
    pub members: &'static [&'static str],
    /// Error codes that have a different meaning on this operation's page than in the vendor's table, sorted
    /// by code.
    pub errors: &'static [ErrorCode],
}

impl Operation {
    /// No operation.
    pub(crate) const NONE: Self = Self {
        id: "",
        method: "GET",
        path: "",
        host: None,
        title: "",
        docs: "",
        idempotent: false,
        tokens: &[],
        scopes: &[],
        limits: &[],
        raw: false,
        members: &[],
        errors: &[],
    };
}

/// A documented quota: a number of requests in a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Number of requests allowed in the window.
    pub requests: u32,
    /// Length of the window in seconds.
    pub per_seconds: u32,
    /// Whether all operations of the app are counted together.
    pub shared: bool,
}

/// Returns the permission points that a program needs to call these operations; any one of each list is
/// enough.
///
/// ```
/// use huiyi_core::operation::{Operation, required_scopes};
///
/// fn print(operations: &'static [&'static Operation]) -> Result<(), String> {
///     for (operation, scopes) in required_scopes(operations, ["get_meeting", "list_rooms"])? {
///         println!("{operation} needs {}", scopes.join(" or "));
///     }
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// Returns a message with the first name that is not an operation.
pub fn required_scopes<'a>(
    operations: &'static [&'static Operation],
    names: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<(&'static str, &'static [&'static str])>, String> {
    let mut found = Vec::new();
    for name in names {
        let operation = operations.iter().find(|operation| operation.id == name);
        let operation = operation.ok_or_else(|| format!("there is no operation `{name}`"))?;
        if !operation.scopes.is_empty() {
            found.push((operation.id, operation.scopes));
        }
    }
    Ok(found)
}
