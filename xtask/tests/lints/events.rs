//! What the vendor pushes.

use super::*;

#[test]
fn events_are_complete_and_unique() {
    fires(&[
        (ROOM, "paths:", "x-events: {envelope: feishu}\npaths:", "the key `x-events` belongs in events.yaml"),
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
