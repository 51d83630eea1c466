//! What the later stages know about a document: operations, types and enums with their texts.
//!
//! progenitor gets a document without texts and extensions. Texts, and everything else that progenitor cannot
//! express, are kept here and joined with its output afterwards.

mod types;

use indexmap::IndexMap;
use serde_json::Value;

pub use types::{Argument, EnumPlan, FieldPlan, TypePlan, VariantPlan};

use crate::vendor::Vendor;

/// A lowered document.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The vendor.
    pub vendor: Vendor,
    /// Title, description and version from `info`.
    pub info: Value,
    /// The resources, in the order of the document.
    pub tags: Vec<TagPlan>,
    /// The document that progenitor reads.
    pub document: Value,
    /// All operations, including those that are not generated.
    pub operations: Vec<OperationPlan>,
    /// The events, in the order of the spec.
    pub events: Vec<EventPlan>,
    /// Structs by name.
    pub types: IndexMap<String, TypePlan>,
    /// Open enums by name.
    pub enums: IndexMap<String, EnumPlan>,
    /// Components that a Rust type replaces: name and path.
    pub replacements: Vec<(String, String)>,
    /// The document's table of error codes.
    pub errors: Vec<ErrorRow>,
    /// The quota of all operations together, if the document has one.
    pub common_quota: Option<Quota>,
    /// Headers that have the id of a request, in lower case.
    pub request_id_headers: Vec<String>,
}

/// A resource: what a tag says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagPlan {
    /// As operations have it.
    pub name: String,
    /// One line.
    pub title: String,
    /// Its Chinese name.
    pub title_zh: String,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct OperationPlan {
    /// `operationId`.
    pub id: String,
    /// Method in upper case.
    pub method: String,
    /// Path template.
    pub path: String,
    /// The resource that it belongs to.
    pub tag: String,
    /// The host, if it is not the document's.
    pub host: Option<String>,
    /// One line.
    pub summary: String,
    /// Markdown.
    pub description: String,
    /// The vendor's title.
    pub title_zh: Option<String>,
    /// The vendor's page.
    pub url: Option<String>,
    /// Date of the page.
    pub updated: Option<String>,
    /// Where it is documented.
    pub source: Source,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// What to use instead.
    pub replaced_by: Option<String>,
    /// Accepted security schemes; empty if none is needed.
    pub tokens: Vec<String>,
    /// Permission points.
    pub scopes: Vec<String>,
    /// Documented quotas: the operation's own, then the one of all operations together.
    pub quotas: Vec<Quota>,
    /// Whether it is safe to send twice.
    pub idempotent: bool,
    /// Error codes of the page.
    pub errors: Vec<ErrorRow>,
    /// Parameters in the order of the page.
    pub parameters: Vec<ParameterPlan>,
    /// The body.
    pub body: Option<BodyPlan>,
    /// How the answer is read.
    pub answer: Answer,
    /// A description of the answer.
    pub answer_text: String,
    /// `x-pagination`.
    pub paging: Option<Value>,
    /// Arguments that the vendor requires and the client fills in.
    pub filled: Vec<super::filled::Filled>,
    /// Whether a method is generated.
    pub generated: bool,
}

/// An event that the vendor pushes.
#[derive(Clone, Debug)]
pub struct EventPlan {
    /// `operationId`.
    pub id: String,
    /// The vendor's own name of the event.
    pub event_type: String,
    /// Name of the struct of the content.
    pub content: String,
    /// One line.
    pub summary: String,
    /// Markdown.
    pub description: String,
    /// The vendor's title.
    pub title_zh: Option<String>,
    /// The vendor's page.
    pub url: Option<String>,
    /// Date of the page.
    pub updated: Option<String>,
    /// Where it is documented.
    pub source: Source,
    /// Whether it is no longer sent, or not for long.
    pub deprecated: bool,
    /// Permission points.
    pub scopes: Vec<String>,
}

/// Where an operation or an event is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A page of the vendor's documentation.
    Page,
    /// The vendor's SDK.
    Sdk,
    /// A tool of the vendor, for instance its command line.
    Tool,
}

/// A documented quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Limits, the shortest window first.
    pub limits: Vec<Limit>,
    /// Whose calls it counts, in the words of the spec.
    pub scope: Option<String>,
    /// How the client counts.
    pub counted: Counted,
}

/// A number of requests in a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Number of requests.
    pub requests: u64,
    /// Length of the window.
    pub per_seconds: u64,
}

/// How the client counts a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It counts the calls of the operation.
    Operation,
    /// It counts the calls of all operations together.
    Together,
    /// Not at all: the quota is per meeting or per user, which the client cannot tell apart.
    No,
}

/// A row of an error table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorRow {
    /// Code as text.
    pub code: String,
    /// Documented HTTP status.
    pub status: Option<u64>,
    /// Name of the `ErrorKind`.
    pub kind: String,
    /// Name of the `Action`.
    pub action: &'static str,
    /// What it means.
    pub meaning: String,
    /// Whether it differs from the document's table.
    pub deviates: bool,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct ParameterPlan {
    /// Name on the wire.
    pub wire: String,
    /// Name in Rust.
    pub rust: String,
    /// `path`, `query` or `header`.
    pub location: String,
    /// Must be given.
    pub required: bool,
    /// Text.
    pub description: String,
    /// The page's value.
    pub example: Option<Value>,
    /// Schema, with references instead of inline objects and enums.
    pub schema: Value,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct BodyPlan {
    /// Media type.
    pub media: String,
    /// Schema, with references.
    pub schema: Value,
    /// The page's example.
    pub example: Option<Value>,
}

/// How an answer is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// From the envelope's `data`.
    Data(Value),
    /// From the whole body.
    Flat(Value),
    /// Not at all.
    Empty,
    /// As a stream of bytes.
    Raw,
}

impl Answer {
    /// Returns the schema, if there is one.
    pub fn schema(&self) -> Option<&Value> {
        match self {
            Self::Data(schema) | Self::Flat(schema) => Some(schema),
            Self::Empty | Self::Raw => None,
        }
    }
}
