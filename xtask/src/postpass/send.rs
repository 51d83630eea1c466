//! The body of `new` and `send`: a chain of calls that names the arguments; `huiyi-core` does the rest.
//!
//! The generator writes some thirty statements into each `send`. Every dependent would compile them for all
//! operations. A chain of calls costs a fraction of that.

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{ImplItemFn, Type};

use super::builders::is_stream;
use super::shape::{Kind, Shape};
use crate::lower::filled::{Filled, Value};
use crate::lower::plan::{Answer, Argument, OperationPlan};

/// Checks that the generator's `send`, which is thrown away, agrees with the plan.
pub fn check_shape(method: &ImplItemFn, plan: &OperationPlan) -> Result<()> {
    let written = method.block.to_token_stream().to_string();
    let called = format!(". {} (url)", plan.method.to_lowercase());
    let url = placeholders(&plan.path)
        .fold(format!("{{}}{}", plan.path), |url, name| url.replacen(&format!("{{{name}}}"), "{}", 1));
    let id = format!("operation_id : {:?}", plan.id);
    for expected in [&called, &url, &id, ". pre (", ". exec (", ". post (", "ErrorResponse", "\"api-version\""] {
        if !written.contains(expected) {
            bail!("the generated `send` has another shape than expected: there is no `{expected}`");
        }
    }
    Ok(())
}

/// The names between braces in a path.
fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Returns the calls that add the required arguments to a new request. Path arguments come in the path's order.
pub fn given(plan: &OperationPlan, required: &[&Argument]) -> Result<TokenStream> {
    let mut calls = TokenStream::new();
    for wire in placeholders(&plan.path) {
        let argument = required.iter().find(|argument| argument.location == "path" && argument.wire == wire);
        let argument = argument.with_context(|| format!("{}: no path argument {wire}", plan.id))?;
        let ident = format_ident!("{}", argument.rust);
        calls.extend(quote!(.path(#wire, &#ident)));
    }
    for argument in required {
        let (ident, wire) = (format_ident!("{}", argument.rust), &argument.wire);
        calls.extend(match argument.location.as_str() {
            "query" if matches!(Shape::of(&argument.ty).kind, Kind::List(_)) => {
                quote!(.required_query_list(#wire, #ident))
            }
            "query" if is_secret(&argument.ty) => quote!(.query(#wire, #ident.expose())),
            "query" => quote!(.query(#wire, &#ident)),
            "header" => quote!(.header(#wire, &#ident)),
            "body" if is_stream(argument) => quote!(.bytes(#ident)),
            "path" | "body" => TokenStream::new(),
            other => bail!("{} has an argument in {other}", plan.id),
        });
    }
    for filled in plan.filled.iter().filter(|filled| !filled.in_body) {
        if let Value::Number(number) = filled.value {
            let (wire, number) = (&filled.wire, proc_macro2::Literal::i64_unsuffixed(number));
            calls.extend(quote!(.query(#wire, &#number)));
        }
    }
    Ok(calls)
}

/// Writes `send` of one operation.
pub fn method(plan: &OperationPlan, arguments: &[Argument], answer: &Type) -> Result<TokenStream> {
    let client: Vec<&Filled> = plan.filled.iter().filter(|filled| filled.value == Value::Client).collect();
    let from_client = client.iter().filter(|filled| !filled.in_body).map(|filled| {
        let wire = &filled.wire;
        quote!(.default_query(#wire))
    });
    let body = arguments.iter().find(|argument| argument.location == "body" && !is_stream(argument));
    let media = plan.body.as_ref().map(|body| body.media.as_str()).unwrap_or_default();
    let with_body = match body.map(|_| media) {
        None => TokenStream::new(),
        Some("application/json") => quote!(.json(&body)),
        Some("application/x-www-form-urlencoded") => quote!(.form(&body)),
        Some(other) => bail!("{} has a body of the media type {other}", plan.id),
    };
    let in_body: Vec<TokenStream> = plan.filled.iter().filter(|filled| filled.in_body).map(fill).collect();
    let read = format_ident!(
        "{}",
        match &plan.answer {
            Answer::Data(_) => "data",
            Answer::Flat(_) => "flat",
            Answer::Empty => "empty",
            Answer::Raw => "download",
        }
    );
    let answer = if plan.answer == Answer::Raw { quote!(Download) } else { quote!(#answer) };
    let changed_request = plan.filled.iter().any(|filled| filled.in_body && filled.value == Value::Client);
    let take = match (body.is_some(), in_body.is_empty(), changed_request) {
        (false, ..) => quote!(let Self { request } = self;),
        (true, true, _) => quote!(let Self { request, body } = self;),
        (true, false, false) => quote!(let Self { request, mut body } = self;),
        (true, false, true) => quote!(let Self { mut request, mut body } = self;),
    };
    Ok(quote! {
        pub async fn send(self) -> Result<Answer<#answer>, Error> {
            #take
            #(#in_body)*
            request #(#from_client)* #with_body.#read().await
        }
    })
}

/// The statement that fills a field of the body which the caller has left out.
fn fill(filled: &Filled) -> TokenStream {
    let (ident, wire) = (format_ident!("{}", filled.rust), &filled.wire);
    match filled.value {
        Value::Client => quote! {
            if body.#ident.is_none() {
                body.#ident = request.default_of(#wire);
            }
        },
        Value::Number(number) => {
            let number = proc_macro2::Literal::i64_suffixed(number);
            quote! {
                if body.#ident.is_none() {
                    body.#ident = Some(#number.into());
                }
            }
        }
    }
}

/// Returns whether an argument is a secret, which has no `Display`.
pub fn is_secret(ty: &Type) -> bool {
    super::shape::text(ty) == "wire::Secret"
}
