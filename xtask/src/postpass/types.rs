//! Structs: lenient reading of what is received, texts, and for requests a constructor and setters in place
//! of the generator's struct builders.

mod methods;
mod object;

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Field, ItemStruct};

pub use object::is_object;

use super::docs;
use super::shape::{Kind, Scope, Shape, Shorten};
use crate::lower::plan::{FieldPlan, Lowered, TypePlan};
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

    /// Returns whether a struct can be made without any value.
    pub fn has_default(&self, name: &str) -> bool {
        self.defaults.contains(name)
    }

    /// Returns the struct and its methods.
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

    /// Returns whether a type of `huiyi_core::wire` wraps a struct.
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
        let number = self.number(plan, shape);
        let write = write_option(plan, field, shape).map(|skip| quote!(#[serde(skip_serializing_if = #skip)]));
        quote!(#doc #alias #read #number #write pub #name: #ty)
    }

    /// Returns how a number of a request is read: a stored request may have it as a text.
    fn number(&self, plan: &TypePlan, shape: &Shape) -> Option<TokenStream> {
        if is_object(plan) {
            return None;
        }
        let reader = match (shape.text().as_str(), shape.optional) {
            ("i64", true) => "wire::lenient::opt_i64",
            ("i64", false) => "wire::lenient::i64",
            ("f64", true) => "wire::lenient::opt_f64",
            ("f64", false) => "wire::lenient::f64",
            ("Vec<i64>", true) => "wire::lenient::opt_vec_i64",
            ("Vec<i64>", false) => "wire::lenient::vec_i64",
            _ => return None,
        };
        let absent = shape.optional.then(|| quote!(default,));
        self.rules.apply(Rule::LenientScalar).then(|| quote!(#[serde(#absent deserialize_with = #reader)]))
    }
}

/// Returns `default` for a field that may be left out. In what is received, that is every field.
fn default(plan: &TypePlan, field: &FieldPlan, shape: &Shape) -> Option<TokenStream> {
    let absent = plan.received || (!field.required && shape.kind != Kind::Plain);
    (!shape.optional && absent).then(|| quote!(default))
}

/// Returns the condition for leaving a field out when it is written.
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

/// Returns the text of a field, with the page's example value.
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
