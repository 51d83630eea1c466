//! The body of `send`: no `api-version`, no struct builder; hooks and decoding by `huiyi-core`.

use anyhow::{Context, Result, bail};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Ident, ImplItemFn, Local, Pat, Stmt};

use crate::lower::plan::{Answer, OperationPlan};
use crate::rules::Rules;

/// Edits the `send` of one operation.
///
/// `optional` names the query parameters that need not be set.
pub fn edit(
    method: &mut ImplItemFn,
    plan: &OperationPlan,
    client: &Ident,
    optional: &[String],
    rules: &Rules,
) -> Result<()> {
    drop_struct_builder(&mut method.block, rules);
    drop_api_version(&mut method.block, rules)?;
    hand_over(&mut method.block, plan, client, rules)?;
    add_checked(&mut method.block, optional, rules);
    method.attrs.clear();
    Ok(())
}

/// What follows the building of the request is the same for all operations: `huiyi-core` does it.
fn hand_over(block: &mut Block, plan: &OperationPlan, client: &Ident, rules: &Rules) -> Result<()> {
    let position = block.stmts.iter().position(is_request).context("the generated `send` builds no request")?;
    let rest: Vec<String> =
        block.stmts.drain(position + 1..).map(|statement| statement.to_token_stream().to_string()).collect();
    let rest = rest.join(" ");
    let operation = &plan.id;
    for expected in [&format!("operation_id : {operation:?}"), ". pre (", ". exec (", ". post (", "ErrorResponse"] {
        if !rest.contains(expected) {
            bail!("the generated `send` has another shape than expected: there is no `{expected}`");
        }
    }
    let Some(Stmt::Local(local)) = block.stmts.get_mut(position) else { bail!("a request without a value") };
    let init = local.init.as_mut().context("a request without a value")?;
    let Expr::Try(build) = &*init.expr else { bail!("the generated `send` does not build its request at once") };
    let Expr::MethodCall(build) = &*build.expr else { bail!("the generated `send` does not build its request") };
    let unbuilt = build.receiver.clone();
    let decode = match &plan.answer {
        Answer::Data(_) => quote!(::huiyi_core::decode::data(response).await),
        Answer::Flat(_) => quote!(::huiyi_core::decode::flat(response).await),
        Answer::Empty => quote!(::huiyi_core::decode::empty(response).await),
        Answer::Raw => quote!(Ok(ResponseValue::stream(response))),
    };
    let end: Block = syn::parse2(quote!({
        let request = #unbuilt;
        let response = ::huiyi_core::pipeline::send(#client, request, #operation).await?;
        #decode
    }))?;
    block.stmts.truncate(position);
    block.stmts.extend(end.stmts);
    rules.hit("hooks and decoding by the core");
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

/// Takes the query parameters out of the chain that builds the request. `huiyi-core` adds them, checked, and
/// leaves out those that are not set: each call of `query` costs time.
fn add_checked(block: &mut Block, optional: &[String], rules: &Rules) {
    let Some(position) = block.stmts.iter().position(is_request) else { return };
    let Some(Stmt::Local(local)) = block.stmts.get(position) else { return };
    let Some(init) = &local.init else { return };
    let mut chain = Chain { parameters: Vec::new() };
    let start = chain.strip((*init.expr).clone());
    if chain.parameters.is_empty() {
        return;
    }
    let is_optional = |name: &Ident| optional.iter().any(|optional| name == optional);
    // Those that have to be given first, as their pages have them.
    let (given, rest): (Vec<_>, Vec<_>) =
        chain.parameters.iter().rev().partition(|(_, variable)| !is_optional(variable));
    let queries = given.into_iter().chain(rest).map(|(name, variable)| {
        let value = if is_optional(variable) { quote!(#variable) } else { quote!(#variable.map(Some)) };
        quote!(let request = argument::query(request, #name, #value)?;)
    });
    let Ok(statements) = syn::parse2::<Block>(quote!({
        let request = #start;
        #(#queries)*
    })) else {
        return;
    };
    block.stmts.splice(position..=position, statements.stmts);
    // `let name = name.map_err(..)?` is done by then.
    block.stmts.retain(|statement| {
        let Stmt::Local(local) = statement else { return true };
        let name = binding(&local.pat);
        let checked = local.to_token_stream().to_string().contains(". map_err (Error :: InvalidRequest) ?");
        !(checked && name.is_some_and(|name| chain.parameters.iter().any(|(_, variable)| *variable == name)))
    });
    rules.hit("query parameter checked and sent by the core");
}

fn is_request(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Local(local) if binding(&local.pat).is_some_and(|name| name == "request"))
}

/// A chain of method calls that loses those which send a query parameter.
struct Chain {
    /// Names on the wire and variables, last first.
    parameters: Vec<(Expr, Ident)>,
}

impl Chain {
    fn strip(&mut self, expression: Expr) -> Expr {
        let Expr::MethodCall(mut call) = expression else { return expression };
        if call.method == "query"
            && let Some(parameter) = call.args.first().and_then(query_parameter)
        {
            self.parameters.push(parameter);
            return self.strip(*call.receiver);
        }
        *call.receiver = self.strip(*call.receiver);
        Expr::MethodCall(call)
    }
}

/// Name and variable in `&QueryParam::new("name", &variable)`.
fn query_parameter(argument: &Expr) -> Option<(Expr, Ident)> {
    let Expr::Reference(reference) = argument else { return None };
    let Expr::Call(call) = &*reference.expr else { return None };
    let Some(Expr::Reference(value)) = call.args.last() else { return None };
    let Expr::Path(path) = &*value.expr else { return None };
    Some((call.args.first()?.clone(), path.path.get_ident()?.clone()))
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
