//! Reads the arguments of a request in the client's types.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::record::Request;
use crate::stub::values;

/// An argument that does not fit its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    argument: String,
    reason: String,
}

impl Unreadable {
    fn new(argument: &str, reason: impl fmt::Display) -> Self {
        Self { argument: argument.to_owned(), reason: reason.to_string() }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the argument {} cannot be read: {}", self.argument, self.reason)
    }
}

impl std::error::Error for Unreadable {}

/// Reads an argument that every call has.
pub(crate) fn required<T: DeserializeOwned>(request: &Request, place: &str, name: &str) -> Result<T, Unreadable> {
    optional(request, place, name)?.ok_or_else(|| Unreadable::new(name, "it is missing"))
}

/// Reads an argument that a call may omit.
pub(crate) fn optional<T: DeserializeOwned>(
    request: &Request,
    place: &str,
    name: &str,
) -> Result<Option<T>, Unreadable> {
    let found = values(request, place, name).into_iter().next();
    found.map(|text| value(name, &text)).transpose()
}

/// Reads an argument that may occur several times.
pub(crate) fn list<T: DeserializeOwned>(request: &Request, place: &str, name: &str) -> Result<Vec<T>, Unreadable> {
    values(request, place, name).iter().map(|text| value(name, text)).collect()
}

/// Reads an argument that may occur several times or be omitted.
pub(crate) fn optional_list<T: DeserializeOwned>(
    request: &Request,
    place: &str,
    name: &str,
) -> Result<Option<Vec<T>>, Unreadable> {
    list(request, place, name).map(|items| Some(items).filter(|items| !items.is_empty()))
}

/// Reads the body that every call has.
pub(crate) fn body<T: DeserializeOwned>(request: &Request) -> Result<T, Unreadable> {
    let json = request.json().or_else(|| request.form());
    let json = json.ok_or_else(|| Unreadable::new("body", "it is neither JSON nor a form"))?;
    T::deserialize(json).map_err(|error| Unreadable::new("body", error))
}

/// Reads the body that a call may leave empty.
pub(crate) fn optional_body<T: DeserializeOwned + Default>(request: &Request) -> Result<T, Unreadable> {
    if request.body.is_empty() { Ok(T::default()) } else { body(request) }
}

/// Returns the body unchanged.
pub(crate) fn bytes(request: &Request) -> Vec<u8> {
    request.body.clone()
}

/// Reads a value from its text: a text if the type accepts one, otherwise a number or a boolean.
fn value<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Unreadable> {
    T::deserialize(Value::from(text)).or_else(|refusal| {
        let plain: Value = serde_json::from_str(text).map_err(|_| Unreadable::new(name, &refusal))?;
        T::deserialize(plain).map_err(|error| Unreadable::new(name, error))
    })
}
