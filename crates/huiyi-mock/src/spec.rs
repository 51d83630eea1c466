//! The bundled OpenAPI document of a vendor: its operations, the routing of requests, and its examples.

mod document;
#[cfg(feature = "sandbox")]
mod limits;

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::record::decode;
use crate::server::Vendor;
use document::{Document, Line};

/// A vendor's document. It is parsed only as far as requests need it, since a test uses few operations.
#[derive(Debug)]
pub(crate) struct Spec {
    document: Document,
    /// Templates of the paths, in the order of the document.
    templates: Vec<Template>,
    /// Templates by their number of segments, literal ones first.
    routes: HashMap<usize, Vec<usize>>,
}

/// A path of the document, with its operations, which are parsed when they are first needed.
#[derive(Debug)]
struct Template {
    segments: Vec<Segment>,
    operations: OnceLock<Vec<Operation>>,
}

/// One operation of a document.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    /// Query parameters, references resolved.
    pub(crate) query: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    /// Names of the accepted security schemes; empty for calls without credentials.
    pub(crate) security: Vec<String>,
    pub(crate) success: Success,
    /// Error codes of its page.
    errors: Vec<DocumentedError>,
    /// The paging of a list.
    pub(crate) paging: Option<Value>,
    /// The rate limit as written in the document; `None` if the limit of all operations applies.
    #[cfg(feature = "sandbox")]
    limits: Option<Value>,
}

/// A row of a table of error codes.
#[derive(Clone, Debug)]
pub(crate) struct DocumentedError {
    code: String,
    pub(crate) status: Option<u16>,
    pub(crate) meaning: String,
}

#[derive(Debug)]
enum Segment {
    Literal(&'static str),
    Parameter(&'static str),
}

/// A query parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) schema: Value,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) media_type: String,
    pub(crate) required: bool,
    pub(crate) schema: Value,
}

/// The response of a successful call.
#[derive(Debug)]
pub(crate) struct Success {
    pub(crate) status: u16,
    /// `None` if there is no body.
    pub(crate) media_type: Option<String>,
    /// The schema as written in the document.
    schema: Option<Value>,
    /// Bytes of the examples by name, the default first.
    pub(crate) examples: Vec<(String, Vec<u8>)>,
}

/// Returns the document of a vendor.
pub(crate) fn of(vendor: Vendor) -> &'static Spec {
    static SPECS: [OnceLock<Spec>; 4] = [OnceLock::new(), OnceLock::new(), OnceLock::new(), OnceLock::new()];
    let (index, text) = match vendor {
        Vendor::Feishu => (0, include_str!("../openapi/feishu.json")),
        Vendor::WeCom => (1, include_str!("../openapi/wecom.json")),
        Vendor::DingTalk => (2, include_str!("../openapi/dingtalk.json")),
        Vendor::Tencent => (3, include_str!("../openapi/tencent.json")),
    };
    SPECS[index].get_or_init(|| Spec::new(Document::new(text)))
}

impl Spec {
    fn new(document: Document) -> Self {
        let templates: Vec<Template> = document.paths.iter().map(|line| Template::new(line.name)).collect();
        let mut routes: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, template) in templates.iter().enumerate() {
            routes.entry(template.segments.len()).or_default().push(index);
        }
        for indices in routes.values_mut() {
            indices.sort_by_key(|index| templates[*index].generality());
        }
        Self { document, templates, routes }
    }

    /// Lists all operations.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        (0..self.templates.len()).flat_map(|index| self.operations_at(index))
    }

    fn operations_at(&self, index: usize) -> &[Operation] {
        self.templates[index].operations.get_or_init(|| read_operations(&self.document, &self.document.paths[index]))
    }

    /// Lists the paths as written in the document.
    #[cfg(test)]
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.document.paths.iter().map(|line| (line.name, line.value()))
    }

    /// Finds the operation of a request and the decoded values of its path parameters.
    pub(crate) fn find(&self, method: &str, path: &str) -> Option<(&Operation, Vec<(String, String)>)> {
        let segments: Vec<String> = path.split('/').skip(1).map(decode).collect();
        self.routes.get(&segments.len())?.iter().find_map(|index| {
            let values = self.templates[*index].values(&segments)?;
            let operation = self.operations_at(*index).iter().find(|operation| operation.method == method)?;
            Some((operation, values))
        })
    }

    /// Returns the documentation of an error code, from the operation or the general table.
    pub(crate) fn error(&self, operation: &Operation, code: &str) -> Option<DocumentedError> {
        let own = operation.errors.iter().find(|error| error.code == code);
        let general = read_errors(self.document.member("x-error-codes")).into_iter().find(|error| error.code == code);
        let (Some(own), Some(general)) = (own, &general) else { return own.cloned().or(general) };
        let meaning = if own.meaning.is_empty() { &general.meaning } else { &own.meaning };
        Some(DocumentedError { status: own.status.or(general.status), meaning: meaning.clone(), ..own.clone() })
    }

    /// Returns the type of a member of an operation's answer, without the envelope.
    pub(crate) fn kind_at<'a>(&'a self, operation: &'a Operation, path: &str) -> Option<&'a str> {
        let mut schema = operation.success.schema.as_ref().map(|schema| self.resolve(schema))?;
        let first = path.split('.').next().unwrap_or_default();
        if let Some(data) = self.member(schema, "data").filter(|_| self.member(schema, first).is_none()) {
            schema = data;
        }
        for step in path.split('.') {
            schema = self.member(schema, step)?;
        }
        schema["type"].as_str()
    }

    fn member<'a>(&'a self, schema: &'a Value, name: &str) -> Option<&'a Value> {
        let mut parts = std::iter::once(schema).chain(elements(&schema["allOf"])).map(|part| self.resolve(part));
        parts.find_map(|part| part["properties"].get(name)).map(|found| self.resolve(found))
    }

    /// Follows `$ref`s within the document to the end.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        self.document.resolve(value)
    }
}

impl Template {
    fn new(path: &'static str) -> Self {
        let segments = path.split('/').skip(1);
        let segments = segments.map(|text| match text.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => Segment::Parameter(name),
            None => Segment::Literal(text),
        });
        Self { segments: segments.collect(), operations: OnceLock::new() }
    }

    /// Sorts literal segments before parameters, from left to right.
    fn generality(&self) -> Vec<bool> {
        self.segments.iter().map(|segment| matches!(segment, Segment::Parameter(_))).collect()
    }

    fn values(&self, segments: &[String]) -> Option<Vec<(String, String)>> {
        let mut values = Vec::new();
        for (template, given) in self.segments.iter().zip(segments) {
            match template {
                Segment::Literal(text) if text == given => {}
                Segment::Parameter(name) if !given.is_empty() => {
                    values.push(((*name).to_owned(), given.clone()));
                }
                Segment::Literal(_) | Segment::Parameter(_) => return None,
            }
        }
        Some(values)
    }
}

fn read_operations(document: &Document, line: &Line) -> Vec<Operation> {
    let item = line.value();
    let operations = members(item).filter(|(_, operation)| operation.get("operationId").is_some());
    operations.map(|(method, operation)| read_operation(document, item, method, operation)).collect()
}

fn read_operation(document: &Document, item: &Value, method: &str, operation: &Value) -> Operation {
    let shared = elements(&item["parameters"]);
    let parameters: Vec<&Value> =
        shared.chain(elements(&operation["parameters"])).map(|parameter| document.resolve(parameter)).collect();
    let query = parameters.iter().filter(|parameter| parameter["in"] == "query");
    let security = operation.get("security").unwrap_or(document.member("security"));
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_ascii_uppercase(),
        query: query.map(|parameter| read_parameter(parameter)).collect(),
        body: read_body(document, &operation["requestBody"]),
        security: elements(security).flat_map(members).map(|(name, _)| name.clone()).collect(),
        success: read_success(document, &operation["responses"]),
        errors: read_errors(&operation["x-error-codes"]),
        paging: operation.get("x-pagination").cloned(),
        #[cfg(feature = "sandbox")]
        limits: operation.get("x-rate-limit").cloned(),
    }
}

fn read_parameter(parameter: &Value) -> Parameter {
    Parameter {
        name: text(&parameter["name"]),
        required: parameter["required"] == true,
        schema: parameter["schema"].clone(),
    }
}

fn read_body(document: &Document, body: &Value) -> Option<Body> {
    let body = document.resolve(body);
    let (media_type, content) = members(&body["content"]).next()?;
    Some(Body { media_type: media_type.clone(), required: body["required"] == true, schema: content["schema"].clone() })
}

fn read_success(document: &Document, responses: &Value) -> Success {
    let found = members(responses).find(|(status, _)| status.starts_with('2'));
    let Some((status, response)) = found else {
        return Success { status: 200, media_type: None, schema: None, examples: Vec::new() };
    };
    let content = members(&document.resolve(response)["content"]).next();
    let examples = content.map(|(_, content)| read_examples(document, content)).unwrap_or_default();
    Success {
        status: status.parse().unwrap_or(200),
        media_type: content.map(|(media_type, _)| media_type.clone()),
        schema: content.and_then(|(_, content)| content.get("schema")).cloned(),
        examples: examples.into_iter().map(|(name, value)| (name, value.to_string().into_bytes())).collect(),
    }
}

/// Reads a table of error codes; a row is a code or an object.
fn read_errors(table: &Value) -> Vec<DocumentedError> {
    let rows = elements(table).map(|row| {
        let code = row.get("code").unwrap_or(row);
        DocumentedError {
            code: code.as_str().map_or_else(|| code.to_string(), str::to_owned),
            status: row["status"].as_u64().and_then(|status| u16::try_from(status).ok()),
            meaning: text(&row["meaning"]),
        }
    });
    rows.collect()
}

/// Reads `examples` and `example`: the one called `page` first, the others by name.
fn read_examples(document: &Document, content: &Value) -> Vec<(String, Value)> {
    let mut examples: Vec<(String, Value)> = members(&content["examples"])
        .map(|(name, example)| (name.clone(), document.resolve(example)["value"].clone()))
        .collect();
    if let Some(example) = content.get("example") {
        examples.push(("example".to_owned(), example.clone()));
    }
    // Sorted, since the order of a JSON map depends on how `serde_json` was built.
    examples.sort_by(|(one, _), (other, _)| (one != "page", one).cmp(&(other != "page", other)));
    examples
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

pub(crate) fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::{Segment, members, of};
    use crate::server::Vendor;

    #[test]
    fn parameters_take_whole_segments() {
        for template in Vendor::ALL.iter().flat_map(|vendor| &of(*vendor).templates) {
            for segment in &template.segments {
                if let Segment::Literal(text) = segment {
                    assert!(!text.contains('{'), "{text}");
                }
            }
        }
    }

    #[test]
    fn every_operation_is_found_by_its_own_path() {
        for vendor in Vendor::ALL {
            let spec = of(vendor);
            assert!(spec.operations().count() > 20, "{vendor:?} has no document");
            for (template, item) in spec.paths() {
                let path = template.replace(['{', '}'], "");
                for (method, operation) in members(item).filter(|(_, value)| value.is_object()) {
                    let found = spec.find(&method.to_uppercase(), &path).map(|found| found.0.id.as_str());
                    assert_eq!(found, operation["operationId"].as_str(), "{method} {template}");
                }
            }
        }
    }

    #[test]
    fn literal_segments_win_over_parameters() {
        for spec in Vendor::ALL.map(of) {
            for indices in spec.routes.values() {
                let orders: Vec<_> = indices.iter().map(|index| spec.templates[*index].generality()).collect();
                assert!(orders.is_sorted());
            }
        }
    }
}
