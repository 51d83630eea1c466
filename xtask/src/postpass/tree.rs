//! Takes progenitor's output apart: structs, operation builders, the client.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use syn::{ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemStruct, Type};

/// The parts of progenitor's output that are kept.
#[derive(Debug)]
pub struct Tree {
    /// Structs of `mod types`, by name.
    pub structs: BTreeMap<String, ItemStruct>,
    /// Number of structs with a struct builder, which is dropped.
    pub struct_builders: usize,
    /// Operation builders of `mod builder`, by name.
    pub builders: BTreeMap<String, Builder>,
    /// Number of constructors of `Client`.
    pub constructors: usize,
}

/// An operation builder.
#[derive(Debug)]
pub struct Builder {
    /// The struct.
    pub item: ItemStruct,
    /// Its methods.
    pub methods: Vec<ImplItemFn>,
}

/// Takes a file apart. An item of an unexpected kind is an error; it is not dropped.
pub fn split(file: syn::File) -> Result<Tree> {
    let mut types = None;
    let mut builder = None;
    let mut constructors = 0;
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => types = Some(module),
            Item::Mod(module) if module.ident == "builder" => builder = Some(module),
            Item::Mod(module) if module.ident == "prelude" => {}
            Item::Use(_) | Item::Const(_) => {}
            Item::Struct(item) if item.ident == "Client" => {}
            Item::Impl(item) if item.trait_.is_some() => {}
            Item::Impl(item) => {
                let named = |name: &str| methods(&item).any(|method| method.sig.ident == name);
                constructors += usize::from(named("new")) + usize::from(named("new_with_client"));
            }
            other => bail!("the generator wrote an item that we do not know: {}", kind(&other)),
        }
    }
    let (structs, struct_builders) = split_types(types.context("the generator wrote no `mod types`")?)?;
    Ok(Tree {
        structs,
        struct_builders,
        builders: split_builders(builder.context("the generator wrote no `mod builder`")?)?,
        constructors,
    })
}

fn split_types(module: ItemMod) -> Result<(BTreeMap<String, ItemStruct>, usize)> {
    let mut structs = BTreeMap::new();
    let mut struct_builders = 0;
    for item in module.content.map(|(_, items)| items).unwrap_or_default() {
        match item {
            Item::Struct(item) if matches!(item.fields, syn::Fields::Named(_) | syn::Fields::Unit) => {
                structs.insert(item.ident.to_string(), item);
            }
            Item::Struct(item) => bail!("the type {} is not an object or an enum: write it inline", item.ident),
            // `fn builder()`, and the conversions and defaults that only the builders need.
            Item::Impl(item) => {
                struct_builders += usize::from(methods(&item).any(|method| method.sig.ident == "builder"))
            }
            Item::Mod(module) if module.ident == "builder" || module.ident == "error" => {}
            Item::Enum(item) => {
                bail!("the type {} became a closed enum: its alternatives are not supported", item.ident)
            }
            other => bail!("the generator wrote a type that we do not know: {}", kind(&other)),
        }
    }
    Ok((structs, struct_builders))
}

fn split_builders(module: ItemMod) -> Result<BTreeMap<String, Builder>> {
    let mut builders: BTreeMap<String, Builder> = BTreeMap::new();
    for item in module.content.map(|(_, items)| items).unwrap_or_default() {
        match item {
            Item::Struct(item) => {
                builders.insert(item.ident.to_string(), Builder { item, methods: Vec::new() });
            }
            Item::Impl(item) => {
                let name = self_name(&item).context("an impl of something that is not a struct")?;
                let builder =
                    builders.get_mut(&name).with_context(|| format!("an impl of the unknown struct {name}"))?;
                builder.methods.extend(methods(&item).cloned());
            }
            Item::Use(_) => {}
            other => bail!("the generator wrote a builder that we do not know: {}", kind(&other)),
        }
    }
    Ok(builders)
}

fn methods(item: &ItemImpl) -> impl Iterator<Item = &ImplItemFn> {
    item.items.iter().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    })
}

fn self_name(item: &ItemImpl) -> Option<String> {
    match &*item.self_ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn kind(item: &Item) -> String {
    let text = quote::ToTokens::to_token_stream(item).to_string();
    text.chars().take(80).collect()
}
