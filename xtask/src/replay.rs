//! The dispatcher of the data-driven tests: any operation by name, arguments and answers as JSON.
//!
//! Test code only; it goes into the `tests` package and calls the public interface of the vendor crate.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::lower::plan::{Answer, Argument, Lowered, OperationPlan};
use crate::names::pascal;
use crate::postpass::builders::Written;
use crate::postpass::shape::text;
use crate::vendor::VENDORS;

/// Writes `tests/src/generated/<vendor>.rs`.
pub fn file(lowered: &Lowered, written: &[Written]) -> TokenStream {
    let krate = format_ident!("{}", lowered.vendor.crate_ident());
    let pairs: Vec<(&OperationPlan, &Written)> = lowered
        .operations
        .iter()
        .filter_map(|plan| Some((plan, written.iter().find(|written| written.id == plan.id)?)))
        .collect();
    let ids: Vec<&String> = pairs.iter().map(|(plan, _)| &plan.id).collect();
    let paged: Vec<&String> =
        pairs.iter().filter(|(plan, _)| plan.paging.is_some()).map(|(plan, _)| &plan.id).collect();
    let calls = ids
        .iter()
        .map(|id| (id, format_ident!("{id}")))
        .map(|(id, name)| quote!(#id => #name(client, arguments).await));
    let collects = paged.iter().map(|id| {
        let name = format_ident!("collect_{id}");
        quote!(#id => #name(client, arguments).await)
    });
    let decodes = ids.iter().map(|id| (id, format_ident!("decode_{id}"))).map(|(id, name)| quote!(#id => #name(body)));
    let functions = pairs.iter().map(|(plan, written)| functions(plan, written));
    let mock = crate::mock::mock(lowered.vendor);
    let stubs = pairs.iter().map(|(plan, written)| stub(plan, written));
    let title = format!(" The operations of {} by name.", lowered.vendor.title);
    quote! {
        #![doc = #title]

        use huiyi_core::decode::{data_from_str, flat_from_str, tolerant};
        use huiyi_core::wire;
        use #krate::{Client, builder, types};
        use serde_json::Value;
        use std::collections::BTreeMap;

        use super::drain;
        use huiyi_core::BoxFuture;
        use crate::mocked::{Calls, FILE, Given, give};
        use crate::{Arguments, Failure, argument, body, collected, parsed, required, serialised};

        /// All operations that [`call`] knows.
        pub const OPERATIONS: &[&str] = &[#(#ids),*];

        /// Those that [`collect`] knows.
        pub const PAGED: &[&str] = &[#(#paged),*];

        /// Calls an operation by name; its answer as JSON, `null` if it has none.
        pub async fn call(client: &Client, operation: &str, arguments: &Arguments) -> Result<Value, Failure> {
            match operation {
                #(#calls,)*
                _ => Err(Failure::NoOperation(operation.to_owned())),
            }
        }

        /// Follows a list over all its pages; its items as JSON.
        pub async fn collect(client: &Client, operation: &str, arguments: &Arguments) -> Result<Vec<Value>, Failure> {
            match operation {
                #(#collects,)*
                _ => Err(Failure::NoOperation(operation.to_owned())),
            }
        }

        /// Reads an answer's body as the operation does, and gives back what was understood.
        pub fn decode(operation: &str, body: &str) -> Result<Value, String> {
            match operation {
                #(#decodes,)*
                _ => Err(format!("no operation {operation}")),
            }
        }

        /// Makes a stub of an operation; gives what counts its calls.
        pub fn stub(mock: &huiyi_mock::#mock, operation: &str, given: &Given<'_>) -> Result<Calls, Failure> {
            match operation {
                #(#stubs,)*
                _ => Err(Failure::NoOperation(operation.to_owned())),
            }
        }

        #(#functions)*
    }
}

fn stub(plan: &OperationPlan, written: &Written) -> TokenStream {
    let (id, name, ty) = (&plan.id, format_ident!("{}", plan.id), &written.answer);
    let read = match plan.answer {
        Answer::Data(_) | Answer::Flat(_) => quote!(|value| parsed::<#ty>("answer", value)),
        Answer::Empty => quote!(|_| Ok(())),
        Answer::Raw => quote!(|_| Ok(FILE.to_vec())),
    };
    quote!(#id => give(mock.#name(), given, #read))
}

fn functions(plan: &OperationPlan, written: &Written) -> TokenStream {
    let name = format_ident!("{}", plan.id);
    let request = format_ident!("request_{}", plan.id);
    let builder = format_ident!("{}", pascal(&plan.id));
    let (required, optional): (Vec<&Argument>, Vec<&Argument>) =
        written.arguments.iter().partition(|argument| argument.required);
    let values = required.iter().map(|argument| value(argument));
    let setters: Vec<TokenStream> = optional.iter().map(|argument| setter(argument)).collect();
    let mutable = (!setters.is_empty()).then(|| quote!(mut));
    let unused = if written.arguments.is_empty() { format_ident!("_arguments") } else { format_ident!("arguments") };
    let finish = match plan.answer {
        Answer::Raw => quote!(collected(response.into_inner()).await),
        _ => quote!(serialised(&response.into_inner())),
    };
    let decode = decode(plan, written);
    let collect = plan.paging.is_some().then(|| {
        let collect = format_ident!("collect_{}", plan.id);
        quote! {
            fn #collect<'a>(client: &'a Client, arguments: &'a Arguments) -> BoxFuture<'a, Result<Vec<Value>, Failure>> {
                Box::pin(async move { drain(#request(client, arguments)?.stream()).await })
            }
        }
    });
    quote! {
        fn #request(client: &Client, #unused: &Arguments) -> Result<builder::#builder, Failure> {
            let #mutable request = client.#name(#(#values),*);
            #(#setters)*
            Ok(request)
        }

        // A function of its own makes the future: those of all operations in one frame would not
        // fit on a thread's stack.
        fn #name<'a>(client: &'a Client, arguments: &'a Arguments) -> BoxFuture<'a, Result<Value, Failure>> {
            Box::pin(async move {
                let response = #request(client, arguments)?.send().await?;
                #finish
            })
        }

        #decode

        #collect
    }
}

/// Returns the value of a required argument.
fn value(argument: &Argument) -> TokenStream {
    let (ty, wire) = (&argument.ty, &argument.wire);
    if argument.location == "body" {
        let ty = if text(ty) == "reqwest::Body" { quote!(String) } else { quote!(#ty) };
        return quote!(body::<#ty>(arguments)?);
    }
    let location = format_ident!("{}", argument.location);
    quote!(required::<#ty>(&arguments.#location, #wire)?)
}

/// Sets an optional argument if there is a value for it.
fn setter(argument: &Argument) -> TokenStream {
    let ident = format_ident!("{}", argument.rust);
    let (ty, wire) = (&argument.ty, &argument.wire);
    if argument.location == "body" {
        return quote! {
            if let Some(body) = &arguments.body {
                request = request.#ident(parsed::<#ty>("body", body)?);
            }
        };
    }
    let location = format_ident!("{}", argument.location);
    quote! {
        if let Some(value) = argument::<#ty>(&arguments.#location, #wire)? {
            request = request.#ident(value);
        }
    }
}

fn decode(plan: &OperationPlan, written: &Written) -> TokenStream {
    let name = format_ident!("decode_{}", plan.id);
    let ty = &written.answer;
    let parse = match plan.answer {
        Answer::Data(_) => quote!(tolerant(body, data_from_str::<#ty>)),
        Answer::Flat(_) => quote!(tolerant(body, flat_from_str::<#ty>)),
        Answer::Empty => return quote!(fn #name(_body: &str) -> Result<Value, String> { Ok(Value::Null) }),
        Answer::Raw => {
            return quote! {
                fn #name(_body: &str) -> Result<Value, String> {
                    Err("the answer is a stream of bytes".to_string())
                }
            };
        }
    };
    quote! {
        fn #name(body: &str) -> Result<Value, String> {
            let (answer, _) = #parse.map_err(|error| error.to_string())?;
            serialised(&answer).map_err(|error| error.to_string())
        }
    }
}

/// Writes `tests/src/generated/mod.rs`: what the dispatchers share.
pub fn shared() -> TokenStream {
    let modules = VENDORS.iter().map(|vendor| {
        let (calls, events) = (format_ident!("{}", vendor.key), format_ident!("{}_events", vendor.key));
        quote!(pub mod #calls; pub mod #events;)
    });
    quote! {
        //! Calling operations by name; see [`feishu::call`] and its siblings.

        #![allow(
            deprecated,
            unused_imports,
            reason = "deprecated operations are tested too, and no vendor needs every import"
        )]

        #(#modules)*

        use std::pin::pin;

        use futures_util::StreamExt as _;
        use huiyi_core::paging::Stream;
        use huiyi_core::Error;
        use serde::Serialize;
        use serde_json::Value;

        use crate::{Failure, serialised};

        async fn drain<T: Serialize>(items: impl Stream<Item = Result<T, Error>>) -> Result<Vec<Value>, Failure> {
            let mut items = pin!(items);
            let mut all = Vec::new();
            while let Some(item) = items.next().await {
                all.push(serialised(&item?)?);
            }
            Ok(all)
        }
    }
}
