//! Settings from environment variables and the files that they name.

use std::ffi::OsString;

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
    values(names, |name| std::env::var_os(name))
}

/// Reads a variable that may be missing from the environment, as [`environment`] does.
///
/// # Errors
///
/// [`BuildError::EnvironmentFile`] if a named file cannot be read.
pub fn optional_environment(name: &'static str) -> Result<Option<String>, BuildError> {
    value(name, |name| std::env::var_os(name))
}

fn values<const N: usize>(
    names: [&'static str; N],
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<[String; N], BuildError> {
    let mut found = names.map(|_| None);
    for (name, place) in names.iter().zip(&mut found) {
        *place = value(name, &variable)?;
    }
    let missing: Vec<&'static str> =
        names.iter().zip(&found).filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        return Err(BuildError::Environment { missing });
    }
    Ok(found.map(Option::unwrap_or_default))
}

/// Returns the value of a variable, or the content of the file that `NAME_FILE` names; `None` if both are missing or
/// empty.
fn value(name: &str, variable: impl Fn(&str) -> Option<OsString>) -> Result<Option<String>, BuildError> {
    let given = variable(name).and_then(|value| value.into_string().ok());
    if let Some(value) = given.filter(|value| !value.is_empty()) {
        return Ok(Some(value));
    }
    let name = format!("{name}_FILE");
    let Some(path) = variable(&name).filter(|path| !path.is_empty()) else { return Ok(None) };
    let content = std::fs::read_to_string(path)
        .map_err(|error| BuildError::EnvironmentFile { name, reason: error.to_string() })?;
    let content = content.strip_suffix('\n').map_or(&*content, |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(Some(content.to_owned()).filter(|content| !content.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An environment with these variables alone.
    fn of<'a>(variables: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<OsString> + 'a {
        |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
    }

    #[test]
    fn a_variable_counts_before_the_file_and_all_that_are_missing_are_named() {
        let given = of(&[("ID", "cli_1"), ("ID_FILE", "/does/not/exist"), ("EMPTY", "")]);

        assert_eq!(values(["ID"], &given), Ok(["cli_1".to_owned()]));
        let missing = vec!["EMPTY", "SECRET"];
        assert_eq!(values(["ID", "EMPTY", "SECRET"], &given), Err(BuildError::Environment { missing }));
    }

    #[test]
    fn a_file_is_read_without_the_line_break_at_its_end() {
        let path = std::env::temp_dir().join(format!("huiyi-environment-{}", std::process::id()));
        std::fs::write(&path, "s3cr3t \r\n").expect("a file for the test");

        let read = value("SECRET", of(&[("SECRET_FILE", &path.to_string_lossy())]));
        std::fs::remove_file(&path).expect("the file of the test");

        assert_eq!(read, Ok(Some("s3cr3t ".to_owned())));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_for_an_optional_variable_too() {
        let given = of(&[("URL_FILE", "/does/not/exist")]);

        for result in [value("URL", &given).map(drop), values(["URL"], &given).map(drop)] {
            assert!(
                matches!(&result, Err(BuildError::EnvironmentFile { name, .. }) if name == "URL_FILE"),
                "{result:?}"
            );
        }
        assert_eq!(value("OTHER", &given), Ok(None));
    }
}
