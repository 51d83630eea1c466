//! What follows a page: the next cursor, the next number, or the end.

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value as Json;

use super::Writer;
use super::access::{as_number, count_items, kind, last_item, value};
use crate::document::{object, schema_name};
use crate::lower::filled::Value;
use crate::wire::{Wire, classify};

impl Writer<'_> {
    pub(super) fn next(&self) -> Result<TokenStream> {
        let cursor = self.cursor_name()?;
        let more = match self.response("more") {
            Some(path) => self.flag(path)?,
            None => quote!(None),
        };
        let next = match self.style() {
            "cursor" => {
                let value = self.answer_value(self.response("next").context("no next")?)?;
                quote!(Next::from_cursor(#cursor, #value, #more))
            }
            "item" => {
                let items = self.fields(self.answer_type()?, self.response("items").context("no items")?)?;
                let last = last_item(&items, &quote!(answer));
                let field = self.paging.get("item_cursor").and_then(Json::as_str).context("no item_cursor")?;
                let item = self.item_plan(&items)?;
                let fields = self.fields(item, field)?;
                let value = value(&fields, &quote!(item));
                quote!(Next::from_cursor(#cursor, #last.and_then(|item| #value), #more))
            }
            "page" => self.next_page(cursor, &more)?,
            other => bail!("the style {other}"),
        };
        let carried: Result<Vec<TokenStream>> = object(self.paging, "carry")
            .map(|(name, path)| {
                let value = self.answer_value(path.as_str().unwrap_or_default())?;
                Ok(quote!(.with(#name, #value)))
            })
            .collect();
        let carried = carried?;
        let next = quote!(#next #(#carried)*);
        if self.paging.get("ends_at_empty_page").is_none() {
            return Ok(next);
        }
        let items = self.fields(self.answer_type()?, self.response("items").context("no items")?)?;
        let length = count_items(&items, &quote!(answer));
        Ok(quote!(if #length == 0 { Next::End } else { #next }))
    }

    fn next_page(&self, cursor: &str, more: &TokenStream) -> Result<TokenStream> {
        let current = self.request_number(cursor)?;
        let size = match self.request("size") {
            Some(name) => {
                let size = self.request_number(name)?;
                match self.plan.filled.iter().find(|filled| filled.wire == name).map(|filled| filled.value) {
                    Some(Value::Number(filled)) => quote!(#size.or(Some(#filled))),
                    _ => size,
                }
            }
            None => quote!(None),
        };
        let size = match self.response("size") {
            Some(path) => {
                let answered = self.number(path)?;
                quote!(#answered.or(#size))
            }
            None => size,
        };
        let total = |key: &str| match self.response(key) {
            Some(path) => self.number(path),
            None => Ok(quote!(None)),
        };
        let (pages, count) = (total("total_pages")?, total("total_count")?);
        let items = self.fields(self.answer_type()?, self.response("items").context("no items")?)?;
        let length = count_items(&items, &quote!(answer));
        let page = quote!(Next::from_page(#cursor, #current.unwrap_or(1), #pages, #count, #size, #length));
        Ok(match self.response("more") {
            Some(_) => quote!(if #more == Some(false) { Next::End } else { #page }),
            None => page,
        })
    }

    /// `Option<&T>` of a field of the answer.
    fn answer_value(&self, path: &str) -> Result<TokenStream> {
        Ok(value(&self.fields(self.answer_type()?, path)?, &quote!(answer)))
    }

    /// `Option<bool>` of a field of the answer.
    fn flag(&self, path: &str) -> Result<TokenStream> {
        let fields = self.fields(self.answer_type()?, path)?;
        let value = value(&fields, &quote!(answer));
        let schema = &fields.last().context("an empty path")?.schema;
        Ok(match (classify(schema), kind(schema)) {
            (Some(Wire::Scalar("LenientBool")), _) => quote!(#value.map(|more| more.get())),
            (Some(Wire::Scalar("LenientInt" | "Int64Text")), _) => quote!(#value.map(|more| more.get() != 0)),
            (None, "boolean") => quote!(#value.copied()),
            (None, "integer") => quote!(#value.map(|more| *more != 0)),
            (None, "string") => quote!(#value.map(|more| !matches!(more.as_str(), "" | "0" | "false"))),
            _ if schema_name(schema).is_some_and(|name| self.lowered.enums.contains_key(name)) => {
                quote!(#value.map(|more| more.to_string() != "0"))
            }
            _ => bail!("{path} is not a flag"),
        })
    }

    /// `Option<i64>` of a field of the answer.
    fn number(&self, path: &str) -> Result<TokenStream> {
        let fields = self.fields(self.answer_type()?, path)?;
        let value = value(&fields, &quote!(answer));
        let schema = &fields.last().context("an empty path")?.schema;
        as_number(schema, &value).with_context(|| format!("{path} is not a number"))
    }

    /// `Option<i64>` of a field of the request.
    fn request_number(&self, name: &str) -> Result<TokenStream> {
        if self.argument(name).is_some() {
            return Ok(quote!(self.request.number(#name)));
        }
        let (field, optional) = self.body_field(name)?;
        let ident = format_ident!("{}", field.rust);
        let value = if optional { quote!(self.body.#ident.as_ref()) } else { quote!(Some(&self.body.#ident)) };
        as_number(&field.schema, &value).with_context(|| format!("{name} is not a number"))
    }
}
