//! Settings from environment variables and the files that they name.

use super::build_error::BuildError;

/// Reads variables from the environment. If any are missing, the error lists all of them.
///
/// If `NAME` is not set, the file that `NAME_FILE` names is read, without a line break at its end. Containers mount
/// secrets in this way.
///
/// # Errors
///
/// [`BuildError::Environment`] with every name that is not set or empty; [`BuildError::EnvironmentFile`] if a named
/// file cannot be read.
pub fn environment<const N: usize>(names: [&'static str; N]) -> Result<[String; N], BuildError> {
    let mut values = names.map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    for (name, value) in names.iter().zip(&mut values).filter(|(_, value)| value.is_none()) {
        *value = from_file(&format!("{name}_FILE"))?;
    }
    let missing: Vec<&'static str> =
        names.iter().zip(&values).filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        return Err(BuildError::Environment { missing });
    }
    Ok(values.map(Option::unwrap_or_default))
}

/// Reads a variable that may be missing from the environment, as [`environment`] does.
///
/// # Errors
///
/// [`BuildError::EnvironmentFile`] if a named file cannot be read.
pub fn optional_environment(name: &'static str) -> Result<Option<String>, BuildError> {
    match environment([name]) {
        Ok([value]) => Ok(Some(value)),
        Err(BuildError::Environment { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the content of the file that a variable names; `None` if the variable is not set or the file is empty.
fn from_file(variable: &str) -> Result<Option<String>, BuildError> {
    let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) else { return Ok(None) };
    let content = std::fs::read_to_string(path)
        .map_err(|error| BuildError::EnvironmentFile { name: variable.to_owned(), reason: error.to_string() })?;
    let content = content.strip_suffix('\n').map_or(&*content, |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(Some(content.to_owned()).filter(|content| !content.is_empty()))
}
