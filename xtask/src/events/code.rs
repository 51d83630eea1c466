//! The code of events: the enum `Event`, and the documentation of the structs.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::lower::plan::{EventPlan, Lowered, Source};
use crate::names::pascal;
use crate::postpass::docs;

/// Writes `events.rs`.
pub fn file(lowered: &Lowered) -> TokenStream {
    let title = lowered.vendor.title;
    let variants = lowered.events.iter().map(|event| {
        let doc = docs::attributes(&variant_text(event));
        let aliases = aliases(event);
        let (variant, content) = names(event);
        quote!(#doc #aliases #variant(Box<#content>))
    });
    let entries = lowered.events.iter().map(|event| {
        let wire = &event.event_type;
        let (variant, content) = names(event);
        quote!(#wire => #variant(#content))
    });
    let module = docs::inner_attributes(&format!(
        "The events that {title} pushes: one struct for each, and the enum [`Event`]."
    ));
    let all = docs::attributes(&format!(
        "An event of {title}.\n\nEvents that this version of the crate does not know arrive as [`Event::Unknown`] \
         with their original content."
    ));
    let unknown = docs::attributes("An event that this version of the crate does not know.");
    quote! {
        #module

        mod enums;
        mod types;

        pub use enums::*;
        pub use types::*;

        use ::huiyi_core::event::UnknownEvent;

        #all
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            #(#variants,)*
            #unknown
            Unknown(UnknownEvent),
        }

        ::huiyi_core::event_set! {
            Event { #(#entries,)* }
        }
    }
}

fn names(event: &EventPlan) -> (proc_macro2::Ident, proc_macro2::Ident) {
    (format_ident!("{}", pascal(&event.id)), format_ident!("{}", pascal(&event.content)))
}

/// Makes the vendor's names of an event aliases for the search of the documentation.
fn aliases(event: &EventPlan) -> TokenStream {
    let names = event.title_zh.iter().chain(Some(&event.event_type));
    quote!(#(#[doc(alias = #names)])*)
}

/// Returns the attributes of the struct of an event's content.
pub fn struct_doc(event: &EventPlan) -> TokenStream {
    let variant = pascal(&event.id);
    let mut text = docs::sentence(&docs::markdown(&event.summary));
    if event.deprecated {
        text.push_str("\n\n**Deprecated by the vendor.**");
    }
    text.push_str(&format!("\n\n{}", docs::markdown(&event.description)));
    text.push_str(&format!("\n\nContent of [`Event::{variant}`](super::Event::{variant}).\n\n{}", source(event)));
    text.push_str(&format!("\n\n| | |\n|---|---|\n| event type | `{}` |\n", event.event_type));
    if !event.scopes.is_empty() {
        let scopes: Vec<String> = event.scopes.iter().map(|scope| format!("`{scope}`")).collect();
        text.push_str(&format!("| scope | {} |\n", scopes.join(" or ")));
    }
    let (doc, aliases) = (docs::attributes(&text), aliases(event));
    quote!(#doc #aliases)
}

fn variant_text(event: &EventPlan) -> String {
    let summary = docs::markdown(&event.summary);
    let title = event.title_zh.as_ref().map(|title| format!(" ({})", docs::markdown(title))).unwrap_or_default();
    let deprecated = if event.deprecated { " **Deprecated by the vendor.**" } else { "" };
    format!("{}{title}: `{}`.{deprecated}", summary.trim().trim_end_matches('.'), event.event_type)
}

/// Says where the event is documented: a page with its date, the SDK or a tool.
fn source(event: &EventPlan) -> String {
    let title = event.title_zh.as_deref().map(docs::markdown);
    let named = title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
    let link = event.url.as_ref().map(|url| {
        let date = event.updated.as_ref().map(|date| format!(", as of {date}")).unwrap_or_default();
        format!("[{}]({url}){date}", title.clone().unwrap_or_else(|| event.event_type.clone()))
    });
    match (event.source, link) {
        (Source::Page, Some(link)) => format!("Vendor's page: {link}."),
        (Source::Page, None) => {
            let date = event.updated.as_ref().map(|date| format!(" of {date}")).unwrap_or_default();
            format!("Source: the vendor's documentation{date}{named}; the page has no known address.")
        }
        (Source::Sdk, Some(link)) => format!("Source: the vendor's SDK, and its page {link}."),
        (Source::Sdk, None) => format!("Source: the vendor's SDK{named}; there is no public page."),
        (Source::Tool, _) => format!(
            "Source: the vendor's command-line tool{named}; there is no public page, and it is not known whether ordinary \
             apps receive the event."
        ),
    }
}
