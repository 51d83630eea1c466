//! The client: one documented method per operation, and a `Debug` without secrets.

use super::builders::{self, Written};
use super::{aliases, docs};
use crate::lower::plan::{Argument, Counted, Lowered, OperationPlan, Quota, Source};
use crate::names::pascal;
use crate::{error_page, example};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// Writes `client.rs`.
pub fn file(lowered: &Lowered, written: &[Written]) -> TokenStream {
    let text = lowered.info.get("description").and_then(serde_json::Value::as_str).unwrap_or_default();
    let doc = docs::attributes(&format!("Client of the {} API.\n\n{}", lowered.vendor.title, docs::markdown(text)));
    let vendor = lowered.vendor.key;
    let methods = lowered.operations.iter().filter_map(|plan| {
        let written = written.iter().find(|written| written.id == plan.id)?;
        Some(method(lowered, plan, written))
    });
    quote! {
        #![doc = " The client, with one method per operation."]

        use std::fmt;

        use ::huiyi_core::error::ErrorCode;
        use ::huiyi_core::operation::Operation;
        use ::huiyi_core::{CustomRequest, RetryPolicy, wire};

        use super::{builder, operations, types};

        #doc
        #[derive(Clone)]
        pub struct Client {
            pub(crate) session: crate::Session,
        }

        impl Client {
            /// What is known of every operation, sorted by name: path, token kinds, scopes, quota, the vendor's page.
            pub fn operations() -> &'static [&'static Operation] {
                operations::OPERATIONS
            }

            /// The vendor's general error table, sorted by code; [`error_codes`](crate::error_codes) is the same as a page.
            pub fn error_codes() -> &'static [ErrorCode] {
                operations::ERROR_CODES
            }

            /// Any request of this vendor's API, also one that no spec has, with the client's credentials, signature,
            /// retries and app-wide quota.
            ///
            /// `path` begins with a slash; the query goes into
            /// [`CustomRequest::query`](::huiyi_core::CustomRequest::query).
            #[inline]
            pub fn request(&self, method: reqwest::Method, path: &str) -> CustomRequest {
                CustomRequest::new(&self.session, method, path)
            }

            /// The same client with another retry policy.
            #[must_use]
            pub fn with_retry(&self, policy: RetryPolicy) -> Self {
                Self { session: self.session.with_retry(policy) }
            }

            #(#methods)*
        }

        impl fmt::Debug for Client {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let base_url = self.session.transport().base_url();
                f.debug_struct("Client").field("vendor", &#vendor).field("base_url", &base_url).finish()
            }
        }
    }
}

fn method(lowered: &Lowered, plan: &OperationPlan, written: &Written) -> TokenStream {
    let required: Vec<&Argument> = written.arguments.iter().filter(|argument| argument.required).collect();
    let mut text = text(lowered, plan, &required);
    text.push_str(&example::section(lowered, plan, written));
    let doc = docs::attributes(&text);
    let name = format_ident!("{}", plan.id);
    let builder = format_ident!("{}", pascal(&plan.id));
    let deprecated = plan.deprecated.then(|| match &plan.replaced_by {
        Some(other) => {
            let note = format!("use `{other}`");
            quote!(#[deprecated(note = #note)])
        }
        None => quote!(#[deprecated(note = "the vendor has deprecated it")]),
    });
    let aliases = aliases::of(lowered, plan);
    let (parameters, values): (Vec<_>, Vec<_>) = required
        .iter()
        .map(|argument| {
            let ident = format_ident!("{}", argument.rust);
            let (ty, value) = builders::parameter(argument);
            (quote!(#ident: #ty), value)
        })
        .unzip();
    quote! {
        #doc
        #(#[doc(alias = #aliases)])*
        #deprecated
        #[inline]
        pub fn #name(&self, #(#parameters),*) -> builder::#builder {
            builder::#builder::new(self, #(#values),*)
        }
    }
}

/// Writes the documentation of a method.
fn text(lowered: &Lowered, plan: &OperationPlan, required: &[&Argument]) -> String {
    let summary = docs::markdown(&plan.summary);
    let summary = summary.trim().trim_end_matches('.');
    // Parameters that are easy to confuse: the first line shows their order.
    let mut text = if required.len() > 1 {
        let names: Vec<&str> = required.iter().map(|argument| argument.rust.as_str()).collect();
        format!("{summary}: `{}({})`.", plan.id, names.join(", "))
    } else {
        docs::sentence(summary)
    };
    if plan.deprecated {
        let instead = plan.replaced_by.as_ref().map(|id| format!(" Use `{id}` instead."));
        text.push_str(&format!("\n\n**Deprecated by the vendor.**{}", instead.unwrap_or_default()));
    }
    text.push_str(&format!("\n\n{}\n\n", docs::markdown(&plan.description)));
    text = linked(lowered, plan, &text);
    text.push_str(&arguments(plan, required));
    text.push_str(&source(plan));
    text.push_str(&facts(plan));
    if plan.paging.is_some() {
        let builder = pascal(&plan.id);
        text.push_str(&format!("\nThe list has pages; [`stream`](builder::{builder}::stream) follows them.\n"));
    }
    text.push_str("\n# Errors\n\n");
    if plan.errors.is_empty() {
        text.push_str("Those of the [general table](crate::error_codes); the page lists none of its own.\n");
    } else {
        text.push_str("Besides those of the [general table](crate::error_codes):\n\n");
        text.push_str("| code | kind | meaning |\n|---|---|---|\n");
        text.extend(plan.errors.iter().map(error_page::row));
    }
    text
}

/// Describes the parameters of the method. The fields of a body are documented at its type.
fn arguments(plan: &OperationPlan, required: &[&Argument]) -> String {
    let described = required.iter().filter_map(|argument| {
        let parameter = plan.parameters.iter().find(|parameter| parameter.rust == argument.rust)?;
        Some(format!("* `{}`: {}\n", argument.rust, docs::sentence(&docs::markdown(&parameter.description))))
    });
    let described: String = described.collect();
    if described.is_empty() { described } else { format!("# Arguments\n\n{described}\n") }
}

/// Turns names of other operations into links.
fn linked(lowered: &Lowered, plan: &OperationPlan, text: &str) -> String {
    let mut text = text.to_owned();
    for other in lowered.operations.iter().filter(|other| other.generated && other.id != plan.id) {
        let id = &other.id;
        text = text.replace(&format!("`{id}`"), &format!("[`{id}`](Self::{id})"));
    }
    text
}

/// Says where the operation is documented: a page with its date, the SDK or a tool.
fn source(plan: &OperationPlan) -> String {
    let title = plan.title_zh.as_deref().map(docs::markdown);
    let named = title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
    let link = plan.url.as_ref().map(|url| {
        let date = plan.updated.as_ref().map(|date| format!(", as of {date}")).unwrap_or_default();
        format!("[{}]({url}){date}", title.clone().unwrap_or_else(|| plan.path.clone()))
    });
    match (plan.source, link) {
        (Source::Page, Some(link)) => format!("Vendor's page: {link}.\n\n"),
        (Source::Page, None) => {
            let date = plan.updated.as_ref().map(|date| format!(" of {date}")).unwrap_or_default();
            format!("Source: the vendor's documentation{date}{named}; the page has no known address.\n\n")
        }
        (Source::Sdk, Some(link)) => format!("Source: the vendor's SDK, and its page {link}.\n\n"),
        (Source::Sdk, None) => format!("Source: the vendor's SDK{named}; there is no public page.\n\n"),
        (Source::Tool, _) => format!(
            "Source: the vendor's command-line tool{named}; there is no public page, and nobody knows whether ordinary \
             apps may call it.\n\n"
        ),
    }
}

fn facts(plan: &OperationPlan) -> String {
    let code = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let mut rows = vec![("request", format!("`{} {}`", plan.method, plan.path))];
    if let Some(host) = &plan.host {
        rows.push(("host", format!("<{host}>")));
    }
    rows.push(("token", if plan.tokens.is_empty() { "none".to_owned() } else { code(&plan.tokens) }));
    if !plan.scopes.is_empty() {
        rows.push(("scope", code(&plan.scopes)));
    }
    if !plan.quotas.is_empty() {
        rows.push(("quota", plan.quotas.iter().map(quota).collect::<Vec<_>>().join("; ")));
    }
    rows.push(("repeatable", if plan.idempotent { "yes" } else { "no" }.to_owned()));
    let mut table = String::from("| | |\n|---|---|\n");
    for (key, value) in rows {
        table.push_str(&format!("| {key} | {value} |\n"));
    }
    table
}

fn quota(quota: &Quota) -> String {
    let window = |seconds: u64| match seconds {
        1 => "second",
        60 => "minute",
        3600 => "hour",
        _ => "day",
    };
    let limits = quota.limits.iter().map(|limit| format!("{} per {}", limit.requests, window(limit.per_seconds)));
    let counted = match quota.counted {
        Counted::Operation => None,
        Counted::Together => Some("all operations together"),
        Counted::No => Some("not counted by the client"),
    };
    let remarks: Vec<String> =
        quota.scope.as_deref().map(docs::cell).into_iter().chain(counted.map(str::to_owned)).collect();
    let limits = limits.collect::<Vec<_>>().join(", ");
    if remarks.is_empty() { limits } else { format!("{limits} ({})", remarks.join("; ")) }
}
