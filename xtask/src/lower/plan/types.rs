//! What is known of structs, enums and arguments.

use serde_json::Value;

/// A struct.
#[derive(Clone, Debug)]
pub struct TypePlan {
    /// Name in Rust.
    pub name: String,
    /// Text.
    pub description: Option<String>,
    /// Fields in the order of the page.
    pub fields: Vec<FieldPlan>,
    /// Part of a request.
    pub sent: bool,
    /// Part of an answer.
    pub received: bool,
    /// Operations whose body it is.
    pub body_of: Vec<String>,
    /// Operations whose answer it is.
    pub answer_of: Vec<String>,
    /// The content of an event.
    pub is_event: bool,
    /// Used by events and by no operation.
    pub events_only: bool,
    /// The struct and field that contained it, if it was written inline.
    pub inline_in: Option<(String, String)>,
}

impl TypePlan {
    /// Returns a struct without fields.
    pub fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            description: None,
            fields: Vec::new(),
            sent: false,
            received: false,
            body_of: Vec::new(),
            answer_of: Vec::new(),
            is_event: false,
            events_only: false,
            inline_in: None,
        }
    }
}

/// A field.
#[derive(Clone, Debug)]
pub struct FieldPlan {
    /// Name on the wire.
    pub wire: String,
    /// Name in Rust.
    pub rust: String,
    /// Text.
    pub description: String,
    /// The page's value.
    pub example: Option<Value>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Schema, with references instead of inline objects and enums.
    pub schema: Value,
    /// Required by the page, and not filled in by the client.
    pub required: bool,
    /// Required by the page, and filled in by the client.
    pub filled: bool,
    /// An object that is there even if the answer leaves it out.
    pub always: bool,
}

/// An open enum.
#[derive(Clone, Debug)]
pub struct EnumPlan {
    /// Name in Rust.
    pub name: String,
    /// Text.
    pub description: Option<String>,
    /// Whether its values are integers on the wire, instead of texts.
    pub integer: bool,
    /// Values in the order of the page.
    pub variants: Vec<VariantPlan>,
    /// Used by events and by no operation.
    pub events_only: bool,
    /// The struct and field that contained it, if it was written inline.
    pub inline_in: Option<(String, String)>,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct VariantPlan {
    /// Name in Rust.
    pub name: String,
    /// Value on the wire.
    pub value: Value,
    /// Text.
    pub description: String,
}

/// A field of an operation builder.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Name in Rust.
    pub rust: String,
    /// Name on the wire; `body` for the body.
    pub wire: String,
    /// `path`, `query`, `header` or `body`.
    pub location: String,
    /// A parameter of the client's method: the request cannot be made without it.
    pub required: bool,
    /// Type of the value, without `Result` and `Option`.
    pub ty: syn::Type,
}
