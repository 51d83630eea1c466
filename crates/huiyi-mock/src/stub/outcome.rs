//! The answers of a stub, and their conversion to the vendor's responses.

use serde_json::Value;

use crate::answer::{example, given};
use crate::dialect::{Call, Refusal};
use crate::fault::Fault;
use crate::http::Response;
use crate::spec::Operation;
use crate::state::{Shared, State};
use crate::stub::pages;

/// A vendor's error code: a number or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code(Value);

impl From<i64> for Code {
    fn from(code: i64) -> Self {
        Self(code.into())
    }
}

impl From<i32> for Code {
    fn from(code: i32) -> Self {
        Self(code.into())
    }
}

impl From<&str> for Code {
    /// Converts a text; a number in a text becomes a number, since tables have all codes as texts.
    fn from(code: &str) -> Self {
        Self(code.parse::<i64>().map_or_else(|_| code.into(), Into::into))
    }
}

impl From<String> for Code {
    fn from(code: String) -> Self {
        code.as_str().into()
    }
}

/// The content of an answer, without the vendor's envelope.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// The value of the envelope's `data`.
    Data(Value),
    /// Members next to those of the envelope.
    Flat(Value),
    /// A file.
    Bytes(Vec<u8>),
    /// Nothing.
    Empty,
}

/// One answer of a stub.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// The document's example.
    Example,
    Content(Content),
    /// One page for each content.
    Pages(Vec<Content>),
    Fails(Code),
    Status(u16, Vec<u8>),
    Fault(Fault),
}

/// Builds the response of an outcome that is not a fault.
pub(crate) fn respond(
    shared: &Shared,
    call: &Call<'_>,
    operation: &'static Operation,
    outcome: &Outcome,
    state: &State,
) -> Result<Response, Refusal> {
    Ok(match outcome {
        Outcome::Example | Outcome::Fault(_) => example(shared, operation, state),
        Outcome::Content(content) => wrapped(shared, operation, content),
        Outcome::Pages(contents) => {
            let page = pages::page(shared.spec, operation, call.request, contents);
            wrapped(shared, operation, &page)
        }
        Outcome::Status(status, body) => given(*status, Vec::new(), body.clone()),
        Outcome::Fails(code) => return Err(failure(shared, operation, code)),
    })
}

/// Builds a failure with this code, and its documented status and meaning.
pub(crate) fn failure(shared: &Shared, operation: &Operation, Code(code): &Code) -> Refusal {
    let text = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
    let documented = shared.spec.error(operation, &text);
    let status = documented.as_ref().and_then(|error| error.status);
    let message = documented.map(|error| error.meaning).filter(|meaning| !meaning.is_empty());
    Refusal::Own {
        status: status.unwrap_or(shared.dialect.failure_status()),
        code: code.clone(),
        message: message.unwrap_or_else(|| format!("error {text}")),
    }
}

/// Puts a content into the vendor's envelope.
fn wrapped(shared: &Shared, operation: &Operation, content: &Content) -> Response {
    let status = operation.success.status;
    let mut envelope = shared.dialect.plain_success();
    match content {
        Content::Bytes(bytes) => {
            let media_type = operation.success.media_type.as_deref().unwrap_or("application/octet-stream");
            return Response::new(status, media_type, bytes.clone());
        }
        Content::Empty if operation.success.media_type.is_none() => return given(status, Vec::new(), Vec::new()),
        Content::Empty => {}
        Content::Data(value) => envelope["data"] = value.clone(),
        Content::Flat(Value::Object(value)) => {
            if let Some(members) = envelope.as_object_mut() {
                members.remove("data");
                members.extend(value.clone());
            }
        }
        Content::Flat(value) => envelope = value.clone(),
    }
    Response::json(status, &envelope)
}
