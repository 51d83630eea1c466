//! Schemas: shapes, enums, names, required fields.

use super::*;

#[test]
fn keywords_that_narrow_or_mislead_are_refused() {
    let keywords = [
        ("title: x", "title"),
        ("default: x", "default"),
        ("pattern: x", "pattern"),
        ("minLength: 1", "minLength"),
        ("maxLength: 1", "maxLength"),
        ("minimum: 1", "minimum"),
        ("maximum: 1", "maximum"),
        ("exclusiveMinimum: true", "exclusiveMinimum"),
        ("exclusiveMaximum: true", "exclusiveMaximum"),
        ("multipleOf: 2", "multipleOf"),
        ("minItems: 1", "minItems"),
        ("maxItems: 1", "maxItems"),
        ("uniqueItems: true", "uniqueItems"),
        ("minProperties: 1", "minProperties"),
        ("maxProperties: 1", "maxProperties"),
        ("readOnly: true", "readOnly"),
        ("writeOnly: true", "writeOnly"),
        ("anyOf: []", "anyOf"),
        ("not: {}", "not"),
        ("discriminator: {}", "discriminator"),
        ("externalDocs: {}", "externalDocs"),
    ];
    for (keyword, name) in keywords {
        let changed = support::ROOM.replacen(
            "{type: string, description: Hardware address.}",
            &format!("{{type: string, description: Hardware address., {keyword}}}"),
            1,
        );

        let found = complaints(support::OPENAPI, &changed, support::EVENTS);

        let expected = format!("the keyword `{name}` is not allowed");
        assert!(found.iter().any(|problem| problem.what == expected), "{keyword}: {found:?}");
    }
}

#[test]
fn schemas_are_of_known_shapes() {
    fires(&[
        (ROOM, "mac: {type: string,", "mac: {", "no type"),
        (ROOM, "mac: {type: string,", "mac: {type: text,", "unknown type text"),
        (ROOM, "mac: {type: string,", "mac: {type: string, format: uuid,", "the format \"uuid\" of a string"),
        (ROOM, "mac: {type: string,", "mac: {type: integer, format: int32,", "the format \"int32\" of a integer"),
        (ROOM, "mac: {type: string,", "mac: {type: boolean, format: x,", "the format \"x\" of a boolean"),
        (ROOM, "mac: {type: string,", "mac: {type: string, nullable: true,", "`nullable` has no use here"),
        (ROOM, "mac: {type: string,", "mac: {type: array,", "a list without `items`"),
        (ROOM, "mac: {type: string,", "mac: {type: string, x-rust-type: y,", "unknown extension `x-rust-type`"),
        (ROOM, "mac: {type: string,", "mac: {type: string, contentEncoding: y,", "unknown keyword `contentEncoding`"),
        (ROOM, "mac: {type: string,", "mac: {type: object, additionalProperties: false,", "breaks on every new field"),
        (
            ROOM,
            "      description: A person.\n",
            "      description: A person.\n      additionalProperties: {type: string}\n",
            "properties and a map at once",
        ),
        (
            ROOM,
            "oneOf: [{type: string}, {type: integer}]",
            "oneOf: [{type: boolean}, {type: array, items: {type: string}}]",
            "this combination of alternatives is not supported",
        ),
        (
            ROOM,
            "allOf: [{$ref: '#/components/schemas/Room'}]",
            "$ref: '#/components/schemas/Room'",
            "there is something beside a $ref",
        ),
        (
            ROOM,
            "items: {$ref: '#/components/schemas/Room'}",
            "items: {$ref: '#/components/schemas/Rooms'}",
            "leads nowhere",
        ),
        (
            ROOM,
            "required: [name, settings]",
            "required: [name, setting]",
            "the required property setting does not exist",
        ),
        (ROOM, "required: [name, settings]", "required: true", "`required` is not a list of names"),
        (
            ROOM,
            "        room_id: {type: string, description: Id of the room., example: omm_1}\n",
            "        room_id: {type: string, description: Id of the room.}\n        roomId: {type: string, description: Id of it.}\n",
            "room_id and roomId are both called room_id",
        ),
        (
            ROOM,
            "mac: {type: string, description: Hardware address.}",
            "mac: {$ref: '#/components/schemas/Host'}",
            "no description beside the reference",
        ),
        (ROOM, "mac: {type: string, description: Hardware address.}", "mac: {type: string}", "mac: no description"),
        (
            ROOM,
            "    Host:\n      type: object",
            "    Host:\n      type: string",
            "a component is neither an object nor an enum",
        ),
        (
            ROOM,
            "    Host:\n      type: object\n      description: A person.\n      properties:",
            "    Host:\n      type: object\n      description: A person.\n      additionalProperties:",
            "a component is neither an object nor an enum",
        ),
        (ROOM, "    Host:\n", "    Host:\n      allOf: []\n", "an empty allOf"),
        (ROOM, "      description: A person.\n", "", "Host: no description"),
        (ROOM, "example: '12'}", "example: twelve}", "example: $ is the text \"twelve\""),
    ]);
}

#[test]
fn enums_have_names_and_texts() {
    fires(&[
        (MAIN, "      x-enum-varnames: [OpenId, UserId]\n", "", "2 values, but 0 x-enum-varnames"),
        (
            MAIN,
            "      x-enum-descriptions: [Id within one app, Id within the tenant]\n",
            "",
            "2 values, but 0 x-enum-descriptions",
        ),
        (MAIN, "[OpenId, UserId]", "[OpenId, Unknown]", "the variant Unknown is taken"),
        (MAIN, "[OpenId, UserId]", "[OpenId, OpenId]", "the variants OpenId and OpenId are both called OpenId"),
        (MAIN, "[OpenId, UserId]", "[openId, UserId]", "the variant openId is not PascalCase; write OpenId"),
        (MAIN, "enum: [open_id, user_id]", "enum: [open_id, open_id]", "an enum value stands twice"),
        (MAIN, "enum: [open_id, user_id]", "enum: [1, 2]", "the enum's values do not fit the type string"),
        (MAIN, "      enum: [open_id, user_id]\n", "", "names of enum values without `enum`"),
        (MAIN, "Id within the tenant]", "租户内的标识]", "x-enum-descriptions: the text is in Chinese"),
    ]);
}

#[test]
fn names_do_not_clash_in_rust() {
    fires(&[
        (
            ROOM,
            "    Host:\n",
            "    host: {type: object, description: A machine.}\n    Host:\n",
            "the component's name is not PascalCase",
        ),
        (
            ROOM,
            "    Host:\n",
            "    host: {type: object, description: A machine.}\n    Host:\n",
            "host and Host are both called Host in Rust",
        ),
        (
            ROOM,
            "    Host:\n",
            "    Option: {type: object, description: A choice.}\n    Host:\n",
            "Option is a name that Rust code uses already",
        ),
        (
            ROOM,
            "    Host:\n",
            "    CreateRoomRequestDevice: {type: object, description: A machine., properties: {a: {type: string, description: Text of it.}}}\n    Host:\n",
            "an inline schema would be called CreateRoomRequestDevice",
        ),
        (
            ROOM,
            "    Host:\n",
            "    Spare: {type: object, description: Of no use.}\n    Host:\n",
            "nothing refers to this component",
        ),
    ]);
}

#[test]
fn what_is_received_has_no_required_fields() {
    fires(&[
        (
            ROOM,
            "    GetStatusResponse:\n      type: object\n",
            "    GetStatusResponse:\n      type: object\n      required: [up]\n",
            "GetStatusResponse: `required` in a schema that is received; drop it",
        ),
        (
            ROOM,
            "                type: object\n                properties:\n                  days:",
            "                type: object\n                required: [days]\n                properties:\n                  days:",
            "`required` in a schema that is received",
        ),
        (
            EVENTS,
            "    RoomReservedEvent:\n      type: object\n",
            "    RoomReservedEvent:\n      type: object\n      required: [room]\n",
            "`required` in a schema that is received",
        ),
        (
            ROOM,
            "    GetStatusResponse:\n      type: object\n",
            "    GetStatusResponse:\n      type: object\n      x-required-in-requests: [up]\n",
            "`x-required-in-requests` is written out",
        ),
    ]);
}

#[test]
fn a_component_that_is_sent_and_received_is_required_in_requests_only() {
    let (bundle, _) = support::bundle(support::OPENAPI, support::ROOM, support::EVENTS);
    let room = &bundle.root["components"]["schemas"]["Room"];

    assert_eq!(room["x-required-in-requests"], serde_json::json!(["room_id"]));
    assert_eq!(room.get("required"), None);
}
