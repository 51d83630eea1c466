//! Open enums: known values have names, unknown values are kept.
//!
//! The generator's own enums are closed: one new value would make a whole answer unreadable.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::lower::plan::EnumPlan;
use crate::postpass::docs;

/// Returns the enum with its conversions. A macro of `huiyi-core` adds serde and the rest.
pub fn item(plan: &EnumPlan) -> TokenStream {
    let name = format_ident!("{}", plan.name);
    let text = match (&plan.description, &plan.inline_in) {
        (Some(text), _) => docs::sentence(&docs::markdown(text)),
        (None, Some((parent, field))) => format!("Values of `{field}` of `{parent}`."),
        (None, None) => "Known values.".to_owned(),
    };
    let doc = docs::attributes(&text);
    let variants = plan.variants.iter().map(|variant| {
        let ident = format_ident!("{}", variant.name);
        let wire = wire_text(&variant.value);
        let text = docs::sentence(&docs::markdown(&variant.description));
        let doc = docs::attributes(&format!("{text} Wire value {wire}."));
        quote!(#doc #ident)
    });
    let reader = if plan.integer { "value" } else { "as_str" };
    let unknown =
        docs::attributes(&format!("A value that this version of the crate does not know; see [`Self::{reader}`]."));
    let conversions = if plan.integer { integer(plan) } else { text_conversions(plan) };
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #unknown
            Unknown(UnknownValue),
        }

        #conversions
    }
}

fn wire_text(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "`\"\"`".to_owned(),
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

fn integer(plan: &EnumPlan) -> TokenStream {
    let name = format_ident!("{}", plan.name);
    let pairs: Vec<(proc_macro2::Ident, proc_macro2::Literal)> = plan
        .variants
        .iter()
        .map(|variant| {
            let value = variant.value.as_i64().unwrap_or_default();
            (format_ident!("{}", variant.name), proc_macro2::Literal::i64_unsuffixed(value))
        })
        .collect();
    let (idents, values): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let doc = docs::attributes("Returns the integer on the wire; `None` if the vendor sent something that is not one.");
    let named = name_method(plan);
    quote! {
        impl #name {
            #named

            #doc
            #[inline]
            pub fn value(&self) -> Option<i64> {
                match self {
                    #(Self::#idents => Some(#values),)*
                    Self::Unknown(value) => value.as_i64(),
                }
            }
        }

        impl From<i64> for #name {
            #[inline]
            fn from(value: i64) -> Self {
                match value {
                    #(#values => Self::#idents,)*
                    _ => Self::Unknown(UnknownValue::from(value)),
                }
            }
        }

        ::huiyi_core::integer_enum!(#name);
    }
}

fn text_conversions(plan: &EnumPlan) -> TokenStream {
    let name = format_ident!("{}", plan.name);
    let idents: Vec<_> = plan.variants.iter().map(|variant| format_ident!("{}", variant.name)).collect();
    let values: Vec<&str> = plan.variants.iter().map(|variant| variant.value.as_str().unwrap_or_default()).collect();
    let doc = docs::attributes("Returns the text on the wire.");
    let named = name_method(plan);
    quote! {
        impl #name {
            #named

            #doc
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #values,)*
                    Self::Unknown(value) => value.as_str().unwrap_or_default(),
                }
            }
        }

        impl From<&str> for #name {
            #[inline]
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#idents,)*
                    _ => Self::Unknown(UnknownValue::from(value)),
                }
            }
        }

        ::huiyi_core::string_enum!(#name);
    }
}

/// Returns the method `name()`, which gives the variant's own name, for logs and reports.
fn name_method(plan: &EnumPlan) -> TokenStream {
    let idents: Vec<_> = plan.variants.iter().map(|variant| format_ident!("{}", variant.name)).collect();
    let names = plan.variants.iter().map(|variant| &variant.name);
    let doc = docs::attributes("Returns the name of the variant; `None` for an unknown value.");
    quote! {
        #doc
        pub fn name(&self) -> Option<&'static str> {
            match self {
                #(Self::#idents => Some(#names),)*
                Self::Unknown(_) => None,
            }
        }
    }
}
