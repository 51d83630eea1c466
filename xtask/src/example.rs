//! Rust examples from the page's own values: each method of `Client` shows a call that compiles.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::document::schema_name;
use crate::lower::plan::{Answer, Argument, FieldPlan, Lowered, OperationPlan, TypePlan};
use crate::postpass::builders::Written;
use crate::wire::{Wire, classify};

/// How many optional fields of a body an example shows.
const FIELDS: usize = 16;

/// Returns the `# Examples` section of an operation.
pub fn section(lowered: &Lowered, plan: &OperationPlan, written: &Written) -> String {
    let mut builder = Builder { lowered, left: FIELDS };
    let method = format_ident!("{}", plan.id);
    let (required, optional): (Vec<&Argument>, Vec<&Argument>) =
        written.arguments.iter().partition(|argument| argument.required);
    let parameters: Vec<TokenStream> =
        required.into_iter().filter_map(|argument| builder.argument(plan, argument)).collect();
    let setters = optional.into_iter().filter(|argument| !is_paging(plan, argument)).filter_map(|argument| {
        let value = builder.argument(plan, argument)?;
        let ident = format_ident!("{}", argument.rust);
        Some(quote!(.#ident(#value)))
    });
    let setters: TokenStream = setters.collect();
    let called = quote!(client.#method(#(#parameters),*)#setters);
    let statement = match &plan.answer {
        _ if plan.paging.is_some() => quote! {
            let mut items = #called.stream();
            while let Some(item) = items.next().await {
                println!("{:?}", item?);
            }
        },
        Answer::Empty => quote!(let _ = #called.send().await?;),
        Answer::Raw => quote!(let mut download = #called.send().await?.into_inner();),
        _ => quote!(let answer = #called.send().await?.into_inner();),
    };
    let code = render(&statement);
    let krate = lowered.vendor.crate_ident();
    let mut text = String::from("\n# Examples\n\n```no_run\n");
    if plan.deprecated {
        text.push_str("# #[allow(deprecated)]\n");
    }
    text.push_str(&format!("# async fn run(client: {krate}::Client) -> Result<(), Box<dyn std::error::Error>> {{\n"));
    if code.contains("types::") {
        text.push_str(&format!("use {krate}::types;\n\n"));
    }
    text.push_str(&code);
    text.push_str("# Ok(())\n# }\n```\n");
    text
}

/// Whether an argument is the cursor or the number of a page, which `stream` sets by itself.
fn is_paging(plan: &OperationPlan, argument: &Argument) -> bool {
    let request = plan.paging.as_ref().and_then(|paging| paging.get("request"));
    ["cursor", "page"]
        .iter()
        .any(|key| request.and_then(|request| request.get(key)).and_then(Value::as_str) == Some(argument.wire.as_str()))
}

/// A statement as formatted text.
fn render(statement: &TokenStream) -> String {
    let Ok(file) = syn::parse2::<syn::File>(quote!(async fn run() { #statement })) else { return String::new() };
    let text = prettyplease::unparse(&file);
    let lines: Vec<&str> = text.lines().collect();
    let body = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
    body.iter().map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect()
}

struct Builder<'a> {
    lowered: &'a Lowered,
    left: usize,
}

impl Builder<'_> {
    /// Returns the value, if the argument is required or has an example.
    fn argument(&mut self, plan: &OperationPlan, argument: &Argument) -> Option<TokenStream> {
        if argument.location == "body" {
            let body = plan.body.as_ref()?;
            if body.media == "application/octet-stream" {
                return Some(quote!(Vec::<u8>::new()));
            }
            let example = body.example.clone().unwrap_or_else(|| serde_json::json!({}));
            return self.value(&body.schema, &example);
        }
        let parameter = plan.parameters.iter().find(|parameter| parameter.rust == argument.rust)?;
        let value = parameter.example.as_ref().and_then(|example| self.value(&parameter.schema, example));
        let value = match value {
            Some(value) => value,
            None if argument.required => self.placeholder(&parameter.schema, &parameter.wire),
            None => return None,
        };
        Some(value)
    }

    /// An expression that a setter for this schema takes.
    fn value(&mut self, schema: &Value, value: &Value) -> Option<TokenStream> {
        if let Some(name) = schema_name(schema) {
            return self.named(name, value);
        }
        if let Some(inner) = schema.get("huiyi-one-or-many") {
            let items = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            let items: Option<Vec<TokenStream>> = items.iter().map(|item| self.exact(inner, item)).collect();
            let items = items.filter(|items| !items.is_empty())?;
            return Some(quote!(vec![#(#items),*]));
        }
        if let Some(inner) = schema.get("huiyi-string-or") {
            return match value {
                Value::String(text) => Some(quote!(#text)),
                // `exact` gives the inner object only; `StringOr` is added around it.
                other => {
                    let object = self.exact(inner, other)?;
                    Some(quote!(::huiyi_core::wire::StringOr::Value(#object)))
                }
            };
        }
        if let Some(Wire::Scalar(name)) = classify(schema) {
            return wire(name, value);
        }
        match schema.get("type").and_then(Value::as_str)? {
            "string" => value.as_str().map(|text| quote!(#text)),
            "integer" => value.as_i64().map(integer),
            "number" => value.as_f64().map(Literal::f64_unsuffixed).map(|number| quote!(#number)),
            "boolean" => value.as_bool().map(|flag| quote!(#flag)),
            "array" => self.list(schema.get("items")?, value),
            "object" => self.map(schema, value),
            _ => None,
        }
    }

    /// Returns an expression of exactly this type, for places where no conversion takes place.
    fn exact(&mut self, schema: &Value, value: &Value) -> Option<TokenStream> {
        let expression = self.value(schema, value)?;
        if let Some(Wire::Scalar(name)) = classify(schema) {
            let name = format_ident!("{name}");
            return Some(quote!(::huiyi_core::wire::#name::from(#expression)));
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => Some(quote!(#expression.to_string())),
            Some("array") => {
                let items = schema.get("items")?;
                let list: Option<Vec<TokenStream>> =
                    value.as_array()?.iter().map(|item| self.exact(items, item)).collect();
                let list = list.filter(|list| !list.is_empty())?;
                Some(quote!(vec![#(#list),*]))
            }
            _ => Some(expression),
        }
    }

    fn list(&mut self, items: &Value, value: &Value) -> Option<TokenStream> {
        // One element is enough for an example.
        let first = value.as_array()?.first()?;
        let nested = classify(items).is_some() || items.get("type").and_then(Value::as_str) == Some("array");
        let element = if nested { self.exact(items, first)? } else { self.value(items, first)? };
        Some(quote!([#element]))
    }

    fn map(&mut self, schema: &Value, value: &Value) -> Option<TokenStream> {
        let map = value.as_object()?;
        match schema.get("additionalProperties") {
            Some(values) if values.is_object() => {
                let (key, member) = map.iter().next()?;
                let member = self.value(values, member)?;
                Some(quote!([(#key, #member)]))
            }
            _ => {
                let json = json(value);
                Some(quote!(serde_json::from_value(serde_json::json!(#json))?))
            }
        }
    }

    fn named(&mut self, name: &str, value: &Value) -> Option<TokenStream> {
        if let Some(plan) = self.lowered.enums.get(name) {
            let ident = format_ident!("{name}");
            if let Some(variant) = plan.variants.iter().find(|variant| variant.value == *value) {
                let variant = format_ident!("{}", variant.name);
                return Some(quote!(types::#ident::#variant));
            }
            return match value {
                Value::String(text) if !plan.integer => Some(quote!(types::#ident::from(#text))),
                Value::Number(number) if plan.integer => {
                    let value = long(number.as_i64()?);
                    Some(quote!(types::#ident::from(#value)))
                }
                _ => None,
            };
        }
        let plan = self.lowered.types.get(name)?;
        self.object(plan, value)
    }

    fn object(&mut self, plan: &TypePlan, value: &Value) -> Option<TokenStream> {
        let map = value.as_object()?;
        let name = format_ident!("{}", plan.name);
        let mut arguments = Vec::new();
        for field in plan.fields.iter().filter(|field| field.required) {
            let given = map.get(&field.wire).or(field.example.as_ref());
            let value = given.and_then(|value| self.value(&field.schema, value));
            arguments.push(value.unwrap_or_else(|| self.placeholder(&field.schema, &field.wire)));
        }
        let mut calls = TokenStream::new();
        for field in plan.fields.iter().filter(|field| !field.required) {
            calls.extend(self.call(field, map.get(&field.wire)));
        }
        Some(quote!(types::#name::new(#(#arguments),*)#calls))
    }

    fn call(&mut self, field: &FieldPlan, value: Option<&Value>) -> Option<TokenStream> {
        let value = value.filter(|value| !value.is_null())?;
        self.left = self.left.checked_sub(1)?;
        let expression = self.value(&field.schema, value)?;
        let ident = format_ident!("{}", if field.rust == "new" { "new_" } else { &field.rust });
        Some(quote!(.#ident(#expression)))
    }

    /// Returns a placeholder for a required argument that has no value on the page.
    fn placeholder(&mut self, schema: &Value, name: &str) -> TokenStream {
        if let Some(target) = schema_name(schema) {
            if let Some(plan) = self.lowered.enums.get(target) {
                let first = plan.variants.first().map(|variant| variant.value.clone());
                return first.and_then(|value| self.named(target, &value)).unwrap_or_default();
            }
            return self.named(target, &serde_json::json!({})).unwrap_or_default();
        }
        if let Some(inner) = schema.get("huiyi-one-or-many") {
            let item = self.placeholder(inner, name);
            return quote!(vec![#item]);
        }
        if let Some(inner) = schema.get("huiyi-string-or") {
            let object = self.placeholder(inner, name);
            return quote!(::huiyi_core::wire::StringOr::Value(#object));
        }
        if let Some(Wire::Scalar(wire)) = classify(schema) {
            return match wire {
                "Int64Text" | "LenientInt" | "UnixSeconds" | "UnixSecondsText" => quote!(1_700_000_000_i64),
                "UnixMillis" | "UnixMillisText" => quote!(1_700_000_000_000_i64),
                "LenientNumber" => quote!(1.0),
                "LenientBool" => quote!(true),
                _ => quote!(#name),
            };
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("integer") => quote!(1),
            Some("number") => quote!(1.0),
            Some("boolean") => quote!(true),
            Some("array") => {
                let items = schema.get("items").cloned().unwrap_or_default();
                let item = self.placeholder(&items, name);
                quote!([#item])
            }
            Some("object") => match schema.get("additionalProperties") {
                Some(values) if values.is_object() => {
                    let member = self.placeholder(values, name);
                    quote!([(#name, #member)])
                }
                _ => quote!(serde_json::Map::new()),
            },
            _ => quote!(#name),
        }
    }
}

fn integer(value: i64) -> TokenStream {
    // Setters take `impl Into<i64>`; a literal beyond `i32` needs its type.
    if i32::try_from(value).is_ok() {
        let literal = Literal::i64_unsuffixed(value);
        quote!(#literal)
    } else {
        let literal = long(value);
        quote!(#literal)
    }
}

/// `5_i64`.
fn long(value: i64) -> TokenStream {
    let literal = format!("{}_i64", value.unsigned_abs());
    let literal: TokenStream = literal.parse().unwrap_or_default();
    if value < 0 { quote!(-#literal) } else { literal }
}

fn wire(name: &str, value: &Value) -> Option<TokenStream> {
    let number = value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    match name {
        "Int64Text" | "LenientInt" | "UnixSeconds" | "UnixSecondsText" | "UnixMillis" | "UnixMillisText" => {
            let literal = long(number?);
            Some(quote!(#literal))
        }
        "LenientNumber" => {
            let number = value.as_f64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))?;
            let literal = Literal::f64_unsuffixed(number);
            Some(quote!(#literal))
        }
        "LenientBool" => {
            let flag = value
                .as_bool()
                .or_else(|| number.map(|number| number != 0))
                .or_else(|| value.as_str()?.parse().ok())?;
            Some(quote!(#flag))
        }
        "StringOrNumber" => match value {
            Value::String(text) => Some(quote!(#text)),
            Value::Number(_) => {
                let literal = long(value.as_i64()?);
                Some(quote!(#literal))
            }
            _ => None,
        },
        _ => value.as_str().map(|text| quote!(#text)),
    }
}

/// JSON as the tokens of `json!`.
fn json(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(null),
        Value::Bool(flag) => quote!(#flag),
        Value::Number(number) => number.to_string().parse().unwrap_or_default(),
        Value::String(text) => quote!(#text),
        Value::Array(items) => {
            let items = items.iter().map(json);
            quote!([#(#items),*])
        }
        Value::Object(map) => {
            let members = map.iter().map(|(key, value)| {
                let value = json(value);
                quote!(#key: #value)
            });
            quote!({#(#members),*})
        }
    }
}
