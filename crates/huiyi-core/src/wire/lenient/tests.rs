#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::Deserializer as Json;

use super::*;
use crate::wire::{DateTime, Secret, StringOrNumber, UnixSecondsText};

fn read<'de, T>(
    json: &'de str,
    reader: fn(&mut Json<serde_json::de::StrRead<'de>>) -> Result<T, serde_json::Error>,
) -> Result<T, serde_json::Error> {
    let mut deserializer = Json::from_str(json);
    let value = reader(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

#[test]
fn a_text_may_come_as_any_scalar() {
    for (json, expected) in [
        (r#""a\n""#, Some("a\n")),
        (r#""""#, Some("")),
        ("42", Some("42")),
        ("18446744073709551615", Some("18446744073709551615")),
        ("-1.5", Some("-1.5")),
        ("true", Some("true")),
        ("null", None),
    ] {
        assert_eq!(read(json, |json| opt_string(json)).unwrap().as_deref(), expected);
    }
}

#[test]
fn an_integer_may_come_as_any_scalar_that_means_one() {
    for (json, expected) in [
        ("7", Some(7)),
        ("7.0", Some(7)),
        (r#""7""#, Some(7)),
        (r#""7.0""#, Some(7)),
        ("true", Some(1)),
        ("false", Some(0)),
        (r#""""#, None),
        (r#"" ""#, None),
        ("null", None),
    ] {
        assert_eq!(read(json, |json| opt_i64(json)).unwrap(), expected, "{json}");
    }
}

#[test]
fn a_number_and_a_boolean_may_come_quoted_or_empty() {
    assert_eq!(read(r#""0.5""#, |json| opt_f64(json)).unwrap(), Some(0.5));
    assert_eq!(read("3", |json| opt_f64(json)).unwrap(), Some(3.0));
    assert_eq!(read(r#""""#, |json| opt_f64(json)).unwrap(), None);
    assert_eq!(read("1", |json| opt_bool(json)).unwrap(), Some(true));
    assert_eq!(read(r#""false""#, |json| opt_bool(json)).unwrap(), Some(false));
    assert_eq!(read(r#""""#, |json| opt_bool(json)).unwrap(), None);
    assert_eq!(read("null", |json| opt_bool(json)).unwrap(), None);
}

#[test]
fn another_kind_of_value_is_an_error_that_says_what_was_expected() {
    let error = read("{}", |json| opt_i64(json)).unwrap_err().to_string();
    assert!(error.contains("invalid type: map, expected an integer from"), "{error}");

    let error = read("[1]", |json| opt_string(json)).unwrap_err().to_string();
    assert!(error.contains("invalid type: sequence, expected a string"), "{error}");

    let error = read("9223372036854775808", |json| opt_i64(json)).unwrap_err().to_string();
    assert!(error.contains("number 9223372036854775808, expected an integer from"), "{error}");

    let error = read("7", |json| vec_i64(json)).unwrap_err().to_string();
    assert!(error.contains("invalid type: integer `7`, expected a list"), "{error}");
}

#[test]
fn lists_read_each_item_and_skip_nulls() {
    let texts = read(r#"["a", 1, null, ""]"#, |json| vec_string(json)).unwrap();
    assert_eq!(texts, ["a", "1", ""]);

    let integers = read(r#"[1, "2", 3.0, null, ""]"#, |json| vec_i64(json)).unwrap();
    assert_eq!(integers, [1, 2, 3]);

    assert!(read("null", |json| vec_string(json)).unwrap().is_empty());
    assert!(read("[]", |json| vec_i64(json)).unwrap().is_empty());
}

#[test]
fn lists_and_maps_of_objects_skip_nulls() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Room {
        name: String,
    }
    let hall = || Room { name: "hall".to_owned() };

    assert_eq!(read(r#"[null, {"name": "hall"}, null]"#, |json| list::<_, Room>(json)).unwrap(), [hall()]);
    assert!(read("null", |json| list::<_, Room>(json)).unwrap().is_empty());
    assert!(read("[]", |json| list::<_, Room>(json)).unwrap().is_empty());

    let rooms = read(r#"{"a": null, "b": {"name": "hall"}}"#, |json| map::<_, Room>(json)).unwrap();
    assert_eq!(rooms, BTreeMap::from([("b".to_owned(), hall())]));
    assert!(read("null", |json| map::<_, Room>(json)).unwrap().is_empty());

    let texts = read(r#"{"a": null, "b": 1}"#, |json| map_string(json)).unwrap();
    assert_eq!(texts, BTreeMap::from([("b".to_owned(), "1".to_owned())]));
}

#[test]
fn what_is_no_list_or_map_of_objects_is_an_error() {
    assert!(read("7", |json| list::<_, Vec<i64>>(json)).is_err());
    assert!(read("[7]", |json| list::<_, Vec<i64>>(json)).is_err());
    assert!(read("[]", |json| map::<_, Vec<i64>>(json)).is_err());
    assert!(read(r#"{"a": {}}"#, |json| map_string(json)).is_err());
}

#[test]
fn an_empty_string_is_no_number_or_time_but_it_is_a_text() {
    assert_eq!(read(r#""""#, |json| opt::<_, UnixSecondsText>(json)).unwrap(), None);
    assert_eq!(read(r#""""#, |json| opt::<_, DateTime>(json)).unwrap(), None);
    assert_eq!(read(r#""""#, |json| opt::<_, StringOrNumber>(json)).unwrap(), Some(StringOrNumber::from("")));
    assert_eq!(read(r#""""#, |json| opt::<_, Secret>(json)).unwrap(), Some(Secret::from("")));
    assert_eq!(read("null", |json| opt::<_, Secret>(json)).unwrap(), None);
}

#[test]
fn other_deserializers_are_understood() {
    let value = serde_json::json!([{"a": "7"}, {"a": null}, {}]);

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Row {
        #[serde(default, deserialize_with = "opt_i64")]
        a: Option<i64>,
    }
    let rows: Vec<Row> = serde_json::from_value(value).unwrap();

    assert_eq!(rows, [Row { a: Some(7) }, Row { a: None }, Row { a: None }]);
    assert_eq!(serde_urlencoded::from_str::<Row>("a=7").unwrap(), Row { a: Some(7) });
}
