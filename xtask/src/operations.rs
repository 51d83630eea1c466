//! The static tables that the runtime looks calls up in.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::document::schema_name;
use crate::lower::plan::{Answer, Counted, ErrorRow, Lowered, OperationPlan, Quota};

/// Returns the name of an operation's `static`.
pub fn constant(id: &str) -> proc_macro2::Ident {
    format_ident!("{}", id.to_uppercase())
}

/// Writes `operations.rs`.
pub fn file(lowered: &Lowered) -> TokenStream {
    let mut plans: Vec<&OperationPlan> = lowered.operations.iter().collect();
    plans.sort_by(|one, other| one.id.cmp(&other.id));
    let operations = plans.iter().map(|plan| operation(lowered, plan));
    let names = plans.iter().map(|plan| constant(&plan.id));
    let mut errors: Vec<&ErrorRow> = lowered.errors.iter().collect();
    errors.sort_by(|one, other| one.code.cmp(&other.code));
    let rows = errors.iter().map(|row| error(row));
    let custom = custom(lowered);
    let headers = &lowered.request_id_headers;
    quote! {
        //! What is known about each operation before it is called.

        use ::huiyi_core::error::{Action, ErrorCode, ErrorKind};
        use ::huiyi_core::operation::{Limit, Operation};

        /// Headers that have the id of a request, the first that is there counts.
        pub(crate) const REQUEST_ID_HEADERS: &[&str] = &[#(#headers),*];

        /// All documented operations, sorted by id.
        pub(crate) static OPERATIONS: &[&Operation] = &[#(&#names),*];

        /// The vendor's table of error codes, sorted by code.
        pub(crate) static ERROR_CODES: &[ErrorCode] = &[#(#rows),*];

        #custom

        #(#operations)*
    }
}

/// Writes what is assumed of an operation that no spec has.
fn custom(lowered: &Lowered) -> TokenStream {
    let mut tokens: Vec<&String> = Vec::new();
    for token in lowered.operations.iter().filter(|plan| plan.generated).flat_map(|plan| &plan.tokens) {
        if !tokens.contains(&token) {
            tokens.push(token);
        }
    }
    let limits = lowered.common_quota.iter().flat_map(limits);
    quote! {
        /// What is assumed of an operation that no spec has: any credential, and the quota of the whole app.
        pub(crate) static CUSTOM: Operation = Operation {
            id: "request",
            method: "GET",
            path: "",
            host: None,
            title: "",
            docs: "",
            idempotent: false,
            tokens: &[#(#tokens),*],
            scopes: &[],
            limits: &[#(#limits),*],
            raw: false,
            members: &[],
            errors: &[],
        };
    }
}

fn operation(lowered: &Lowered, plan: &OperationPlan) -> TokenStream {
    let OperationPlan { id, method, path, tokens, scopes, idempotent, .. } = plan;
    let name = constant(id);
    let title = &plan.summary;
    let docs = plan.url.as_deref().unwrap_or_default();
    let host = match &plan.host {
        Some(host) => quote!(Some(#host)),
        None => quote!(None),
    };
    let limits = plan.quotas.iter().flat_map(limits);
    let raw = plan.answer == Answer::Raw;
    let answer = plan.answer.schema().and_then(schema_name).and_then(|name| lowered.types.get(name));
    let members = answer.into_iter().flat_map(|answer| answer.fields.iter().map(|field| &field.wire));
    // Sorted, because the client uses binary search.
    let mut errors: Vec<&ErrorRow> = plan.errors.iter().filter(|row| row.deviates).collect();
    errors.sort_by(|one, other| one.code.cmp(&other.code));
    let errors = errors.into_iter().map(error);
    let doc = format!(" `{id}`.");
    quote! {
        #[doc = #doc]
        pub(crate) static #name: Operation = Operation {
            id: #id,
            method: #method,
            path: #path,
            host: #host,
            title: #title,
            docs: #docs,
            idempotent: #idempotent,
            tokens: &[#(#tokens),*],
            scopes: &[#(#scopes),*],
            limits: &[#(#limits),*],
            raw: #raw,
            members: &[#(#members),*],
            errors: &[#(#errors),*],
        };
    }
}

/// The limits of a quota that the client can keep.
fn limits(quota: &Quota) -> impl Iterator<Item = TokenStream> {
    let shared = quota.counted == Counted::Together;
    let kept = quota.limits.iter().filter(|_| quota.counted != Counted::No);
    kept.map(move |limit| {
        let requests = Literal::u64_unsuffixed(limit.requests);
        let seconds = Literal::u64_unsuffixed(limit.per_seconds);
        quote!(Limit { requests: #requests, per_seconds: #seconds, shared: #shared })
    })
}

fn error(row: &ErrorRow) -> TokenStream {
    let (code, meaning) = (&row.code, &row.meaning);
    let kind = format_ident!("{}", row.kind);
    let action = format_ident!("{}", row.action);
    quote!(ErrorCode { code: #code, kind: ErrorKind::#kind, action: Action::#action, meaning: #meaning })
}
