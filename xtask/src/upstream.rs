//! Compares what a vendor lists with what the specs have: which operations are new, and which are gone.
//!
//! The list is an OpenAPI document (JSON or YAML), or any text in which an operation is an HTTP method followed by a
//! path, as in the listing of an SDK: `POST /v1.0/conference/videoConferences` or `GET https://host/v1/meetings`.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::document::METHODS;
use crate::yaml;

/// A method in upper case and a path whose parameters have no names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    /// `GET`.
    pub method: String,
    /// `/v1/meetings/{}`.
    pub path: String,
}

/// How a list differs from the specs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// In the list and not in the specs.
    pub new: Vec<Operation>,
    /// In the specs and not in the list.
    pub gone: Vec<Operation>,
}

/// Returns the operations of a document with `paths`.
pub fn of_document(document: &Value) -> BTreeSet<Operation> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut found = BTreeSet::new();
    for (path, item) in paths.into_iter().flatten() {
        let methods = item.as_object().into_iter().flat_map(|item| item.keys());
        for method in methods.filter(|method| METHODS.contains(&method.as_str())) {
            found.insert(operation(method, path));
        }
    }
    found
}

/// Returns the operations of a list.
///
/// # Errors
///
/// If the list has no operation.
pub fn of_list(text: &str) -> Result<BTreeSet<Operation>> {
    let found = match yaml::read(text) {
        Ok(document) if document.get("paths").is_some() => of_document(&document),
        _ => text.lines().flat_map(of_line).collect(),
    };
    if found.is_empty() {
        bail!("no operation in it: neither `paths` nor lines with a method and a path");
    }
    Ok(found)
}

/// Compares a list with the specs. An operation is gone only if the list has others with the same path prefix.
pub fn compare(list: &BTreeSet<Operation>, specs: &BTreeSet<Operation>) -> Difference {
    let families: BTreeSet<&str> = list.iter().map(|operation| family(&operation.path)).collect();
    Difference {
        new: list.difference(specs).cloned().collect(),
        gone: specs.difference(list).filter(|known| families.contains(family(&known.path))).cloned().collect(),
    }
}

/// Finds each method that is followed by a path in a line.
fn of_line(line: &str) -> Vec<Operation> {
    let separators = |mark: char| mark.is_whitespace() || "\"'`|,;()<>".contains(mark);
    let words: Vec<&str> = line.split(separators).filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2).filter_map(|pair| {
        let method = pair[0].to_lowercase();
        let path = without_host(pair[1]);
        (METHODS.contains(&method.as_str()) && path.starts_with('/')).then(|| operation(&method, path))
    });
    pairs.collect()
}

fn without_host(address: &str) -> &str {
    match address.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |start| &rest[start..]),
        None => address,
    }
}

fn operation(method: &str, path: &str) -> Operation {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let steps = path.split('/').map(|step| {
        let is_parameter = step.starts_with(':') || (step.starts_with('{') && step.ends_with('}'));
        if is_parameter { "{}" } else { step }
    });
    let path = steps.collect::<Vec<_>>().join("/");
    Operation { method: method.to_uppercase(), path: path.trim_end_matches('/').to_owned() }
}

/// The first three segments of a path.
fn family(path: &str) -> &str {
    path.match_indices('/').nth(3).map_or(path, |(end, _)| &path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(operations: &[Operation]) -> Vec<String> {
        operations.iter().map(|operation| format!("{} {}", operation.method, operation.path)).collect()
    }

    #[test]
    fn a_list_in_any_form_gives_the_same_operations() -> Result<()> {
        let expected = ["DELETE /v1/meetings/{}", "GET /v1/meetings"];
        for list in [
            "paths:\n  /v1/meetings: {get: {}}\n  /v1/meetings/{id}: {delete: {}, parameters: []}\n",
            r#"{"paths": {"/v1/meetings": {"get": {}}, "/v1/meetings/{meetingId}": {"delete": {}}}}"#,
            "| list | GET | `/v1/meetings?page=1` |\nrequest(\"DELETE\", \"https://api.example.com/v1/meetings/:id\")\n",
        ] {
            let found: Vec<Operation> = of_list(list)?.into_iter().collect();

            assert_eq!(shown(&found), expected, "{list}");
        }
        Ok(())
    }

    #[test]
    fn a_list_without_operations_is_refused() {
        for list in ["", "a: 1", "get it done", "paths: {}"] {
            assert!(of_list(list).is_err(), "{list:?}");
        }
    }

    #[test]
    fn what_is_new_and_what_is_gone_is_named() -> Result<()> {
        let specs = of_list("GET /a/b/meetings/{id}\nPOST /a/b/meetings\nGET /x/y/rooms\n")?;
        let list = of_list("GET /a/b/meetings/{number}\nGET /a/b/records\n")?;

        let difference = compare(&list, &specs);

        assert_eq!(shown(&difference.new), ["GET /a/b/records"]);
        assert_eq!(shown(&difference.gone), ["POST /a/b/meetings"]);
        Ok(())
    }
}
