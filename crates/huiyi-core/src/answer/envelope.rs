//! Reads the few members of an answer that tell success from failure, without parsing the rest.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

/// Reads top-level scalars of a JSON object by name, as text.
///
/// Reading stops as soon as all of them are found, or at the member `until` once the first is known. The rest
/// of the text is not read, so this check of a large answer is cheap compared with parsing it.
///
/// ```
/// let body = r#"{"errcode":0,"errmsg":"ok","title":"Weekly"}"#;
/// let [code, message] = huiyi_core::envelope::head(body, ["errcode", "errmsg"], None)?;
/// assert_eq!((code.as_deref(), message.as_deref()), (Some("0"), Some("ok")));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// If the part of the text that was read is not a JSON object.
pub fn head<const N: usize>(
    body: &str,
    names: [&str; N],
    until: Option<&str>,
) -> serde_json::Result<[Option<String>; N]> {
    let mut found = [const { None }; N];
    let mut stopped = false;
    let visitor = HeadVisitor { names: &names, until, found: &mut found, stopped: &mut stopped };
    match serde_json::Deserializer::from_str(body).deserialize_map(visitor) {
        Ok(()) => Ok(found),
        Err(_) if stopped => Ok(found),
        Err(error) => Err(error),
    }
}

/// Returns the names of the top-level members of a JSON object.
///
/// # Errors
///
/// If the text is not a JSON object.
pub fn names(body: &str) -> serde_json::Result<Vec<String>> {
    struct NamesVisitor;

    impl<'de> Visitor<'de> for NamesVisitor {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut names = Vec::new();
            while let Some((Key(name), IgnoredAny)) = map.next_entry()? {
                names.push(name.into_owned());
            }
            Ok(names)
        }
    }

    serde_json::Deserializer::from_str(body).deserialize_map(NamesVisitor)
}

struct HeadVisitor<'a, const N: usize> {
    names: &'a [&'a str; N],
    until: Option<&'a str>,
    found: &'a mut [Option<String>; N],
    stopped: &'a mut bool,
}

impl<'de, const N: usize> Visitor<'de> for HeadVisitor<'_, N> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            if self.until == Some(&*key) && self.found.first().is_some_and(Option::is_some) {
                *self.stopped = true;
                return Err(A::Error::custom("enough read"));
            }
            let position = self.names.iter().position(|name| *name == key);
            match position.and_then(|position| self.found.get_mut(position)) {
                Some(slot) => *slot = map.next_value::<Scalar>()?.0,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if self.found.iter().all(Option::is_some) {
                *self.stopped = true;
                return Err(A::Error::custom("enough read"));
            }
        }
        Ok(())
    }
}

/// A member name, borrowed if it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// A string, number or boolean as text; anything else as `None`.
struct Scalar(Option<String>);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;

        impl<'de> Visitor<'de> for ScalarVisitor {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar(Some(value.to_string())))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar(Some(value.to_string())))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
                Ok(Scalar(Some(value.to_string())))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
                Ok(Scalar(Some(value.to_string())))
            }

            fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
                Ok(Scalar(Some(value.to_owned())))
            }

            fn visit_unit<E>(self) -> Result<Scalar, E> {
                Ok(Scalar(None))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }
        }

        deserializer.deserialize_any(ScalarVisitor)
    }
}

/// Returns whether a body contains a piece of text. This is as fast as a memory scan.
///
/// It is a cheap check before a body is parsed to look for a member.
pub fn mentions(body: &str, text: &str) -> bool {
    memchr::memmem::find(body.as_bytes(), text.as_bytes()).is_some()
}

/// Returns a member of a refusal as text if it is a non-empty string or a number. Anything else gives `None`,
/// so a member of the wrong type does not prevent reading the others.
pub fn text(member: &serde_json::Value) -> Option<String> {
    match member {
        serde_json::Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Deserialises a scalar as text, and anything else as `None`.
///
/// # Errors
///
/// If it is not JSON.
pub fn scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Scalar::deserialize(deserializer).map(|scalar| scalar.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::{head, mentions};

    #[test]
    fn reading_stops_before_broken_data_once_the_code_is_known() {
        let [code] = head(r#"{"code":0,"data":{"meeting":[[[ not json"#, ["code"], Some("data")).unwrap();

        assert_eq!(code.as_deref(), Some("0"));
    }

    #[test]
    fn reading_goes_on_to_the_data_for_what_is_not_known_yet() {
        let [code, message] = head(r#"{"code":1,"x":{},"msg":"no","data":{}}"#, ["code", "msg"], Some("data")).unwrap();

        assert_eq!((code.as_deref(), message.as_deref()), (Some("1"), Some("no")));
    }

    #[test]
    fn a_body_mentions_what_is_in_it() {
        assert!(mentions("会议 errcode", "errcode"));
        assert!(!mentions("会议 errcod", "errcode"));
    }

    #[test]
    fn a_code_behind_the_data_is_found() {
        let [code, message] =
            head(r#"{"data":{"x":[1,{"code":5}]},"msg":"no","code":"17"}"#, ["code", "msg"], Some("data")).unwrap();

        assert_eq!((code.as_deref(), message.as_deref()), (Some("17"), Some("no")));
    }

    #[test]
    fn what_is_not_an_object_is_an_error() {
        assert!(head("[1]", ["code"], None).is_err());
        assert!(head("", ["code"], None).is_err());
        assert!(head(r#"{"code""#, ["code"], None).is_err());
    }
}
