//! The constructor of a struct, with what is required, and a setter for each field.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::{Types, Written};
use crate::lower::plan::TypePlan;
use crate::names::pascal;
use crate::postpass::docs;

impl Types<'_> {
    pub(super) fn methods(&self, plan: &TypePlan, fields: &[Written<'_>]) -> TokenStream {
        let name = format_ident!("{}", pascal(&plan.name));
        let constructor = self.constructor(plan, fields);
        let setters = fields.iter().map(|field| {
            let ident = format_ident!("{}", field.plan.rust);
            let setter = if field.plan.rust == "new" { format_ident!("new_") } else { ident.clone() };
            let text = docs::markdown(&docs::first_sentence(&field.plan.description));
            let doc = docs::attributes(&format!("Sets `{}`. {text}", field.plan.rust));
            let alias = (field.plan.wire != field.plan.rust.trim_end_matches('_')).then(|| {
                let wire = &field.plan.wire;
                quote!(#[doc(alias = #wire)])
            });
            let (parameter, value) = field.shape.setter();
            quote! {
                #doc
                #alias
                pub fn #setter(mut self, value: #parameter) -> Self {
                    self.#ident = #value;
                    self
                }
            }
        });
        quote!(impl #name { #constructor #(#setters)* })
    }

    fn constructor(&self, plan: &TypePlan, fields: &[Written<'_>]) -> TokenStream {
        let required: Vec<&Written<'_>> = fields.iter().filter(|field| field.plan.required).collect();
        let parameters = required.iter().map(|field| {
            let ident = format_ident!("{}", field.plan.rust);
            let (parameter, _) = field.shape.setter();
            quote!(#ident: #parameter)
        });
        if required.is_empty() {
            let doc = docs::attributes("Creates a value with no field set.");
            return quote!(#doc #[inline] pub fn new() -> Self { Self::default() });
        }
        let values = required.iter().map(|field| {
            let ident = format_ident!("{}", field.plan.rust);
            let (_, value) = field.shape.setter();
            let value = rename(value, &ident);
            quote!(#ident: #value)
        });
        let rest = fields.iter().filter(|field| !field.plan.required).map(|field| {
            let ident = format_ident!("{}", field.plan.rust);
            quote!(#ident: Default::default())
        });
        let rest: Vec<TokenStream> = if self.has_default(&plan.name) && required.len() < fields.len() {
            vec![quote!(..Self::default())]
        } else {
            rest.collect()
        };
        let names: Vec<String> = required.iter().map(|field| format!("`{}`", field.plan.rust)).collect();
        let doc = docs::attributes(&format!("Creates a value with {}. Setters add the other fields.", listed(&names)));
        quote! {
            #doc
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* #(#rest),* }
            }
        }
    }
}

/// Names as a phrase: `a`, `b` and `c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// `value` in an expression becomes the parameter of this name.
fn rename(expression: TokenStream, ident: &Ident) -> TokenStream {
    let mut first = true;
    rename_first(expression, ident, &mut first)
}

fn rename_first(tokens: TokenStream, ident: &Ident, first: &mut bool) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(found) if *first && found == "value" => {
                *first = false;
                TokenTree::Ident(ident.clone())
            }
            TokenTree::Group(group) => {
                let inner = rename_first(group.stream(), ident, first);
                TokenTree::Group(Group::new(group.delimiter(), inner))
            }
            other => other,
        })
        .collect()
}
