//! Responses, in every form that the sources show.

use huiyi_tencent::types::{
    CreateMeetingResponse, Enrollment, GetMeetingsResponse, GetSmartSummaryResponse, GetWebinarResponse, Guest,
    ListCorpUsersResponse, ListEndedMeetingsResponse, ListParticipantsResponse, ListRecordsResponse,
    ListRoomAlarmsResponse, ListUsersResponse, ListWaitingRoomParticipantsResponse, ListWaitingRoomRecordsResponse,
    Meeting, MeetingState, MeetingType, Participant, PstnCall, Room, RoomScheduledStatus, SubMeeting, User, UserStatus,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{Explained as _, start};

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// Parses JSON text directly, so no number passes through `Value`.
fn read_text<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn hosts_and_participants_are_texts_or_objects() {
    let created: CreateMeetingResponse =
        read(json!({"meeting_info_list": [{"hosts": ["test1"], "participants": [{"userid": "test2"}]}]}));
    let created = &created.meeting_info_list[0];
    assert_eq!(created.hosts[0].as_str(), Some("test1"));
    assert_eq!(created.participants[0].as_value().unwrap().userid.as_deref(), Some("test2"));

    let listed: GetMeetingsResponse =
        read(json!({"meeting_info_list": [{"hosts": ["tester"]}, {"hosts": [{"userid": "tester"}]}]}));
    assert_eq!(written(&listed), r#"{"meeting_info_list":[{"hosts":["tester"]},{"hosts":[{"userid":"tester"}]}]}"#);
}

#[test]
fn seconds_are_quoted_or_bare_and_go_back_as_they_came() {
    for text in [r#"{"start_time":"1572172200"}"#, r#"{"start_time":1572172200}"#] {
        let meeting: Meeting = read_text(text);
        let part: SubMeeting = read_text(text);

        assert_eq!(meeting.start_time.as_ref().map(|time| time.as_seconds()), Some(1_572_172_200));
        assert_eq!(part.start_time.as_ref().map(|time| time.as_seconds()), Some(1_572_172_200));
        assert_eq!((written(&meeting), written(&part)), (text.to_owned(), text.to_owned()));
    }
    let ended: ListEndedMeetingsResponse =
        read(json!({"meeting_info_list": [{"start_time": 1614308400, "end_time": "1614310200"}]}));
    let ended = &ended.meeting_info_list[0];
    assert_eq!(ended.start_time.as_ref().map(|time| time.as_seconds()), Some(1_614_308_400));
    assert_eq!(ended.end_time.as_ref().map(|time| time.as_seconds()), Some(1_614_310_200));
}

#[test]
fn recordings_and_waiting_rooms_count_milliseconds() {
    let records: ListRecordsResponse = read(
        json!({"record_meetings": [{"media_start_time": 1603089930093_i64}, {"media_start_time": "1603089930093"}]}),
    );
    for record in &records.record_meetings {
        assert_eq!(record.media_start_time.as_ref().map(|time| time.as_millis()), Some(1_603_089_930_093));
    }
    let waiting: ListWaitingRoomRecordsResponse = read(json!({"participants": [{"join_time": 1603089930093_i64}]}));
    assert_eq!(waiting.participants[0].join_time.as_ref().map(|time| time.as_millis()), Some(1_603_089_930_093));
}

#[test]
fn the_booked_time_of_a_waiting_room_is_quoted_or_bare() {
    let on_the_page: ListWaitingRoomParticipantsResponse = read(json!({"schedule_start_time": "1572085800"}));
    let in_the_sdk: ListWaitingRoomParticipantsResponse = read(json!({"schedule_start_time": 1572085800}));

    for answer in [on_the_page, in_the_sdk] {
        assert_eq!(answer.schedule_start_time.map(|time| time.as_seconds()), Some(1_572_085_800));
    }
}

#[test]
fn iso_times_of_users_and_alarms_stay_text() {
    let user: User = read(json!({"entry_time": "2021-08-09T00:00:00+08:00"}));
    assert_eq!(user.entry_time.unwrap().as_str(), "2021-08-09T00:00:00+08:00");

    let alarms: ListRoomAlarmsResponse =
        read(json!({"monitor_info_list": [{"alarm_info_list": [{"create_time": "2022-04-16T06:00:25+08:00"}]}]}));
    let alarm = &alarms.monitor_info_list[0].alarm_info_list[0];
    assert_eq!(alarm.create_time.as_ref().unwrap().as_str(), "2022-04-16T06:00:25+08:00");
}

#[test]
fn ids_above_two_to_the_53rd_keep_every_digit() {
    for id in ["1318080818611111111", "18357763596888459343"] {
        let bare =
            format!(r#"{{"record_meetings":[{{"meeting_id":{id},"record_files":[{{"record_file_id":{id}}}]}}]}}"#);
        let records: ListRecordsResponse = read_text(&bare);

        let record = &records.record_meetings[0];
        assert_eq!(record.meeting_id.as_deref(), Some(id));
        assert_eq!(record.record_files[0].record_file_id.as_ref().unwrap().as_str(), id);
        assert!(written(&records).contains(&format!(r#""record_file_id":{id}"#)));
    }
}

#[test]
fn ids_are_quoted_or_bare() {
    let bare: Enrollment = read(json!({"enroll_id": 4711}));
    let quoted: Enrollment = read(json!({"enroll_id": "4711"}));
    assert_eq!((bare.enroll_id, quoted.enroll_id), (Some(4711), Some(4711)));

    let alarms: ListRoomAlarmsResponse =
        read(json!({"monitor_info_list": [{"meeting_room_id": 86523}, {"meeting_room_id": "86523"}]}));
    for room in &alarms.monitor_info_list {
        assert_eq!(room.meeting_room_id.as_ref().unwrap().get(), 86523);
    }
    let room: Room = read(json!({"meeting_room_id": 86523}));
    assert_eq!(room.meeting_room_id.as_deref(), Some("86523"));
}

#[test]
fn country_codes_and_phone_numbers_are_text_or_number() {
    for (area, number) in [(json!("86"), json!("13888888888")), (json!(86), json!(13888888888_i64))] {
        let guest: Guest = read(json!({"area": area, "phone_number": number}));
        let call: PstnCall = read(json!({"area": area, "phone": number, "phone_number": number}));

        assert_eq!(guest.area.as_ref().unwrap().as_str(), "86");
        assert_eq!(guest.phone_number.as_ref().unwrap().as_str(), "13888888888");
        assert_eq!((call.area, call.phone.as_deref()), (Some(86), Some("13888888888")));
        assert_eq!(serde_json::to_value(&guest).unwrap(), json!({"area": area, "phone_number": number}));
    }
}

#[test]
fn base64_is_kept_as_it_came_and_decoded_on_demand() {
    let page: ListParticipantsResponse =
        read(json!({"subject": "5ZGo5Lya", "participants": [{"user_name": "5byg5LiJ"}, {"user_name": "not base64!"}]}));
    let [first, second] = &page.participants[..] else { panic!() };
    assert_eq!(first.user_name.as_ref().unwrap().as_str(), "5byg5LiJ");
    assert_eq!(first.user_name.as_ref().unwrap().decode_utf8().unwrap(), "张三");
    assert!(second.user_name.as_ref().unwrap().decode_utf8().is_err());
    assert_eq!(written(&page.participants[1]), r#"{"user_name":"not base64!"}"#);
    // Some sources encode the subject, the page's example does not. The client never decodes it by itself.
    assert_eq!(page.subject.as_deref(), Some("5ZGo5Lya"));

    let summary: GetSmartSummaryResponse = read(json!({"ai_summary": "5oC757uT"}));
    assert_eq!(summary.ai_summary.unwrap().decode_utf8().unwrap(), "总结");
    let webinar: GetWebinarResponse = read(json!({"description": "5oC757uT"}));
    assert_eq!(webinar.description.unwrap().decode_utf8().unwrap(), "总结");
    let meeting: Meeting = read(json!({"time_zone": "QXNpYS9TaGFuZ2hhaQ=="}));
    assert_eq!(meeting.time_zone.as_deref(), Some("QXNpYS9TaGFuZ2hhaQ=="));
}

#[test]
fn both_numbers_of_a_rooms_cast_are_known_and_new_ones_survive() {
    let kinds: Vec<MeetingType> = read(json!([3, 4, 6, 99]));

    assert_eq!(kinds[..3], [MeetingType::RoomsCastOld, MeetingType::RoomsCast, MeetingType::Webinar]);
    assert_eq!(written(&kinds), "[3,4,6,99]");
}

#[test]
fn the_state_of_a_meeting_is_a_word_and_that_of_its_parts_a_number() {
    let meeting: Meeting = read(json!({"status": "MEETING_STATE_ENDED", "sub_meetings": [{"status": 0}]}));
    assert_eq!(meeting.status, Some(MeetingState::Ended));
    assert_eq!(meeting.sub_meetings[0].status.as_ref().and_then(|status| status.value()), Some(0));

    for word in [
        "MEETING_STATE_NULL",
        "MEETING_STATE_ABOUT_TO_START",
        "MEETING_STATE_ORDER_STARTED",
        "MEETING_STATE_OF_TOMORROW",
    ] {
        let meeting: Meeting = read(json!({"status": word}));
        assert_eq!(written(&meeting), format!(r#"{{"status":"{word}"}}"#));
    }
}

#[test]
fn a_room_reports_its_schedule_as_a_number() {
    let room: Room = read(json!({"scheduled_status": 1}));

    assert_eq!(room.scheduled_status, Some(RoomScheduledStatus::Open));
}

#[test]
fn both_spellings_of_more_sub_meetings_are_read() {
    let table: Meeting = read(json!({"has_more_sub_meeting": 1}));
    let example: Meeting = read(json!({"has_more_sub_meetings": 1}));

    assert!(table.has_more_sub_meeting.is_some() && example.has_more_sub_meetings.is_some());
}

#[test]
fn members_that_only_examples_have_are_read() {
    let meeting: Meeting = read(json!({
        "settings": {"play_ivr_on_leave": false, "only_enterprise_user_allowed": false},
        "meeting_room_info": [{"meeting_room_id": "133195"}],
        "recurring_rule": {"recurring_type": 0, "until_type": 1, "until_count": 7},
        "live_config": {"live_addr": "https://meeting.tencent.com/l/xxxx"},
    }));

    assert_eq!(meeting.settings.unwrap().play_ivr_on_leave, Some(false));
    assert_eq!(meeting.meeting_room_info[0].meeting_room_id.as_deref(), Some("133195"));
    assert_eq!(meeting.recurring_rule.unwrap().until_count, Some(7));
    assert_eq!(meeting.live_config.unwrap().live_addr.as_deref(), Some("https://meeting.tencent.com/l/xxxx"));
}

#[test]
fn participants_have_the_members_of_the_sdk() {
    let participant: Participant = read(json!({
        "open_id": "o", "ms_open_id": "m", "customer_data": "c", "is_enterprise_user": true, "webinar_member_role": 1, "join_time": "1572085800",
    }));

    assert_eq!((participant.open_id.as_deref(), participant.ms_open_id.as_deref()), (Some("o"), Some("m")));
    assert_eq!((participant.customer_data.as_deref(), participant.is_enterprise_user), (Some("c"), Some(true)));
    assert!(participant.webinar_member_role.is_some());
}

#[test]
fn a_user_is_called_userid_and_the_name_of_the_example_is_read() {
    let table: User = read(json!({"userid": "9527"}));
    let example: User = read(json!({"user_id": "9527", "status": "1"}));

    assert_eq!(table.userid.as_deref(), Some("9527"));
    assert_eq!(example.user_id.as_deref(), Some("9527"));
    assert_eq!(example.status, Some(UserStatus::from("1")));
}

#[test]
fn departments_of_a_user_are_a_list() {
    let users: ListCorpUsersResponse =
        read(json!({"users": [{"departments": [{"id": "123", "is_main": true}]}, {"departments": null}]}));

    assert_eq!(users.users[0].departments[0].id.as_deref(), Some("123"));
    assert!(users.users[1].departments.is_empty());
}

#[tokio::test]
async fn counters_may_be_quoted() {
    let (server, client) = start().await;
    server.answer("list_users", 200, r#"{"total_count":"39","current_page":"1","page_size":"20","users":null}"#);

    let page = client
        .list_users()
        .page(1)
        .page_size(20)
        .operator_id("u")
        .operator_id_type(1)
        .send()
        .await
        .ok_or_explain()
        .into_inner();

    let expected: ListUsersResponse = read(json!({"total_count": 39, "current_page": 1, "page_size": 20, "users": []}));
    assert_eq!(page, expected);
}

#[tokio::test]
async fn a_success_has_any_of_three_bodies() {
    let (server, client) = start().await;

    for body in ["{}", "", r#"{"code":0,"message":"OK"}"#] {
        server.answer("set_asr_push", 200, body);
        let request = huiyi_tencent::types::SetAsrPushRequest::new("7", true).operator_id("u").operator_id_type(1);
        client.set_asr_push(request).send().await.ok_or_explain();
    }
}
