//! The Rust types of fields: shorter paths, and what kind of value a type holds.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, PathArguments, Type};

/// Where a type is written, which decides how far its path can be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `types.rs`: types of the vendor have their bare names.
    Types,
    /// `builder.rs`: they are `types::X`.
    Builders,
    /// Another crate: full paths.
    Outside,
}

/// Cuts paths such as `::std::option::Option` to what is in scope.
#[derive(Debug)]
pub struct Shorten {
    /// `huiyi_feishu`.
    pub krate: String,
    /// Where the code stands.
    pub scope: Scope,
}

impl VisitMut for Shorten {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let keep = match names.as_slice() {
            ["std", "string", "String"] | ["std", "option", "Option", ..] | ["std", "vec", "Vec", ..] => {
                names.len() - 2
            }
            ["std", "boxed", "Box"] | ["std", "result", "Result"] | ["std", "collections", "BTreeMap", ..] => {
                names.len() - 2
            }
            ["huiyi_core", "wire", _] if self.scope != Scope::Outside => 2,
            ["huiyi_core", "ApiError"] if self.scope != Scope::Outside => 1,
            [krate, "types", _] if *krate == self.krate => match self.scope {
                Scope::Types => 1,
                Scope::Builders => 2,
                Scope::Outside => return,
            },
            ["types", _] if self.scope == Scope::Outside => return self.outside(path),
            ["serde_json", ..] if self.scope != Scope::Outside => names.len(),
            _ => return,
        };
        path.leading_colon = None;
        let skipped = names.len() - keep;
        path.segments = path.segments.iter().skip(skipped).cloned().collect();
    }
}

impl Shorten {
    fn outside(&self, path: &mut syn::Path) {
        let krate = syn::Ident::new(&self.krate, proc_macro2::Span::call_site());
        let tokens = quote!(::#krate::#path);
        if let Ok(full) = syn::parse2(tokens) {
            *path = full;
        }
    }

    /// Returns a shortened copy of a type.
    pub fn of(&mut self, ty: &Type) -> Type {
        let mut ty = ty.clone();
        self.visit_type_mut(&mut ty);
        ty
    }
}

/// What a type holds, below `Option` and `Box`.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `Vec<T>`.
    List(Box<Type>),
    /// `BTreeMap<K, V>`.
    Map(Box<[Type; 2]>),
    /// `serde_json::Map<String, Value>`.
    Json,
    /// Anything else.
    Plain,
}

/// A type taken apart.
#[derive(Clone, Debug)]
pub struct Shape {
    /// It is an `Option`.
    pub optional: bool,
    /// The value is in a `Box`.
    pub boxed: bool,
    /// The type below both.
    pub inner: Type,
    /// What it holds.
    pub kind: Kind,
}

impl Shape {
    /// Takes a type apart.
    pub fn of(ty: &Type) -> Self {
        let (optional, inner) = match argument(ty, "Option") {
            Some(inner) => (true, inner),
            None => (false, ty.clone()),
        };
        let (boxed, inner) = match argument(&inner, "Box") {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let kind = match last_name(&inner).as_deref() {
            Some("Vec") => argument(&inner, "Vec").map_or(Kind::Plain, |item| Kind::List(Box::new(item))),
            Some("Map") => Kind::Json,
            Some("BTreeMap") => match arguments(&inner).as_slice() {
                [key, value] => Kind::Map(Box::new([key.clone(), value.clone()])),
                _ => Kind::Plain,
            },
            _ => Kind::Plain,
        };
        Self { optional, boxed, inner, kind }
    }

    /// Returns the innermost type's own name: `String`, `i64`, `Meeting`.
    pub fn name(&self) -> String {
        last_name(&self.inner).unwrap_or_default()
    }

    /// Returns the type as text without spaces.
    pub fn text(&self) -> String {
        text(&self.inner)
    }

    /// Returns how a setter takes the value: the parameter's type, and the expression for the field.
    pub fn setter(&self) -> (TokenStream, TokenStream) {
        let (parameter, value) = self.bare_setter();
        let value = if self.boxed { quote!(Box::new(#value)) } else { value };
        (parameter, if self.optional { quote!(Some(#value)) } else { value })
    }

    fn bare_setter(&self) -> (TokenStream, TokenStream) {
        let inner = &self.inner;
        match &self.kind {
            Kind::List(item) => (
                quote!(impl IntoIterator<Item = impl Into<#item>>),
                quote!(value.into_iter().map(Into::into).collect()),
            ),
            Kind::Map(types) => {
                let [key, item] = &**types;
                (
                    quote!(impl IntoIterator<Item = (impl Into<#key>, impl Into<#item>)>),
                    quote!(value.into_iter().map(|(key, value)| (key.into(), value.into())).collect()),
                )
            }
            Kind::Json => (quote!(#inner), quote!(value)),
            Kind::Plain => (quote!(impl Into<#inner>), quote!(value.into())),
        }
    }
}

/// Returns the generic argument of `name<..>`.
pub fn argument(ty: &Type, name: &str) -> Option<Type> {
    (last_name(ty).as_deref() == Some(name)).then(|| arguments(ty).into_iter().next())?
}

/// Returns all generic arguments of a type.
pub fn arguments(ty: &Type) -> Vec<Type> {
    let Type::Path(path) = ty else { return Vec::new() };
    match path.path.segments.last().map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(list)) => list
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns the last segment of a type's path.
pub fn last_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Returns a type as text without spaces.
pub fn text(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}
