//! Operation builders: documented setters that take what callers have at hand, a `Debug` that shows no
//! argument, and `send`.

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
use crate::lower::plan::{Answer, Lowered, OperationPlan, ParameterPlan};
use crate::names::pascal;
use crate::rules::Rules;

/// A field of an operation builder.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Name in Rust.
    pub rust: String,
    /// Name on the wire; `body` for the body.
    pub wire: String,
    /// `path`, `query`, `header` or `body`.
    pub location: String,
    /// The builder fails without it.
    pub required: bool,
    /// Type of the value, without `Result` and `Option`.
    pub ty: Type,
}

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
pub fn item(
    lowered: &Lowered,
    types: &Types<'_>,
    plan: &OperationPlan,
    builder: &Builder,
    rules: &Rules,
) -> Result<Written> {
    let mut shorten = Shorten { krate: lowered.vendor.crate_ident(), scope: Scope::Builders };
    let mut arguments = Vec::new();
    let mut client = None;
    for field in &builder.item.fields {
        let ident = field.ident.clone().context("a builder field without a name")?;
        match argument(&field.ty, "Result") {
            None => client = Some(ident),
            Some(ty) => arguments.push(make_argument(plan, &ident.to_string(), &shorten.of(&ty))?),
        }
    }
    let client = client.context("a builder without a client")?;
    let send = builder.methods.iter().find(|method| method.sig.ident == "send").context("a builder without send")?;
    let mut send = send.clone();
    shorten.visit_impl_item_fn_mut(&mut send);
    let answer = answer_type(&send).context("send has no answer type")?;
    let ordered = in_page_order(plan, arguments);
    send::rewrite(&mut send, plan, &client, &ordered, rules).with_context(|| format!("operation {}", plan.id))?;
    let tokens = tokens(lowered, types, plan, &ordered, &client, &send, rules)?;
    Ok(Written { id: plan.id.clone(), arguments: ordered, tokens, answer })
}

fn make_argument(plan: &OperationPlan, rust: &str, ty: &Type) -> Result<Argument> {
    if rust == "body" {
        let ty = body_type(ty);
        return Ok(Argument {
            rust: rust.to_owned(),
            wire: rust.to_owned(),
            location: rust.to_owned(),
            required: true,
            ty,
        });
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

/// `types::builder::X` is `types::X`.
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
    client: &syn::Ident,
    send: &ImplItemFn,
    rules: &Rules,
) -> Result<TokenStream> {
    let name = format_ident!("{}", pascal(&plan.id));
    let label = name.to_string();
    let doc = docs::attributes(&format!("Request of [`Client::{0}`](crate::Client::{0}).", plan.id));
    let raw_body = arguments.iter().any(is_stream);
    let clone = (!raw_body).then(|| quote!(#[derive(Clone)]));
    let fields = arguments.iter().map(|argument| {
        let (ident, ty) = (format_ident!("{}", argument.rust), &argument.ty);
        if argument.required {
            quote!(#ident: Result<#ty, String>)
        } else {
            quote!(#ident: Result<Option<#ty>, String>)
        }
    });
    let values = arguments.iter().map(|argument| initial(plan, lowered, types, argument));
    let own = if client == "client" { quote!(client) } else { quote!(#client: client) };
    let setters = arguments.iter().map(|argument| setter(plan, argument, rules));
    let send = send_method(plan, send);
    let paging = crate::paging::methods(lowered, plan, arguments, rules)?;
    let (paging_methods, paging_impl) = (paging.methods, paging.implementation);
    Ok(quote! {
        #doc
        #clone
        pub struct #name<'a> { #client: &'a Client, #(#fields),* }

        impl<'a> #name<'a> {
            #[inline]
            pub(crate) fn new(client: &'a Client) -> Self {
                Self { #own, #(#values),* }
            }
            #(#setters)*
            #send
            #paging_methods
        }

        impl fmt::Debug for #name<'_> {
            #[inline]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(#label).finish_non_exhaustive()
            }
        }

        #paging_impl
    })
}

fn is_stream(argument: &Argument) -> bool {
    super::shape::text(&argument.ty) == "reqwest::Body"
}

/// A body of which nothing is required need not be set.
fn initial(plan: &OperationPlan, lowered: &Lowered, types: &Types<'_>, argument: &Argument) -> TokenStream {
    let ident = format_ident!("{}", argument.rust);
    let shape = Shape::of(&argument.ty);
    let is_type = lowered.types.contains_key(&shape.name());
    let empty_body =
        argument.location == "body" && (shape.kind == Kind::Json || (is_type && types.has_default(&shape.name())));
    let no_required =
        lowered.types.get(&shape.name()).is_none_or(|plan| plan.fields.iter().all(|field| !field.required));
    if empty_body && no_required {
        let ty = &argument.ty;
        return quote!(#ident: Ok(<#ty>::default()));
    }
    if argument.required {
        let (operation, name) = (&plan.id, &argument.rust);
        quote!(#ident: argument::unset(#operation, #name))
    } else {
        quote!(#ident: Ok(None))
    }
}

fn setter(plan: &OperationPlan, argument: &Argument, rules: &Rules) -> TokenStream {
    let ident = format_ident!("{}", argument.rust);
    let ty = &argument.ty;
    let parameter = plan.parameters.iter().find(|parameter| parameter.rust == argument.rust);
    let doc = docs::attributes(&match parameter {
        Some(parameter) => parameter_text(parameter),
        None => body_text(plan, argument),
    });
    rules.hit("setter documented");
    let alias = (argument.wire != argument.rust.trim_end_matches('_')).then(|| {
        let wire = &argument.wire;
        quote!(#[doc(alias = #wire)])
    });
    let wrap = |value: TokenStream| if argument.required { value } else { quote!(Some(#value)) };
    if let Kind::List(item) = Shape::of(ty).kind {
        let value = wrap(quote!(value.into_iter().map(Into::into).collect()));
        return quote! {
            #doc #alias
            pub fn #ident(mut self, value: impl IntoIterator<Item = impl Into<#item>>) -> Self {
                self.#ident = Ok(#value);
                self
            }
        };
    }
    if argument.location == "body" {
        let (parameter, value) = if is_stream(argument) {
            (quote!(impl Into<reqwest::Body>), quote!(value.into()))
        } else {
            (quote!(#ty), quote!(value))
        };
        return quote! {
            #doc
            #[inline]
            pub fn #ident(mut self, value: #parameter) -> Self {
                self.#ident = Ok(#value);
                self
            }
        };
    }
    let convert = format_ident!("{}", if argument.required { "required" } else { "optional" });
    let text = super::shape::text(ty);
    let (operation, name, kind) = (&plan.id, &argument.rust, text.rsplit("::").next().unwrap_or_default());
    quote! {
        #doc #alias
        pub fn #ident(mut self, value: impl TryInto<#ty>) -> Self {
            self.#ident = argument::#convert(value, #operation, #name, #kind);
            self
        }
    }
}

fn parameter_text(parameter: &ParameterPlan) -> String {
    let mut text = docs::sentence(&docs::markdown(&parameter.description));
    let need = if parameter.required { "Required." } else { "Optional." };
    text.push_str(&format!("\n\n{need}"));
    if let Some(example) = parameter.example.as_ref().and_then(docs::example) {
        text.push_str(&format!(" Example: {example}."));
    }
    text
}

fn body_text(plan: &OperationPlan, argument: &Argument) -> String {
    let schema = plan.body.as_ref().and_then(|body| schema_name(&body.schema));
    match schema {
        Some(name) => format!("The body, a [`types::{name}`].\n\nRequired, unless none of its fields is."),
        None if is_stream(argument) => "The body, as bytes or a stream.\n\nRequired.".to_owned(),
        None => "The body.".to_owned(),
    }
}

fn send_method(plan: &OperationPlan, send: &ImplItemFn) -> TokenStream {
    let mut text = format!("Sends `{} {}`.", plan.method, plan.path);
    if !plan.answer_text.is_empty() {
        text.push_str(&format!("\n\nThe answer: {}", docs::sentence(&docs::markdown(&plan.answer_text))));
    }
    if plan.answer == Answer::Raw {
        text.push_str(" It is streamed, not buffered.");
    }
    text.push_str("\n\n# Errors\n\n");
    text.push_str("`Error::InvalidRequest` if an argument is missing or invalid; ");
    text.push_str("`Error::ErrorResponse` if the vendor refuses; see ");
    text.push_str(&format!("[`Client::{0}`](crate::Client::{0}).", plan.id));
    let doc = docs::attributes(&text);
    quote!(#doc #send)
}
