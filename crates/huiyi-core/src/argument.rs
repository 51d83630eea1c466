//! Arguments of the generated requests: converted and added to the request, or an error that names the
//! argument.

use progenitor_client::{Error, QueryParam};
use reqwest::RequestBuilder;
use serde::Serialize;

use crate::error::ApiError;

/// An argument that has to be given.
///
/// # Errors
///
/// If the value cannot be converted: the text says which argument of which operation it is.
pub fn required<T>(value: impl TryInto<T>, operation: &str, name: &str, kind: &str) -> Result<T, String> {
    match value.try_into() {
        Ok(value) => Ok(value),
        Err(_) => Err(format!("`{operation}`: `{name}` is no valid {kind}")),
    }
}

/// An argument that may be left out.
///
/// # Errors
///
/// Those of [`required`].
pub fn optional<T>(value: impl TryInto<T>, operation: &str, name: &str, kind: &str) -> Result<Option<T>, String> {
    required(value, operation, name, kind).map(Some)
}

/// What stands for an argument that has to be given until it is.
///
/// # Errors
///
/// Always.
pub fn unset<T>(operation: &str, name: &str) -> Result<T, String> {
    Err(format!("`{operation}`: `{name}` was not set"))
}

/// Adds a query parameter if it is set.
///
/// # Errors
///
/// [`Error::InvalidRequest`] if the argument is missing or invalid.
#[allow(clippy::result_large_err, reason = "the error type is the generator's")]
pub fn query<T: Serialize>(
    request: RequestBuilder,
    name: &str,
    value: Result<Option<T>, String>,
) -> Result<RequestBuilder, Error<ApiError>> {
    Ok(match value.map_err(Error::InvalidRequest)? {
        Some(value) => request.query(&QueryParam::new(name, &value)),
        None => request,
    })
}
