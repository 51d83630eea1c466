//! What `huiyi-mock` needs of a vendor: the document without its texts, and the typed stubs.
//!
//! The server reads paths, parameters, schemas, examples and error codes. `huiyi-mock` ships its own copy of the
//! document, because a published crate cannot read the files of another. The stubs use the types of the vendor's crate.

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use crate::bundle;
use crate::document::Bundle;
use crate::lower::plan::{Answer, Argument, Lowered, OperationPlan};
use crate::names::pascal;
use crate::postpass::builders::{Written, is_stream};
use crate::postpass::send::is_secret;
use crate::postpass::shape::{Kind, Shape};
use crate::vendor::{VENDORS, Vendor};

/// Keys whose values are data and stay as they are.
const DATA: [&str; 5] = ["default", "enum", "example", "examples", "value"];

/// Keys that the server does not need.
const TEXTS: [&str; 9] = [
    "description",
    "summary",
    "externalDocs",
    "tags",
    "x-doc-updated",
    "x-page-defects",
    "x-scopes",
    "x-source",
    "x-title-zh",
];

/// Renders `crates/huiyi-mock/openapi/<vendor>.json`, with one path or schema per line.
pub fn document(bundle: &Bundle) -> Result<String> {
    let document: Value = serde_json::from_str(&bundle::render(bundle)?)?;
    let mut sections = Vec::new();
    for key in ["security", "x-rate-limit", "x-error-codes", "paths", "components"] {
        if let Some(value) = document.get(key) {
            sections.push(format!("{}:{}", Value::from(key), section(key, &bare(value))));
        }
    }
    Ok(format!("{{\n{}\n}}\n", sections.join(",\n")))
}

fn section(key: &str, value: &Value) -> String {
    match value {
        Value::Object(members) if key == "paths" => lines(members, Value::to_string),
        Value::Object(kinds) if key == "components" => {
            lines(kinds, |kind| kind.as_object().map_or_else(String::new, |members| lines(members, Value::to_string)))
        }
        other => other.to_string(),
    }
}

fn lines(members: &Map<String, Value>, write: impl Fn(&Value) -> String) -> String {
    let members = members.iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), write(value)));
    format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"))
}

/// Returns a copy without texts. A property may be called `description` or `tags`: that value is a schema and stays.
fn bare(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, value)| !is_text(name, value));
            kept.map(|(name, value)| {
                let is_data = DATA.contains(&name.as_str());
                (name.clone(), if is_data { value.clone() } else { bare(value) })
            })
            .collect()
        }
        Value::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

fn is_text(name: &str, value: &Value) -> bool {
    let is_schema =
        value.as_object().is_some_and(|members| members.contains_key("type") || members.contains_key("$ref"));
    TEXTS.contains(&name) && !is_schema
}

/// Returns the type of a vendor's mock.
pub fn mock(vendor: Vendor) -> proc_macro2::Ident {
    let name = match vendor.key {
        "wecom" => "WeCom".to_owned(),
        "dingtalk" => "DingTalk".to_owned(),
        key => pascal(key),
    };
    format_ident!("{name}Mock")
}

/// Writes `crates/huiyi-mock/src/generated/mod.rs`.
pub fn shared() -> TokenStream {
    let modules = VENDORS.iter().map(|vendor| {
        let (name, feature) = (format_ident!("{}", vendor.key), vendor.key);
        quote!(#[cfg(feature = #feature)] pub mod #name;)
    });
    quote! {
        //! Typed calls of each vendor, and their stubs.

        #(#modules)*
    }
}

/// Writes `crates/huiyi-mock/src/generated/<vendor>.rs`.
pub fn file(lowered: &Lowered, written: &[Written]) -> TokenStream {
    let krate = format_ident!("{}", lowered.vendor.crate_ident());
    let mock = mock(lowered.vendor);
    let pairs: Vec<(&OperationPlan, &Written)> = lowered
        .operations
        .iter()
        .filter_map(|plan| Some((plan, written.iter().find(|written| written.id == plan.id)?)))
        .collect();
    let makers = pairs.iter().map(|(plan, _)| {
        let (name, call) = (format_ident!("{}", plan.id), format_ident!("{}", pascal(&plan.id)));
        let doc = format!(" A stub of [`Client::{0}`]({krate}::Client::{0}).", plan.id);
        quote! {
            #[doc = #doc]
            #[track_caller]
            pub fn #name(&self) -> Stub<#call> {
                self.core.stub(Location::caller())
            }
        }
    });
    let calls = pairs.iter().map(|(plan, written)| call(lowered, plan, written));
    let title = format!(" The calls of {}, as the server received them.", lowered.vendor.title);
    quote! {
        #![doc = #title]

        use std::panic::Location;

        use huiyi_core::wire;
        use #krate::types;

        use crate::{Call, PagedCall, Request, Stub, Unreadable, #mock};
        use crate::stub::Content;
        use crate::typed::{body, bytes, data, flat, list, optional, optional_body, optional_list, required};

        impl #mock {
            #(#makers)*
        }

        #(#calls)*
    }
}

/// The struct of a call, and the methods of its stubs.
fn call(lowered: &Lowered, plan: &OperationPlan, written: &Written) -> TokenStream {
    let (id, name) = (&plan.id, format_ident!("{}", pascal(&plan.id)));
    let doc = format!(" A call of [`Client::{id}`]({}::Client::{id}).", lowered.vendor.crate_ident());
    let fields = written.arguments.iter().map(|argument| {
        let (ident, ty) = (format_ident!("{}", argument.rust), field(argument));
        quote!(pub #ident: #ty)
    });
    let reads = written.arguments.iter().map(|argument| {
        let (ident, value) = (format_ident!("{}", argument.rust), read(argument));
        quote!(#ident: #value)
    });
    let request = if written.arguments.is_empty() { format_ident!("_request") } else { format_ident!("request") };
    let setters: Vec<TokenStream> = written.arguments.iter().filter_map(setter).collect();
    let setters = (!setters.is_empty()).then(|| quote!(impl Stub<#name> { #(#setters)* }));
    let paged = plan.paging.is_some().then(|| quote!(impl PagedCall for #name {}));
    let ty = &written.answer;
    let (answer, content) = match plan.answer {
        Answer::Data(_) => (quote!(#ty), quote!(data(answer))),
        Answer::Flat(_) => (quote!(#ty), quote!(flat(answer))),
        Answer::Empty => (
            quote!(()),
            quote!({
                let () = answer;
                Content::Empty
            }),
        ),
        Answer::Raw => (quote!(Vec<u8>), quote!(Content::Bytes(answer.clone()))),
    };
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields),* }

        impl Call for #name {
            const OPERATION: &'static str = #id;
            type Answer = #answer;

            fn read(#request: &Request) -> Result<Self, Unreadable> {
                Ok(Self { #(#reads),* })
            }

            fn content(answer: &Self::Answer) -> Content {
                #content
            }
        }

        #paged

        #setters
    }
}

fn is_list(argument: &Argument) -> bool {
    argument.location != "body" && matches!(Shape::of(&argument.ty).kind, Kind::List(_))
}

/// The type of a field.
fn field(argument: &Argument) -> TokenStream {
    let ty = &argument.ty;
    match argument.location.as_str() {
        "body" if is_stream(argument) => quote!(Vec<u8>),
        "body" => quote!(#ty),
        _ if argument.required => quote!(#ty),
        _ => quote!(Option<#ty>),
    }
}

/// Reads a field from a request.
fn read(argument: &Argument) -> TokenStream {
    let (place, wire) = (&argument.location, &argument.wire);
    match (place.as_str(), argument.required) {
        ("body", _) if is_stream(argument) => quote!(bytes(request)),
        ("body", true) => quote!(body(request)?),
        ("body", false) => quote!(optional_body(request)?),
        (_, true) if is_list(argument) => quote!(list(request, #place, #wire)?),
        (_, false) if is_list(argument) => quote!(optional_list(request, #place, #wire)?),
        (_, true) => quote!(required(request, #place, #wire)?),
        (_, false) => quote!(optional(request, #place, #wire)?),
    }
}

/// Returns the method of a stub that restricts an argument to a value.
fn setter(argument: &Argument) -> Option<TokenStream> {
    let (ident, ty) = (format_ident!("{}", argument.rust), &argument.ty);
    let (place, wire) = (&argument.location, &argument.wire);
    if argument.location == "body" {
        return (!is_stream(argument)).then(|| {
            quote! {
                /// Restricts the stub to calls with this body. The call's body may have other members too.
                pub fn #ident(self, value: #ty) -> Self {
                    self.wants_body(&value)
                }
            }
        });
    }
    let doc = format!(" Restricts the stub to calls with this `{wire}`.");
    if let Kind::List(item) = Shape::of(ty).kind {
        return Some(quote! {
            #[doc = #doc]
            pub fn #ident(self, value: impl IntoIterator<Item = impl Into<#item>>) -> Self {
                let values = value.into_iter().map(|item| Into::<#item>::into(item).to_string());
                self.wants(#place, #wire, values.collect())
            }
        });
    }
    let text = if is_secret(ty) { quote!(value.expose().to_owned()) } else { quote!(value.to_string()) };
    Some(quote! {
        #[doc = #doc]
        pub fn #ident(self, value: impl Into<#ty>) -> Self {
            let value: #ty = value.into();
            self.wants(#place, #wire, vec![#text])
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::bare;

    #[test]
    fn properties_named_as_texts_stay() {
        let schema = json!({
            "description": "A room.",
            "properties": {"description": {"type": "string", "description": "Its text."}, "tags": {"$ref": "#/x"}},
        });

        let expected = json!({"properties": {"description": {"type": "string"}, "tags": {"$ref": "#/x"}}});
        assert_eq!(bare(&schema), expected);
    }

    #[test]
    fn examples_stay_as_they_are() {
        let content = json!({"examples": {"page": {"value": {"description": "text", "summary": "text"}}}});

        assert_eq!(bare(&content), content);
    }
}
