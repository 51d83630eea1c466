//! Bundles the YAML files of a vendor into one OpenAPI 3.0.3 document.
//!
//! Files are merged in a fixed order, and anything that is defined twice is refused. The bundler adds what all
//! operations share: the envelope around a success, and the `4XX` and `5XX` answers.

pub mod enveloped;
pub mod required;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::document::{Bundle, METHODS};
use crate::report::Report;
use crate::vendor::Vendor;
use crate::yaml;

/// The only file that has `info`, `servers`, and the other keys of the document.
const MAIN: &str = "openapi.yaml";

/// Keys of the document itself, in the order in which they are written.
const DOCUMENT_KEYS: [&str; 12] = [
    "openapi",
    "info",
    "servers",
    "security",
    "tags",
    "externalDocs",
    "x-envelope",
    "x-client-arguments",
    "x-rate-limit",
    "x-error-codes",
    "x-events",
    "x-webhooks",
];

/// The only file that has events, and its keys.
const EVENTS: &str = "events.yaml";
const EVENT_KEYS: [&str; 2] = ["x-events", "x-webhooks"];

/// Kinds of components, in the order in which they are written.
const COMPONENT_KINDS: [&str; 6] =
    ["securitySchemes", "parameters", "requestBodies", "responses", "schemas", "headers"];

/// Reads and merges the files of a vendor's folder.
pub fn read(root: &Path, vendor: Vendor) -> Result<(Bundle, Report)> {
    let folder = vendor.specs(root);
    let mut files = BTreeMap::new();
    let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name.ends_with(".yaml") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.insert(name, text);
        }
    }
    Ok(merge(vendor, files))
}

/// Merges files, given as a map from name to text, into one document.
pub fn merge(vendor: Vendor, files: BTreeMap<String, String>) -> (Bundle, Report) {
    let mut merger = Merger::new(vendor);
    // The main file first, then the resources by name.
    let (main, resources): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| name.as_str() == MAIN);
    if main.is_empty() {
        merger.report.file(&merger.display(MAIN), "the file is missing", "every vendor has one");
    }
    for (name, text) in main.into_iter().chain(resources) {
        merger.add(name, text);
    }
    merger.finish(files)
}

struct Merger {
    vendor: Vendor,
    document: Map<String, Value>,
    paths: Map<String, Value>,
    components: BTreeMap<&'static str, Map<String, Value>>,
    owners: BTreeMap<String, String>,
    operation_ids: BTreeMap<String, String>,
    report: Report,
}

impl Merger {
    fn new(vendor: Vendor) -> Self {
        Self {
            vendor,
            document: Map::new(),
            paths: Map::new(),
            components: BTreeMap::new(),
            owners: BTreeMap::new(),
            operation_ids: BTreeMap::new(),
            report: Report::default(),
        }
    }

    fn display(&self, name: &str) -> String {
        format!("specs/{}/{name}", self.vendor.key)
    }

    fn add(&mut self, name: &str, text: &str) {
        let file = self.display(name);
        let content = match yaml::read(text) {
            Ok(Value::Object(content)) => content,
            Ok(Value::Null) => return self.report.file(&file, "the file is empty", "delete it or fill it"),
            Ok(_) => return self.report.file(&file, "the file is not a mapping", "start with `paths:`"),
            Err(error) => return self.report.file(&file, format!("not readable: {error}"), "mend the YAML"),
        };
        for (key, value) in content {
            match key.as_str() {
                "paths" => self.add_paths(&file, value),
                "components" => self.add_components(&file, value),
                key if EVENT_KEYS.contains(&key) && name == EVENTS => {
                    self.owners.insert(key.to_owned(), file.clone());
                    self.add_events(&file, &value);
                    self.document.insert(key.to_owned(), value);
                }
                key if EVENT_KEYS.contains(&key) => {
                    self.report.file(&file, format!("the key `{key}` belongs in {EVENTS}"), "move it there");
                }
                key if name == MAIN && DOCUMENT_KEYS.contains(&key) => {
                    self.document.insert(key.to_owned(), value);
                }
                key if DOCUMENT_KEYS.contains(&key) => {
                    let what = format!("the key `{key}` belongs in {MAIN}");
                    self.report.file(&file, what, "a resource file has `paths` and `components` and nothing else");
                }
                key => self.report.file(&file, format!("unknown key `{key}`"), "see specs/README.md"),
            }
        }
    }

    fn add_paths(&mut self, file: &str, value: Value) {
        let Value::Object(paths) = value else {
            return self.report.file(file, "`paths` is not a mapping", "write path templates as keys");
        };
        for (path, item) in paths {
            let Value::Object(item) = item else {
                self.report.file(file, format!("the path {path} is not a mapping"), "write methods as keys");
                continue;
            };
            for (method, operation) in item {
                self.add_to_path(file, &path, method, operation);
            }
        }
    }

    fn add_to_path(&mut self, file: &str, path: &str, method: String, operation: Value) {
        let owner = format!("paths\t{path}\t{method}");
        if let Some(other) = self.owners.get(&owner) {
            let what = format!("{} {path} is in {other} as well", method.to_uppercase());
            return self.report.file(file, what, "keep one of the two");
        }
        if METHODS.contains(&method.as_str()) {
            self.add_id(file, &operation);
        }
        self.owners.insert(owner, file.to_owned());
        let item = self.paths.entry(path.to_owned()).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(item) = item {
            item.insert(method, operation);
        }
    }

    /// Adds the events of a file. Events and operations share one name space.
    fn add_events(&mut self, file: &str, webhooks: &Value) {
        for (_, item) in webhooks.as_object().into_iter().flatten() {
            if let Some(operation) = item.get("post") {
                self.add_id(file, operation);
            }
        }
    }

    fn add_id(&mut self, file: &str, operation: &Value) {
        let Some(id) = operation.get("operationId").and_then(Value::as_str) else { return };
        if let Some(other) = self.operation_ids.insert(id.to_owned(), file.to_owned()) {
            let what = format!("the operationId {id} is in {other} as well");
            self.report.file(file, what, "give one of the two another name");
        }
    }

    fn add_components(&mut self, file: &str, value: Value) {
        let Value::Object(kinds) = value else {
            return self.report.file(file, "`components` is not a mapping", "write `schemas:` below it");
        };
        for (kind, members) in kinds {
            let known = COMPONENT_KINDS.iter().find(|known| **known == kind);
            let (Some(known), Value::Object(members)) = (known, members) else {
                self.report.file(file, format!("unknown kind of component `{kind}`"), "see specs/README.md");
                continue;
            };
            for (name, component) in members {
                let owner = format!("components\t{kind}\t{name}");
                if let Some(other) = self.owners.get(&owner) {
                    let what = format!("the component {kind}/{name} is in {other} as well");
                    self.report.file(file, what, "keep one of the two, or name them apart");
                    continue;
                }
                self.owners.insert(owner, file.to_owned());
                self.components.entry(known).or_default().insert(name, component);
            }
        }
    }

    fn finish(mut self, files: BTreeMap<String, String>) -> (Bundle, Report) {
        enveloped::wrap(&self.document, &mut self.paths);
        self.add_error_answers();
        self.add_event_answers();
        let mut root = Map::new();
        let webhooks = self.document.remove("x-webhooks");
        for key in DOCUMENT_KEYS {
            if let Some(value) = self.document.remove(key) {
                root.insert(key.to_owned(), value);
            }
        }
        root.insert("paths".to_owned(), Value::Object(self.paths));
        if let Some(webhooks) = webhooks {
            root.insert("x-webhooks".to_owned(), webhooks);
        }
        let mut components = Map::new();
        for kind in COMPONENT_KINDS {
            if let Some(members) = self.components.remove(kind) {
                components.insert(kind.to_owned(), Value::Object(members));
            }
        }
        root.insert("components".to_owned(), Value::Object(components));
        let files = files.into_iter().map(|(name, text)| (format!("specs/{}/{name}", self.vendor.key), text)).collect();
        let mut root = Value::Object(root);
        required::rename(&mut root);
        let bundle = Bundle { vendor: self.vendor, root, files, owners: self.owners };
        (bundle, self.report)
    }

    /// Adds an answer to every event: OpenAPI describes an event as an operation of the receiver.
    fn add_event_answers(&mut self) {
        let webhooks = self.document.get_mut("x-webhooks").and_then(Value::as_object_mut);
        let items = webhooks.into_iter().flat_map(|webhooks| webhooks.values_mut());
        for operation in items.filter_map(|item| item.get_mut("post")?.as_object_mut()) {
            let answer = json!({"200": {"description": "The delivery was taken."}});
            operation.entry("responses".to_owned()).or_insert(answer);
        }
    }

    /// Adds the vendor's error body to every operation, as the answer to a failure.
    fn add_error_answers(&mut self) {
        let main = self.display(MAIN);
        let has_schema = self.components.get("schemas").is_some_and(|schemas| schemas.contains_key("ApiError"));
        if !has_schema {
            self.report.file(&main, "no schema `ApiError`", "describe the vendor's error body there");
        }
        let responses = self.components.entry("responses").or_default();
        if responses.contains_key("Error") {
            self.report.file(&main, "the response `Error` is written out", "leave it to the bundler");
        }
        let error = json!({
            "description": "The call failed. Code and message say why.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ApiError"}}},
        });
        responses.insert("Error".to_owned(), error);
        for item in self.paths.values_mut().filter_map(Value::as_object_mut) {
            for (method, operation) in item {
                let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
                let (true, Some(answers)) = (METHODS.contains(&method.as_str()), answers) else { continue };
                for status in ["4XX", "5XX"] {
                    let answer = json!({"$ref": "#/components/responses/Error"});
                    answers.entry(status.to_owned()).or_insert(answer);
                }
            }
        }
    }
}

/// Renders the bundle as it is shipped: stable, readable, with a newline at the end.
pub fn render(bundle: &Bundle) -> Result<String> {
    let mut text = serde_json::to_string_pretty(&bundle.root)?;
    text.push('\n');
    Ok(text)
}
