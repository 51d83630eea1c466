//! Arguments of the generated requests: converted, or an error that names the argument.

use crate::path::encode_path;

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

/// What an argument is inside of a path.
///
/// # Errors
///
/// If the argument is missing or invalid.
pub fn path(value: Result<impl ToString, String>) -> Result<String, String> {
    value.map(|value| encode_path(&value.to_string()))
}
