//! Every check fires: each case puts one fault into a small correct document and expects its complaint.
//!
//! A case is a file, a text in it, the text that replaces it, and a part of the complaint.

mod support;

use xtask::lint;
use xtask::report::Problem;
use xtask::{codegen, rules::Rules};

type Case = (&'static str, &'static str, &'static str, &'static str);

const MAIN: &str = "openapi";
const ROOM: &str = "room";
const EVENTS: &str = "events";

fn complaints(openapi: &str, room: &str, events: &str) -> Vec<Problem> {
    let (bundle, mut report) = support::bundle(openapi, room, events);
    report.extend(lint::check(&bundle));
    if report.errors() == 0
        && let Err(codegen::Failure::Specs(more)) = codegen::outputs(&bundle, &Rules::default())
    {
        report.extend(more);
    }
    report.problems().to_vec()
}

fn fires(cases: &[Case]) {
    for (file, from, to, expected) in cases {
        let original = |name: &str| match name {
            MAIN => support::OPENAPI,
            ROOM => support::ROOM,
            _ => support::EVENTS,
        };
        let text = original(file);
        assert!(text.contains(from), "the small document has no {from:?}");
        let changed = text.replacen(from, to, 1);
        let text_of = |name: &str| if *file == name { changed.as_str() } else { original(name) };

        let found = complaints(text_of(MAIN), text_of(ROOM), text_of(EVENTS));

        let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(
            texts.iter().any(|text| text.contains(expected)),
            "{from:?} -> {to:?}\n  wanted: {expected}\n  found: {texts:#?}"
        );
    }
}

#[test]
fn the_bundler_refuses_what_stands_twice_or_in_the_wrong_file() {
    fires(&[
        (MAIN, "openapi: 3.0.3", "openapi: 3.0.3\nopenapi: 3.0.3", "not readable"),
        (MAIN, "openapi: 3.0.3", "openapi: 3.0.3\nfoo: 1", "unknown key `foo`"),
        (ROOM, "paths:", "info: {}\npaths:", "the key `info` belongs into openapi.yaml"),
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
fn an_operation_says_where_it_comes_from() {
    fires(&[
        (ROOM, "{url: https://open.example.com/room/list}", "{}", "list_rooms: externalDocs without a url"),
        (ROOM, "url: https://open.example.com/room/list", "url: open.example.com", "is no https link"),
        (ROOM, "x-doc-updated: '2026-01-01'", "x-doc-updated: '2026-1-1'", "is no date"),
        (ROOM, "      x-title-zh: 查询会议室列表\n", "", "no x-title-zh"),
        (ROOM, "x-title-zh: 查询会议室列表", "x-title-zh: List rooms", "x-title-zh is not a Chinese title"),
        (ROOM, "x-source: sdk", "x-source: rumour", "x-source is \"rumour\""),
        (ROOM, "x-scopes: [room:readonly]", "x-scopes: room:readonly", "x-scopes is not a list of names"),
        (ROOM, "x-replaced-by: get_room", "x-replaced-by: get_rooms", "x-replaced-by names the unknown operation"),
        (ROOM, "      deprecated: true\n", "", "x-replaced-by without `deprecated: true`"),
        (ROOM, "      x-scopes:", "      x-idempotent: maybe\n      x-scopes:", "x-idempotent is not true or false"),
        (ROOM, "x-envelope: beside", "x-envelope: around", "what x-envelope says is not known"),
        (
            ROOM,
            "      x-scopes:",
            "      x-rate-limit: {per_second: 1, counted: together}\n      x-scopes:",
            "one operation's quota is counted together",
        ),
        (ROOM, "      x-scopes:", "      x-quota: 5\n      x-scopes:", "unknown extension `x-quota`"),
        (ROOM, "      x-scopes:", "      x-page-defects: broken\n      x-scopes:", "x-page-defects is not a list"),
        (
            ROOM,
            "      x-scopes:",
            "      x-rate-limit: {per_second: x}\n      x-scopes:",
            "the quota has no positive number",
        ),
        (
            MAIN,
            "x-rate-limit: {per_second: 5, scope: app and API}\n",
            "",
            "no x-rate-limit, and the document has no default",
        ),
        (MAIN, "security:\n  - tenant: []\n", "", "no security, and the document has no default"),
        (
            ROOM,
            "security: [{tenant: []}, {user: []}]",
            "security: [{robot: []}]",
            "the security scheme robot is not declared",
        ),
        (ROOM, "security: [{tenant: []}, {user: []}]", "security: tenant", "`security` is not a list"),
    ]);
}

#[test]
fn an_operation_has_a_name_a_tag_and_texts() {
    fires(&[
        (ROOM, "      operationId: list_rooms\n", "", "no operationId"),
        (
            ROOM,
            "operationId: list_rooms",
            "operationId: listRooms",
            "the operationId listRooms is not snake_case; write list_rooms",
        ),
        (
            ROOM,
            "operationId: list_rooms",
            "operationId: builder",
            "the operationId builder is a method of Client already",
        ),
        (ROOM, "      tags: [room]\n", "      tags: []\n", "not exactly one tag"),
        (ROOM, "      tags: [room]\n", "      tags: [rooms]\n", "the tag rooms is not declared"),
        (ROOM, "      summary: List rooms\n", "", "no summary"),
        (ROOM, "summary: List rooms", "summary: List rooms.", "the line ends in a full stop"),
        (
            ROOM,
            "description: The rooms of the tenant, page by page.",
            "description: 租户的会议室",
            "the text is in Chinese",
        ),
        (ROOM, "      description: The rooms of the tenant, page by page.\n", "", "no description"),
        (ROOM, "page by page.", "<b>page</b> by page.", "there is HTML in the text: <b>"),
        (
            ROOM,
            "See https://open.example.com/levels",
            "    See https://open.example.com/levels",
            "a line is indented by four spaces",
        ),
        (ROOM, "/v1/status:", "/v1/status?debug=1:", "the path is not a plain template"),
        (ROOM, "  /v1/status:\n", "  /v1/status:\n    $ref: other\n", "unknown key `$ref` of a path"),
        (
            ROOM,
            "            application/octet-stream: {schema: {type: string, format: binary}}",
            "            text/plain: {schema: {type: string}}",
            "is not binary",
        ),
        (
            ROOM,
            "{up: true, hosts: [{name: a}], since: '1700000000'}}\n",
            "{up: true}}\n            text/html: {schema: {type: string, format: binary}}\n",
            "more than one media type",
        ),
    ]);
}

#[test]
fn bodies_and_answers_are_what_the_generator_can_take() {
    fires(&[
        (
            ROOM,
            "        required: true\n        content:\n          application/json:",
            "        required: false\n        content:\n          application/json:",
            "the request body is not `required: true`",
        ),
        (ROOM, "multipart/form-data:", "application/xml:", "the media type application/xml is not supported"),
        (
            ROOM,
            "        content:\n          multipart/form-data:",
            "        content:\n          text/plain: {schema: {type: string}}\n          multipart/form-data:",
            "not exactly one media type",
        ),
        (
            ROOM,
            "            schema:\n              type: object\n              required: [name, settings]",
            "            schema:\n              type: array\n              required: [name, settings]",
            "the body is not an object",
        ),
        (
            ROOM,
            "        '200':\n          description: The state.",
            "        default: {description: x}\n        '200':\n          description: The state.",
            "the response default is written out",
        ),
        (
            ROOM,
            "        '200':\n          description: The state.",
            "        '400': {description: x}\n        '200':\n          description: The state.",
            "the response 400 is written out",
        ),
        (
            ROOM,
            "        '200':\n          description: The state.",
            "        '204': {description: x}\n        '200':\n          description: The state.",
            "2 success responses",
        ),
        (ROOM, "          description: The state.\n", "", "the response has no description"),
        (
            ROOM,
            "              schema: {$ref: '#/components/schemas/GetStatusResponse'}\n",
            "",
            "$.up is not in the schema",
        ),
        (
            ROOM,
            "              examples:\n                page: {value: {up: true, hosts: [{name: a}], since: '1700000000'}}\n",
            "",
            "no example of a request, an answer or a parameter",
        ),
    ]);
}

#[test]
fn parameters_are_what_the_generator_can_send() {
    fires(&[
        (ROOM, "{name: page_size, in: query,", "{name: page_size, in: cookie,", "is in \"cookie\""),
        (
            ROOM,
            "{name: room_id, in: path, required: true,",
            "{name: room_id, in: path,",
            "the path parameter room_id is not required",
        ),
        (
            ROOM,
            "{name: room_id, in: path,",
            "{name: roomId, in: path,",
            "the path has {room_id}, but no parameter of that name",
        ),
        (ROOM, "{name: room_id, in: path,", "{name: roomId, in: path,", "the path parameter roomId is not in the path"),
        (ROOM, "/v1/rooms/{room_id}:", "/v1/rooms/{room_id:", "the path has an unclosed brace"),
        (ROOM, "/v1/rooms/{room_id}/photo:", "/v1/rooms/{room_id}/{room_id}:", "the path has {room_id} twice"),
        (
            ROOM,
            "{name: page_token, in: query,",
            "{name: pageSize, in: query,",
            "the parameters page_size and pageSize are both called page_size",
        ),
        (ROOM, "{name: page_token, in: query,", "{name: send, in: query,", "a parameter called send collides"),
        (ROOM, "description: 'Rooms per page, at most 100.', ", "", "page_size: no description"),
        (ROOM, "'Rooms per page, at most 100.'", "Page size.", "the description only repeats the name"),
        (
            ROOM,
            "example: 20, schema",
            "example: many, schema",
            "example: $ is the text \"many\", the schema says integer",
        ),
        (ROOM, "example: 20, schema: {type: integer}", "example: 20", "the parameter page_size has no schema"),
        (ROOM, "schema: {type: integer}}", "schema: {type: object}}", "the parameter page_size is an object"),
        (ROOM, "schema: {type: integer}}", "schema: {type: integer}, style: spaceDelimited}", "has another style"),
        (ROOM, "schema: {type: integer}}", "schema: {type: integer}, explode: false}", "has another style"),
        (ROOM, "schema: {type: integer}}", "content: {}}", "unknown key `content`"),
        (
            ROOM,
            "schema: {type: integer}}",
            "schema: {oneOf: [{type: array, items: {type: string}}, {type: string}]}}",
            "may be a list or an object",
        ),
        (
            ROOM,
            "schema: {type: array, items: {type: string}}",
            "schema: {type: array, items: {type: object}}",
            "has no scalar items",
        ),
        (
            ROOM,
            "in: header, description: Text for the vendor's logs., schema: {type: string}",
            "in: header, description: Text for the vendor's logs., schema: {type: array, items: {type: string}}",
            "the header parameter X-Trace is a list",
        ),
        (
            ROOM,
            "in: header, description: Text for the vendor's logs., schema: {type: string}",
            "in: header, description: Text for the vendor's logs., schema: {type: string, format: password}",
            "is a password",
        ),
        (
            ROOM,
            "$ref: '#/components/parameters/UserIdType'",
            "$ref: '#/components/parameters/Nothing'",
            "a parameter's reference leads nowhere",
        ),
        (
            MAIN,
            "tenant: {type: http, scheme: bearer,",
            "tenant: {type: apiKey, in: query, name: page_token,",
            "the parameter page_token carries the token",
        ),
        (
            MAIN,
            "      schema: {$ref: '#/components/schemas/UserIdType'}",
            "      schema: {$ref: '#/components/schemas/Scalar'}\n  schemas0: {}",
            "unknown kind of component",
        ),
    ]);
}

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
fn paging_names_fields_that_exist() {
    fires(&[
        (ROOM, "style: cursor", "style: scroll", "the paging style is \"scroll\""),
        (ROOM, "style: cursor", "style: page", "the paging style page lacks a member"),
        (ROOM, "cursor: page_token, size", "cursor: token, size", "x-pagination names the request field token"),
        (
            ROOM,
            "items: rooms, next: page_token",
            "items: room, next: page_token",
            "x-pagination names the answer field room,",
        ),
        (
            ROOM,
            "items: rooms, next: page_token",
            "items: has_more, next: page_token",
            "the items field has_more is not a list",
        ),
        (ROOM, "max_size: 100", "max_size: 0", "max_size is not a positive number"),
        (ROOM, "max_size: 100", "dedupe: id", "dedupe names id, which an item does not have"),
        (ROOM, "max_size: 100", "carry: {cursory: page_token}", "x-pagination names the request field cursory"),
        (ROOM, "max_size: 100", "pages: 100", "unknown key `pages`"),
        (
            ROOM,
            "request: {cursor: page_token, size: page_size}",
            "request: page_token",
            "x-pagination.request is not a mapping of names",
        ),
    ]);
}

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
fn a_complaint_names_file_line_and_place() {
    let changed = support::ROOM.replacen("{type: string, description: Hardware address.}", "{type: string}", 1);

    let found = complaints(support::OPENAPI, &changed, support::EVENTS);

    let line = support::ROOM.lines().position(|line| line.contains("Hardware address")).map_or(0, |index| index + 1);
    let [problem] = found.as_slice() else { panic!("one complaint was expected: {found:?}") };
    assert_eq!(problem.file, format!("specs/feishu/room.yaml:{line}"));
    assert_eq!(problem.place, "create_room.requestBody.schema.devices.items.mac");
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
            "x-exclusive names levle, which is no argument",
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

#[test]
fn events_are_complete_and_unique() {
    fires(&[
        (ROOM, "paths:", "x-events: {envelope: feishu}\npaths:", "the key `x-events` belongs into events.yaml"),
        (EVENTS, "x-events:\n  envelope: feishu\n", "", "x-webhooks without x-events"),
        (EVENTS, "envelope: feishu", "envelope: letter", "the envelope of the events is unknown"),
        (EVENTS, "operationId: room_released", "operationId: get_room", "the operationId get_room is in specs/feishu"),
        (EVENTS, "operationId: room_released", "operationId: room_freed", "is not the event's key in snake_case"),
        (EVENTS, "room.released_v1", "room.reserved_v1", "the event type room.reserved_v1 is that of another event"),
        (EVENTS, "      x-event-type: room.released_v1\n", "", "room_released: no x-event-type"),
        (EVENTS, "      tags: [event]\n", "      tags: [events]\n", "the tag events is not declared"),
        (EVENTS, "      summary: A room was reserved\n", "", "no summary"),
        (EVENTS, "      x-title-zh: 会议室被预定\n", "", "no x-title-zh"),
        (EVENTS, "      x-scopes:", "      x-pagination: {}\n      x-scopes:", "unknown extension `x-pagination`"),
        (
            EVENTS,
            "    post:\n      operationId: room_released",
            "    get:\n      operationId: room_released",
            "has no `post`",
        ),
        (EVENTS, "application/json", "application/xml", "the media type is application/xml; write application/json"),
        (EVENTS, "schemas/RoomReservedEvent'", "schemas/Room'", "refer to RoomReservedEvent"),
        (EVENTS, "description: Which room it is.", "description: ''", "the text is empty"),
        (EVENTS, "                  event:\n", "                  body:\n", "the delivery has no object `event`"),
        (EVENTS, "                    reason: 2\n", "                    why: 2\n", "$.why is not in the schema"),
        (EVENTS, "                    reason: 2\n", "                    reason: x\n", "$.reason is the text"),
        (EVENTS, "description: Why it was reserved.", "description: Why it was reserved., default: 1", "not readable"),
        (EVENTS, "          enum: [1, 2]", "          default: 1\n          enum: [1, 2]", "the keyword `default`"),
        (
            EVENTS,
            "              page:\n                value:",
            "              page:\n                v:",
            "has no `value`",
        ),
    ]);
}
