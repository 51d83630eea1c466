//! Runs progenitor on a lowered document.
//!
//! The lint should have refused everything that progenitor cannot take. If progenitor panics anyway, the panic
//! becomes an error that names the operation, which is found by generating them one by one.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, anyhow, bail};
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use quote::quote;
use schemars08::schema::{InstanceType, SchemaObject, SingleOrVec};
use serde_json::{Value, json};

use crate::lower::plan::Lowered;
use crate::wire;

/// Returns the generated code as a syntax tree.
pub fn generate(lowered: &Lowered) -> Result<syn::File> {
    match attempt(lowered, &lowered.document) {
        Ok(file) => Ok(file),
        Err(error) => match culprit(lowered) {
            Some(id) => Err(error.context(format!("the generator fails on the operation {id}"))),
            None => Err(error),
        },
    }
}

fn attempt(lowered: &Lowered, document: &Value) -> Result<syn::File> {
    let document: openapiv3::OpenAPI =
        serde_json::from_value(document.clone()).context("the lowered document is not OpenAPI 3.0")?;
    let settings = settings(lowered);
    let outcome = quietly(|| Generator::new(&settings).generate_tokens(&document));
    let tokens = match outcome {
        Ok(tokens) => tokens.map_err(|error| anyhow!("progenitor: {error}"))?,
        Err(panic) => bail!("progenitor panicked: {panic}"),
    };
    syn::parse2(tokens).context("progenitor's output is not Rust")
}

/// Returns the first operation that fails on its own.
fn culprit(lowered: &Lowered) -> Option<String> {
    for (path, item) in lowered.document.get("paths")?.as_object()? {
        for (method, operation) in item.as_object()? {
            let mut document = lowered.document.clone();
            document["paths"] = json!({ path: { method: operation } });
            if attempt(lowered, &document).is_err() {
                return operation.get("operationId").and_then(Value::as_str).map(str::to_owned);
            }
        }
    }
    None
}

/// Runs a closure that may panic, and returns the panic's text as the error.
fn quietly<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = catch_unwind(AssertUnwindSafe(run));
    std::panic::set_hook(hook);
    outcome.map_err(|payload| match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast::<&str>().map_or_else(|_| "no message".to_owned(), |text| (*text).to_owned()),
    })
}

fn settings(lowered: &Lowered) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::Session))
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for (name, path) in &lowered.replacements {
        let impls = [TypeImpl::Display, TypeImpl::FromStr];
        let scalar = lowered.enums.contains_key(name);
        settings.with_replacement(name, path, impls.into_iter().filter(|_| scalar));
    }
    for name in wire::SCALARS {
        let schema = SchemaObject {
            instance_type: Some(SingleOrVec::Single(Box::new(InstanceType::String))),
            format: Some(wire::format(name)),
            ..SchemaObject::default()
        };
        let impls = [TypeImpl::Display, TypeImpl::FromStr];
        settings.with_conversion(schema, format!("::huiyi_core::wire::{name}"), impls.into_iter());
    }
    settings
}
