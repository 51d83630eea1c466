//! Arguments that the vendor requires and the caller may leave out, because the client has a value for them.
//!
//! There are two kinds: arguments that are set once on the client (`x-client-arguments` of the document), and the
//! numbers and sizes of pages, which default to the first page and the largest size.

use indexmap::IndexMap;

use super::plan::{OperationPlan, TypePlan};
use crate::document::schema_name;
use crate::rules::{Rule, Rules};

/// An argument that is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Name on the wire.
    pub wire: String,
    /// Name in Rust.
    pub rust: String,
    /// Whether it is a field of the body rather than a query parameter.
    pub in_body: bool,
    /// What it is filled with.
    pub value: Value,
}

/// What an argument is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// The value that the client has.
    Client,
    /// A number.
    Number(i64),
}

impl Filled {
    /// Returns the text for the documentation.
    pub fn text(&self) -> String {
        match self.value {
            Value::Client => "If it is not set, the client's value is sent.".to_owned(),
            Value::Number(number) => format!("If it is not set, {number} is sent."),
        }
    }
}

/// Makes arguments optional if the client can fill them in, and notes the values.
pub fn mark(
    operations: &mut [OperationPlan],
    types: &mut IndexMap<String, TypePlan>,
    client_arguments: &[String],
    rules: &Rules,
) {
    for plan in operations.iter_mut().filter(|plan| plan.generated) {
        let pages = page_numbers(plan);
        let value_of = |wire: &str| {
            let page = pages.iter().find(|(name, _)| name == wire).map(|(_, number)| Value::Number(*number));
            page.or_else(|| client_arguments.iter().any(|name| name == wire).then_some(Value::Client))
        };
        let mut found = Vec::new();
        for parameter in plan.parameters.iter_mut().filter(|parameter| parameter.required) {
            let Some(value) = value_of(&parameter.wire).filter(|_| parameter.location == "query") else { continue };
            if !rules.apply(Rule::FilledByClient) {
                continue;
            }
            parameter.required = false;
            let (wire, rust) = (parameter.wire.clone(), parameter.rust.clone());
            found.push(Filled { wire, rust, in_body: false, value });
        }
        let body = plan.body.as_ref().and_then(|body| schema_name(&body.schema)).and_then(|name| types.get_mut(name));
        for field in body.into_iter().flat_map(|body| body.fields.iter_mut()) {
            let Some(value) = value_of(&field.wire).filter(|_| field.required || field.filled) else { continue };
            if !rules.apply(Rule::FilledByClient) {
                continue;
            }
            field.required = false;
            field.filled = true;
            let (wire, rust) = (field.wire.clone(), field.rust.clone());
            found.push(Filled { wire, rust, in_body: true, value });
        }
        plan.filled = found;
    }
}

/// Returns the request fields for the number and the size of a page, with the values of the first page.
fn page_numbers(plan: &OperationPlan) -> Vec<(String, i64)> {
    let Some(paging) = &plan.paging else { return Vec::new() };
    let name = |key: &str| paging.get("request").and_then(|request| request.get(key)).and_then(|name| name.as_str());
    let size = paging.get("max_size").and_then(serde_json::Value::as_i64).unwrap_or(20);
    let page = name("page").map(|name| (name.to_owned(), 1));
    page.into_iter().chain(name("size").map(|name| (name.to_owned(), size))).collect()
}
