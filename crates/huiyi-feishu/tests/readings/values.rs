//! Values of responses: one name with several meanings, examples outside their own tables, fields that only some
//! sources have.

use huiyi_feishu::parse_display_time;
use huiyi_feishu::types::{
    Alert, AlertNotifyMethod, ApprovalConfig, DailyMeetingReport, DisableInform, GetActiveMeetingResponse,
    GetMeetingResponse, GetMinuteArtifactsResponse, GetReserveConfigResponse, GetReserveFormResponse,
    GetRoomConfigResponse, JoinMeetingAsBotResponse, Meeting, MeetingBrief, MeetingDetail, MeetingParticipant,
    MeetingRelatedArtifacts, MeetingStatus, MeetingUserType, NewReserve, Note, ParticipantDetail, Recording, Reserve,
    ReserveConfigUser, ReserveExpireStatus, ReserveFormConfig, ResourceReservation, ResourceReservationCheckInDevice,
    ResourceReservationReservationStatus, ResourceReservationRoomCheckInStatus, Room, RoomConfig,
    SearchMeetingsResponse, SearchMinutesResponse, TopUser, UpdatedReserve,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client;
use crate::support::{answer, server};

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn comes_back<T: DeserializeOwned + Serialize>(value: Value) {
    assert_eq!(serde_json::to_value(read::<T>(value.clone())).unwrap(), value);
}

#[tokio::test]
async fn the_approval_is_read_under_the_name_approve_config() {
    let server = server().await;
    let approval = json!({"approval_switch": 1, "meeting_duration": 3});
    answer(&server, "get_reserve_config", json!({"approve_config": approval}));

    let config = client(&server).get_reserve_config("omm_1", "2").send().await.unwrap();

    assert_eq!(config.approve_config.meeting_duration, Some(3.0));
    let other: GetReserveConfigResponse = read(json!({"approval_config": approval}));
    assert_eq!(other.approve_config, ApprovalConfig::default());
}

#[test]
fn two_fields_of_an_alert_are_spelled_in_camel_case() {
    let json =
        json!({"alert_id": "7115030004018184212", "notifyMethods": [0, 1], "alertRule": "offline for 5 minutes"});

    let alert: Alert = read(json.clone());

    assert_eq!(alert.notify_methods.len(), 2);
    assert!(!alert.notify_methods.iter().any(|method| matches!(method, AlertNotifyMethod::Unknown(_))));
    assert_eq!(alert.alert_rule.as_deref(), Some("offline for 5 minutes"));
    assert_eq!(serde_json::to_value(&alert).unwrap(), json);
    let snake: Alert = read(json!({"notify_methods": [0], "alert_rule": "offline"}));
    assert_eq!(snake, Alert::default());
}

#[test]
fn a_status_of_zero_outside_the_table_survives() {
    let json = json!({"id": "6911188411932033028", "expire_status": 0});

    let reserve: Reserve = read(json.clone());

    let status = reserve.expire_status.clone().unwrap();
    assert!(matches!(status, ReserveExpireStatus::Unknown(_)));
    assert_eq!(status.value(), Some(0));
    assert_eq!(serde_json::to_value(&reserve).unwrap(), json);
}

#[test]
fn a_material_type_of_zero_survives_in_both_signs() {
    let sign = json!({"enable": true, "materials": [{"id": "7847784676276", "material_type": 0, "duration": 15}]});
    let json = json!({"digital_signage": sign, "room_box_digital_signage": sign});

    let config: RoomConfig = read(json.clone());

    let sign = config.room_box_digital_signage.clone().unwrap();
    assert_eq!(sign.materials.as_ref().unwrap()[0].material_type.as_ref().and_then(|kind| kind.value()), Some(0));
    assert_eq!(serde_json::to_value(&config).unwrap(), json);
}

#[test]
fn kinds_of_user_that_only_events_list_survive() {
    for kind in [8, 9, 42] {
        let json = json!({"id": "ou_1", "user_type": kind});
        let participant: MeetingParticipant = read(json.clone());

        let known = participant.user_type.as_ref().unwrap();
        assert!(matches!(known, MeetingUserType::Unknown(_)));
        assert_eq!(known.value(), Some(kind));
        assert_eq!(serde_json::to_value(&participant).unwrap(), json);
    }
}

#[test]
fn the_duration_of_a_meeting_has_four_meanings() {
    let of_a_day: DailyMeetingReport = read(json!({"meeting_duration": "147680"}));
    let of_a_user: TopUser = read(json!({"meeting_duration": "3000"}));
    let in_statistics: MeetingDetail = read(json!({"meeting_duration": "00:01:52"}));
    let of_a_limit: ApprovalConfig = read(json!({"meeting_duration": 1.5}));

    assert_eq!(of_a_day.meeting_duration.unwrap().get(), 147_680, "seconds");
    assert_eq!(of_a_user.meeting_duration.unwrap().get(), 3_000, "minutes");
    assert_eq!(in_statistics.meeting_duration.as_deref(), Some("00:01:52"), "text");
    assert_eq!(of_a_limit.meeting_duration, Some(1.5), "hours");
}

#[test]
fn hours_may_be_whole_numbers() {
    for hours in [json!(3), json!(3.0), json!("3")] {
        assert_eq!(read::<ApprovalConfig>(json!({"meeting_duration": hours})).meeting_duration, Some(3.0));
    }
}

#[test]
fn the_duration_of_a_recording_is_milliseconds_in_quotes_and_of_a_sign_a_number() {
    let recording: Recording = read(json!({"duration": "30000"}));
    let config: RoomConfig = read(json!({"digital_signage": {"materials": [{"duration": 15}]}}));

    assert_eq!(recording.duration.unwrap().get(), 30_000);
    assert_eq!(config.digital_signage.unwrap().materials.unwrap()[0].duration, Some(15));
}

#[test]
fn the_reason_for_leaving_is_a_text_for_people_in_the_statistics() {
    let person: ParticipantDetail = read(json!({"leave_reason": "主持人结束会议"}));

    assert_eq!(person.leave_reason.as_deref(), Some("主持人结束会议"));
}

#[test]
fn times_of_the_statistics_stay_text_and_can_be_read() {
    let meeting: MeetingDetail = read(json!({"meeting_start_time": "2022.12.23 11:16:59 (GMT+08:00)"}));
    let event: ResourceReservation = read(json!({"event_end_time": "2022.12.17 22:00:00 (GMT+08:00)"}));

    let start = parse_display_time(meeting.meeting_start_time.as_deref().unwrap()).unwrap();
    assert_eq!(start.as_seconds(), 1_671_765_419);
    let end = parse_display_time(event.event_end_time.as_deref().unwrap()).unwrap();
    assert_eq!(end.as_seconds(), 1_671_285_600);
}

#[test]
fn several_ids_in_one_text_are_not_taken_apart() {
    let event: ResourceReservation = read(json!({"reserver_user_id": "ou_1234567(UserID);cli_123123(BotID)"}));

    assert_eq!(event.reserver_user_id.as_deref(), Some("ou_1234567(UserID);cli_123123(BotID)"));
}

#[test]
fn the_state_of_a_reserved_room_is_a_chinese_text_of_the_page_or_another() {
    let known = json!({
        "reservation_status": "已释放（未签到被释放）", "check_in_device": "设备离线，自动签到",
        "room_check_in_status": "不可签到（会议室被禁用）",
    });
    let room: ResourceReservation = read(known.clone());

    assert_eq!(room.reservation_status, Some(ResourceReservationReservationStatus::ReleasedWithoutCheckIn));
    assert_eq!(room.check_in_device, Some(ResourceReservationCheckInDevice::AutomaticOffline));
    assert_eq!(room.room_check_in_status, Some(ResourceReservationRoomCheckInStatus::RoomDisabled));
    assert_eq!(json!(room), known);
    comes_back::<ResourceReservation>(json!({"reservation_status": "Reserved", "room_check_in_status": "已签退"}));
}

#[test]
fn counts_in_quotes_are_numbers() {
    let counts = json!({"number_of_participants": "10", "number_of_devices": "3", "number_of_webinar_viewers": "100"});
    let meeting: MeetingDetail = read(counts.clone());
    let room: ResourceReservation = read(json!({"guests_number": "10", "accepted_number": 8}));

    assert_eq!(json!(meeting), counts);
    assert_eq!(meeting.number_of_participants.unwrap().get() + meeting.number_of_devices.unwrap().get(), 13);
    assert_eq!(room.guests_number.unwrap().get() - room.accepted_number.unwrap().get(), 2);
}

#[test]
fn fields_that_the_examples_leave_out_are_read() {
    comes_back::<Meeting>(json!({"meeting_connect": true, "note_id": "7506739912413560833"}));
    comes_back::<MeetingRelatedArtifacts>(json!({"note_doc_token": "doc1", "verbatim_doc_token": "doc2"}));
    comes_back::<MeetingBrief>(json!({"url": "https://vc.feishu.cn/j/1", "meeting_connect": false, "note_id": "1"}));
    comes_back::<ReserveFormConfig>(json!({"if_cover_child_scope": true}));
    comes_back::<DisableInform>(json!({"if_cover_child_scope": false}));

    let answer: GetMeetingResponse = read(json!({"related_artifacts": {"verbatim_doc_token": "doc2"}}));
    assert_eq!(answer.related_artifacts.verbatim_doc_token.as_deref(), Some("doc2"));
    let found: SearchMinutesResponse = read(json!({"total": 2}));
    assert_eq!(found.total, Some(2));
}

#[test]
fn fields_that_an_older_sdk_lacks_are_read() {
    comes_back::<MeetingDetail>(json!({
        "ai_note": true, "has_related_document": false, "is_external": true, "meeting_instance_id": "69",
        "meeting_subtype": 3, "meeting_type": 2, "number_of_devices": "2", "number_of_webinar_viewers": "100",
        "reserved_rooms": [{"room_id": "omm_1", "room_name": "F3-07"}],
    }));
    comes_back::<ParticipantDetail>(json!({"accept_status": 1, "is_external": true, "webinar_user_role": "3"}));
    comes_back::<Meeting>(json!({"password": "971024"}));
    comes_back::<Reserve>(json!({"password": "971024", "meeting_settings": {"meeting_connect": true}}));
}

#[test]
fn fields_that_only_the_sdks_know_are_read() {
    let field = json!({"key": "k", "custom_type": 1, "title": "Why", "need_fill": true,
        "options": [{"key": "o", "is_other": true, "text": "Other"}], "conditions": [{"custom_key": "c", "option_keys": ["o"]}]});
    let form: GetReserveFormResponse = read(json!({"reserve_form_config": {"custom_list": [field]}}));
    assert_eq!(serde_json::to_value(&form.reserve_form_config.custom_list[0]).unwrap(), field);

    comes_back::<Note>(
        json!({"note_display_type": 2, "note_source": {"source_type": "meeting", "source_entity_id": "69"}}),
    );

    let found: SearchMeetingsResponse = read(json!({"notice": "older meetings are left out"}));
    assert_eq!(found.notice.as_deref(), Some("older meetings are left out"));
    let found: SearchMinutesResponse = read(json!({"notice": "older minutes are left out"}));
    assert_eq!(found.notice.as_deref(), Some("older minutes are left out"));

    let active: GetActiveMeetingResponse = read(json!({"meeting": {"note_id": "7506739912413560833"}}));
    assert_eq!(active.meeting.note_id.as_deref(), Some("7506739912413560833"));
    comes_back::<Reserve>(json!({"meeting_settings": {"password": "971024"}}));

    let todo = json!({"content": "Call", "todo_id": "1", "is_done": false, "operation": "add"});
    let artifacts: GetMinuteArtifactsResponse =
        read(json!({"keywords": ["launch"], "transcript": "..", "minute_todos": [todo]}));
    assert_eq!(artifacts.keywords, ["launch"]);
    assert_eq!(serde_json::to_value(&artifacts.minute_todos[0]).unwrap(), todo);
}

#[test]
fn what_the_sdks_share_between_answers_is_ignored_where_the_page_lacks_it() {
    let reserve: NewReserve =
        read(json!({"id": "1", "expire_status": 1, "reserve_user_id": "ou_1", "meeting_settings": {}}));
    let recording: Recording =
        read(json!({"id": "1", "meeting_id": "2", "url": "https://meetings.feishu.cn/minutes/obcn"}));

    let updated: UpdatedReserve =
        read(json!({"id": "1", "app_link": "https://applink.feishu.cn", "meeting_settings": {}}));
    let brief: MeetingBrief = read(json!({"id": "1", "status": 2, "host_user": {"id": "ou_1"}, "participants": [{}]}));
    let user: ReserveConfigUser = read(json!({"user_id": "ou_1", "user_name": "Li Si"}));
    let config: GetRoomConfigResponse = read(json!({"if_cover_child_scope": true}));

    assert_eq!(
        json!([reserve, updated, brief, user]),
        json!([{"id": "1"}, {"id": "1"}, {"id": "1"}, {"user_id": "ou_1"}])
    );
    assert!(recording.url.is_some() && json!(recording).get("meeting_id").is_none());
    assert_eq!(config, GetRoomConfigResponse::default());
}

#[test]
fn what_the_page_quotes_may_come_bare_and_the_reverse() {
    let quoted: TopUser = read(json!({"meeting_count": "27", "user_type": "1"}));
    let bare: TopUser = read(json!({"meeting_count": 27, "user_type": 1}));

    assert_eq!(quoted.meeting_count, bare.meeting_count);
    assert_eq!(quoted.user_type, bare.user_type);
    assert_eq!(read::<Room>(json!({"capacity": "20"})).capacity, Some(20));
}

#[test]
fn an_id_that_comes_bare_keeps_all_its_digits() {
    let bare: GetMeetingResponse =
        read(json!({"meeting": {"id": 6_911_188_411_932_033_028_i64, "note_id": "7506739912413560833"}}));

    assert_eq!(bare.meeting.id.as_deref(), Some("6911188411932033028"));
    assert_eq!(bare.meeting.note_id.as_deref(), Some("7506739912413560833"));
}

#[test]
fn the_id_of_a_user_whom_a_bot_joins_is_a_text() {
    let joined: JoinMeetingAsBotResponse = read(json!({"join_user": {"id": "ou_3ec3f6a28a0d08c45d895276e8e5e19b"}}));

    assert_eq!(joined.join_user.id.as_deref(), Some("ou_3ec3f6a28a0d08c45d895276e8e5e19b"));
}

#[test]
fn participants_and_status_are_inside_the_meeting_and_not_beside_it() {
    let inside: GetActiveMeetingResponse = read(json!({"meeting": {"status": 2, "participants": [{"id": "ou_1"}]}}));
    let beside: GetActiveMeetingResponse = read(json!({"meeting": {}, "status": 2, "participants": [{"id": "ou_1"}]}));

    assert_eq!((inside.meeting.status, inside.meeting.participants.len()), (Some(MeetingStatus::InProgress), 1));
    assert_eq!((beside.meeting.status, beside.meeting.participants.len()), (None, 0));
}

#[test]
fn every_field_of_an_answer_may_be_absent_or_null() {
    let nothing: GetMeetingResponse = read(json!({}));
    let nulls: GetMeetingResponse =
        read(json!({"meeting": {"participants": null, "status": null}, "related_artifacts": null}));

    assert_eq!(nothing, nulls);
}

#[tokio::test]
async fn a_success_has_any_message_and_perhaps_no_data() {
    let server = server().await;
    let client = client(&server);

    for body in
        [r#"{"code":0,"msg":"","data":{}}"#, r#"{"code":0,"msg":"ok"}"#, r#"{"code":0,"data":null}"#, r#"{"code":"0"}"#]
    {
        server.answer("delete_reserve", 200, body);
        client.delete_reserve("6911188411932033028").send().await.unwrap();

        server.answer("list_meetings_by_no", 200, body);
        let list = client.list_meetings_by_no("123456789", 1, 2).send().await.unwrap();
        assert!(list.meeting_briefs.is_empty(), "{body}");
    }
}

#[test]
fn passwords_are_read_but_not_shown() {
    let json = json!({"id": "1", "password": "971024"});
    let reserve: NewReserve = read(json.clone());

    assert_eq!(reserve.password.as_ref().map(|password| password.expose()), Some("971024"));
    assert!(!format!("{reserve:?}").contains("971024"));
    assert_eq!(serde_json::to_value(&reserve).unwrap(), json);
}
