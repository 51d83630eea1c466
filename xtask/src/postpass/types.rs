//! Structs: lenient reading of what is received, texts, and for requests a constructor and setters in place
//! of the generator's struct builders.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{Field, ItemStruct};

use super::docs;
use super::shape::{Kind, Scope, Shape, Shorten};
use crate::lower::plan::{FieldPlan, Lowered, TypePlan};
use crate::names::pascal;
use crate::rules::{Rule, Rules};

/// Writes all structs.
#[derive(Debug)]
pub struct Types<'a> {
    lowered: &'a Lowered,
    rules: &'a Rules,
    /// Structs of which every field has a default.
    defaults: BTreeSet<String>,
}

impl<'a> Types<'a> {
    /// Prepares what the structs need to know of each other.
    pub fn new(lowered: &'a Lowered, rules: &'a Rules) -> Self {
        let defaults = lowered
            .types
            .values()
            .filter(|plan| plan.received || plan.fields.iter().all(|field| !field.required))
            .map(|plan| plan.name.clone())
            .collect();
        Self { lowered, rules, defaults }
    }

    /// Whether a struct can be made without any value.
    pub fn has_default(&self, name: &str) -> bool {
        self.defaults.contains(name)
    }

    /// The struct and its methods.
    pub fn item(&self, plan: &TypePlan, item: &ItemStruct) -> Result<TokenStream> {
        let fields = self.fields(plan, item)?;
        let event = self.lowered.events.iter().find(|event| event.content == plan.name);
        let doc = match event {
            Some(event) => crate::events::code::struct_doc(event),
            None => docs::attributes(&self.type_text(plan)),
        };
        let name = &item.ident;
        let default = self.has_default(&plan.name).then(|| quote!(Default,));
        let definitions = fields.iter().map(|field| &field.definition);
        let read_by_core = is_object(plan) && self.rules.apply(Rule::ReadByCore);
        let (derived, object) =
            if read_by_core { (None, Some(self.object(name, &fields))) } else { (Some(quote!(Deserialize,)), None) };
        let methods = self.methods(plan, &fields);
        let or_text = self.is_wrapped(&plan.name, "StringOr").then(|| {
            quote! {
                impl From<#name> for wire::StringOr<#name> {
                    fn from(value: #name) -> Self {
                        Self::Value(value)
                    }
                }
            }
        });
        Ok(quote! {
            #doc
            #[derive(Clone, Debug, #default PartialEq, Serialize, #derived)]
            #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
            #[non_exhaustive]
            pub struct #name { #(#definitions),* }

            #object

            #methods

            #or_text
        })
    }

    /// How a struct is read that a vendor sends.
    fn object(&self, name: &syn::Ident, fields: &[Written<'_>]) -> TokenStream {
        let label = name.to_string();
        let positions = fields.iter().enumerate().map(|(position, field)| {
            let (wire, position) = (&field.plan.wire, Literal::usize_unsuffixed(position));
            quote!(#wire => Some(#position),)
        });
        let reads = fields.iter().enumerate().map(|(position, field)| {
            let ident = format_ident!("{}", field.plan.rust);
            let reader = format_ident!("{}", self.reader(&field.shape).unwrap_or("plain"));
            let position = Literal::usize_unsuffixed(position);
            quote!(#position => object::#reader(members, &mut self.#ident),)
        });
        quote! {
            impl Object for #name {
                const NAME: &'static str = #label;

                #[inline]
                fn position(member: &str) -> Option<usize> {
                    match member {
                        #(#positions)*
                        _ => None,
                    }
                }

                fn read<'de, A: MapAccess<'de>>(&mut self, position: usize, members: &mut A) -> Result<(), A::Error> {
                    match position {
                        #(#reads)*
                        _ => object::skip(members),
                    }
                }
            }

            ::huiyi_core::object!(#name);
        }
    }

    /// Whether a type of `huiyi_core::wire` is made around a struct.
    fn is_wrapped(&self, name: &str, wrapper: &str) -> bool {
        let component = format!("Huiyi{wrapper}{name}");
        self.lowered.replacements.iter().any(|(known, _)| *known == component)
    }

    fn type_text(&self, plan: &TypePlan) -> String {
        let client = |ids: &[String]| {
            let links: Vec<String> = ids.iter().map(|id| format!("[`{id}`](crate::Client::{id})")).collect();
            links.join(", ")
        };
        let own = plan.description.as_deref().map(|text| docs::sentence(&docs::markdown(text)));
        let mut parts: Vec<String> = own.into_iter().collect();
        if !plan.body_of.is_empty() {
            parts.push(format!("Body of {}.", client(&plan.body_of)));
        }
        if !plan.answer_of.is_empty() {
            parts.push(format!("Answer of {}.", client(&plan.answer_of)));
        }
        if let (true, Some((parent, field))) = (parts.is_empty(), &plan.inline_in) {
            parts.push(format!("The field `{field}` of [`{parent}`]."));
        }
        parts.join("\n\n")
    }

    /// Fields in the order of the vendor's page.
    fn fields<'p>(&self, plan: &'p TypePlan, item: &ItemStruct) -> Result<Vec<Written<'p>>> {
        let mut shorten = Shorten { krate: self.lowered.vendor.crate_ident(), scope: Scope::Types };
        let mut written = Vec::new();
        for field in &plan.fields {
            let found = item.fields.iter().find(|found| found.ident.as_ref().is_some_and(|name| *name == field.rust));
            let found =
                found.with_context(|| format!("the generator wrote no field {} in {}", field.rust, plan.name))?;
            let ty = shorten.of(&found.ty);
            let shape = Shape::of(&ty);
            let definition = self.definition(plan, field, found, &ty, &shape);
            written.push(Written { plan: field, shape, definition });
        }
        Ok(written)
    }

    fn definition(
        &self,
        plan: &TypePlan,
        field: &FieldPlan,
        found: &Field,
        ty: &syn::Type,
        shape: &Shape,
    ) -> TokenStream {
        let doc = docs::attributes(&field_text(field));
        let name = &found.ident;
        let alias = (field.wire != field.rust.trim_end_matches('_')).then(|| {
            let wire = &field.wire;
            quote!(#[doc(alias = #wire)])
        });
        let rename = (field.wire != field.rust).then(|| {
            let wire = &field.wire;
            quote!(rename = #wire)
        });
        // Two attributes of one line each read better than one of five lines.
        let read: Vec<TokenStream> = rename.into_iter().chain(default(plan, field, shape)).collect();
        let read = (!read.is_empty()).then(|| quote!(#[serde(#(#read),*)]));
        let write = write_option(plan, field, shape).map(|skip| quote!(#[serde(skip_serializing_if = #skip)]));
        quote!(#doc #alias #read #write pub #name: #ty)
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
        let text = super::shape::text(item);
        self.lowered.enums.contains_key(&text) || (text.starts_with("wire::") && !text.contains('<'))
    }

    fn methods(&self, plan: &TypePlan, fields: &[Written<'_>]) -> TokenStream {
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
            let doc = docs::attributes("A value without any field set.");
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
        let doc = docs::attributes(&format!("A value with {}; setters add the others.", listed(&names)));
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

/// Whether the members of a struct are read by `huiyi_core::wire::object`.
pub fn is_object(plan: &TypePlan) -> bool {
    plan.received && !plan.fields.is_empty()
}

/// What may be left out has a default; in what is received that is everything.
fn default(plan: &TypePlan, field: &FieldPlan, shape: &Shape) -> Option<TokenStream> {
    let absent = plan.received || (!field.required && shape.kind != Kind::Plain);
    (!shape.optional && absent).then(|| quote!(default))
}

/// When a field is not written.
fn write_option(plan: &TypePlan, field: &FieldPlan, shape: &Shape) -> Option<&'static str> {
    match (&shape.kind, shape.optional) {
        (_, true) => Some("Option::is_none"),
        (_, false) if field.required && !plan.received => None,
        (Kind::List(_), false) => Some("Vec::is_empty"),
        (Kind::Map(..), false) => Some("BTreeMap::is_empty"),
        (Kind::Json, false) => Some("serde_json::Map::is_empty"),
        (Kind::Plain, false) => None,
    }
}

/// A field as it is written.
#[derive(Debug)]
struct Written<'p> {
    plan: &'p FieldPlan,
    shape: Shape,
    definition: TokenStream,
}

/// The text of a field, with the page's example value.
pub fn field_text(field: &FieldPlan) -> String {
    let mut text = docs::sentence(&docs::markdown(&field.description));
    if field.deprecated {
        text.insert_str(0, "**Deprecated.** ");
    }
    if let Some(example) = field.example.as_ref().and_then(docs::example) {
        text.push_str(&format!("\n\nExample: {example}."));
    }
    text
}

/// `value` in an expression becomes the parameter of this name.
fn rename(expression: TokenStream, ident: &proc_macro2::Ident) -> TokenStream {
    let mut first = true;
    rename_first(expression, ident, &mut first)
}

fn rename_first(tokens: TokenStream, ident: &proc_macro2::Ident, first: &mut bool) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            proc_macro2::TokenTree::Ident(found) if *first && found == "value" => {
                *first = false;
                proc_macro2::TokenTree::Ident(ident.clone())
            }
            proc_macro2::TokenTree::Group(group) => {
                let inner = rename_first(group.stream(), ident, first);
                proc_macro2::TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner))
            }
            other => other,
        })
        .collect()
}
