//! Rules that hold for every field, checked in the document that the client is generated from, and the hand-written
//! tables of operations.

use std::collections::BTreeSet;

use huiyi_dingtalk::{DINGTALK, DINGTALK_INTERNATIONAL};
use serde_json::{Map, Value};

struct Document(Value);

struct Operation<'a> {
    id: &'a str,
    tag: &'a str,
    path: &'a str,
    value: &'a Value,
}

impl Operation<'_> {
    fn text(&self, key: &str) -> &str {
        self.value[key].as_str().unwrap_or_default()
    }

    fn is_from_the_sdk(&self) -> bool {
        self.text("x-source") == "sdk"
    }
}

impl Document {
    fn read() -> Self {
        Self(serde_json::from_str(include_str!("../../openapi.json")).unwrap())
    }

    fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        let methods = paths.flat_map(|(path, item)| item.as_object().unwrap().values().map(move |value| (path, value)));
        let operations = methods.filter(|(_, value)| value.get("operationId").is_some());
        operations
            .map(|(path, value)| Operation {
                id: value["operationId"].as_str().unwrap(),
                tag: value["tags"][0].as_str().unwrap(),
                path,
                value,
            })
            .collect()
    }

    fn schemas(&self) -> &Map<String, Value> {
        self.0["components"]["schemas"].as_object().unwrap()
    }

    /// Every property and parameter with the name of its schema or operation.
    fn fields(&self) -> Vec<(String, &str, &Value)> {
        let mut fields = Vec::new();
        for (schema, value) in self.schemas() {
            for (name, property) in value["properties"].as_object().into_iter().flatten() {
                fields.push((schema.clone(), name.as_str(), property));
            }
        }
        for operation in self.operations() {
            for parameter in operation.value["parameters"].as_array().into_iter().flatten() {
                fields.push((operation.id.to_owned(), parameter["name"].as_str().unwrap(), parameter));
            }
        }
        fields
    }

    fn operation_ids(&self, wanted: impl Fn(&Operation<'_>) -> bool) -> BTreeSet<&str> {
        self.operations().iter().filter(|operation| wanted(operation)).map(|operation| operation.id).collect()
    }
}

fn description(field: &Value) -> &str {
    field["description"].as_str().unwrap_or_default()
}

/// Members that hold the address book's `userid`.
const OF_THE_ADDRESS_BOOK: [(&str, &str); 3] =
    [("MeetingRoomBookingEvent", "userId"), ("AuthUserInfo", "userId"), ("A1AudioFile", "creatorUserId")];

#[test]
fn every_field_that_holds_ids_of_the_address_book_says_so() {
    let document = Document::read();

    let fields = document.fields();
    let said = fields.iter().filter(|(owner, name, field)| {
        OF_THE_ADDRESS_BOOK.contains(&(owner.as_str(), *name)) && description(field).contains("userid (address book)")
    });

    assert_eq!(said.count(), OF_THE_ADDRESS_BOOK.len());
}

#[test]
fn every_field_that_holds_union_ids_says_so() {
    let document = Document::read();
    let holds_union_ids = |name: &str| {
        let lower = name.to_lowercase();
        ["unionid", "unionids", "unionidlist", "userid", "userids", "creatorid"].iter().any(|end| lower.ends_with(end))
    };

    let fields = document.fields();
    let (said, silent): (Vec<_>, Vec<_>) = fields
        .iter()
        .filter(|(owner, name, _)| holds_union_ids(name) && !OF_THE_ADDRESS_BOOK.contains(&(owner.as_str(), *name)))
        .partition(|(_, _, field)| description(field).contains("unionId"));

    assert!(silent.is_empty(), "{silent:?}");
    assert!(said.len() > 60, "only {} fields were found", said.len());
}

#[test]
fn times_are_milliseconds_since_1970_or_count_from_a_start() {
    let document = Document::read();

    let mut times = 0;
    for (owner, name, field) in document.fields() {
        let format = field.get("format").or_else(|| field["schema"].get("format")).and_then(Value::as_str);
        assert_ne!(format, Some("unix-seconds"), "{owner}.{name}");
        let is_a_text = owner == "MeetingRoomBookingEvent" && description(field).contains("as text, such as");
        if name.ends_with("Time") && !name.ends_with("TripTime") && !is_a_text {
            let counts_from_a_start = description(field).contains("from the start of");
            assert!(format == Some("unix-millis") || counts_from_a_start, "{owner}.{name}");
            assert!(description(field).contains("milliseconds"), "{owner}.{name}");
            times += 1;
        }
    }
    assert!(times > 30);
}

#[test]
fn nothing_is_required_of_what_is_received() {
    let document = Document::read();

    let sent: Vec<&String> = document.schemas().keys().filter(|name| name.ends_with("Request")).collect();
    let mut waiting: Vec<&Value> =
        document.operations().iter().map(|operation| &operation.value["responses"]["200"]).collect();
    let mut seen = BTreeSet::new();
    while let Some(value) = waiting.pop() {
        if let Some(name) = value["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
            assert!(!sent.iter().any(|request| *request == name));
            if seen.insert(name) {
                let schema = &document.schemas()[name];
                assert_eq!(schema.get("required"), None, "{name}");
                waiting.push(schema);
            }
        }
        match value {
            Value::Object(members) => waiting.extend(members.values()),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    assert!(seen.len() > 60);
}

#[test]
fn path_parameters_are_required_and_none_is_called_access_token() {
    for operation in Document::read().operations() {
        for parameter in operation.value["parameters"].as_array().into_iter().flatten() {
            let is_in_path = parameter["in"] == "path";
            assert!(!is_in_path || parameter["required"] == true, "{}", operation.id);
            assert_ne!(parameter["name"], "access_token", "{}", operation.id);
        }
    }
}

#[test]
fn what_can_be_set_when_booking_and_not_afterwards_is_as_the_pages_have_it() {
    let document = Document::read();
    let names = |schema: &str| -> BTreeSet<String> {
        document.schemas()[schema]["properties"].as_object().unwrap().keys().cloned().collect()
    };

    let only_when_booking = &names("AiMinutesSettings") - &names("AiMinutesSettingsUpdate");
    let never_returned = &names("ScheduleSettings") - &names("ScheduleSettingsInfo");
    let never_returned_inside = &names("ScheduleExtraSettings") - &names("ScheduleExtraSettingsInfo");
    let only_returned = &names("ScheduleExtensionAppInfo") - &names("ScheduleExtensionApp");

    assert_eq!(only_when_booking, BTreeSet::from(["allowParticipantShowAiAgentRecord".to_owned()]));
    let groups = ["aiAgentSummarySetting", "moziConfOpenRecordSetting"].map(str::to_owned);
    assert_eq!(never_returned, BTreeSet::from(groups));
    for group in ["pushMinutesCard", "minutesOwnerUnionId", "cloudRecordOwnerUnionId", "minutesSummaryTemplateId"] {
        assert!(never_returned_inside.contains(group), "{group}");
    }
    assert_eq!(only_returned, BTreeSet::from(["clientId".to_owned()]));
}

#[test]
fn whether_a_stream_needs_the_host_means_what_its_name_says() {
    let document = Document::read();

    let property = &document.schemas()["StartStreamOutRequest"]["properties"]["needHostJoin"];

    assert!(description(property).starts_with("Whether streaming is allowed only after the host has joined."));
    assert_eq!(property["type"], "boolean");
}

#[test]
fn fourteen_lists_are_paged_and_the_others_are_not() {
    let paged = [
        "list_cloud_record_texts",
        "list_created_minutes",
        "list_history_conferences",
        "list_member_statistics",
        "list_members",
        "list_minutes_attachments",
        "list_minutes_paragraphs",
        "list_minutes_texts",
        "list_org_conferences",
        "list_org_minutes_templates",
        "list_room_code_conferences",
        "list_schedule_conference_history",
        "list_shared_minutes",
        "search_org_minutes",
    ];

    let document = Document::read();
    let found = document.operation_ids(|operation| operation.value.get("x-pagination").is_some());

    assert_eq!(found, BTreeSet::from(paged));
}

#[test]
fn the_two_hosts_are_those_of_the_document_and_live_streams_are_only_in_china() {
    let document = Document::read();

    let servers = document.0["servers"].as_array().unwrap().iter().map(|server| server["url"].as_str().unwrap());
    assert_eq!(servers.collect::<Vec<_>>(), [DINGTALK, DINGTALK_INTERNATIONAL]);
    let warning = "not published for the international host `api.dingtalk.io`";
    let warned = document.operation_ids(|operation| operation.text("description").contains(warning));
    assert_eq!(warned, BTreeSet::from(["start_stream_out", "stop_stream_out"]));
    for operation in document.operations() {
        assert_eq!(operation.path.contains("/streamOuts/"), warned.contains(operation.id));
    }
}

#[test]
fn thirty_three_operations_have_a_page_and_sixty_two_are_from_the_sdk() {
    let document = Document::read();

    let for_tokens = |operation: &Operation<'_>| operation.tag == "auth";
    let from_the_sdk = document.operation_ids(|operation| operation.is_from_the_sdk());
    let with_a_page = document.operation_ids(|operation| !for_tokens(operation) && !operation.is_from_the_sdk());

    assert_eq!((with_a_page.len(), from_the_sdk.len()), (33, 62));
    for operation in document.operations() {
        let text = operation.text("description").split_whitespace().collect::<Vec<_>>().join(" ");
        let sources =
            ["the official SDK of August 2026", "the official SDKs of August 2026", "the official Python SDK of 2026"];
        let says_so = sources.iter().any(|source| text.contains(&format!("Known from {source} only")));
        assert_eq!(says_so, operation.is_from_the_sdk(), "{}", operation.id);
    }
}
