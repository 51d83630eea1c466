//! Operations: sources, names, bodies, parameters, paging.

use super::*;

#[test]
fn an_operation_says_where_it_comes_from() {
    fires(&[
        (ROOM, "{url: https://open.example.com/room/list}", "{}", "list_rooms: externalDocs without a url"),
        (ROOM, "url: https://open.example.com/room/list", "url: open.example.com", "is not an https link"),
        (ROOM, "x-doc-updated: '2026-01-01'", "x-doc-updated: '2026-1-1'", "is not a date"),
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
