//! Rules that hold for many operations, checked in the document that the client is generated from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// The bundled document.
pub(crate) fn document() -> Value {
    serde_json::from_str(include_str!("../../openapi.json")).unwrap()
}

/// The operations of the document by id.
fn operations(document: &Value) -> BTreeMap<&str, &Value> {
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    operations.filter_map(|operation| Some((operation["operationId"].as_str()?, operation))).collect()
}

/// Every property and parameter with the schema or operation that it belongs to.
fn fields(document: &Value) -> Vec<(&str, &str, &Value)> {
    let mut fields = Vec::new();
    for (owner, schema) in document["components"]["schemas"].as_object().unwrap() {
        let properties = schema["properties"].as_object().into_iter().flatten();
        fields.extend(properties.map(|(name, property)| (owner.as_str(), name.as_str(), property)));
    }
    for (id, operation) in operations(document) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let inline = parameters.filter_map(|parameter| Some((id, parameter["name"].as_str()?, &parameter["schema"])));
        fields.extend(inline);
    }
    fields
}

/// Returns the description of an operation in one line.
fn told(operation: &Value) -> String {
    operation["description"].as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_only_the_sdks_know_says_so() {
    let document = document();
    let operations = operations(&document);

    let from_the_sdks = operations.iter().filter(|(_, operation)| operation["x-source"] == "sdk");
    let from_the_sdks: Vec<&str> = from_the_sdks.map(|(id, _)| *id).collect();

    let tools: Vec<&str> =
        operations.iter().filter(|(_, operation)| operation["x-source"] == "tool").map(|(id, _)| *id).collect();
    assert_eq!((from_the_sdks.len(), tools.len()), (24, 8), "{from_the_sdks:?} {tools:?}");
    let methods = include_str!("../../src/generated/client.rs");
    let methods = methods.replace("\n    ///", "");
    assert_eq!(methods.matches("Source: the vendor's SDK").count(), from_the_sdks.len());
    assert_eq!(methods.matches("Source: the vendor's command-line tool").count(), tools.len());
}

#[test]
fn what_was_replaced_names_its_successor() {
    let document = document();
    let operations = operations(&document);
    let methods = include_str!("../../src/generated/client.rs");

    let replaced = operations.iter().filter(|(_, operation)| operation["deprecated"] == true);
    let replaced: Vec<_> = replaced.map(|(id, operation)| (*id, operation["x-replaced-by"].as_str())).collect();

    let expected = [
        ("create_checkboard_access_code", None),
        ("create_room_access_code", None),
        ("get_room_config", Some("get_scope_config")),
        ("set_room_config", Some("set_scope_config")),
    ];
    assert_eq!(replaced, expected);
    for (id, successor) in replaced {
        if let Some(successor) = successor {
            assert!(operations.contains_key(successor), "{id}");
            assert!(methods.contains(&format!("Use [`{successor}`](Self::{successor}) instead")), "{id}");
        } else {
            assert!(told(operations[id]).contains("a call that replaces it"), "{id}");
        }
    }
}

/// Ids, times and counts: strings on the pages, numbers in an official SDK.
const QUOTED: [&str; 32] = [
    "alert_id",
    "alert_rule_id",
    "alert_time",
    "create_time",
    "creator_id",
    "date",
    "department_id",
    "disable_end_time",
    "disable_start_time",
    "end_time",
    "final_leave_time",
    "first_join_time",
    "id",
    "in_meeting_duration",
    "join_time",
    "meeting_count",
    "meeting_duration",
    "meeting_end_time",
    "meeting_start_time",
    "note_id",
    "opening_hour",
    "participant_count",
    "participant_count_accumulated",
    "process_time",
    "recover_time",
    "start_ms",
    "start_time",
    "stop_ms",
    "total_meeting_count",
    "total_meeting_duration",
    "total_participant_count",
    "user_id",
];

#[test]
fn ids_times_and_counts_are_texts_in_every_call() {
    let document = document();
    let mut found = BTreeSet::new();

    for (owner, name, schema) in fields(&document) {
        // One is a duration, the other a number of hours with fractions.
        let means_something_else = schema.get("allOf").is_some()
            || schema.get("oneOf").is_some()
            || [("ApprovalConfig", "meeting_duration"), ("ReserveConfigEventApproval", "meeting_duration")]
                .contains(&(owner, name))
            || owner == "NoteTranscriptSentence";
        if QUOTED.contains(&name) && !means_something_else {
            assert_eq!(schema["type"], "string", "{owner}.{name}");
            found.insert(name);
        }
    }

    assert_eq!(found, BTreeSet::from(QUOTED));
}

#[test]
fn thirteen_lists_are_paged_and_these_are_their_largest_pages() {
    let document = document();
    let mut found = Vec::new();

    for (id, operation) in operations(&document) {
        if let Some(paging) = operation.get("x-pagination") {
            let answer = &paging["response"];
            if id != "get_unified_note_transcript" {
                assert_eq!(paging["request"], json!({"cursor": "page_token", "size": "page_size"}), "{id}");
                assert_eq!((&answer["next"], &answer["more"]), (&json!("page_token"), &json!("has_more")), "{id}");
            }
            found.push((id, answer["items"].as_str().unwrap(), paging["max_size"].as_u64().unwrap_or_default()));
        }
    }

    let expected = [
        ("get_unified_note_transcript", "transcript.structured_transcript_content.paragraphs", 0),
        ("list_alerts", "items", 200),
        ("list_bot_events", "events", 100),
        ("list_meeting_details", "meeting_list", 100),
        ("list_meetings_by_no", "meeting_briefs", 50),
        ("list_participant_details", "participants", 100),
        ("list_participant_quality", "participant_quality_list", 100),
        ("list_resource_reservations", "room_reservation_list", 100),
        ("list_room_levels", "items", 100),
        ("list_rooms", "rooms", 100),
        ("search_meetings", "items", 30),
        ("search_minutes", "items", 30),
        ("search_rooms", "rooms", 100),
    ];
    assert_eq!(found, expected);
}

#[test]
fn one_code_has_another_status_from_page_to_page() {
    let document = document();
    let table = document["x-error-codes"].as_array().unwrap();
    let usual = |code: &Value| {
        table.iter().find(|row| row["code"] == *code).and_then(|row| row["status"].as_i64()).unwrap_or_default().into()
    };
    let mut pages: BTreeMap<(i64, i64), usize> = BTreeMap::new();

    for operation in operations(&document).values() {
        for row in operation["x-error-codes"].as_array().into_iter().flatten() {
            let code = row.get("code").unwrap_or(row);
            let status = row.get("status").cloned().unwrap_or_else(|| usual(code));
            *pages.entry((code.as_i64().unwrap(), status.as_i64().unwrap())).or_default() += 1;
        }
    }

    let count = |code, status| pages.get(&(code, status)).copied().unwrap_or_default();
    assert_eq!((count(121005, 403), count(121005, 404)), (34, 16));
    assert_eq!((count(121006, 404), count(121006, 409)), (16, 1));
    assert_eq!((count(121002, 400), count(121002, 500)), (56, 1));
    assert_eq!((count(121001, 500), count(121001, 400)), (58, 0));
}
