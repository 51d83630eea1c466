//! Examples of requests and answers.

use super::*;

#[test]
fn examples_fit_their_schemas() {
    fires(&[
        (
            ROOM,
            "room_id: omm_1, capacity: '12'",
            "room_id: 1, capacity: '12'",
            "$.data.rooms[0].room_id is the number 1, the schema says string (if both occur, write oneOf)",
        ),
        (
            ROOM,
            "room_id: omm_1, capacity: '12'",
            "roomid: omm_1, capacity: '12'",
            "$.data.rooms[0].roomid is not in the schema",
        ),
        (ROOM, "capacity: '12'}]", "capacity: many}]", "$.data.rooms[0].capacity is the text \"many\""),
        (ROOM, "{value: {name: Sun, settings", "{value: {settings", "$ lacks the required field name"),
        (ROOM, "tags: {a: b}", "tags: {a: 1}", "$.tags.a is the number 1"),
        (
            ROOM,
            "{value: {code: 0, msg: ok, room_id: omm_1, tags: {a: b}}}",
            "{code: 0}",
            "the example page has no `value`",
        ),
        (
            ROOM,
            "              examples:\n                page: {value: {up: true, hosts",
            "              example:\n                page: {value: {up: true, hosts",
            "`example` instead of `examples`",
        ),
        (ROOM, "hosts: [{name: a}]", "hosts: [{name: 1}]", "$.hosts[0].name is the number 1"),
    ]);
}

#[test]
fn examples_can_be_sent_as_they_stand() {
    fires(&[
        (
            ROOM,
            "in: query, description: 'Where to go on, from the answer before.'",
            "in: query, example: x, description: 'Where to go on, from the answer before.'",
            "the example sets page_token, which only a call before can have given",
        ),
        (
            ROOM,
            "      x-scopes:",
            "      x-exclusive: [[page_size, user_id_type]]\n      x-scopes:",
            "the examples set page_size and user_id_type, which exclude each other",
        ),
        (
            ROOM,
            "      x-idempotent: true",
            "      x-idempotent: true\n      x-exclusive: [[query, page]]",
            "search_rooms.requestBody.examples.page: the examples set query and page",
        ),
        (
            ROOM,
            "      x-scopes:",
            "      x-exclusive: [[page_token, levle]]\n      x-scopes:",
            "x-exclusive names levle, which is not an argument",
        ),
        (
            ROOM,
            "      x-scopes:",
            "      x-exclusive: [[page_token]]\n      x-scopes:",
            "a group of x-exclusive is not a list of names",
        ),
        (
            ROOM,
            "      x-scopes:",
            "      x-exclusive: page_token\n      x-scopes:",
            "x-exclusive is not a list of groups",
        ),
        (
            ROOM,
            "      x-scopes:",
            "      x-exclusive: [[levels, levels]]\n      x-scopes:",
            "x-exclusive names levels twice in a group",
        ),
    ]);
}
