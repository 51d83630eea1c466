//! Names of members: the three ways in which third-party events come have three spellings.

use serde_json::Value;

/// Renames the members of the content as in Stream mode. Third-party events have names in snake case in SyncHTTP
/// (`corp_type_v2`), and with a capital first letter in plain push (`SuiteTicket`).
pub(super) fn in_camel_case(event_type: &str, content: String) -> String {
    let differs = ["suite_ticket", "org_suite_", "org_micro_app_"].iter().any(|name| event_type.starts_with(name));
    match serde_json::from_str::<Value>(&content) {
        Ok(value) if differs => renamed(value).to_string(),
        _ => content,
    }
}

fn renamed(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (camel(&name), renamed(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(renamed).collect()),
        value => value,
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_').filter(|word| !word.is_empty());
    let mut camel = words.next().map(|first| with_first(first, char::to_ascii_lowercase)).unwrap_or_default();
    words.for_each(|word| camel.push_str(&with_first(word, char::to_ascii_uppercase)));
    camel
}

fn with_first(word: &str, change: fn(&char) -> char) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| change(&first)).into_iter().chain(characters).collect()
}
