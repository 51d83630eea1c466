//! YAML to JSON, strictly: duplicate keys, tags, aliases of other types and non-text keys are refused.

use serde_json::{Map, Number, Value};
use serde_norway::Value as Yaml;

/// Reads one YAML document. The error is one line with the position, as the reader gives it.
pub fn read(text: &str) -> Result<Value, String> {
    let yaml: Yaml = serde_norway::from_str(text).map_err(|error| error.to_string())?;
    convert(yaml)
}

fn convert(yaml: Yaml) -> Result<Value, String> {
    match yaml {
        Yaml::Null => Ok(Value::Null),
        Yaml::Bool(value) => Ok(Value::Bool(value)),
        Yaml::Number(number) => convert_number(&number),
        Yaml::String(text) => Ok(Value::String(text)),
        Yaml::Sequence(items) => Ok(Value::Array(items.into_iter().map(convert).collect::<Result<_, _>>()?)),
        Yaml::Mapping(mapping) => {
            let mut map = Map::new();
            for (key, value) in mapping {
                map.insert(convert_key(key)?, convert(value)?);
            }
            Ok(Value::Object(map))
        }
        Yaml::Tagged(tagged) => Err(format!("the tag {} is not allowed", tagged.tag)),
    }
}

fn convert_number(number: &serde_norway::Number) -> Result<Value, String> {
    if let Some(value) = number.as_i64() {
        return Ok(Value::from(value));
    }
    if let Some(value) = number.as_u64() {
        return Ok(Value::from(value));
    }
    let float = number.as_f64().and_then(Number::from_f64);
    float.map(Value::Number).ok_or_else(|| format!("the number {number} has no JSON form"))
}

fn convert_key(key: Yaml) -> Result<String, String> {
    match key {
        Yaml::String(text) => Ok(text),
        // `200:` without quotes; the meaning is clear.
        Yaml::Number(number) => Ok(number.to_string()),
        other => Err(format!("the key {other:?} is not text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duplicate_key_is_refused() {
        assert!(read("a: 1\na: 2\n").is_err());
    }

    #[test]
    fn order_is_kept() {
        let value = read("b: 1\na: 2\n").expect("valid YAML");
        assert_eq!(value.to_string(), r#"{"b":1,"a":2}"#);
    }

    #[test]
    fn a_tag_is_refused() {
        assert!(read("a: !secret x\n").is_err());
    }
}
