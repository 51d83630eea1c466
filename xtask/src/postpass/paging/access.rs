//! Expressions that reach into an answer: the list at the end of a path, its last item, a value in it.
//!
//! A path leads through structs, optional structs and lists, which need different code.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::document::schema_name;
use crate::lower::plan::FieldPlan;
use crate::wire::{Wire, classify};

/// `Option<i64>` of a value by reference, if its schema is a number.
pub(super) fn as_number(schema: &Value, value: &TokenStream) -> Option<TokenStream> {
    match (classify(schema), kind(schema)) {
        (Some(Wire::Scalar("LenientInt" | "Int64Text")), _) => Some(quote!(#value.map(|number| number.get()))),
        (Some(Wire::Scalar("StringOrNumber")), _) => Some(quote!(#value.and_then(|number| number.as_i64()))),
        (None, "integer") => Some(quote!(#value.copied())),
        (None, "string") => Some(quote!(#value.and_then(|number| number.parse().ok()))),
        _ => None,
    }
}

/// Returns the `type` of a schema.
pub(super) fn kind(schema: &Value) -> &str {
    schema.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// Returns the Rust type of a scalar, struct or enum in `builder.rs`.
pub(super) fn rust_type(schema: &Value) -> Option<TokenStream> {
    if let Some(name) = schema_name(schema) {
        let name = format_ident!("{name}");
        return Some(quote!(types::#name));
    }
    if let Some(Wire::Scalar(name)) = classify(schema) {
        let name = format_ident!("{name}");
        return Some(quote!(wire::#name));
    }
    match kind(schema) {
        "string" => Some(quote!(String)),
        "integer" => Some(quote!(i64)),
        "number" => Some(quote!(f64)),
        "boolean" => Some(quote!(bool)),
        "object" if !schema.get("additionalProperties").is_some_and(Value::is_object) => {
            Some(quote!(serde_json::Map<String, serde_json::Value>))
        }
        _ => None,
    }
}

fn is_list(field: &FieldPlan) -> bool {
    field.schema.get("items").is_some()
}

/// Takes the list at the end of a path out of `at`.
pub(super) fn take(fields: &[FieldPlan], at: &TokenStream) -> TokenStream {
    let Some((field, rest)) = fields.split_first() else { return quote!(Vec::new()) };
    let ident = format_ident!("{}", field.rust);
    if rest.is_empty() {
        return quote!(std::mem::take(&mut #at.#ident));
    }
    let inner = take(rest, &quote!(inner));
    if is_list(field) {
        quote!(#at.#ident.iter_mut().flat_map(|inner| #inner).collect())
    } else if field.always {
        take(rest, &quote!(#at.#ident))
    } else {
        quote!(#at.#ident.as_mut().map(|inner| #inner).unwrap_or_default())
    }
}

/// Returns the number of items at the end of a path.
pub(super) fn count_items(fields: &[FieldPlan], at: &TokenStream) -> TokenStream {
    let Some((field, rest)) = fields.split_first() else { return quote!(0) };
    let ident = format_ident!("{}", field.rust);
    if rest.is_empty() {
        return quote!(#at.#ident.len());
    }
    let inner = count_items(rest, &quote!(inner));
    if is_list(field) {
        quote!(#at.#ident.iter().map(|inner| #inner).sum())
    } else if field.always {
        count_items(rest, &quote!(#at.#ident))
    } else {
        quote!(#at.#ident.as_ref().map_or(0, |inner| #inner))
    }
}

/// Returns the last item at the end of a path, as an option.
pub(super) fn last_item(fields: &[FieldPlan], at: &TokenStream) -> TokenStream {
    let Some((field, rest)) = fields.split_first() else { return quote!(None) };
    let ident = format_ident!("{}", field.rust);
    if rest.is_empty() {
        return quote!(#at.#ident.last());
    }
    let inner = last_item(rest, &quote!(inner));
    if is_list(field) {
        quote!(#at.#ident.iter().rev().find_map(|inner| #inner))
    } else if field.always {
        last_item(rest, &quote!(#at.#ident))
    } else {
        quote!(#at.#ident.as_ref().and_then(|inner| #inner))
    }
}

/// `Option<&T>` of the value at the end of a path.
pub(super) fn value(fields: &[FieldPlan], at: &TokenStream) -> TokenStream {
    let Some((field, rest)) = fields.split_first() else { return quote!(None) };
    let ident = format_ident!("{}", field.rust);
    if rest.is_empty() {
        return quote!(#at.#ident.as_ref());
    }
    let inner = value(rest, &quote!(inner));
    if is_list(field) {
        quote!(#at.#ident.last().and_then(|inner| #inner))
    } else if field.always {
        value(rest, &quote!(#at.#ident))
    } else {
        quote!(#at.#ident.as_ref().and_then(|inner| #inner))
    }
}
