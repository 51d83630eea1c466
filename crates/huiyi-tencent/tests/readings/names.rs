//! Names and types that differ between the sources.

use huiyi_tencent::Client;
use huiyi_tencent::types::{
    AdvancedLayoutPageUpdate, CallRoomRequest, CancelRoomCallRequest, CreateMeetingRequest, CurrentMeetingSettings,
    GetRoomCallRequest, GetRoomConfigRequest, InstanceId, MeetingSettings, OperatorIdType, SetRealTimeAsrRequest,
    UpdateRoomConfigRequest, UpdateRoomRequest,
};
use serde_json::{Value, json, to_value};

use crate::support::{Explained as _, body, last, pairs, query, start};

fn path(operation: &str) -> (&'static str, &'static str) {
    let operation = Client::operations().iter().find(|known| known.id == operation).unwrap();
    (operation.method, operation.path)
}

#[test]
fn six_requests_say_instance_id_and_the_others_instanceid() {
    let by = OperatorIdType::Userid;
    let with_underscore: [Value; 5] = [
        to_value(
            SetRealTimeAsrRequest::new(true).operator_id("u").operator_id_type(by.clone()).instance_id(InstanceId::Pc),
        )
        .unwrap(),
        to_value(UpdateRoomRequest::new("1").operator_id("u").operator_id_type(by.clone()).instance_id(InstanceId::Pc))
            .unwrap(),
        to_value(
            CancelRoomCallRequest::new("1", "2")
                .operator_id("u")
                .operator_id_type(by.clone())
                .instance_id(InstanceId::Pc),
        )
        .unwrap(),
        to_value(
            GetRoomCallRequest::new("1").operator_id("u").operator_id_type(by.clone()).instance_id(InstanceId::Pc),
        )
        .unwrap(),
        to_value(
            GetRoomConfigRequest::new("1").operator_id("u").operator_id_type(by.clone()).instance_id(InstanceId::Pc),
        )
        .unwrap(),
    ];
    let sixth =
        to_value(UpdateRoomConfigRequest::new("1").operator_id("u").operator_id_type(by).instance_id(InstanceId::Pc))
            .unwrap();

    for request in with_underscore.iter().chain([&sixth]) {
        assert_eq!((&request["instance_id"], request.get("instanceid")), (&json!(1), None));
    }
    let meeting = to_value(CreateMeetingRequest::new("u", "s", 0, 1, 2).instanceid(InstanceId::Pc)).unwrap();
    assert_eq!((&meeting["instanceid"], meeting.get("instance_id")), (&json!(1), None));
}

#[test]
fn newer_devices_are_known_and_others_survive() {
    let devices: Vec<InstanceId> = serde_json::from_value(json!([12, 81, 82, 83, 84, 86, 4711])).unwrap();

    assert!(devices[..6].iter().all(|device| !matches!(device, InstanceId::Unknown(_))));
    assert_eq!(to_value(&devices).unwrap(), json!([12, 81, 82, 83, 84, 86, 4711]));
}

#[test]
fn the_operator_of_a_room_call_takes_a_meeting_id_as_number_or_text() {
    let as_text = to_value(CallRoomRequest::new("18357763596888459343").operator_id("u").operator_id_type(1)).unwrap();
    let as_number =
        to_value(CallRoomRequest::new(7_567_173_273_889_276_131_i64).operator_id("u").operator_id_type(1)).unwrap();

    assert_eq!(as_text["meeting_id"], json!("18357763596888459343"));
    assert_eq!(as_number["meeting_id"].to_string(), "7567173273889276131");
}

#[test]
fn paths_are_those_of_the_examples_where_the_tables_slip() {
    assert_eq!(path("export_call_details"), ("GET", "/v1/meeting/phone/call-detail"));
    assert_eq!(path("update_webinar"), ("PUT", "/v1/webinars/{meeting_id}"));
    assert_eq!(path("list_departments"), ("GET", "/v1/departments"));
    assert_eq!(path("set_real_time_asr"), ("PUT", "/v1/real-control/meetings/{meeting_id}/asr"));
    assert_eq!(path("get_push_stream_info"), ("GET", "/v1/meetings/{meeting_id}/live-play/push-stream-info"));
    assert_eq!(path("update_live_config"), ("PUT", "/v1/meetings/{meeting_id}/live_play/config"));
    assert!(
        Client::operations()
            .iter()
            .all(|operation| !operation.path.contains("//") && !operation.path.contains("/v1/v1"))
    );
}

#[test]
fn singular_and_plural_paths_are_both_real() {
    assert_eq!(path("list_callouts").1, "/v1/meeting/{meeting_id}/phone/callout");
    assert_eq!(path("list_waiting_room_records").1, "/v1/meeting/{meeting_id}/waiting-room");
    assert_eq!(path("list_waiting_room_participants").1, "/v1/meetings/{meeting_id}/waiting-room-participants");
}

#[test]
fn calls_by_meeting_number_of_2021_are_there() {
    assert_eq!(path("list_guests_by_code"), ("GET", "/v1/guests"));
    assert_eq!(path("set_guests_by_code"), ("PUT", "/v1/guests"));
    assert_eq!(path("update_live_config_by_code"), ("PUT", "/v1/meetings/live_play/config"));
    assert_eq!(path("list_live_replays_by_code"), ("GET", "/v1/meetings/live_play/replays"));
}

#[tokio::test]
async fn a_role_is_deleted_by_operator_userid() {
    let (server, client) = start().await;

    client.delete_role("admin", "ROLE").send().await.ok_or_explain();

    assert_eq!(query(&server, "delete_role"), pairs([("operator_userid", "admin"), ("role_code", "ROLE")]));
}

#[test]
fn misspelt_names_of_the_wire_stay_misspelt() {
    let info: huiyi_tencent::types::LivePushInfo = serde_json::from_value(json!({"enable_push_addres": true})).unwrap();

    assert_eq!(info.enable_push_addres, Some(true));
}

#[test]
fn layouts_poll_by_interval_unit_and_ignore_absence_by_boolean() {
    let page = json!({"polling_interval_unit": 1, "ignore_user_absence": true});

    let page: AdvancedLayoutPageUpdate = serde_json::from_value(with_layout(page)).unwrap();

    let sent = to_value(&page).unwrap().to_string();
    assert!(sent.contains("\"polling_interval_unit\":1") && sent.contains("\"ignore_user_absence\":true"), "{sent}");
}

/// Builds a layout. The sources put these settings into the page or into its polling setting; the request keeps the
/// members that its type has.
fn with_layout(polling: Value) -> Value {
    json!({
        "layout_template_id": "1",
        "enable_polling": true,
        "polling_setting": polling,
        "user_seat_list": [],
    })
}

#[test]
fn members_only_is_only_enterprise_user_allowed_and_the_name_of_2021_is_read() {
    let sent = to_value(MeetingSettings::new().only_enterprise_user_allowed(true)).unwrap();
    let received: CurrentMeetingSettings =
        serde_json::from_value(json!({"only_allow_enterprise_user_join": true})).unwrap();

    assert_eq!(sent, json!({"only_enterprise_user_allowed": true}));
    assert_eq!(received.only_allow_enterprise_user_join, Some(true));
}

#[tokio::test]
async fn the_time_zone_is_called_time_zone() {
    let (server, client) = start().await;

    let meeting = CreateMeetingRequest::new("tester", "周会", 0, 1_572_172_200, 1_572_175_800)
        .instanceid(InstanceId::Pc)
        .time_zone("Asia/Shanghai");
    client.create_meeting(meeting).send().await.ok_or_explain();

    assert_eq!(body(&server, "create_meeting")["time_zone"], "Asia/Shanghai");
    assert_eq!(body(&server, "create_meeting").get("timezone"), None);
}

#[tokio::test]
async fn parameters_of_a_get_travel_in_the_query_whatever_the_example_shows() {
    let (server, client) = start().await;

    let request = client.list_callouts("7").operator_id("u").operator_id_type(1).page(1).page_size(20);
    request.send().await.ok_or_explain();
    let request = client.get_push_stream_info("7").operator_id("u").operator_id_type(1).instanceid(1);
    request.send().await.ok_or_explain();

    let expected = pairs([("operator_id", "u"), ("operator_id_type", "1"), ("page", "1"), ("page_size", "20")]);
    assert_eq!(query(&server, "list_callouts"), expected);
    for operation in ["list_callouts", "get_push_stream_info"] {
        assert!(last(&server, operation).body.is_empty());
    }
}

#[test]
fn the_operator_of_a_poll_is_a_number_as_everywhere() {
    use huiyi_tencent::types::{CreatePollThemeRequest, PollQuestion};

    let none: [PollQuestion; 0] = [];
    let request = to_value(
        CreatePollThemeRequest::new("t", none)
            .operator_id("u")
            .operator_id_type(OperatorIdType::MsOpenId)
            .instanceid(1),
    )
    .unwrap();

    assert_eq!(request["operator_id_type"], 4);
}

#[tokio::test]
async fn a_poll_is_deleted_by_the_query_and_access_to_a_recording_by_a_body() {
    let (server, client) = start().await;

    let request = client.delete_poll("7").operator_id("u").operator_id_type(1).instanceid(1);
    request.poll_theme_id("t").send().await.ok_or_explain();
    let members = [huiyi_tencent::types::RecordAccessTarget::new(1, "user1")];
    let access =
        huiyi_tencent::types::RemoveRecordAccessMembersRequest::new(members).operator_id("u").operator_id_type(1);
    client.remove_record_access_members("8", access).send().await.ok_or_explain();

    assert_eq!(last(&server, "delete_poll").query_value("poll_theme_id").as_deref(), Some("t"));
    assert!(last(&server, "delete_poll").body.is_empty());
    let expected = json!({"operator_id": "u", "operator_id_type": 1, "access_members": [{"to_operator_id_type": 1, "to_operator_id": "user1"}]});
    assert_eq!(last(&server, "remove_record_access_members").method, "DELETE");
    assert_eq!(body(&server, "remove_record_access_members"), expected);
}

#[test]
fn calls_that_learned_oauth_after_2021_accept_it() {
    let widened = [
        "get_record_metrics",
        "set_cohost",
        "set_document_upload_permission",
        "kick_out_participants",
        "mute_participant",
        "stop_screen_share",
        "update_meeting_status",
        "set_participant_video",
        "control_waiting_room",
        "list_record_events",
        "update_record_settings",
    ];
    for id in widened {
        let operation = Client::operations().iter().find(|operation| operation.id == id).unwrap();
        assert_eq!(operation.tokens, ["aksk", "oauth"], "{id}");
    }
}

#[test]
fn descriptions_hold_no_escapes_of_the_sdk() {
    let document = include_str!("../../openapi.json");

    for escape in ["&lt;", "&gt;", "&amp;", "&quot;", "&#"] {
        assert!(!document.contains(escape), "{escape}");
    }
}

#[test]
fn swapped_descriptions_of_counters_do_not_change_their_names() {
    let page = json!({"total_count": 9, "curr_size": 2, "curr_page": 3, "total_page": 5, "download_url": []});
    let page: huiyi_tencent::types::ExportAsrTranscriptResponse = serde_json::from_value(page).unwrap();
    assert_eq!((page.curr_size, page.curr_page, page.total_page), (Some(2), Some(3), Some(5)));

    let page = json!({"current_size": 2, "current_page": 3, "total_count": 9, "total_page": 5});
    let page: huiyi_tencent::types::ListCalloutsResponse = serde_json::from_value(page).unwrap();
    assert_eq!((page.current_size, page.current_page, page.total_page), (Some(2), Some(3), Some(5)));
}
