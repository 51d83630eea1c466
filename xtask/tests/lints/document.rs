//! The document as a whole: files, info, tags, servers, error table.

use super::*;

#[test]
fn the_bundler_refuses_what_stands_twice_or_in_the_wrong_file() {
    fires(&[
        (MAIN, "openapi: 3.0.3", "openapi: 3.0.3\nopenapi: 3.0.3", "not readable"),
        (MAIN, "openapi: 3.0.3", "openapi: 3.0.3\nfoo: 1", "unknown key `foo`"),
        (ROOM, "paths:", "info: {}\npaths:", "the key `info` belongs in openapi.yaml"),
        (
            ROOM,
            "    Room:",
            "    Envelope: {type: object}\n    Room:",
            "the component schemas/Envelope is in specs/feishu/openapi.yaml as well",
        ),
        (
            MAIN,
            "components:",
            "paths: {/v1/rooms: {get: {operationId: x}}}\ncomponents:",
            "GET /v1/rooms is in specs/feishu/openapi.yaml as well",
        ),
        (
            ROOM,
            "operationId: get_status",
            "operationId: get_room",
            "the operationId get_room is in specs/feishu/room.yaml as well",
        ),
        (ROOM, "components:\n", "components:\n  links: {}\n", "unknown kind of component `links`"),
        (MAIN, "    ApiError:", "    Other:", "no schema `ApiError`"),
    ]);
}

#[test]
fn the_document_is_complete() {
    fires(&[
        (MAIN, "openapi: 3.0.3", "openapi: 3.1.0", "the version is \"3.1.0\""),
        (MAIN, "  title: Tiny\n", "", "no title"),
        (MAIN, "'2026-01-01'", "一", "the version is not plain ASCII"),
        (MAIN, "https://open.example.com", "http://open.example.com/v1/", "is not a bare https host"),
        (MAIN, "servers:\n  - url: https://open.example.com\n", "", "no server"),
        (
            MAIN,
            "  - {name: room, x-title-zh: 会议室, description: Meeting rooms}",
            "  - {name: room, x-title-zh: x, description: x}\n  - {name: room, x-title-zh: x, description: x}",
            "the tag room is declared twice",
        ),
        (MAIN, ", description: Meeting rooms", "", "the tag room has no description"),
        (MAIN, ", x-title-zh: 会议室", "", "the tag room has no x-title-zh"),
        (MAIN, "description: Meeting rooms}", "description: Meeting rooms, halls}", "unknown key `halls`"),
        (MAIN, "x-envelope:", "x-envelop:", "no x-envelope"),
        (MAIN, "wraps: nothing", "wraps: all", "what it wraps is not known"),
        (MAIN, "wraps: nothing,", "wraps: nothing, code: code,", "unknown key `code`"),
        (MAIN, ", request_id_headers: [X-Log-Id]", "", "no request_id_headers"),
        (MAIN, "scope: app and API}", "scope: app and API, counted: twice}", "how the quota is counted is not known"),
        (MAIN, "  - tenant: []", "  - nobody: []", "the security scheme nobody is not declared"),
        (MAIN, "{per_second: 5, scope: app and API}", "{per_week: 5}", "unknown key `per_week`"),
        (MAIN, "{per_second: 5, scope: app and API}", "{per_second: 0}", "the quota has no positive number"),
        (MAIN, "{per_second: 5, scope: app and API}", "many", "the quota is neither a mapping nor `none`"),
    ]);
}

#[test]
fn the_error_table_is_checked() {
    fires(&[
        (MAIN, "code: 1002, kind", "code: 1001, kind", "the code 1001 is in the table twice"),
        (MAIN, "kind: NotFound", "kind: Missing", "the unknown kind \"Missing\""),
        (MAIN, ", kind: NotFound", "", "the code 1002 has no kind or no meaning"),
        (MAIN, "meaning: too many calls", "meaning: 调用过于频繁", "meaning of 1003: the text is in Chinese"),
        (MAIN, "meaning: too many calls", "meaning: too many calls, action: pray", "the unknown action \"pray\""),
        (MAIN, "status: 400", "status: 4000", "has the status 4000"),
        (MAIN, "{code: 1002,", "{codes: 1002,", "an entry without a code"),
        (ROOM, "x-error-codes: [1001,", "x-error-codes: [9999,", "the error code 9999 is not in the document's table"),
        (ROOM, "x-error-codes: [1001,", "x-error-codes: [1002,", "the error code 1002 is listed twice"),
        (ROOM, "status: 404, meaning", "kind: Gone, meaning", "the unknown kind \"Gone\""),
        (
            ROOM,
            "x-error-codes: [1001, {code: 1002, status: 404, meaning: the level does not exist}]",
            "x-error-codes: 1001",
            "x-error-codes is not a list",
        ),
    ]);
}

#[test]
fn a_complaint_names_file_line_and_place() {
    let changed = support::ROOM.replacen("{type: string, description: Hardware address.}", "{type: string}", 1);

    let found = complaints(support::OPENAPI, &changed, support::EVENTS);

    let line = support::ROOM.lines().position(|line| line.contains("Hardware address")).map_or(0, |index| index + 1);
    let [problem] = found.as_slice() else { panic!("one complaint was expected: {found:?}") };
    assert_eq!(problem.file, format!("specs/feishu/room.yaml:{line}"));
    assert_eq!(problem.place, "create_room.requestBody.schema.devices.items.mac");
}
