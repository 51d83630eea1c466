//! The body of `send`: a chain that names the arguments, while `huiyi-core` does the rest.
//!
//! The generator writes some thirty statements into each `send`. All dependents would compile them, for all
//! operations; a chain of calls costs a fraction of that.

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, ImplItemFn};

use super::builders::Argument;
use crate::lower::plan::{Answer, OperationPlan};
use crate::rules::Rules;

/// Writes the `send` of one operation anew.
///
/// `arguments` are in the order of the vendor's page.
pub fn rewrite(
    method: &mut ImplItemFn,
    plan: &OperationPlan,
    client: &Ident,
    arguments: &[Argument],
    rules: &Rules,
) -> Result<()> {
    check_shape(method, plan)?;
    let names = arguments.iter().map(|argument| format_ident!("{}", argument.rust));
    let in_path = placeholders(&plan.path).map(|wire| {
        let argument = arguments.iter().find(|argument| argument.location == "path" && argument.wire == wire);
        let ident = format_ident!("{}", argument.with_context(|| format!("no path argument {wire}"))?.rust);
        Ok(quote!(argument::path(#ident)))
    });
    let in_path: Vec<TokenStream> = in_path.collect::<Result<_>>()?;
    let calls = arguments.iter().map(|argument| call(plan, argument)).collect::<Result<Vec<_>>>()?;
    let read = format_ident!(
        "{}",
        match &plan.answer {
            Answer::Data(_) => "data",
            Answer::Flat(_) => "flat",
            Answer::Empty => "empty",
            Answer::Raw => "raw",
        }
    );
    let (http_method, path, operation) = (format_ident!("{}", plan.method), &plan.path, &plan.id);
    method.block = syn::parse2(quote!({
        let Self { #client, #(#names),* } = self;
        let request = Outgoing::new(&#client.client, Method::#http_method, &#client.baseurl, #path, &[#(#in_path),*])
            #(#calls)*;
        request.#read(#client, #operation).await
    }))?;
    method.attrs.clear();
    rules.hit("send by the core");
    Ok(())
}

/// What is thrown away must be what the plan says.
fn check_shape(method: &ImplItemFn, plan: &OperationPlan) -> Result<()> {
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

/// The call that adds an argument to the request.
fn call(plan: &OperationPlan, argument: &Argument) -> Result<TokenStream> {
    let (ident, wire) = (format_ident!("{}", argument.rust), &argument.wire);
    let value = if argument.required { quote!(#ident.map(Some)) } else { quote!(#ident) };
    Ok(match argument.location.as_str() {
        "path" => TokenStream::new(),
        "query" => quote!(.query(#wire, #value)),
        "header" => quote!(.header(#wire, #value)),
        "body" => match plan.body.as_ref().map(|body| body.media.as_str()) {
            Some("application/json") => quote!(.json(#ident)),
            Some("application/x-www-form-urlencoded") => quote!(.form(#ident)),
            Some("application/octet-stream") => quote!(.bytes(#ident)),
            media => bail!("{} has a body of the media type {media:?}", plan.id),
        },
        other => bail!("{} has an argument in {other}", plan.id),
    })
}
