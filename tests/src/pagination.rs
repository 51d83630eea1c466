//! The paging of an operation's list, read from `x-pagination`, and pages made by these rules.

use huiyi_mock::Vendor;
use serde_json::{Map, Value, json};

use crate::Arguments;
use crate::examples::{Spec, same, text};
use crate::family::Family;

/// How a page says where the next one starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// By a cursor beside the items.
    Cursor,
    /// By a total; the pages are numbered.
    Page,
    /// By a field of the last item.
    Item,
}

/// The rules of one operation, and an answer from which pages are made.
#[derive(Debug)]
pub struct Pagination {
    family: Family,
    operation: String,
    rules: Value,
    answer: Value,
    /// An answer with every field, which shows the types.
    complete: Value,
}

/// What a page has besides its items.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tail {
    /// Number of the page that the cursor leads to.
    pub next: Option<i64>,
    /// The flag, if the operation has one.
    pub more: bool,
    /// How many pages there are.
    pub pages: i64,
}

impl Pagination {
    /// Reads the rules of an operation. Returns `None` if its answers are not paged, or are never JSON.
    pub fn of(family: Family, spec: &Spec, operation: &str) -> Option<Self> {
        let rules = spec.operation(operation)?.get("x-pagination")?.clone();
        let mut complete = spec.complete_answer(operation)?;
        for code in ["code", "errcode"] {
            if let Some(code) = complete.get_mut(code) {
                *code = json!(0);
            }
        }
        let example = spec
            .examples()
            .into_iter()
            .find(|example| example.operation == operation)
            .and_then(|example| example.answer);
        let mut found = Self { family, operation: operation.to_owned(), rules, answer: complete.clone(), complete };
        let is_full = |answer: &Value| {
            answer.pointer(&found.items_pointer()).and_then(Value::as_array).is_some_and(|items| !items.is_empty())
        };
        if let Some(example) = example.filter(is_full) {
            found.answer = example;
        }
        Some(found)
    }

    /// Returns the style.
    pub fn style(&self) -> Style {
        match self.rules.get("style").and_then(Value::as_str) {
            Some("page") => Style::Page,
            Some("item") => Style::Item,
            _ => Style::Cursor,
        }
    }

    /// Returns the name of the request's field that says where a page starts.
    pub fn cursor(&self) -> &str {
        let request = self.rules.get("request");
        let name = request.and_then(|request| request.get("cursor").or_else(|| request.get("page")));
        name.and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns more fields of the next request that are filled from the answer.
    pub fn carried(&self) -> Vec<&str> {
        self.rules.get("carry").and_then(Value::as_object).into_iter().flat_map(Map::keys).map(String::as_str).collect()
    }

    /// Returns whether a field identifies the items, so repetitions can be left out.
    pub fn has_keys(&self) -> bool {
        self.rules.get("dedupe").is_some()
    }

    /// Returns whether a page without items is the last one, whatever its cursor says.
    pub fn ends_at_empty_page(&self) -> bool {
        self.rules.get("ends_at_empty_page").is_some()
    }

    /// Returns whether a flag in the answer says that there is more.
    pub fn has_flag(&self) -> bool {
        self.response("more").is_some()
    }

    fn response(&self, name: &str) -> Option<&str> {
        self.rules.pointer("/response")?.get(name)?.as_str()
    }

    /// Converts a path inside the data to a pointer into the answer.
    fn pointer(&self, path: &str) -> String {
        let data = if self.family.vendor == Vendor::Feishu { "/data" } else { "" };
        format!("{data}/{}", path.replace('.', "/"))
    }

    fn items_pointer(&self) -> String {
        self.pointer(self.response("items").unwrap_or_default())
    }

    /// Returns the arguments for the first page: without a cursor, unless one is required.
    pub fn first(&self, spec: &Spec, arguments: &Arguments) -> Arguments {
        let mut arguments = arguments.clone();
        let parameters =
            spec.operation(&self.operation).and_then(|operation| operation.get("parameters")).and_then(Value::as_array);
        let parameter = parameters.into_iter().flatten().map(|parameter| spec.resolve(parameter));
        let is_required = |parameter: &Value| {
            parameter.get("name").and_then(Value::as_str) == Some(self.cursor())
                && parameter.get("required") == Some(&json!(true))
        };
        if parameter.into_iter().any(is_required) {
            arguments.query.insert(self.cursor().to_owned(), json!(1));
        } else {
            arguments.query.remove(self.cursor());
        }
        if let Some(body) = arguments.body.as_mut().and_then(Value::as_object_mut) {
            body.remove(self.cursor());
        }
        if let Some(size) = self
            .rules
            .pointer("/request/size")
            .and_then(Value::as_str)
            .filter(|_| self.response("total_count").is_some())
        {
            arguments.query.insert(size.to_owned(), json!(2));
        }
        arguments
    }

    /// Makes the `number`th item of the list, which differs from all others.
    pub fn item(&self, number: i64) -> Value {
        let sample =
            self.answer.pointer(&self.items_pointer()).and_then(|items| items.get(0)).cloned().unwrap_or_default();
        let Value::Object(members) = &sample else {
            return numbered(&sample, number);
        };
        let key = self.rules.get("item_cursor").or_else(|| self.rules.get("dedupe")).and_then(Value::as_str);
        if let Some(key) = key {
            let shown =
                members.get(key).or_else(|| self.complete.pointer(&format!("{}/0/{key}", self.items_pointer())));
            let mut item = members.clone();
            item.insert(key.to_owned(), numbered(shown.unwrap_or(&Value::Null), number));
            return Value::Object(item);
        }
        let candidates = leaves(&sample).into_iter().filter_map(|place| {
            let mut item = sample.clone();
            let leaf = item.pointer_mut(&place)?;
            *leaf = numbered(leaf, number);
            Some(item)
        });
        candidates.into_iter().find(|item| *item != sample && self.is_read(item)).unwrap_or(sample)
    }

    /// Returns whether the client reads an item and returns it unchanged.
    fn is_read(&self, item: &Value) -> bool {
        let page = self.page(std::slice::from_ref(item), Tail::default());
        let read = (self.family.decode)(&self.operation, &page.to_string());
        let path = self.items_pointer();
        let path =
            path.strip_prefix("/data").filter(|_| self.family.vendor == Vendor::Feishu).unwrap_or(&path).to_owned();
        read.is_ok_and(|read| read.pointer(&path).and_then(|items| items.get(0)).is_some_and(|read| same(read, item)))
    }

    /// Returns the cursor to a page.
    pub fn cursor_to(&self, page: i64) -> Value {
        match self.style() {
            Style::Page => json!(page),
            _ => numbered(self.sample("next"), page),
        }
    }

    /// Returns what the next request carries over into another field.
    pub fn carried_to(&self, name: &str, page: i64) -> Value {
        let path =
            self.rules.pointer("/carry").and_then(|carry| carry.get(name)).and_then(Value::as_str).unwrap_or_default();
        numbered(self.complete.pointer(&self.pointer(path)).unwrap_or(&Value::Null), page)
    }

    /// Returns the field of an item that is the cursor to what follows it.
    pub fn cursor_of(&self, item: &Value) -> Value {
        let name = self.rules.get("item_cursor").and_then(Value::as_str).unwrap_or_default();
        item.get(name).cloned().unwrap_or_default()
    }

    fn sample(&self, name: &str) -> &Value {
        self.response(name).and_then(|path| self.complete.pointer(&self.pointer(path))).unwrap_or(&Value::Null)
    }

    /// Makes an answer with these items.
    pub fn page(&self, items: &[Value], tail: Tail) -> Value {
        let mut answer = self.answer.clone();
        set(&mut answer, &self.items_pointer(), Some(Value::from(items)));
        if let Some(path) = self.response("next") {
            set(&mut answer, &self.pointer(path), tail.next.map(|page| self.cursor_to(page)));
        }
        for name in self.carried() {
            let path = self
                .rules
                .pointer("/carry")
                .and_then(|carry| carry.get(name))
                .and_then(Value::as_str)
                .unwrap_or_default();
            set(&mut answer, &self.pointer(path), tail.next.map(|page| self.carried_to(name, page)));
        }
        if let Some(path) = self.response("more") {
            let flag = if self.sample("more").is_boolean() { json!(tail.more) } else { json!(i64::from(tail.more)) };
            set(&mut answer, &self.pointer(path), Some(flag));
        }
        if let Some(path) = self.response("total_pages") {
            set(&mut answer, &self.pointer(path), Some(json!(tail.pages)));
        }
        if let Some(path) = self.response("total_count") {
            // Two items per page, one on the last.
            set(&mut answer, &self.pointer(path), Some(json!(2 * tail.pages - 1)));
        }
        if let Some(path) = self.response("size") {
            set(&mut answer, &self.pointer(path), Some(json!(2)));
        }
        answer
    }
}

/// Returns the places of the texts and numbers in a value.
fn leaves(value: &Value) -> Vec<String> {
    let below =
        |name: &str, value: &Value| leaves(value).into_iter().map(|rest| format!("/{name}{rest}")).collect::<Vec<_>>();
    match value {
        Value::Object(members) => members.iter().flat_map(|(name, value)| below(name, value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(index, value)| below(&index.to_string(), value)).collect()
        }
        _ => vec![String::new()],
    }
}

/// Makes a value like the sample, with a number in it.
fn numbered(sample: &Value, number: i64) -> Value {
    match sample {
        Value::String(text) => match text.parse::<i64>() {
            Ok(digits) => json!(digits.saturating_add(number).to_string()),
            Err(_) => json!(format!("{text}-{number}")),
        },
        Value::Number(digits) => json!(digits.as_i64().unwrap_or_default().saturating_add(number)),
        Value::Null => json!(format!("cursor-{number}")),
        other => other.clone(),
    }
}

/// Sets the value at a pointer, or removes it.
fn set(answer: &mut Value, pointer: &str, value: Option<Value>) {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    let Some(members) = answer.pointer_mut(parent).and_then(Value::as_object_mut) else { return };
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
}

/// Returns a field of a request, from its query or its body.
pub fn field(request: &huiyi_mock::Request, name: &str) -> Option<String> {
    request.query_value(name).or_else(|| request.json()?.get(name).map(text))
}
