//! The page of the documentation with the vendor's general error table.

use proc_macro2::TokenStream;
use quote::quote;

use crate::lower::plan::{ErrorRow, Lowered};
use crate::postpass::docs;

/// Writes `error_codes.rs`, a module that has only documentation.
pub fn file(lowered: &Lowered) -> TokenStream {
    let mut text = format!("The general error codes of {}.\n\n", lowered.vendor.title);
    text.push_str("Any operation may return them. Codes of a single operation are in its own documentation. ");
    text.push_str("[`Client::error_codes`](crate::Client::error_codes) has the same table as data.\n\n");
    text.push_str("| code | kind | meaning |\n|---|---|---|\n");
    text.extend(lowered.errors.iter().map(row));
    let doc = docs::inner_attributes(&text);
    quote!(#doc)
}

/// Returns a row of a table of error codes.
pub fn row(row: &ErrorRow) -> String {
    let status = row.status.map(|status| format!(" (HTTP {status})")).unwrap_or_default();
    format!("| `{}`{status} | `{}` | {} |\n", row.code, row.kind, docs::cell(&row.meaning))
}
