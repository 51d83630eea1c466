//! The differences between a request and the conditions of a stub.

use serde_json::Value;

use crate::record::Request;
use crate::spec::{elements, members};

/// Compares an argument outside the body; returns the expected value if the request has another.
pub(super) fn of_argument(request: &Request, place: &str, name: &str, wanted: &[String]) -> Option<String> {
    let given = values(request, place, name);
    (given != wanted).then(|| format!("{name} = {}", list(wanted)))
}

/// Returns the values of an argument as they were sent.
pub(crate) fn values(request: &Request, place: &str, name: &str) -> Vec<String> {
    let pairs = match place {
        "path" => request.path_parameters.clone(),
        "query" => request.query_pairs(),
        _ => return request.header(name).map(str::to_owned).into_iter().collect(),
    };
    pairs.into_iter().filter(|(key, _)| key == name).map(|(_, value)| value).collect()
}

fn list(values: &[String]) -> String {
    match values {
        [value] => format!("{value:?}"),
        values => format!("{values:?}"),
    }
}

/// Compares a body: it must have all members that the stub expects, and may have more.
pub(super) fn of_body(request: &Request, wanted: &Value) -> Vec<String> {
    let Some(given) = request.json().or_else(|| request.form()) else {
        return vec![format!("the body {wanted}")];
    };
    let mut found = Vec::new();
    compare(wanted, &given, "", &mut found);
    found
}

fn compare(wanted: &Value, given: &Value, path: &str, found: &mut Vec<String>) {
    match (wanted, given) {
        (Value::Object(_), Value::Object(has)) => {
            for (name, value) in members(wanted) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compare(value, has.get(name).unwrap_or(&Value::Null), &path, found);
            }
        }
        (Value::Array(items), Value::Array(has)) if items.len() == has.len() => {
            for (index, (item, has)) in elements(wanted).zip(has).enumerate() {
                compare(item, has, &format!("{path}[{index}]"), found);
            }
        }
        _ if wanted == given => {}
        _ => found.push(format!("{path} = {wanted}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::compare;

    #[test]
    fn a_body_may_have_more_than_is_wanted() {
        let mut found = Vec::new();

        compare(&json!({"a": [1, {"b": 2}]}), &json!({"a": [1, {"b": 2, "c": 3}], "d": 4}), "", &mut found);

        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn each_difference_is_named_by_its_path() {
        let mut found = Vec::new();

        compare(&json!({"a": [1, {"b": 2}], "e": "x"}), &json!({"a": [1, {"b": 3}]}), "", &mut found);

        assert_eq!(found, ["a[1].b = 2", "e = \"x\""]);
    }
}
