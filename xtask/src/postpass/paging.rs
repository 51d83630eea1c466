//! `stream()` and `pages()` of list operations, from `x-pagination`.

mod access;
mod next;

use access::{count_items, rust_type, take, value};
use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value as Json;

use crate::document::{object, schema_name};
use crate::lower::plan::{Argument, FieldPlan, Lowered, OperationPlan, TypePlan};
use crate::names::pascal;
use crate::postpass::docs;

/// The code that paging adds to an operation builder.
#[derive(Debug, Default)]
pub struct Code {
    /// Inherent methods.
    pub methods: TokenStream,
    /// `impl Paged`.
    pub implementation: TokenStream,
}

/// Returns the code for one operation; it is empty without `x-pagination`.
pub fn methods(lowered: &Lowered, plan: &OperationPlan, arguments: &[Argument]) -> Result<Code> {
    let Some(paging) = &plan.paging else { return Ok(Code::default()) };
    let answer =
        plan.answer.schema().and_then(schema_name).context("an operation with paging does not return an object");
    let answer = answer.with_context(|| format!("operation {}", plan.id))?;
    let writer = Writer { lowered, plan, paging, arguments, answer };
    writer.code().with_context(|| format!("paging of {}", plan.id))
}

struct Writer<'a> {
    lowered: &'a Lowered,
    plan: &'a OperationPlan,
    paging: &'a Json,
    arguments: &'a [Argument],
    answer: &'a str,
}

impl Writer<'_> {
    fn code(&self) -> Result<Code> {
        let builder = format_ident!("{}", pascal(&self.plan.id));
        let answer = format_ident!("{}", self.answer);
        let items_path = self.response("items").context("no items")?;
        let item = self.item_type(items_path)?;
        let items = self.take_items(items_path)?;
        let count = self.count_items(items_path)?;
        let next = self.next()?;
        let with_cursor = self.with_cursor()?;
        let (vendor, operation) = (self.lowered.vendor.key, &self.plan.id);
        let names = self.cursor_names()?;
        let key = self.key(items_path)?;
        let stream = docs::attributes(
            "Returns the items of all pages. A page is fetched when it is needed.\n\n\
             A cursor that the vendor gives a second time ends the stream with an error.",
        );
        let pages =
            docs::attributes("Returns the pages one by one, each with the vendor's whole answer and its cursor.");
        let pages_from = docs::attributes(
            "Returns the pages from a cursor that an earlier run saved.\n\n\
             A cursor of another list gives [`ErrorKind::Misuse`](crate::ErrorKind::Misuse).",
        );
        // Inlined, so the code for the answer's types is compiled only for programs that call it.
        let methods = quote! {
            #stream
            #[inline]
            pub fn stream(self) -> Items<#item> {
                paging::stream(self)
            }
            #pages
            #[inline]
            pub fn pages(self) -> Pages<types::#answer> {
                paging::pages(self)
            }
            #pages_from
            #[inline]
            pub fn pages_from(self, cursor: Cursor) -> Pages<types::#answer> {
                paging::pages_from(self, cursor)
            }
        };
        let implementation = quote! {
            impl Paged for #builder {
                type Answer = types::#answer;
                type Item = #item;

                const CALL: (&'static str, &'static str) = (#vendor, #operation);
                const CURSOR: &'static [&'static str] = &[#(#names),*];

                #[inline]
                fn with_cursor(mut self, cursor: &Cursor) -> Self {
                    #with_cursor
                    self
                }

                fn fetch(self) -> impl Future<Output = Result<Answer<Self::Answer>, Error>> + Send {
                    self.send()
                }

                #[inline]
                fn next(&self, answer: &Self::Answer) -> Next {
                    #next
                }

                #[inline]
                fn count(answer: &Self::Answer) -> usize {
                    #count
                }

                #[inline]
                fn items(answer: &mut Self::Answer) -> Vec<Self::Item> {
                    #items
                }

                #key
            }
        };
        Ok(Code { methods, implementation })
    }

    fn response(&self, key: &str) -> Option<&str> {
        self.paging.get("response")?.get(key)?.as_str()
    }

    fn request(&self, key: &str) -> Option<&str> {
        self.paging.get("request")?.get(key)?.as_str()
    }

    fn style(&self) -> &str {
        self.paging.get("style").and_then(Json::as_str).unwrap_or_default()
    }

    /// The request field that says where a page starts.
    fn cursor_name(&self) -> Result<&str> {
        let key = if self.style() == "page" { "page" } else { "cursor" };
        self.request(key).with_context(|| format!("no request.{key}"))
    }

    fn answer_type(&self) -> Result<&TypePlan> {
        self.type_plan(self.answer)
    }

    fn type_plan(&self, name: &str) -> Result<&TypePlan> {
        self.lowered.types.get(name).with_context(|| format!("{name} is not a struct"))
    }

    /// The fields along a dotted path.
    fn fields(&self, start: &TypePlan, path: &str) -> Result<Vec<FieldPlan>> {
        let mut current = start.name.clone();
        let mut found = Vec::new();
        for step in path.split('.') {
            let plan = self.type_plan(&current)?;
            let field = plan.fields.iter().find(|field| field.wire == step);
            let field = field.with_context(|| format!("{current} has no field {step}"))?.clone();
            if let Some(name) = schema_name(&field.schema).or_else(|| schema_name(field.schema.get("items")?)) {
                name.clone_into(&mut current);
            }
            found.push(field);
        }
        Ok(found)
    }

    fn item_type(&self, path: &str) -> Result<TokenStream> {
        let fields = self.fields(self.answer_type()?, path)?;
        let list = fields.last().context("an empty path")?;
        let items = list.schema.get("items").with_context(|| format!("{path} is not a list"))?;
        rust_type(items).with_context(|| format!("the items of {path} have no plain type"))
    }

    fn take_items(&self, path: &str) -> Result<TokenStream> {
        let items = take(&self.fields(self.answer_type()?, path)?, &quote!(answer));
        let Some(other) = self.response("items_else") else { return Ok(items) };
        let other = take(&self.fields(self.answer_type()?, other)?, &quote!(answer));
        Ok(quote! {
            let items: Vec<_> = #items;
            if items.is_empty() { #other } else { items }
        })
    }

    fn count_items(&self, path: &str) -> Result<TokenStream> {
        let items = count_items(&self.fields(self.answer_type()?, path)?, &quote!(answer));
        let Some(other) = self.response("items_else") else { return Ok(items) };
        let other = count_items(&self.fields(self.answer_type()?, other)?, &quote!(answer));
        Ok(quote! {
            match #items {
                0 => #other,
                count => count,
            }
        })
    }

    /// The request fields that a cursor has a value for.
    fn cursor_names(&self) -> Result<Vec<&str>> {
        let mut names = vec![self.cursor_name()?];
        names.extend(object(self.paging, "carry").map(|(name, _)| name.as_str()));
        Ok(names)
    }

    fn with_cursor(&self) -> Result<TokenStream> {
        self.cursor_names()?.into_iter().map(|name| self.set_request_field(name)).collect()
    }

    fn set_request_field(&self, name: &str) -> Result<TokenStream> {
        if let Some(argument) = self.argument(name) {
            let set = format_ident!("{}", argument.location);
            return Ok(quote! {
                if let Some(value) = cursor.get(#name) {
                    self.request = self.request.#set(#name, value);
                }
            });
        }
        let (field, optional) = self.body_field(name)?;
        let ident = format_ident!("{}", field.rust);
        let ty = rust_type(&field.schema).with_context(|| format!("{name} has no plain type"))?;
        let parsed = if optional { quote!(Some(value)) } else { quote!(value) };
        let message = format!("the cursor's `{name}` is not valid");
        Ok(quote! {
            match cursor.get(#name).map(str::parse::<#ty>) {
                Some(Ok(value)) => self.body.#ident = #parsed,
                Some(Err(_)) => self.request.refuse(#message),
                None => {}
            }
        })
    }

    fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.wire == name && argument.location != "body")
    }

    /// A field of the body, and whether it is an `Option`.
    fn body_field(&self, name: &str) -> Result<(FieldPlan, bool)> {
        let body = self.plan.body.as_ref().and_then(|body| schema_name(&body.schema));
        let plan = self.type_plan(body.with_context(|| format!("no request field {name}"))?)?;
        let field = plan.fields.iter().find(|field| field.wire == name);
        let field = field.with_context(|| format!("the body has no field {name}"))?;
        Ok((field.clone(), plan.received || !field.required))
    }

    fn item_plan(&self, items: &[FieldPlan]) -> Result<&TypePlan> {
        let list = items.last().and_then(|field| field.schema.get("items")).context("the items are not a list")?;
        self.type_plan(schema_name(list).context("the items are no objects")?)
    }

    fn key(&self, items_path: &str) -> Result<Option<TokenStream>> {
        let Some(field) = self.paging.get("dedupe").and_then(Json::as_str) else { return Ok(None) };
        let items = self.fields(self.answer_type()?, items_path)?;
        let fields = self.fields(self.item_plan(&items)?, field)?;
        let value = value(&fields, &quote!(item));
        Ok(Some(quote! {
            fn key(item: &Self::Item) -> Option<String> {
                #value.map(ToString::to_string)
            }
        }))
    }
}
