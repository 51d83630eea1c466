//! The keywords of a schema: which ones are allowed, and why others are not.

use crate::bundle::required;

/// Keywords that a schema may have.
pub(super) const KEYS: [&str; 16] = [
    "type",
    "format",
    "description",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "allOf",
    "oneOf",
    "enum",
    "nullable",
    "example",
    "deprecated",
    "x-enum-varnames",
    "x-enum-descriptions",
    required::KEY,
];

/// Keywords of JSON Schema that are not allowed, each with the reason.
pub(super) const FORBIDDEN: [(&str, &str); 21] = [
    ("title", "it overrides type names"),
    ("discriminator", "the generator ignores it"),
    ("anyOf", "it becomes a struct of options; see the table of alternatives"),
    ("not", "the generator refuses it"),
    ("default", "say the default in the description"),
    ("pattern", "say it in the description"),
    ("minLength", "say it in the description"),
    ("maxLength", "say it in the description"),
    ("minimum", "say it in the description"),
    ("maximum", "say it in the description"),
    ("exclusiveMinimum", "say it in the description"),
    ("exclusiveMaximum", "say it in the description"),
    ("multipleOf", "say it in the description"),
    ("minItems", "say it in the description"),
    ("maxItems", "say it in the description"),
    ("uniqueItems", "say it in the description"),
    ("minProperties", "say it in the description"),
    ("maxProperties", "say it in the description"),
    ("readOnly", "use two components"),
    ("writeOnly", "use two components"),
    ("externalDocs", "link the page at the operation"),
];
