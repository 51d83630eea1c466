//! Bodies: types and names that differ between pages, operations without a body, empty lists.

use huiyi_feishu::types::{
    ApplyReserveRequest, ApprovalCondition, ApprovalConfig, DisableInformUpdate, ReserveActionPermission,
    ReserveAdminConfigUpdate, ReserveAssignedHost, ReserveConfigDepartment, ReserveConfigUser, ReserveFormConfigUpdate,
    ReserveFormField, ReserveMeetingSettings, ReserveMeetingSettingsUpdate, ReserveScopeConfigUpdate, ReserveScopeType,
    RoomDevice, ScopeType, SearchMinutesRequest, SetScopeConfigRequest, StartRecordingRequest, SwitchState,
    UpdateDisableInformRequest, UpdateReserveAdminRequest, UpdateReserveConfigRequest, UpdateReserveFormRequest,
    UpdateReserveRequest, UpdateRoomRequest,
};
use serde_json::{Value, json};

use super::document::document;
use super::{body, client, user};
use crate::support::{sent, server};

const ROOM: &str = "omm_4de32cf10a4358788ff4e09e37ebbf9b";
const MEETING: &str = "6911188411932033028";

#[tokio::test]
async fn the_scope_type_is_a_number_except_in_the_reserve_limits() {
    let server = server().await;
    let client = client(&server);

    let config = SetScopeConfigRequest::new(ScopeType::Room, ROOM);
    client.set_scope_config(config).send().await.unwrap();
    let limits = UpdateReserveConfigRequest::new(ReserveScopeType::Room);
    client.update_reserve_config(ROOM, limits).send().await.unwrap();
    let form = UpdateReserveFormRequest::new(ScopeType::Room, ReserveFormConfigUpdate::new(false));
    client.update_reserve_form(ROOM, form).send().await.unwrap();
    let admins = UpdateReserveAdminRequest::new(ScopeType::Room, ReserveAdminConfigUpdate::new());
    client.update_reserve_admin(ROOM, admins).send().await.unwrap();
    let inform = UpdateDisableInformRequest::new(ScopeType::Room, DisableInformUpdate::new(false));
    client.update_disable_inform(ROOM, inform).send().await.unwrap();

    for operation in ["set_scope_config", "update_reserve_form", "update_reserve_admin", "update_disable_inform"] {
        assert_eq!(body(&server, operation)["scope_type"], json!(2), "{operation}");
    }
    assert_eq!(body(&server, "update_reserve_config"), json!({"scope_type": "2"}));
}

#[tokio::test]
async fn the_approval_is_written_under_another_name_than_it_is_read() {
    let server = server().await;
    let approval = ApprovalConfig::new()
        .approval_switch(SwitchState::On)
        .approval_condition(ApprovalCondition::LongReservations)
        .meeting_duration(1.5);

    let limits = UpdateReserveConfigRequest::new(ReserveScopeType::Room).approval_config(approval);
    client(&server).update_reserve_config(ROOM, limits).send().await.unwrap();

    let sent = body(&server, "update_reserve_config");
    assert_eq!(
        sent["approval_config"],
        json!({"approval_switch": 1, "approval_condition": 1, "meeting_duration": 1.5})
    );
    assert!(sent.get("approve_config").is_none());
}

#[tokio::test]
async fn approvers_are_objects_although_the_example_of_the_field_is_no_json() {
    let server = server().await;
    let approval = ApprovalConfig::new().approvers([ReserveConfigUser::new("ou_1")]);

    let limits = UpdateReserveConfigRequest::new(ReserveScopeType::Room).approval_config(approval);
    client(&server).update_reserve_config(ROOM, limits).send().await.unwrap();

    assert_eq!(body(&server, "update_reserve_config")["approval_config"], json!({"approvers": [{"user_id": "ou_1"}]}));
}

#[tokio::test]
async fn fields_that_only_the_sdks_know_are_sent() {
    let server = server().await;
    let user = user(&server).await;

    let form = ReserveFormConfigUpdate::new(true).custom_list([ReserveFormField::new().key("k").custom_type(1)]);
    let update = UpdateReserveFormRequest::new(ScopeType::Room, form);
    client(&server).update_reserve_form(ROOM, update).send().await.unwrap();
    user.search_minutes().body(SearchMinutesRequest::new().sorter("create_time_desc")).send().await.unwrap();

    let form = &body(&server, "update_reserve_form")["reserve_form_config"];
    assert_eq!(form["custom_list"], json!([{"key": "k", "custom_type": 1}]));
    assert_eq!(body(&server, "search_minutes"), json!({"sorter": "create_time_desc"}));
}

#[tokio::test]
async fn a_recording_starts_with_an_empty_object_or_with_a_time_zone() {
    let server = server().await;
    let user = user(&server).await;

    user.start_recording(MEETING).send().await.unwrap();
    user.start_recording(MEETING).body(StartRecordingRequest::new().timezone(8)).send().await.unwrap();

    let bodies: Vec<Option<Value>> = server.calls("start_recording").iter().map(|call| call.json()).collect();
    assert_eq!(bodies, [Some(json!({})), Some(json!({"timezone": 8}))]);
}

#[tokio::test]
async fn calls_without_a_body_on_their_page_send_none() {
    let server = server().await;
    let (client, user) = (client(&server), user(&server).await);

    client.delete_reserve(MEETING).send().await.unwrap();
    client.delete_room(ROOM).send().await.unwrap();
    user.end_meeting(MEETING).send().await.unwrap();
    user.stop_recording(MEETING).send().await.unwrap();

    for operation in ["delete_reserve", "delete_room", "end_meeting", "stop_recording"] {
        let call = sent(&server, operation);
        assert_eq!(call.body, b"", "{operation}");
        assert_eq!(call.header("content-type"), None, "{operation}");
    }
}

#[tokio::test]
async fn what_is_required_only_sometimes_is_left_to_the_caller() {
    let server = server().await;

    let order = ApplyReserveRequest::new(ReserveMeetingSettings::new().topic("Weekly"));
    client(&server).apply_reserve(order).send().await.unwrap();

    assert_eq!(body(&server, "apply_reserve"), json!({"meeting_settings": {"topic": "Weekly"}}));
}

#[tokio::test]
async fn an_empty_password_is_sent_and_means_none() {
    let server = server().await;

    let order = ApplyReserveRequest::new(ReserveMeetingSettings::new().password("")).end_time(1_608_888_867);
    client(&server).apply_reserve(order).send().await.unwrap();

    let expected = json!({"meeting_settings": {"password": ""}, "end_time": "1608888867"});
    assert_eq!(body(&server, "apply_reserve"), expected);
}

#[tokio::test]
async fn an_update_of_a_reservation_can_empty_its_lists() {
    let server = server().await;

    let settings = ReserveMeetingSettingsUpdate::new()
        .assign_host_list(Vec::<ReserveAssignedHost>::new())
        .action_permissions(Vec::<ReserveActionPermission>::new());
    let change = UpdateReserveRequest::new().meeting_settings(settings);
    client(&server).update_reserve(MEETING).body(change).send().await.unwrap();

    let expected = json!({"meeting_settings": {"assign_host_list": [], "action_permissions": []}});
    assert_eq!(body(&server, "update_reserve"), expected);
}

#[tokio::test]
async fn an_update_of_a_room_can_take_its_devices_away() {
    let server = server().await;

    let change = UpdateRoomRequest::new().device(Vec::<RoomDevice>::new());
    client(&server).update_room(ROOM).body(change).send().await.unwrap();

    assert_eq!(body(&server, "update_room"), json!({"device": []}));
}

#[test]
fn updates_of_reserve_settings_tell_an_empty_list_from_none() {
    let (users, departments) = (Vec::<ReserveConfigUser>::new, Vec::<ReserveConfigDepartment>::new);

    let scope = ReserveScopeConfigUpdate::new();
    assert_eq!(json!(scope), json!({}));
    let scope = scope.allow_users(users()).allow_depts(departments());
    assert_eq!(json!(scope), json!({"allow_users": [], "allow_depts": []}));

    let form = ReserveFormConfigUpdate::new(true);
    assert_eq!(json!(form), json!({"reserve_form": true}));
    let form = form.notified_users(users()).custom_list(Vec::<ReserveFormField>::new());
    assert_eq!(json!(form), json!({"reserve_form": true, "notified_users": [], "custom_list": []}));

    let admins = ReserveAdminConfigUpdate::new();
    assert_eq!(json!(admins), json!({}));
    let admins = admins.users(users()).depts(departments());
    assert_eq!(json!(admins), json!({"users": [], "depts": []}));

    let inform = DisableInformUpdate::new(true);
    assert_eq!(json!(inform), json!({"if_inform": true}));
    let inform = inform.informed_users(users()).informed_depts(departments());
    assert_eq!(json!(inform), json!({"if_inform": true, "informed_users": [], "informed_depts": []}));
}

#[test]
fn requests_have_no_fields_that_only_answers_carry() {
    let document = document();

    for (request, fields) in [
        ("CreateRoomRequest", &["room_id", "display_id", "path"][..]),
        ("UpdateRoomRequest", &["room_id", "display_id", "path"]),
        ("CreateRoomLevelRequest", &["room_level_id", "path", "has_child"]),
        ("UpdateRoomLevelRequest", &["room_level_id", "path", "has_child"]),
        ("ReserveConfigUser", &["user_name"]),
        ("ReserveConfigDepartment", &["department_name"]),
        ("SetRoomConfigRequest", &["if_cover_child_scope"]),
        ("LegacyRoomConfig", &["if_cover_child_scope"]),
        ("LegacyRoomStatus", &["schedule_status"]),
    ] {
        let properties = document["components"]["schemas"][request]["properties"].as_object().unwrap();
        for field in fields {
            assert!(!properties.contains_key(*field), "{request} {field}");
        }
    }
}
