#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::wire::{UnknownValue, lenient};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Status {
    Waiting,
    InProgress,
    Unknown(UnknownValue),
}

impl Status {
    fn value(&self) -> Option<i64> {
        match self {
            Self::Waiting => Some(1),
            Self::InProgress => Some(2),
            Self::Unknown(unknown) => unknown.as_i64(),
        }
    }
}

impl From<i64> for Status {
    fn from(value: i64) -> Self {
        match value {
            1 => Self::Waiting,
            2 => Self::InProgress,
            _ => Self::Unknown(UnknownValue::from(value)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Device {
    Phone,
    One,
    Unknown(UnknownValue),
}

impl Device {
    fn as_str(&self) -> &str {
        match self {
            Self::Phone => "phone",
            Self::One => "1",
            Self::Unknown(unknown) => unknown.as_str().unwrap_or_default(),
        }
    }
}

impl From<&str> for Device {
    fn from(text: &str) -> Self {
        match text {
            "phone" => Self::Phone,
            "1" => Self::One,
            _ => Self::Unknown(UnknownValue::from(text)),
        }
    }
}

integer_enum!(Status);
string_enum!(Device);

#[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
struct Meeting {
    #[serde(default, deserialize_with = "lenient::opt", skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(default, deserialize_with = "lenient::opt", skip_serializing_if = "Option::is_none")]
    device: Option<Device>,
}

#[test]
fn a_known_integer_is_recognised_in_every_form() {
    for json in ["2", "2.0", r#""2""#, r#""02""#] {
        assert_eq!(serde_json::from_str::<Status>(json).unwrap(), Status::InProgress, "{json}");
    }
    assert_eq!(serde_json::from_str::<Status>("true").unwrap(), Status::Waiting);
    assert_eq!(serde_json::from_str::<Device>("1").unwrap(), Device::One);
}

#[test]
fn an_unknown_value_comes_back_as_it_was() {
    for json in ["9", "-1", "2.5", "9.0", r#""9""#, r#""""#, r#""ended""#, "false", "18446744073709551615"] {
        let status: Status = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&status).unwrap(), json);

        let device: Device = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&device).unwrap(), json);
        assert_eq!(device.as_str(), json.trim_matches('"').trim_end_matches(".0"));
    }
}

#[test]
fn the_integer_of_an_unknown_value_is_available_in_every_form() {
    for (json, expected) in [("9", Some(9)), (r#""9""#, Some(9)), ("9.0", Some(9)), ("2.5", None)] {
        assert_eq!(serde_json::from_str::<Status>(json).unwrap().value(), expected);
    }
}

#[test]
fn a_text_made_here_becomes_the_documented_number() {
    assert_eq!(Status::from("2"), Status::InProgress);
    assert_eq!(serde_json::to_string(&Status::from("9")).unwrap(), "9");
    assert_eq!(serde_json::to_string(&Status::from("ended")).unwrap(), r#""ended""#);
    assert_eq!("2".parse::<Status>().unwrap().to_string(), "2");
}

#[test]
fn an_unknown_value_that_is_known_becomes_its_variant() {
    assert_eq!(Status::from(UnknownValue::from("2")), Status::InProgress);
    assert_eq!(Device::from(UnknownValue::from(1)), Device::One);
    assert_eq!(Device::from(UnknownValue::from(5)).as_str(), "5");
}

#[test]
fn an_empty_text_is_no_integer_but_it_is_a_text() {
    let meeting: Meeting = serde_json::from_str(r#"{"status": "", "device": ""}"#).unwrap();

    assert_eq!(meeting, Meeting { status: None, device: Some(Device::from("")) });
    assert_eq!(serde_json::to_string(&meeting).unwrap(), r#"{"device":""}"#);
}

#[test]
fn null_is_no_value_and_an_object_is_an_error() {
    let meeting: Meeting = serde_json::from_str(r#"{"status": null, "device": null}"#).unwrap();

    assert_eq!(meeting, Meeting { status: None, device: None });
    assert!(serde_json::from_str::<Status>("null").is_err());
    assert!(serde_json::from_str::<Meeting>(r#"{"status": {}}"#).is_err());
}

#[test]
fn they_are_query_values() {
    assert_eq!(serde_urlencoded::to_string([("status", &Status::InProgress)]).unwrap(), "status=2");
    assert_eq!(serde_urlencoded::to_string([("device", &Device::from("x y"))]).unwrap(), "device=x+y");
    assert_eq!((Status::InProgress.to_string(), Device::from("x y").to_string()), ("2".into(), "x y".into()));
}

#[cfg(feature = "schemars")]
#[test]
fn they_have_a_schema() {
    let schema = schemars::schema_for!(Status);
    assert_eq!(schema.get("title"), Some(&serde_json::json!("Status")));
    assert_eq!(schema.get("type"), Some(&serde_json::json!(["integer", "string"])));
}
