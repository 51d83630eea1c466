//! How a received struct is read: one reader per field.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Types, Written};
use crate::lower::plan::TypePlan;
use crate::postpass::shape::{self, Kind, Shape};
use crate::rules::Rule;

/// Returns whether the members of a struct are read by `huiyi_core::wire::object`.
pub fn is_object(plan: &TypePlan) -> bool {
    plan.received && !plan.fields.is_empty()
}

impl Types<'_> {
    /// Writes how a received struct is read, one line per field.
    pub(super) fn object(&self, name: &syn::Ident, fields: &[Written<'_>]) -> TokenStream {
        let lines = fields.iter().map(|field| {
            let (wire, ident) = (&field.plan.wire, format_ident!("{}", field.plan.rust));
            let reader = format_ident!("{}", self.reader(&field.shape).unwrap_or("plain"));
            quote!(#wire => #ident: #reader,)
        });
        quote!(::huiyi_core::object! { #name { #(#lines)* } })
    }

    /// The reader in `huiyi_core::wire::lenient` for a field that is received.
    fn reader(&self, shape: &Shape) -> Option<&'static str> {
        let text = shape.text();
        let lists = !matches!(shape.kind, Kind::Plain);
        if lists || !shape.optional {
            if !self.rules.apply(Rule::NullTolerant) {
                return None;
            }
            return Some(match (text.as_str(), shape.optional) {
                ("Vec<String>", false) => "vec_string",
                ("Vec<String>", true) => "opt_vec_string",
                ("Vec<i64>", false) => "vec_i64",
                ("Vec<i64>", true) => "opt_vec_i64",
                (_, optional) if self.is_list_of_values(shape) => {
                    if optional {
                        "opt_vec"
                    } else {
                        "vec"
                    }
                }
                ("BTreeMap<String,String>", false) => "map_string",
                ("BTreeMap<String,String>", true) => "opt_map_string",
                (map, optional) if map.starts_with("BTreeMap<String,") => {
                    if optional {
                        "opt_map"
                    } else {
                        "map"
                    }
                }
                (list, optional) if list.starts_with("Vec<") => {
                    if optional {
                        "opt_list"
                    } else {
                        "list"
                    }
                }
                (_, true) => "plain",
                _ => "null_as_default",
            });
        }
        let scalar = match text.as_str() {
            "String" => Some("opt_string"),
            "i64" => Some("opt_i64"),
            "f64" => Some("opt_f64"),
            "bool" => Some("opt_bool"),
            _ => None,
        };
        if scalar.is_some() {
            return scalar.filter(|_| self.rules.apply(Rule::LenientScalar));
        }
        if self.lowered.types.contains_key(&shape.name()) {
            return None;
        }
        self.rules.apply(Rule::LenientValue).then_some("opt")
    }

    /// Lists of enums or wire scalars are read element by element.
    fn is_list_of_values(&self, shape: &Shape) -> bool {
        let Kind::List(item) = &shape.kind else { return false };
        let text = shape::text(item);
        self.lowered.enums.contains_key(&text) || (text.starts_with("wire::") && !text.contains('<'))
    }
}
