//! The body of `send`: no `api-version`, decoding by `huiyi-core`, no struct builder.

use anyhow::{Result, bail};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, Expr, ExprMatch, ImplItemFn, Local, Pat, Stmt};

use crate::lower::plan::Answer;
use crate::rules::Rules;

/// Edits the `send` of one operation.
///
/// `optional` names the query parameters that need not be set.
pub fn edit(method: &mut ImplItemFn, answer: &Answer, optional: &[String], rules: &Rules) -> Result<()> {
    drop_struct_builder(&mut method.block, rules);
    drop_api_version(&mut method.block, rules)?;
    send_only_what_is_set(&mut method.block, optional, rules);
    let decoder = match answer {
        Answer::Data(_) => Some("data"),
        Answer::Flat(_) => Some("flat"),
        Answer::Empty => Some("empty"),
        Answer::Raw => None,
    };
    let mut decode = Decode { decoder, rules, successes: 0, errors: 0 };
    decode.visit_block_mut(&mut method.block);
    if decode.errors != 1 || (decoder.is_some() && decode.successes != 1) {
        bail!(
            "the generated `send` has another shape than expected: {} successes, {} errors",
            decode.successes,
            decode.errors
        );
    }
    method.attrs.clear();
    Ok(())
}

/// `let body = body.and_then(|v| types::X::try_from(v)..).map_err(..)?` loses its middle part.
fn drop_struct_builder(block: &mut Block, rules: &Rules) {
    for statement in &mut block.stmts {
        let Stmt::Local(local) = statement else { continue };
        if !local.to_token_stream().to_string().contains("try_from") {
            continue;
        }
        let pattern = &local.pat;
        let name = binding(pattern);
        let Some(name) = name else { continue };
        if let Ok(stripped) = syn::parse2::<BlockOf>(quote!({ let #pattern = #name.map_err(Error::InvalidRequest)?; }))
        {
            *statement = stripped.0;
            rules.hit("body builder removed from send");
        }
    }
}

/// Takes the optional query parameters out of the chain that builds the request: each call of `query`
/// costs time, also for a parameter that is not set.
fn send_only_what_is_set(block: &mut Block, optional: &[String], rules: &Rules) {
    let Some(position) = block.stmts.iter().position(is_request) else { return };
    let Some(Stmt::Local(local)) = block.stmts.get(position) else { return };
    let Some(init) = &local.init else { return };
    let Expr::Try(build) = &*init.expr else { return };
    let mut chain = Chain { optional, conditional: Vec::new() };
    let rest = chain.strip((*build.expr).clone());
    if chain.conditional.is_empty() {
        return;
    }
    // `.build()` stays at the end; what stood before it is the unconditional part.
    let Expr::MethodCall(finish) = rest else { return };
    let start = &finish.receiver;
    let conditional = chain
        .conditional
        .iter()
        .rev()
        .map(|(name, argument)| quote!(if #name.is_some() { request = request.query(#argument); }));
    let Ok(statements) = syn::parse2::<Block>(quote!({
        let mut request = #start;
        #(#conditional)*
        let mut request = request.build()?;
    })) else {
        return;
    };
    block.stmts.splice(position..=position, statements.stmts);
    rules.hit("optional query parameter sent only if set");
}

fn is_request(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Local(local) if binding(&local.pat).is_some_and(|name| name == "request"))
}

/// A chain of method calls that loses those which send an optional query parameter.
struct Chain<'a> {
    optional: &'a [String],
    /// The parameters' variables and the arguments of their calls, last first.
    conditional: Vec<(syn::Ident, Expr)>,
}

impl Chain<'_> {
    fn strip(&mut self, expression: Expr) -> Expr {
        let Expr::MethodCall(mut call) = expression else { return expression };
        if call.method == "query"
            && let Some(argument) = call.args.first()
            && let Some(name) = self.optional_parameter(argument)
        {
            self.conditional.push((name, argument.clone()));
            return self.strip(*call.receiver);
        }
        *call.receiver = self.strip(*call.receiver);
        Expr::MethodCall(call)
    }

    /// The variable in `&QueryParam::new("name", &variable)`, if it is an optional parameter's.
    fn optional_parameter(&self, argument: &Expr) -> Option<syn::Ident> {
        let Expr::Reference(reference) = argument else { return None };
        let Expr::Call(call) = &*reference.expr else { return None };
        let Some(Expr::Reference(value)) = call.args.last() else { return None };
        let Expr::Path(path) = &*value.expr else { return None };
        let name = path.path.get_ident()?;
        self.optional.iter().any(|optional| name == optional).then(|| name.clone())
    }
}

struct BlockOf(Stmt);

impl syn::parse::Parse for BlockOf {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        let block: Block = input.parse()?;
        match block.stmts.into_iter().next() {
            Some(statement) => Ok(Self(statement)),
            None => Err(input.error("an empty block")),
        }
    }
}

fn binding(pattern: &Pat) -> Option<syn::Ident> {
    match pattern {
        Pat::Ident(ident) => Some(ident.ident.clone()),
        _ => None,
    }
}

/// Removes the header; without others, the header map goes as well.
fn drop_api_version(block: &mut Block, rules: &Rules) -> Result<()> {
    let before = block.stmts.len();
    block.stmts.retain(|statement| !statement.to_token_stream().to_string().contains("\"api-version\""));
    if block.stmts.len() + 1 != before {
        bail!("the generated `send` does not set `api-version` exactly once");
    }
    rules.hit("api-version header removed");
    let uses = block
        .stmts
        .iter()
        .filter(|statement| statement.to_token_stream().to_string().contains("header_map . append"))
        .count();
    if uses > 0 {
        let mut smaller = Capacity;
        smaller.visit_block_mut(block);
        return Ok(());
    }
    block.stmts.retain(|statement| !matches!(statement, Stmt::Local(local) if is_header_map(local)));
    DropHeaders.visit_block_mut(block);
    Ok(())
}

fn is_header_map(local: &Local) -> bool {
    binding(&local.pat).is_some_and(|name| name == "header_map")
}

/// `with_capacity(n)` counts one header less.
struct Capacity;

impl VisitMut for Capacity {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        if !call.func.to_token_stream().to_string().ends_with("HeaderMap :: with_capacity") {
            return;
        }
        if let Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(size), .. })) = call.args.first_mut() {
            let smaller = size.base10_parse::<usize>().unwrap_or(1).saturating_sub(1);
            *size = syn::LitInt::new(&smaller.to_string(), size.span());
        }
    }
}

/// `.headers(header_map)` goes.
struct DropHeaders;

impl VisitMut for DropHeaders {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(call) = expression
            && call.method == "headers"
        {
            *expression = (*call.receiver).clone();
        }
    }
}

/// Decoders of `huiyi-core` in place of the generator's, and one arm for all errors.
struct Decode<'r> {
    decoder: Option<&'static str>,
    rules: &'r Rules,
    successes: usize,
    errors: usize,
}

impl VisitMut for Decode<'_> {
    fn visit_expr_match_mut(&mut self, expression: &mut ExprMatch) {
        let arms = std::mem::take(&mut expression.arms);
        for arm in arms {
            if let Some(arm) = self.arm(arm) {
                expression.arms.push(arm);
            }
        }
    }

    /// `let mut request = ..` needs no `allow`: it is changed by the hook.
    fn visit_local_mut(&mut self, local: &mut Local) {
        local.attrs.clear();
    }
}

impl Decode<'_> {
    fn arm(&mut self, arm: Arm) -> Option<Arm> {
        let text = arm.body.to_token_stream().to_string();
        let response = argument_of(&text, &["from_response", "empty", "stream"]);
        let Some(response) = response.map(|name| quote::format_ident!("{name}")) else { return Some(arm) };
        if text.contains("ErrorResponse") {
            self.errors += 1;
            if self.errors == 2 {
                // 5XX after 4XX: merged into one arm.
                self.rules.hit("error arms merged");
                self.errors = 1;
                return None;
            }
            self.rules.hit("error decoded by the core");
            return syn::parse2(quote! {
                400..=599 => Err(Error::ErrorResponse(::huiyi_core::decode::error(#response).await?)),
            })
            .ok();
        }
        self.successes += 1;
        let Some(decoder) = self.decoder else {
            return syn::parse2(quote!(200..=299 => Ok(ResponseValue::stream(#response)),)).ok();
        };
        self.rules.hit("success decoded by the core");
        let decoder = quote::format_ident!("{decoder}");
        syn::parse2(quote!(200..=299 => ::huiyi_core::decode::#decoder(#response).await,)).ok()
    }
}

/// The identifier that one of these functions of `ResponseValue` is called with.
fn argument_of(text: &str, functions: &[&str]) -> Option<String> {
    let after = functions.iter().find_map(|name| text.split_once(&format!("ResponseValue :: {name} (")))?.1;
    let argument = after.split(')').next()?.trim().to_owned();
    argument.chars().all(|c| c == '_' || c.is_alphanumeric()).then_some(argument)
}
