//! `JsonSchema` for the types of this module: what the vendors send, with the documented form first.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{
    Base64Text, DateTime, Int64Text, LenientBool, LenientInt, LenientNumber, OneOrMany, Secret, StringOr,
    StringOrNumber, UnixMillis, UnixMillisText, UnixSeconds, UnixSecondsText,
};

macro_rules! schemas {
    ($($name:ident => $schema:tt,)+) => {$(
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_id() -> Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($name)).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

schemas! {
    Int64Text => {"type": ["string", "integer"], "format": "int64"},
    LenientInt => {"type": ["integer", "string", "boolean"], "format": "int64"},
    LenientNumber => {"type": ["number", "string", "boolean"]},
    LenientBool => {"type": ["boolean", "integer", "string"]},
    StringOrNumber => {"type": ["string", "number", "boolean"]},
    UnixSeconds => {"type": ["integer", "string"], "format": "unix-seconds"},
    UnixSecondsText => {"type": ["string", "integer"], "format": "unix-seconds"},
    UnixMillis => {"type": ["integer", "string"], "format": "unix-millis"},
    UnixMillisText => {"type": ["string", "integer"], "format": "unix-millis"},
    // The format "date-time" is left out because it means RFC 3339.
    DateTime => {"type": "string"},
    Base64Text => {"type": "string", "contentEncoding": "base64"},
    Secret => {"type": "string", "format": "password"},
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany_{}", T::schema_name()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("{}::OneOrMany<{}>", module_path!(), T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        json_schema!({"anyOf": [{"type": "array", "items": item}, item]})
    }
}

impl<T: JsonSchema> JsonSchema for StringOr<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("StringOr_{}", T::schema_name()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("{}::StringOr<{}>", module_path!(), T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({"anyOf": [value, {"type": "string"}]})
    }
}

/// Returns the schema of an open enum that is documented as a number.
#[must_use]
pub fn integer_enum() -> Schema {
    json_schema!({"type": ["integer", "string"]})
}

/// Returns the schema of an open enum that is documented as a string.
#[must_use]
pub fn string_enum() -> Schema {
    json_schema!({"type": ["string", "number", "boolean"]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_types_refer_to_their_item() {
        #[derive(JsonSchema)]
        #[allow(dead_code, reason = "only its schema is looked at")]
        struct Room {
            id: StringOrNumber,
        }

        let schema = schemars::schema_for!(OneOrMany<Room>);

        let room = serde_json::json!({"$ref": "#/$defs/Room"});
        assert_eq!(schema.get("anyOf"), Some(&serde_json::json!([{"type": "array", "items": room}, room])));
    }
}
