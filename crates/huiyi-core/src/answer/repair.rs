//! Decodes an answer with an odd member: a string instead of a documented time, one object instead of a list.
//!
//! The typed parse does not repair anything; it fails and reports the place. Only then is the body read
//! again: the odd member is removed or converted to the documented shape, and the body is parsed once more.
//! So the id of a new object is not lost because another member is odd. Each odd member is reported as an
//! [`Oddity`].
//!
//! Ids stay strict: a wrong id is worse than an error.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::decode::DecodeError;
use super::json_path::{self, Step};
use crate::observe::Oddity;

/// Most odd members that an answer may have.
const MOST: usize = 64;

/// Parses a body with `parse`, removing or converting members that do not fit.
///
/// # Errors
/// The first error if the body is not JSON, if an id is odd, or if there are too many oddities.
pub(crate) fn parse<T: DeserializeOwned>(
    body: &str,
    parse: fn(&str) -> Result<T, DecodeError>,
) -> Result<(T, Vec<Oddity>), DecodeError> {
    let first = match parse(body) {
        Ok(value) => return Ok((value, Vec::new())),
        Err(error) => error,
    };
    let (body, oddities) = mended(body, first, &|body| parse(body).err())?;
    parse(&body).map(|value| (value, oddities))
}

/// Removes or converts members that do not fit until `refusal` returns no error, and returns the body. Not generic, so
/// it is compiled once for all operations.
fn mended(
    body: &str,
    first: DecodeError,
    refusal: &dyn Fn(&str) -> Option<DecodeError>,
) -> Result<(String, Vec<Oddity>), DecodeError> {
    let Ok(mut document) = serde_json::from_str::<Value>(body) else { return Err(first) };
    let mut error = first.clone();
    let mut oddities = Vec::new();
    while oddities.len() < MOST {
        if is_strict(error.steps()) || !mend(&mut document, &error) {
            return Err(first);
        }
        oddities.push(Oddity { path: pattern(error.steps()), reason: error.reason().to_owned() });
        let body = document.to_string();
        match refusal(&body) {
            None => return Ok((body, oddities)),
            Some(next) if next.steps() == error.steps() && next.reason() == error.reason() => return Err(first),
            Some(next) => error = next,
        }
    }
    Err(first)
}

/// Returns whether a path leads to an id. A wrong id is worse than an error.
fn is_strict(steps: &[Step]) -> bool {
    let Some(name) = steps.iter().rev().find_map(|step| match step {
        Step::Member(name) => Some(name.as_str()),
        Step::Item(_) => None,
    }) else {
        return true;
    };
    let lower = name.to_ascii_lowercase();
    let is_id = lower == "id" || lower.ends_with("_id") || name.ends_with("Id") || name.ends_with("ID");
    is_id || ["userid", "meetingid", "openid", "unionid", "uuid"].iter().any(|known| lower.ends_with(known))
}

/// Removes the odd value or converts it to the documented shape. Returns whether it was found.
fn mend(document: &mut Value, error: &DecodeError) -> bool {
    let mut at = document;
    for step in error.steps() {
        let next = match step {
            Step::Member(name) => at.get_mut(name),
            Step::Item(position) => at.get_mut(position),
        };
        match next {
            Some(next) => at = next,
            None => return false,
        }
    }
    if at.is_null() {
        return false;
    }
    let list_expected = error.reason().contains("expected a list") || error.reason().contains("expected a sequence");
    let one = list_expected && !matches!(at, Value::Array(_)) && *at != Value::String(String::new());
    let value = at.take();
    if one {
        *at = Value::Array(vec![value]);
    }
    true
}

/// Returns the path of a member with `[]` for every item of a list.
fn pattern(steps: &[Step]) -> String {
    let any = steps.iter().map(|step| match step {
        Step::Member(name) => Step::Member(name.clone()),
        Step::Item(_) => Step::Item(usize::MAX),
    });
    json_path::text(&any.collect::<Vec<_>>()).replace(&usize::MAX.to_string(), "")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::answer::decode::flat_from_str;
    use crate::wire::UnixSeconds;

    #[derive(Debug, Default, PartialEq)]
    struct Meeting {
        id: Option<String>,
        start: Option<UnixSeconds>,
        rooms: Vec<Room>,
        names: Vec<String>,
        host: Room,
    }

    crate::object! { Meeting {
        "id" => id: opt_string,
        "start" => start: opt,
        "rooms" => rooms: list,
        "names" => names: vec_string,
        "host" => host: null_as_default,
    } }

    #[derive(Debug, Default, PartialEq)]
    struct Room {
        floor: Option<i64>,
    }

    crate::object! { Room {
        "floor" => floor: opt_i64,
    } }

    fn read(body: Value) -> Result<(Meeting, Vec<String>), DecodeError> {
        let (meeting, oddities) = parse(&body.to_string(), flat_from_str::<Meeting>)?;
        Ok((meeting, oddities.into_iter().map(|oddity| oddity.path).collect()))
    }

    #[test]
    fn what_is_odd_is_absent_and_reported_and_its_neighbours_stay() {
        for (odd, path) in [
            (json!({"id": "7", "start": "soon"}), "start"),
            (json!({"start": {}, "id": "7"}), "start"),
            (json!({"id": "7", "rooms": ""}), "rooms"),
            (json!({"id": "7", "host": []}), "host"),
            (json!({"id": "7", "host": ""}), "host"),
            (json!({"id": "7", "host": [1, 2]}), "host"),
            (json!({"id": "7", "host": {"floor": "high"}}), "host.floor"),
            (json!({"id": "7", "names": {"a": 1}}), "names"),
        ] {
            let (meeting, oddities) = read(odd.clone()).unwrap();

            assert_eq!(oddities.first().map(String::as_str), Some(path), "{odd}");
            assert_eq!(meeting, Meeting { id: Some("7".to_owned()), ..Meeting::default() }, "{odd}");
        }
    }

    #[test]
    fn one_item_where_a_list_is_documented_is_a_list_of_one() {
        let (meeting, mut oddities) = read(json!({"rooms": {"floor": 3}, "names": "a"})).unwrap();
        oddities.sort();

        assert_eq!((meeting.rooms, meeting.names), (vec![Room { floor: Some(3) }], vec!["a".to_owned()]));
        assert_eq!(oddities, ["names", "rooms"]);
    }

    #[test]
    fn each_odd_item_of_a_list_is_reported_by_its_pattern() {
        let rooms = json!({"rooms": [{"floor": 1}, {"floor": []}, {"floor": "x"}]});
        let (meeting, oddities) = read(rooms).unwrap();

        assert_eq!(meeting.rooms.len(), 3);
        assert_eq!(oddities, ["rooms[].floor", "rooms[].floor"]);
    }

    #[test]
    fn an_odd_id_is_an_error() {
        let error = read(json!({"id": {"a": 1}, "start": "soon"})).unwrap_err();

        assert_eq!(error.path(), "id");
    }

    #[test]
    fn what_is_not_json_or_odd_as_a_whole_is_an_error() {
        assert!(parse("{\"id\": ", flat_from_str::<Meeting>).is_err());
        assert!(parse("[1]", flat_from_str::<Meeting>).is_err());
    }
}
