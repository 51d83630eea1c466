//! Operation builders: required arguments in `new`, documented setters for the others, and `send`.
//!
//! The generator's builder shows the types of the arguments and of the answer. The rest is rewritten as a thin shell
//! around `huiyi_core::request::Request`, so a dependent compiles little for each operation.

use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{ImplItemFn, Type};

use super::docs;
use super::send;
use super::shape::{Kind, Scope, Shape, Shorten, argument};
use super::tree::Builder;
use super::types::Types;
use crate::document::schema_name;
use crate::lower::filled::Value;
use crate::lower::plan::{Answer, Argument, Lowered, OperationPlan, ParameterPlan};
use crate::names::pascal;
use crate::operations;

/// An operation builder as it is written.
#[derive(Debug)]
pub struct Written {
    /// The operation's name.
    pub id: String,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// The items.
    pub tokens: TokenStream,
    /// Type of the answer, as `types::X`.
    pub answer: Type,
}

/// Writes one operation builder.
pub fn item(lowered: &Lowered, types: &Types<'_>, plan: &OperationPlan, builder: &Builder) -> Result<Written> {
    let mut shorten = Shorten { krate: lowered.vendor.crate_ident(), scope: Scope::Builders };
    let mut arguments = Vec::new();
    for field in &builder.item.fields {
        let ident = field.ident.clone().context("a builder field without a name")?;
        if let Some(ty) = argument(&field.ty, "Result") {
            arguments.push(make_argument(lowered, types, plan, &ident.to_string(), &shorten.of(&ty))?);
        }
    }
    let send = builder.methods.iter().find(|method| method.sig.ident == "send").context("a builder without send")?;
    let mut send = send.clone();
    shorten.visit_impl_item_fn_mut(&mut send);
    send::check_shape(&send, plan).with_context(|| format!("operation {}", plan.id))?;
    let answer = answer_type(&send).context("send has no answer type")?;
    let ordered = in_page_order(plan, arguments);
    let tokens = tokens(lowered, types, plan, &ordered, &answer)?;
    Ok(Written { id: plan.id.clone(), arguments: ordered, tokens, answer })
}

fn make_argument(
    lowered: &Lowered,
    types: &Types<'_>,
    plan: &OperationPlan,
    rust: &str,
    ty: &Type,
) -> Result<Argument> {
    if rust == "body" {
        let ty = body_type(ty);
        let required = !may_be_empty(lowered, types, &ty);
        return Ok(Argument { rust: rust.to_owned(), wire: rust.to_owned(), location: rust.to_owned(), required, ty });
    }
    let parameter = plan.parameters.iter().find(|parameter| parameter.rust == rust);
    let parameter = parameter.with_context(|| format!("{} has no parameter {rust}", plan.id))?;
    let shape = Shape::of(ty);
    let inner = argument(ty, "Option").unwrap_or_else(|| ty.clone());
    Ok(Argument {
        rust: rust.to_owned(),
        wire: parameter.wire.clone(),
        location: parameter.location.clone(),
        required: !shape.optional,
        ty: inner,
    })
}

/// Returns whether a body without required members can be left out.
fn may_be_empty(lowered: &Lowered, types: &Types<'_>, ty: &Type) -> bool {
    let shape = Shape::of(ty);
    match lowered.types.get(&shape.name()) {
        Some(plan) => types.has_default(&shape.name()) && plan.fields.iter().all(|field| !field.required),
        None => shape.kind == Kind::Json,
    }
}

/// Turns `types::builder::X` into `types::X`.
fn body_type(ty: &Type) -> Type {
    let mut ty = ty.clone();
    if let Type::Path(path) = &mut ty {
        let kept = path.path.segments.iter().filter(|segment| segment.ident != "builder").cloned().collect();
        path.path.segments = kept;
    }
    ty
}

fn answer_type(send: &ImplItemFn) -> Option<Type> {
    let syn::ReturnType::Type(_, output) = &send.sig.output else { return None };
    argument(&argument(output, "Result")?, "ResponseValue")
}

/// Parameters in the order of the page, then the body.
fn in_page_order(plan: &OperationPlan, mut arguments: Vec<Argument>) -> Vec<Argument> {
    let position = |argument: &Argument| plan.parameters.iter().position(|parameter| parameter.rust == argument.rust);
    arguments.sort_by_key(|argument| position(argument).unwrap_or(usize::MAX));
    arguments
}

fn tokens(
    lowered: &Lowered,
    types: &Types<'_>,
    plan: &OperationPlan,
    arguments: &[Argument],
    answer: &Type,
) -> Result<TokenStream> {
    let _ = types;
    let name = format_ident!("{}", pascal(&plan.id));
    let doc = docs::attributes(&format!("Request of [`Client::{0}`](crate::Client::{0}).", plan.id));
    let body = arguments.iter().find(|argument| argument.location == "body" && !is_stream(argument));
    let field = body.map(|body| {
        let ty = &body.ty;
        quote!(body: #ty)
    });
    let value = body.map(|body| {
        let ty = &body.ty;
        if body.required { quote!(body) } else { quote!(body: <#ty>::default()) }
    });
    let required: Vec<&Argument> = arguments.iter().filter(|argument| argument.required).collect();
    let parameters = required.iter().map(|argument| {
        let (ident, ty) = (format_ident!("{}", argument.rust), &argument.ty);
        quote!(#ident: #ty)
    });
    let operation = operations::constant(&plan.id);
    let given = send::given(plan, &required)?;
    let setters = arguments.iter().filter(|argument| !argument.required).map(|argument| setter(plan, argument));
    let send = send::method(plan, arguments, answer)?;
    let send_doc = docs::attributes(&send_text(plan));
    let paging = super::paging::methods(lowered, plan, arguments)?;
    let (paging_methods, paging_impl) = (paging.methods, paging.implementation);
    Ok(quote! {
        #doc
        #[derive(Clone)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #name { request: Request, #field }

        impl #name {
            #[inline]
            pub(crate) fn new(client: &Client, #(#parameters),*) -> Self {
                Self { request: Request::new(&client.session, &operations::#operation) #given, #value }
            }
            #(#setters)*
            #send_doc
            #send
            #paging_methods
        }

        #paging_impl
    })
}

/// Returns whether an argument is a body of bytes.
pub fn is_stream(argument: &Argument) -> bool {
    super::shape::text(&argument.ty) == "reqwest::Body"
}

/// Returns how a method takes an argument: the parameter's type, and the value in the argument's own type.
pub fn parameter(argument: &Argument) -> (TokenStream, TokenStream) {
    let (ident, ty) = (format_ident!("{}", argument.rust), &argument.ty);
    match Shape::of(ty).kind {
        Kind::List(item) => {
            (quote!(impl IntoIterator<Item = impl Into<#item>>), quote!(#ident.into_iter().map(Into::into).collect()))
        }
        _ if argument.location == "body" && !is_stream(argument) => (quote!(#ty), quote!(#ident)),
        _ => (quote!(impl Into<#ty>), quote!(#ident.into())),
    }
}

fn setter(plan: &OperationPlan, argument: &Argument) -> TokenStream {
    let ident = format_ident!("{}", argument.rust);
    let ty = &argument.ty;
    let parameter = plan.parameters.iter().find(|parameter| parameter.rust == argument.rust);
    let doc = docs::attributes(&match parameter {
        Some(parameter) => parameter_text(plan, parameter),
        None => body_text(plan, argument),
    });
    let alias = (argument.wire != argument.rust.trim_end_matches('_')).then(|| {
        let wire = &argument.wire;
        quote!(#[doc(alias = #wire)])
    });
    if argument.location == "body" {
        return quote! {
            #doc
            #[inline]
            pub fn #ident(mut self, value: #ty) -> Self {
                self.#ident = value;
                self
            }
        };
    }
    let (wire, set) = (&argument.wire, format_ident!("{}", argument.location));
    if let Kind::List(item) = Shape::of(ty).kind {
        return quote! {
            #doc #alias
            pub fn #ident(mut self, value: impl IntoIterator<Item = impl Into<#item>>) -> Self {
                self.request = self.request.query_list::<#item>(#wire, value.into_iter().map(Into::into));
                self
            }
        };
    }
    let value = if send::is_secret(ty) {
        quote!(::<str>(#wire, value.into().expose()))
    } else {
        quote!(::<#ty>(#wire, &value.into()))
    };
    quote! {
        #doc #alias
        pub fn #ident(mut self, value: impl Into<#ty>) -> Self {
            self.request = self.request.#set #value;
            self
        }
    }
}

fn parameter_text(plan: &OperationPlan, parameter: &ParameterPlan) -> String {
    let mut text = docs::sentence(&docs::markdown(&parameter.description));
    if let Some(filled) = plan.filled.iter().find(|filled| filled.wire == parameter.wire) {
        text.push_str(&format!("\n\n{}", filled.text()));
    }
    if let Some(example) = parameter.example.as_ref().and_then(docs::example) {
        text.push_str(&format!("\n\nExample: {example}."));
    }
    text
}

fn body_text(plan: &OperationPlan, argument: &Argument) -> String {
    let schema = plan.body.as_ref().and_then(|body| schema_name(&body.schema));
    match schema {
        Some(name) => format!("The body, a [`types::{name}`]. None of its fields is required."),
        None if is_stream(argument) => "The body, as bytes or a stream.".to_owned(),
        None => "The body.".to_owned(),
    }
}

fn send_text(plan: &OperationPlan) -> String {
    let mut text = format!("Sends `{} {}`.", plan.method, plan.path);
    if !plan.answer_text.is_empty() {
        text.push_str(&format!("\n\nThe answer: {}", docs::sentence(&docs::markdown(&plan.answer_text))));
    }
    if plan.answer == Answer::Raw {
        text.push_str(" It is streamed, not buffered.");
    }
    text.push_str("\n\n# Errors\n\n");
    text.push_str(&format!("The vendor's refusal; see [`Client::{0}`](crate::Client::{0}). ", plan.id));
    text.push_str("[`ErrorKind::Misuse`](crate::ErrorKind::Misuse) if an argument cannot be sent");
    let client = plan.filled.iter().any(|filled| filled.value == Value::Client);
    text.push_str(if client { " or is set neither here nor on the client." } else { "." });
    text
}
