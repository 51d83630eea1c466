//! Pages of a list: the page that a request asks for, and the members that point to the next one.

use serde_json::Value;

use crate::record::Request;
use crate::spec::{Operation, Spec};
use crate::stub::differences::values;
use crate::stub::outcome::Content;

/// Returns the page that a request asks for, with the vendor's members for the next page.
pub(super) fn page(spec: &Spec, operation: &Operation, request: &Request, contents: &[Content]) -> Content {
    let Some(paging) = &operation.paging else { return contents.first().cloned().unwrap_or(Content::Empty) };
    let style = paging["style"].as_str().unwrap_or_default();
    let name = paging["request"][if style == "page" { "page" } else { "cursor" }].as_str().unwrap_or_default();
    let asked = argument(request, name);
    let index = match style {
        "item" => after_item(paging, contents, asked.as_deref()),
        _ => asked.and_then(|number| number.parse::<usize>().ok()).map_or(0, |number| number.saturating_sub(1)),
    };
    let Some(content) = contents.get(index) else { return Content::Data(Value::Null) };
    let total = contents.iter().map(|content| items(paging, content).len()).sum::<usize>();
    let mut content = content.clone();
    let (Content::Data(value) | Content::Flat(value)) = &mut content else { return content };
    let is_last = index + 1 >= contents.len();
    let mut set = |key: &str, number: usize| {
        let Some(path) = paging["response"][key].as_str() else { return };
        let number = u64::try_from(number).unwrap_or(u64::MAX);
        let is_text = spec.kind_at(operation, path) == Some("string");
        put(value, path, if is_text { number.to_string().into() } else { number.into() });
    };
    set("total_pages", contents.len());
    set("total_count", total);
    if !is_last {
        set("next", index + 2);
    }
    if let Some(path) = paging["response"]["more"].as_str() {
        put(value, path, (!is_last).into());
    }
    content
}

/// Finds the page after the one that ends with the item in the request.
fn after_item(paging: &Value, contents: &[Content], asked: Option<&str>) -> usize {
    let member = paging["item_cursor"].as_str().unwrap_or_default();
    let ends_so = |content: &Content| {
        let items = items(paging, content);
        items.last().is_some_and(|item| Some(plain(&item[member]).as_str()) == asked)
    };
    contents.iter().position(ends_so).map_or(0, |index| index + 1)
}

fn items<'a>(paging: &Value, content: &'a Content) -> &'a [Value] {
    let (Content::Data(value) | Content::Flat(value)) = content else { return &[] };
    let path = paging["response"]["items"].as_str().unwrap_or_default();
    let found = path.split('.').fold(value, |value, step| &value[step]);
    found.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Returns an argument of a request, from the query or the body.
fn argument(request: &Request, name: &str) -> Option<String> {
    let in_query = values(request, "query", name).into_iter().next();
    in_query.or_else(|| {
        let body = request.json()?;
        body.get(name).filter(|value| !value.is_null()).map(plain)
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Sets a member along a dotted path.
fn put(value: &mut Value, path: &str, new: Value) {
    let mut place = value;
    for step in path.split('.') {
        if place.is_null() {
            *place = Value::Object(serde_json::Map::new());
        }
        let Some(members) = place.as_object_mut() else { return };
        place = members.entry(step).or_insert(Value::Null);
    }
    *place = new;
}
