//! The contents of the example deliveries, for the data-driven tests.

use anyhow::{Result, anyhow};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::delivery::{Envelope, without};
use crate::document::{object, webhooks};
use crate::lint::examples::Fields;
use crate::vendor::Vendor;

/// Writes `tests/src/generated/<vendor>_events.rs`.
pub fn file(vendor: Vendor, root: &Value) -> Result<TokenStream> {
    let krate = format_ident!("{}", vendor.crate_ident());
    let title = format!(" The events of {}, by type, and the contents of the pages' examples.", vendor.title);
    let mut examples = Vec::new();
    for webhook in webhooks(root) {
        let body = webhook.value.get("requestBody").unwrap_or(&Value::Null);
        for (_, media) in object(body, "content") {
            let schema = media.get("schema").unwrap_or(&Value::Null);
            for (name, example) in object(media, "examples") {
                let delivery = example.get("value").unwrap_or(&Value::Null);
                for content in contents(root, schema, delivery) {
                    let event_type = webhook.text("x-event-type").unwrap_or_default();
                    let content = raw(&content.to_string())?;
                    examples.push(quote!(EventExample { event_type: #event_type, name: #name, content: #content }));
                }
            }
        }
    }
    Ok(quote! {
        #![doc = #title]

        use #krate::events::Event;
        use serde_json::Value;

        use crate::events::{self, EventExample};

        /// All types that [`decode`] knows.
        pub const TYPES: &[&str] = Event::TYPES;

        /// The contents of the examples.
        pub const EXAMPLES: &[EventExample] = &[#(#examples),*];

        /// Reads the content of an event, and gives back what was understood.
        pub fn decode(event_type: &str, content: &str) -> Result<Value, String> {
            events::decode::<Event>(event_type, content)
        }
    })
}

/// Returns the contents of an example delivery, without what surrounds them.
fn contents(root: &Value, schema: &Value, delivery: &Value) -> Vec<Value> {
    let envelope = root.pointer("/x-events/envelope").and_then(Value::as_str).and_then(Envelope::from_key);
    let Some(envelope) = envelope else { return Vec::new() };
    let fields = Fields::of(root, schema);
    let found = envelope.contents(root, schema, delivery).unwrap_or_default();
    let own = |name: &str| fields.properties.contains_key(name);
    found.iter().map(|content| without(envelope.members(), own, content)).collect()
}

/// Writes a text as a raw string literal, which is easier to read.
fn raw(text: &str) -> Result<Literal> {
    let hashes = (1..10).map(|count| "#".repeat(count)).find(|hashes| !text.contains(&format!("\"{hashes}")));
    let hashes = hashes.unwrap_or_default();
    format!("r{hashes}\"{text}\"{hashes}").parse().map_err(|_| anyhow!("not a raw string: {text}"))
}
