//! Reading access to a bundled document: operations, references, and where a node came from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::locate;
use crate::report::{Problem, Report};
use crate::vendor::Vendor;

/// The HTTP methods of a path item, in the order in which operations are listed.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Keys from the root of the document to a node.
pub type Trail = Vec<String>;

/// One document made of all files of a vendor; it remembers which part came from which file.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The vendor.
    pub vendor: Vendor,
    /// The OpenAPI 3.0 document.
    pub root: Value,
    /// Texts of the files by name (`specs/feishu/meeting.yaml`).
    pub files: BTreeMap<String, String>,
    /// The file of each path item method and component. The key is the trail, joined with tabs.
    pub owners: BTreeMap<String, String>,
}

/// An operation in the document.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// Path template.
    pub path: &'a str,
    /// Method in lower case.
    pub method: &'a str,
    /// The `operationId`; empty if it is missing.
    pub id: &'a str,
    /// The operation object.
    pub value: &'a Map<String, Value>,
    /// The path item that contains it.
    pub item: &'a Map<String, Value>,
}

impl Operation<'_> {
    /// Returns the operation's place in the document.
    pub fn trail(&self) -> Trail {
        trail(&["paths", self.path, self.method])
    }

    /// Returns a text member of the operation.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.value.get(key).and_then(Value::as_str)
    }
}

/// Makes a trail of string slices.
pub fn trail(steps: &[&str]) -> Trail {
    steps.iter().map(|step| (*step).to_owned()).collect()
}

/// Returns the trail, one or several steps longer.
pub fn below(parent: &[String], steps: &[&str]) -> Trail {
    parent.iter().cloned().chain(steps.iter().map(|step| (*step).to_owned())).collect()
}

/// Returns all operations of a document, in its order.
pub fn operations(root: &Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    for (path, item) in object(root, "paths") {
        let Some(item) = item.as_object() else { continue };
        for (method, value) in item {
            let Some(value) = value.as_object() else { continue };
            if METHODS.contains(&method.as_str()) {
                let id = value.get("operationId").and_then(Value::as_str).unwrap_or_default();
                found.push(Operation { path, method, id, value, item });
            }
        }
    }
    found
}

/// An event: an entry below `x-webhooks`.
#[derive(Clone, Copy, Debug)]
pub struct Webhook<'a> {
    /// Key below `x-webhooks`.
    pub name: &'a str,
    /// The `operationId`; empty if it is missing.
    pub id: &'a str,
    /// The operation object.
    pub value: &'a Map<String, Value>,
}

impl<'a> Webhook<'a> {
    /// Returns the event's place in the document.
    pub fn trail(&self) -> Trail {
        trail(&["x-webhooks", self.name, "post"])
    }

    /// Returns a text member of the operation.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }
}

/// Returns all events of a document, in its order.
pub fn webhooks(root: &Value) -> Vec<Webhook<'_>> {
    let items = object(root, "x-webhooks");
    let posts = items.filter_map(|(name, item)| Some((name, item.get("post")?.as_object()?)));
    posts
        .map(|(name, value)| {
            let id = value.get("operationId").and_then(Value::as_str).unwrap_or_default();
            Webhook { name, id, value }
        })
        .collect()
}

/// Returns the components that are reachable from a request body.
pub fn sent_components(root: &Value) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for operation in operations(root) {
        reach_content(root, operation.value.get("requestBody"), &mut found);
    }
    found
}

/// Returns the components that are reachable from an answer or an event.
pub fn received_components(root: &Value) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for operation in operations(root) {
        let responses = operation.value.get("responses").and_then(Value::as_object);
        for response in responses.into_iter().flat_map(|responses| responses.values()) {
            reach_content(root, Some(resolve(root, response)), &mut found);
        }
    }
    for webhook in webhooks(root) {
        reach_content(root, webhook.value.get("requestBody"), &mut found);
    }
    found
}

fn reach_content<'a>(root: &'a Value, holder: Option<&'a Value>, found: &mut BTreeSet<&'a str>) {
    for (_, media) in holder.into_iter().flat_map(|holder| object(holder, "content")) {
        reach(root, media.get("schema").unwrap_or(&Value::Null), found);
    }
}

/// Adds all components that a schema refers to, directly or not.
pub fn reach<'a>(root: &'a Value, schema: &'a Value, found: &mut BTreeSet<&'a str>) {
    if let Some(("schemas", name)) = reference(schema) {
        if found.insert(name)
            && let Some(target) = root.pointer("/components/schemas").and_then(|schemas| schemas.get(name))
        {
            reach(root, target, found);
        }
        return;
    }
    match schema {
        Value::Array(items) => items.iter().for_each(|item| reach(root, item, found)),
        Value::Object(map) => map.values().for_each(|item| reach(root, item, found)),
        _ => {}
    }
}

/// Returns the components of one kind (`schemas`, `parameters`, ..).
pub fn components<'a>(root: &'a Value, kind: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    let found = root.get("components").and_then(|components| components.get(kind));
    found.and_then(Value::as_object).into_iter().flatten()
}

/// Returns the members of an object member, or nothing.
pub fn object<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

/// Returns the elements of an array member, or nothing.
pub fn array<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// Returns the component's kind and name that a reference object points to.
pub fn reference(value: &Value) -> Option<(&str, &str)> {
    let target = value.get("$ref")?.as_str()?;
    target.strip_prefix("#/components/")?.split_once('/')
}

/// Returns the name of the schema component that a reference object points to.
pub fn schema_name(value: &Value) -> Option<&str> {
    match reference(value) {
        Some(("schemas", name)) => Some(name),
        _ => None,
    }
}

/// Follows references to the end. For a dangling or circular one, returns the last object reached.
pub fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    let mut current = value;
    for _ in 0..16 {
        let Some((kind, name)) = reference(current) else { return current };
        match root.pointer(&format!("/components/{kind}")).and_then(|kind| kind.get(name)) {
            Some(target) => current = target,
            None => return current,
        }
    }
    current
}

/// Returns the JSON body of a request or response: its media type object.
pub fn json_content(value: &Value) -> Option<&Value> {
    value.get("content")?.get("application/json")
}

/// Returns the success response of an operation: its status and the response object.
pub fn success<'a>(root: &'a Value, operation: &Operation<'a>) -> Option<(&'a str, &'a Value)> {
    let responses = operation.value.get("responses")?.as_object()?;
    let (status, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    Some((status, resolve(root, response)))
}

/// Returns the parameters of an operation with the trail of each, references followed. Those of the path item come
/// first. A parameter of the operation replaces one of the path item with the same name and place.
pub fn parameters<'a>(root: &'a Value, operation: &Operation<'a>) -> Vec<(Trail, &'a Value)> {
    let mut found: Vec<(Trail, &Value)> = Vec::new();
    let path_item = trail(&["paths", operation.path, "parameters"]);
    let own = below(&operation.trail(), &["parameters"]);
    for (place, list) in [(path_item, operation.item.get("parameters")), (own, operation.value.get("parameters"))] {
        for (index, entry) in list.and_then(Value::as_array).into_iter().flatten().enumerate() {
            let parameter = resolve(root, entry);
            let place = match reference(entry) {
                Some((kind, name)) => trail(&["components", kind, name]),
                None => below(&place, &[&index.to_string()]),
            };
            let key = |value: &Value| (value.get("name").cloned(), value.get("in").cloned());
            if place.first().is_some_and(|first| first == "paths") && place.len() > 4 {
                found.retain(|(_, other)| key(other) != key(parameter));
            }
            found.push((place, parameter));
        }
    }
    found
}

impl Bundle {
    /// Adds a complaint about the node at `place`.
    pub fn complain(&self, report: &mut Report, place: &[String], what: impl Into<String>, help: impl Into<String>) {
        report.push(self.problem(place, what.into(), help.into(), false));
    }

    /// Adds a warning about the node at `place`. A warning stops nothing.
    pub fn warn(&self, report: &mut Report, place: &[String], what: impl Into<String>, help: impl Into<String>) {
        report.push(self.problem(place, what.into(), help.into(), true));
    }

    fn problem(&self, place: &[String], what: String, help: String, warning: bool) -> Problem {
        Problem { file: self.file_and_line(place), place: self.label(place), what, help, warning }
    }

    fn file_and_line(&self, place: &[String]) -> String {
        let owner = (0..=place.len()).rev().find_map(|length| self.owners.get(&place[..length].join("\t")));
        let main = format!("specs/{}/openapi.yaml", self.vendor.key);
        let file = owner.unwrap_or(&main);
        let line = self.files.get(file).and_then(|text| locate::line_of(text, place));
        match line {
            Some(line) => format!("{file}:{line}"),
            None => file.clone(),
        }
    }

    /// Returns a readable name of the node: operation or component first, then the fields.
    fn label(&self, place: &[String]) -> String {
        let (mut head, rest) = match place {
            [first, path, method, rest @ ..] if first == "paths" => {
                let found = self.root.pointer(&format!("/paths/{}/{method}/operationId", escape(path)));
                let id = found.and_then(Value::as_str).map(str::to_owned);
                (id.unwrap_or_else(|| format!("{} {path}", method.to_uppercase())), rest)
            }
            [first, name, _, rest @ ..] if first == "x-webhooks" => (name.clone(), rest),
            [first, _, name, rest @ ..] if first == "components" => (name.clone(), rest),
            [] => ("document".to_owned(), place),
            all => (all[0].clone(), &all[1..]),
        };
        let mut node = self.root.pointer(&pointer(&place[..place.len() - rest.len()]));
        for step in rest {
            node = node.and_then(|node| match node {
                Value::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
                other => other.get(step),
            });
            if matches!(step.as_str(), "properties" | "content" | "application/json") {
                continue;
            }
            let name = node.and_then(|node| node.get("name")).and_then(Value::as_str);
            match (step.parse::<usize>(), name) {
                (Ok(_), Some(name)) => head.push_str(&format!(" {name}")),
                (Ok(index), None) => head.push_str(&format!("[{index}]")),
                _ => head.push_str(&format!(".{step}")),
            }
        }
        head
    }
}

/// Returns the JSON pointer of a trail.
pub fn pointer(place: &[String]) -> String {
    place.iter().map(|step| format!("/{}", escape(step))).collect()
}

fn escape(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}
