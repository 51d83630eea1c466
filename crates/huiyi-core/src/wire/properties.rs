//! Properties that hold for any value, checked with random values.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;

/// Reads a value as a type, writes it back, and compares the result with a plain [`Value`].
///
/// Both parse the same text, because `serde_json` may be wrong in the last bit of a long float.
fn comes_back<T: DeserializeOwned + Serialize>(json: &Value) -> Result<(), TestCaseError> {
    let text = json.to_string();
    let typed: T = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let plain: Value = serde_json::from_str(&text).unwrap();
    prop_assert_eq!(serde_json::to_string(&typed).unwrap(), plain.to_string());
    Ok(())
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ]
}

/// Generates texts that often look like numbers.
fn numeric_text() -> impl Strategy<Value = String> {
    "[+-]?[0-9]{0,22}(\\.[0-9]{0,4})?([eE][+-]?[0-9]{1,2})?"
}

proptest! {
    #[test]
    fn any_i64_keeps_its_value_and_form(value: i64) {
        for json in [json!(value), json!(value.to_string())] {
            comes_back::<Int64Text>(&json)?;
            comes_back::<LenientInt>(&json)?;
            comes_back::<UnixSeconds>(&json)?;
            comes_back::<UnixSecondsText>(&json)?;
            comes_back::<UnixMillis>(&json)?;
            comes_back::<UnixMillisText>(&json)?;
            comes_back::<LenientNumber>(&json)?;
            prop_assert_eq!(serde_json::from_value::<LenientInt>(json).unwrap().get(), value);
        }
    }

    #[test]
    fn any_scalar_that_means_text_comes_back(json in scalar()) {
        comes_back::<StringOrNumber>(&json)?;
        comes_back::<DateTime>(&json)?;
        comes_back::<Base64Text>(&json)?;
        comes_back::<Secret>(&json)?;
    }

    #[test]
    fn any_scalar_is_read_or_refused_but_never_changed(json in scalar()) {
        let text = json.to_string();
        if serde_json::from_str::<LenientInt>(&text).is_ok() {
            comes_back::<LenientInt>(&json)?;
        }
        if serde_json::from_str::<LenientNumber>(&text).is_ok() {
            comes_back::<LenientNumber>(&json)?;
        }
        if serde_json::from_str::<LenientBool>(&text).is_ok() {
            comes_back::<LenientBool>(&json)?;
        }
    }

    #[test]
    fn a_numeric_text_is_read_as_the_standard_library_reads_it(text in numeric_text()) {
        let read = decimal::integer(&text);
        if let Ok(value) = text.parse::<i64>() {
            prop_assert_eq!(read, Some(value));
        }
        if let Some(value) = read {
            // The float is the one nearest to the exact value, so both must give the same float.
            prop_assert_eq!(text.parse::<f64>().unwrap(), value as f64);
        }
        if decimal::canonical(&text).is_some() {
            prop_assert_eq!(read.unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_readable_text_keeps_its_spelling(text in numeric_text()) {
        let json = json!(text);
        if decimal::integer(&text).is_some() {
            comes_back::<Int64Text>(&json)?;
        } else {
            prop_assert!(serde_json::from_value::<Int64Text>(json).is_err());
        }
    }

    #[test]
    fn integral_floats_are_integers(value in -(1_i64 << 49)..(1_i64 << 49)) {
        let float = value as f64;
        prop_assert_eq!(decimal::integer_of_float(float), Some(value));
        comes_back::<LenientInt>(&json!(float))?;
    }

    #[test]
    fn any_text_survives_base64(plain: String) {
        prop_assert_eq!(Base64Text::from_plain(&plain).decode_utf8().unwrap(), plain);
    }

    #[test]
    fn base64_of_any_text_does_not_panic(text: String) {
        let _ = Base64Text::from(text).decode_utf8();
    }

    #[test]
    fn any_time_comes_back_from_the_standard_library(millis in -1_000_000_000_000_i64..1_000_000_000_000) {
        let time = UnixMillis::from_millis(millis).to_system_time().unwrap();
        prop_assert_eq!(UnixMillis::from(time).as_millis(), millis);
    }

    #[test]
    fn equal_values_hash_alike(left in numeric_text(), right in numeric_text()) {
        use std::hash::BuildHasher;
        let hasher = std::hash::RandomState::new();
        let (left, right) = (Int64Text::from(left), Int64Text::from(right));
        if left == right {
            prop_assert_eq!(hasher.hash_one(&left), hasher.hash_one(&right));
        }
    }

    #[test]
    fn a_secret_is_never_shown(text in "[a-z]{8,20}") {
        let secret = Secret::from(&*text);
        let shown = format!("{secret:?}{:?}", Some(&secret));
        prop_assert!(!shown.contains(&text));
    }
}
