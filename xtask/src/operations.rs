//! The static tables that the runtime looks calls up in.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::lower::plan::{Answer, Counted, ErrorRow, Lowered, OperationPlan, Quota};

/// `operations.rs`.
pub fn file(lowered: &Lowered) -> TokenStream {
    let mut plans: Vec<&OperationPlan> = lowered.operations.iter().collect();
    plans.sort_by(|one, other| one.id.cmp(&other.id));
    let operations = plans.iter().map(|plan| operation(plan));
    let mut errors: Vec<&ErrorRow> = lowered.errors.iter().collect();
    errors.sort_by(|one, other| one.code.cmp(&other.code));
    let rows = errors.iter().map(|row| error(row));
    let hosts = plans.iter().filter_map(|plan| {
        let (id, host) = (&plan.id, plan.host.as_ref()?);
        Some(quote!((#id, #host)))
    });
    quote! {
        //! What is known about each operation before it is called.

        use ::huiyi_core::error::{Action, ErrorCode, ErrorKind};
        use ::huiyi_core::operation::{Limit, Operation};

        /// All documented operations, sorted by id.
        pub(crate) static OPERATIONS: &[Operation] = &[#(#operations),*];

        /// The vendor's table of error codes, sorted by code.
        pub(crate) static ERROR_CODES: &[ErrorCode] = &[#(#rows),*];

        /// Operations that are on another host than the API, sorted by id.
        pub(crate) static HOSTS: &[(&str, &str)] = &[#(#hosts),*];
    }
}

fn operation(plan: &OperationPlan) -> TokenStream {
    let OperationPlan { id, method, path, tokens, scopes, idempotent, .. } = plan;
    let title = &plan.summary;
    let docs = plan.url.as_deref().unwrap_or_default();
    let limits = plan.quotas.iter().flat_map(limits);
    let raw = plan.answer == Answer::Raw;
    // Sorted: the client looks for a code by halves.
    let mut errors: Vec<&ErrorRow> = plan.errors.iter().filter(|row| row.deviates).collect();
    errors.sort_by(|one, other| one.code.cmp(&other.code));
    let errors = errors.into_iter().map(error);
    quote! {
        Operation {
            id: #id,
            method: #method,
            path: #path,
            title: #title,
            docs: #docs,
            idempotent: #idempotent,
            tokens: &[#(#tokens),*],
            scopes: &[#(#scopes),*],
            limits: &[#(#limits),*],
            raw: #raw,
            errors: &[#(#errors),*],
        }
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
