//! The names of members in third-party events.

#[path = "../src/events/names.rs"]
mod names;

use names::in_camel_case;
use serde_json::Value;

#[test]
fn names_of_third_party_events_become_camel_case() {
    let content = r#"{"AgentId":1,"auth_corp_info":{"corp_type_v2":0,"corpid":"c"},"agent":[{"agent_name":"a"}]}"#;

    let read = in_camel_case("org_suite_auth", content.to_owned());

    assert_eq!(
        serde_json::from_str::<Value>(&read).ok(),
        Some(serde_json::json!({
            "agentId": 1, "authCorpInfo": {"corpTypeV2": 0, "corpid": "c"}, "agent": [{"agentName": "a"}],
        }))
    );
    assert_eq!(in_camel_case("meetingroom_book", content.to_owned()), content);
}
