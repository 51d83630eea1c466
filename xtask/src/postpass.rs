//! Turns progenitor's output into the files of a crate's `src/generated`.
//!
//! Each step counts how often it applied ([`crate::rules`]). If a new version of the generator writes something else,
//! the step that no longer applies is named.
//!
//! Most functions are marked `#[inline]`, whatever their size: the crate of a vendor has hundreds of operations, and
//! a dependent that uses three should compile three. Functions that are not inlined are compiled for every dependent.

mod aliases;
pub mod builders;
pub mod client;
pub mod docs;
pub mod paging;
pub mod send;
pub mod shape;
pub mod tree;
pub mod types;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::Visit;

use crate::lower::plan::Lowered;
use crate::names::{pascal, snake};
use crate::operations;
use crate::rules::Rules;
use crate::{enums, error_page, events};
use builders::Written;

/// The reworked output.
#[derive(Debug)]
pub struct Reworked {
    /// Files of `src/generated` by name, without `mod.rs`.
    pub files: Vec<(String, TokenStream)>,
    /// The operation builders, for the test dispatcher.
    pub builders: Vec<Written>,
}

/// Reworks progenitor's output.
pub fn rework(lowered: &Lowered, file: syn::File, rules: &Rules) -> Result<Reworked> {
    let tree = tree::split(file)?;
    let types = types::Types::new(lowered, rules);
    let mut written = Vec::new();
    for plan in lowered.operations.iter().filter(|plan| plan.generated) {
        let name = pascal(&plan.id);
        let builder = tree.builders.get(&name).with_context(|| format!("the generator wrote no builder {name}"))?;
        written.push(builders::item(lowered, &types, plan, builder)?);
    }
    let mut files = vec![
        ("client.rs".to_owned(), client::file(lowered, &written)),
        ("types.rs".to_owned(), types_file(lowered, &types, &tree)?),
        ("enums.rs".to_owned(), enums_file(lowered)),
        ("events.rs".to_owned(), events::code::file(lowered)),
        ("events/types.rs".to_owned(), event_types_file(lowered, &types, &tree)?),
        ("events/enums.rs".to_owned(), event_enums_file(lowered)),
        ("operations.rs".to_owned(), operations::file(lowered)),
        ("error_codes.rs".to_owned(), error_page::file(lowered)),
    ];
    files.extend(builder_files(lowered, &written)?);
    Ok(Reworked { files, builders: written })
}

/// `builder.rs`, and one file below it for each resource.
fn builder_files(lowered: &Lowered, written: &[Written]) -> Result<Vec<(String, TokenStream)>> {
    let mut by_tag: BTreeMap<String, Vec<&Written>> = BTreeMap::new();
    for builder in written {
        let plan =
            lowered.operations.iter().find(|plan| plan.id == builder.id).context("a builder without operation")?;
        by_tag.entry(snake(&plan.tag)).or_default().push(builder);
    }
    let modules: Vec<syn::Ident> = by_tag.keys().map(|tag| quote::format_ident!("{tag}")).collect();
    let main = quote! {
        #![doc = " Requests: one struct per operation, made by the methods of [`Client`](crate::Client)."]

        #(mod #modules;)*

        #(pub use #modules::*;)*
    };
    let mut files = vec![("builder.rs".to_owned(), main)];
    for (tag, builders) in by_tag {
        files.push((format!("builder/{tag}.rs"), builder_file(&tag, &builders)?));
    }
    Ok(files)
}

fn builder_file(tag: &str, written: &[&Written]) -> Result<TokenStream> {
    let builders: TokenStream = written.iter().map(|written| written.tokens.clone()).collect();
    let used = used_names(&builders)?;
    let has = |name: &str| used.contains(name);
    let download = has("Download").then(|| quote!(Download,));
    let paging = has("paging").then(|| {
        quote!(
            use ::huiyi_core::paging::{self, Cursor, Items, Next, Paged, Pages};
        )
    });
    let wire = has("wire").then(|| {
        quote!(
            use ::huiyi_core::wire;
        )
    });
    let names = written.iter().map(|written| quote::format_ident!("{}", pascal(&written.id)));
    let title = format!(" Requests of the resource `{tag}`.");
    Ok(quote! {
        #![doc = #title]

        use ::huiyi_core::request::Request;
        use ::huiyi_core::{Answer, #download Error};
        #paging
        #wire

        use super::super::{client::Client, operations, types};

        #builders

        ::huiyi_core::opaque_debug!(#(#names),*);
    })
}

fn types_file(lowered: &Lowered, types: &types::Types<'_>, tree: &tree::Tree) -> Result<TokenStream> {
    let (imports, items) = structs(lowered, types, tree, false)?;
    let enums = (!lowered.enums.is_empty()).then(|| {
        quote!(
            pub use super::enums::*;
        )
    });
    Ok(quote! {
        #![doc = " Types of arguments, bodies and answers."]

        #imports #enums #items
    })
}

fn event_types_file(lowered: &Lowered, types: &types::Types<'_>, tree: &tree::Tree) -> Result<TokenStream> {
    let (imports, items) = structs(lowered, types, tree, true)?;
    Ok(quote! {
        #![doc = " Contents of events."]

        #imports
        use super::super::types::*;
        use super::enums::*;

        #items
    })
}

/// Writes the structs that only events use, or those of operations, and their imports.
fn structs(
    lowered: &Lowered,
    types: &types::Types<'_>,
    tree: &tree::Tree,
    of_events: bool,
) -> Result<(TokenStream, TokenStream)> {
    let mut items = TokenStream::new();
    let plans: Vec<_> = lowered.types.iter().filter(|(_, plan)| plan.events_only == of_events).collect();
    for (name, plan) in &plans {
        let item = tree.structs.get(*name).with_context(|| format!("the generator wrote no struct {name}"))?;
        items.extend(types.item(plan, item)?);
    }
    let used = used_names(&items)?;
    let map = used.contains("BTreeMap").then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let wire = used.contains("wire").then(|| {
        quote!(
            use ::huiyi_core::wire;
        )
    });
    let serde = (!plans.is_empty()).then(|| {
        let derived = plans.iter().any(|(_, plan)| !types::is_object(plan)).then(|| quote!(Deserialize,));
        quote!(
            use serde::{#derived Serialize};
        )
    });
    Ok((quote!(#map #wire #serde), items))
}

fn enums_file(lowered: &Lowered) -> TokenStream {
    let items = enum_items(lowered, false);
    quote! {
        #![doc = " Enums of values that the vendor lists; other values are kept as `Unknown`."]

        #items
    }
}

fn event_enums_file(lowered: &Lowered) -> TokenStream {
    let items = enum_items(lowered, true);
    quote! {
        #![doc = " Enums that only events have; values that the vendor does not list are kept as `Unknown`."]

        #items
    }
}

fn enum_items(lowered: &Lowered, of_events: bool) -> TokenStream {
    let plans: Vec<_> = lowered.enums.values().filter(|plan| plan.events_only == of_events).collect();
    let used = (!plans.is_empty()).then(|| {
        quote!(
            use ::huiyi_core::wire::UnknownValue;
        )
    });
    let items = plans.into_iter().map(enums::item);
    quote!(#used #(#items)*)
}

/// First segments of all paths.
fn used_names(tokens: &TokenStream) -> Result<std::collections::BTreeSet<String>> {
    #[derive(Default)]
    struct Names(std::collections::BTreeSet<String>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            if let Some(first) = path.segments.first() {
                self.0.insert(first.ident.to_string());
            }
            syn::visit::visit_path(self, path);
        }
        /// `syn` does not parse the arguments of a macro.
        fn visit_macro(&mut self, call: &'ast syn::Macro) {
            for token in call.tokens.clone() {
                if let proc_macro2::TokenTree::Ident(name) = token {
                    self.0.insert(name.to_string());
                }
            }
        }
    }
    let file: syn::File = syn::parse2(tokens.clone()).context("what was written is not Rust")?;
    let mut names = Names::default();
    names.visit_file(&file);
    Ok(names.0)
}
