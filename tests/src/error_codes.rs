//! The error tables of the bundled specs, read from `x-error-codes` and not from generated code.

use huiyi_core::ErrorKind;
use serde_json::Value;

use crate::examples::{Spec, text};

/// A documented error code.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorCode {
    /// The code as it is on the wire: a number or a string.
    pub code: Value,
    /// The documented HTTP status.
    pub status: Option<u16>,
    /// What it means for the caller.
    pub kind: ErrorKind,
}

impl ErrorCode {
    /// Returns the code as text.
    pub fn text(&self) -> String {
        text(&self.code)
    }

    /// Reads a row: its own members first, then those of the row that it deviates from.
    fn read(row: &Value, usual: Option<&Self>) -> Option<Self> {
        let status = row.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
        let kind = row.get("kind").and_then(Value::as_str).and_then(kind);
        Some(Self {
            code: row.get("code")?.clone(),
            status: status.or(usual.and_then(|usual| usual.status)),
            kind: kind.or(usual.map(|usual| usual.kind))?,
        })
    }
}

impl Spec {
    /// Returns the vendor's table.
    pub fn error_codes(&self) -> Vec<ErrorCode> {
        rows(self.document()).filter_map(|row| ErrorCode::read(row, None)).collect()
    }

    /// Returns the codes of an operation's page: the rows of the vendor's table, with the page's deviations.
    pub fn error_codes_of(&self, operation: &str) -> Vec<ErrorCode> {
        let table = self.error_codes();
        let Some(operation) = self.operation(operation) else {
            return Vec::new();
        };
        rows(operation)
            .filter_map(|row| {
                let usual = |code: &Value| table.iter().find(|usual| usual.code == *code);
                match row.get("code") {
                    Some(code) => ErrorCode::read(row, usual(code)),
                    None => usual(row).cloned(),
                }
            })
            .collect()
    }
}

fn rows(holder: &Value) -> impl Iterator<Item = &Value> {
    holder.get("x-error-codes").and_then(Value::as_array).into_iter().flatten()
}

fn kind(name: &str) -> Option<ErrorKind> {
    Some(match name {
        "Auth" => ErrorKind::Auth,
        "Permission" => ErrorKind::Permission,
        "NotFound" => ErrorKind::NotFound,
        "InvalidParameter" => ErrorKind::InvalidParameter,
        "RateLimited" => ErrorKind::RateLimited,
        "QuotaExhausted" => ErrorKind::QuotaExhausted,
        "Conflict" => ErrorKind::Conflict,
        "Unavailable" => ErrorKind::Unavailable,
        "Other" => ErrorKind::Other,
        _ => return None,
    })
}
