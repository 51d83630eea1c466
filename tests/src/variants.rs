//! Variants of an answer: what a vendor may send tomorrow, or sends today against its own page.

use serde_json::{Number, Value, json};

use crate::examples::{Spec, text};

/// A text that is not a value of any enum.
pub const UNKNOWN_TEXT: &str = "HUIYI_UNKNOWN";

/// A number that is not a value of any enum.
pub const UNKNOWN_NUMBER: i64 = 987_654_321;

/// A member that no page has.
pub const UNKNOWN_FIELD: &str = "huiyi_unknown_field";

/// How a variant differs from the answer that it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// An object has one more member.
    UnknownField,
    /// An enum has a value that the page does not list.
    UnknownValue,
    /// A value is `null`.
    Null,
    /// A member is missing.
    Missing,
    /// A number takes the place of a text with digits.
    NumberForText,
    /// A text with digits takes the place of a number.
    TextForNumber,
    /// `false` or `true` for 0 or 1.
    BooleanForNumber,
    /// 0 or 1 for `false` or `true`.
    NumberForBoolean,
}

/// An answer with one change.
#[derive(Clone, Debug)]
pub struct Variant {
    /// What was changed.
    pub change: Change,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// The answer with the change.
    pub answer: Value,
}

/// Returns all variants of an answer.
pub fn variants(spec: &Spec, schema: &Value, answer: &Value) -> Vec<Variant> {
    let mut places = Vec::new();
    walk(spec, &branches(spec, schema), answer, String::new(), &mut places);
    places.into_iter().flat_map(|place| of_place(answer, &place)).collect()
}

/// A value of the answer, and what the schema says about it.
struct Place<'a> {
    pointer: String,
    value: &'a Value,
    is_enum: bool,
    /// Whether all members have one type, whatever their names.
    is_map: bool,
}

fn walk<'a>(spec: &'a Spec, schemas: &[&'a Value], value: &'a Value, pointer: String, places: &mut Vec<Place<'a>>) {
    let is_enum = schemas.iter().any(|schema| schema.get("enum").is_some());
    let is_map = schemas.iter().any(|schema| schema.get("additionalProperties").is_some_and(Value::is_object));
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let below: Vec<&Value> = schemas.iter().flat_map(|schema| of_member(spec, schema, name)).collect();
                let name = name.replace('~', "~0").replace('/', "~1");
                walk(spec, &below, member, format!("{pointer}/{name}"), places);
            }
        }
        Value::Array(items) => {
            let below: Vec<&Value> = schemas
                .iter()
                .filter_map(|schema| schema.get("items"))
                .flat_map(|items| branches(spec, items))
                .collect();
            for (index, item) in items.iter().enumerate() {
                walk(spec, &below, item, format!("{pointer}/{index}"), places);
            }
        }
        _ => {}
    }
    places.push(Place { pointer, value, is_enum, is_map });
}

/// Returns the schemas that a value may follow, with references followed and combinations taken apart.
fn branches<'a>(spec: &'a Spec, schema: &'a Value) -> Vec<&'a Value> {
    let schema = spec.resolve(schema);
    let combined: Vec<&Value> =
        ["allOf", "oneOf"].iter().filter_map(|name| schema.get(*name)?.as_array()).flatten().collect();
    let mut found = vec![schema];
    found.extend(combined.into_iter().flat_map(|branch| branches(spec, branch)));
    found
}

fn of_member<'a>(spec: &'a Spec, schema: &'a Value, name: &str) -> Vec<&'a Value> {
    let property = schema.get("properties").and_then(|properties| properties.get(name));
    let found = property.or_else(|| schema.get("additionalProperties").filter(|values| values.is_object()));
    found.map_or(Vec::new(), |found| branches(spec, found))
}

fn of_place(answer: &Value, place: &Place<'_>) -> Vec<Variant> {
    let mut found = Vec::new();
    let variant = |change, value: Value| {
        let mut answer = answer.clone();
        if let Some(slot) = answer.pointer_mut(&place.pointer) {
            *slot = value;
        }
        Variant { change, pointer: place.pointer.clone(), answer }
    };
    if let Value::Object(members) = place.value {
        let mut members = members.clone();
        let alike = members.values().next().filter(|_| place.is_map).cloned();
        members.insert(UNKNOWN_FIELD.to_owned(), alike.unwrap_or_else(|| json!({"of": ["tomorrow", 1, null]})));
        found.push(variant(Change::UnknownField, Value::Object(members)));
    }
    if place.pointer.is_empty() {
        return found;
    }
    if place.is_enum {
        match place.value {
            Value::String(_) => found.push(variant(Change::UnknownValue, Value::from(UNKNOWN_TEXT))),
            Value::Number(_) => found.push(variant(Change::UnknownValue, Value::from(UNKNOWN_NUMBER))),
            _ => {}
        }
    }
    found.push(variant(Change::Null, Value::Null));
    if let Some(answer) = without(answer, &place.pointer) {
        found.push(Variant { change: Change::Missing, pointer: place.pointer.clone(), answer });
    }
    found.extend(retyped(place.value).into_iter().map(|(change, value)| variant(change, value)));
    found
}

/// The same value as another type of JSON.
fn retyped(value: &Value) -> Vec<(Change, Value)> {
    match value {
        Value::String(text) => number(text).map(|number| (Change::NumberForText, number)).into_iter().collect(),
        Value::Number(number) => {
            let mut found = vec![(Change::TextForNumber, Value::from(text(value)))];
            if let Some(bit @ (0 | 1)) = number.as_i64() {
                found.push((Change::BooleanForNumber, Value::from(bit == 1)));
            }
            found
        }
        Value::Bool(bit) => vec![(Change::NumberForBoolean, Value::from(i64::from(*bit)))],
        _ => Vec::new(),
    }
}

/// Reads a text as a number, if it is written like a JSON number.
fn number(text: &str) -> Option<Value> {
    let number: Number = text.parse().ok()?;
    (number.to_string() == text).then_some(Value::Number(number))
}

/// Removes a member from the answer. Returns `None` if the pointer leads to an item of a list.
fn without(answer: &Value, pointer: &str) -> Option<Value> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let mut answer = answer.clone();
    let members = answer.pointer_mut(parent)?.as_object_mut()?;
    members.remove(&name.replace("~1", "/").replace("~0", "~"))?;
    Some(answer)
}
