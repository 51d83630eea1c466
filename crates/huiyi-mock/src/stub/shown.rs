//! Formats calls and stubs for messages.

use crate::record::Request;
use crate::spec::Operation;
use crate::stub::Wanted;
use crate::stub::differences::values;

/// The maximum length of a body that is shown in full, in characters.
const LONGEST_BODY: usize = 300;

/// Formats a call with the arguments of the document; credentials are not among them.
pub(super) fn call(operation: &Operation, request: &Request) -> String {
    let path = request.path_parameters.iter().map(|(name, value)| (name.as_str(), value.clone()));
    let query = operation.query.iter().flat_map(|parameter| {
        let found = values(request, "query", &parameter.name);
        found.into_iter().map(|value| (parameter.name.as_str(), value))
    });
    let mut arguments: Vec<String> = path.chain(query).map(|(name, value)| format!("{name} = {value:?}")).collect();
    if let Some(body) = request.json() {
        let body = body.to_string();
        let cut: String = body.chars().take(LONGEST_BODY).collect();
        arguments.push(format!("body = {cut}{}", if cut.len() < body.len() { ".." } else { "" }));
    }
    format!("{}({})", operation.id, arguments.join(", "))
}

/// Formats the conditions of a stub.
pub(super) fn stub(operation: &str, wanted: &Wanted) -> String {
    let arguments = wanted.arguments.iter().map(|(_, name, values)| format!("{name} = {:?}", values.join(",")));
    let body = wanted.body.iter().map(|body| format!("body = {body}"));
    let conditions = wanted.conditions.iter().map(|_| "a condition".to_owned());
    let parts: Vec<String> = arguments.chain(body).chain(conditions).collect();
    format!("the stub {operation}({})", parts.join(", "))
}

/// Formats a number of calls.
pub(super) fn calls(number: usize) -> String {
    match number {
        1 => "1 call".to_owned(),
        number => format!("{number} calls"),
    }
}
