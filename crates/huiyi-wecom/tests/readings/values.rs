//! Values that pages list differently, units, and encodings.

use huiyi_wecom::types::{
    AdmissionType, AttendanceStatus, AttendeeRole, CreateMeetingRequest, DeviceType, EnrollSpecialType, Enrollment,
    EnrollmentImport, GetMeetingInfoRequest, GetMeetingInfoResponse, GetRoomInfoRequest, GetWebinarResponse, GridUser,
    LayoutSeat, ListAttendeesRequest, ListCalloutStatusRequest, MeetingType, MraRole, OneTwoFlag, Poll, PollStatus,
    RecordingFile, RecordingSharingConfig, ReminderSettings, RepeatType, RoomMeetingStatus, RoomMeetingType,
    RoomResponseStatus, SetEnrollConfigRequest, SubMeetingStatus, WaitingRoomVisit, WebinarEnrollSpecialType,
    WebinarEnrollment, WebinarStatus,
};
use huiyi_wecom::wire::{Base64Text, Secret, UnixMillis, UnixSeconds, UnixSecondsText};
use serde_json::{Value, json};

use crate::support::{MEETING, WeCom, document, json_of};

#[tokio::test]
async fn states_of_attendees_that_only_the_examples_have_survive() {
    let wecom = WeCom::start().await;
    let users = json!([{"status": 3}, {"status": 4}]);
    wecom.answers("get_meeting_info", json!({"attendees": {"tmp_external_user": users}}));

    let request = GetMeetingInfoRequest::new().meetingid(MEETING);
    let meeting = wecom.client.get_meeting_info().body(request).send().await.unwrap();

    let states = meeting.attendees.tmp_external_user.iter().map(|user| user.status.as_ref().unwrap().value());
    assert_eq!(states.collect::<Vec<_>>(), [Some(3), Some(4)]);
    assert_eq!(json_of(&meeting.attendees.tmp_external_user), users);
    assert!(!matches!(meeting.attendees.tmp_external_user[0].status, Some(AttendanceStatus::Attended)));
}

#[tokio::test]
async fn unknown_values_of_numbers_and_texts_survive() {
    let wecom = WeCom::start().await;
    let attendee = json!({"instance_id": 4711, "role": 8, "join_type": -1});
    wecom.answers("list_attendees", json!({"attendees": [attendee]}));

    let answer = wecom.client.list_attendees(ListAttendeesRequest::new(MEETING)).send().await.unwrap();
    let webinar: GetWebinarResponse = serde_json::from_value(json!({"status": "MEETING_STATE_NEW"})).unwrap();

    let device = answer.attendees[0].instance_id.as_ref().unwrap();
    assert!(matches!(device, DeviceType::Unknown(_)));
    assert_eq!((device.value(), json_of(&answer.attendees[0].role)), (Some(4711), json!(8)));
    assert_eq!(webinar.status.unwrap().as_str(), "MEETING_STATE_NEW");
}

#[test]
fn a_repeat_type_of_one_is_weekly() {
    assert_eq!(json_of(&ReminderSettings::new().repeat_type(RepeatType::Weekly))["repeat_type"], 1);
    assert_eq!(RepeatType::from(1), RepeatType::Weekly);
    assert_eq!(RepeatType::from(7), RepeatType::Workdays);
}

#[test]
fn allowing_external_users_is_documented_per_operation() {
    let schemas = &document()["components"]["schemas"];
    let text = |schema: &str| {
        let property = &schemas[schema]["properties"]["allow_external_user"];
        property["description"].as_str().unwrap().to_owned()
    };

    for schema in ["CreateMeetingSettings", "UpdateMeetingSettings", "MeetingSettings", "CreateWebinarMediaSetting"] {
        assert!(text(schema).contains("true lets everybody in"), "{schema}: {}", text(schema));
    }
    for schema in ["SetInMeetingSettingsRequest", "UpdateWebinarMediaSetting", "WebinarMediaSetting"] {
        let opposite =
            "Despite its name, whether only members of the corporation may join: true keeps everybody else away";
        assert!(text(schema).starts_with(opposite), "{schema}: {}", text(schema));
    }
}

#[test]
fn casting_to_a_room_is_three_in_a_meeting_and_four_in_a_room() {
    assert_eq!(MeetingType::RoomsCast.value(), Some(3));
    assert_eq!(RoomMeetingType::RoomsCast.value(), Some(4));
}

#[test]
fn the_state_of_a_meeting_is_a_number_of_a_rooms_meeting_and_a_webinar_a_text() {
    let meeting: GetMeetingInfoResponse =
        serde_json::from_value(json!({"status": 2, "sub_meetings": [{"status": 0}, {"status": 1}]})).unwrap();
    let occurrences = meeting.sub_meetings.iter().map(|occurrence| occurrence.status.clone().unwrap());

    assert_eq!(json_of(&meeting.status), 2);
    assert_eq!(occurrences.collect::<Vec<_>>(), [SubMeetingStatus::Existing, SubMeetingStatus::Deleted]);
    assert_eq!(RoomMeetingStatus::from("MEETING_STATE_NULL"), RoomMeetingStatus::Stateless);
    assert_eq!(WebinarStatus::from("MEETING_STATE_ABOUT_TO_START"), WebinarStatus::AboutToStart);
    assert!(matches!(RoomMeetingStatus::from("MEETING_STATE_ABOUT_TO_START"), RoomMeetingStatus::Unknown(_)));
}

#[test]
fn all_devices_are_known_wherever_a_page_lists_some() {
    let listed = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 21, 22, 30, 32, 33, 81, 82, 83, 84];

    let unknown = listed.into_iter().filter(|value| matches!(DeviceType::from(*value), DeviceType::Unknown(_)));
    assert_eq!(unknown.count(), 0);
}

#[test]
fn a_poll_has_three_states_and_role_four_two_meanings() {
    let poll: Poll = serde_json::from_value(json!({"status": 0})).unwrap();

    assert_eq!(poll.status, Some(PollStatus::NotStarted));
    assert_eq!(AttendeeRole::from(4), AttendeeRole::Visitor);
    assert_eq!(MraRole::from(4), MraRole::MiniProgram);
}

#[test]
fn a_called_room_has_seven_states_of_which_events_know_four() {
    let unknown = (0..=6).filter(|value| matches!(RoomResponseStatus::from(*value), RoomResponseStatus::Unknown(_)));

    assert_eq!(unknown.count(), 0);
    assert_eq!(RoomResponseStatus::from(7).value(), Some(7));
}

#[test]
fn who_is_rung_by_default_is_told_per_operation() {
    let schemas = &document()["components"]["schemas"];
    let text = |schema: &str| schemas[schema]["properties"]["remind_scope"]["description"].as_str().unwrap().to_owned();

    assert!(text("CreateMeetingSettings").ends_with("By default the hosts only."));
    let both = "all members on the basic page and the hosts only on the advanced page";
    assert!(text("UpdateMeetingSettings").contains(both));
    assert!(!text("MeetingSettings").contains("default"));
}

#[test]
fn the_operator_of_a_poll_is_an_openid_despite_the_name() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap().values();

    let operators = schemas.filter_map(|schema| schema["properties"]["operator_userid"]["description"].as_str());
    let (openids, others): (Vec<_>, Vec<_>) = operators.partition(|text| text.contains("openid"));

    assert_eq!((openids.len(), others), (8, Vec::new()));
}

#[test]
fn asking_for_the_size_of_an_organization_is_known_to_webinars_only() {
    assert_eq!(WebinarEnrollSpecialType::from(6), WebinarEnrollSpecialType::OrganizationSize);
    assert!(matches!(EnrollSpecialType::from(6), EnrollSpecialType::Unknown(_)));
}

#[test]
fn yes_and_no_of_enrollments_are_two_and_one() {
    let request = SetEnrollConfigRequest::new(MEETING).is_collect_question(true).no_registration_needed_for_staff(true);

    assert_eq!(json_of(&request)["is_collect_question"], 2);
    assert_eq!(json_of(&request)["no_registration_needed_for_staff"], true);
    assert_eq!(OneTwoFlag::from(1), OneTwoFlag::No);
}

#[test]
fn seconds_and_milliseconds_are_different_types() {
    let file: RecordingFile = serde_json::from_value(json!({"record_start_time": 1_743_131_564_453_i64})).unwrap();
    let meeting: GetMeetingInfoResponse = serde_json::from_value(json!({"meeting_start": 1_600_000_007})).unwrap();
    let visit: WaitingRoomVisit = serde_json::from_value(json!({"join_time": 1_743_131_564_453_i64})).unwrap();
    let webinar: GetWebinarResponse = serde_json::from_value(json!({"start_time": "1600000007"})).unwrap();
    let sharing = RecordingSharingConfig::new(true).sharing_expire(1_743_131_564_453_i64);

    let times: (Option<UnixMillis>, Option<UnixSeconds>) = (file.record_start_time, meeting.meeting_start);
    let _: (Option<UnixMillis>, Option<UnixMillis>) = (visit.join_time, sharing.sharing_expire);
    let _: Option<UnixSecondsText> = webinar.start_time;
    assert_eq!((times.0.unwrap().as_millis(), times.1.unwrap().as_seconds()), (1_743_131_564_453, 1_600_000_007));
}

#[test]
fn the_times_of_a_transcript_are_milliseconds_from_the_start_of_the_recording() {
    let schemas = &document()["components"]["schemas"];

    for schema in
        ["TranscriptParagraph", "TranscriptSentence", "TranscriptWord", "TranscriptParagraphTime", "TranscriptTimeline"]
    {
        let time = &schemas[schema]["properties"]["start_time"];
        assert_eq!((&time["type"], time.get("format")), (&json!("integer"), None), "{schema}");
        assert!(time["description"].as_str().unwrap().contains("milliseconds from the start of the recording"));
    }
}

#[test]
fn the_time_of_an_enrollment_is_a_text_in_either_layout() {
    let meeting: Enrollment = serde_json::from_value(json!({"enroll_time": "2023/03/23 14:00"})).unwrap();
    let webinar: WebinarEnrollment = serde_json::from_value(json!({"enroll_time": "2023-03-23 10:00:00"})).unwrap();

    assert_eq!(meeting.enroll_time.as_deref(), Some("2023/03/23 14:00"));
    assert_eq!(webinar.enroll_time.as_deref(), Some("2023-03-23 10:00:00"));
}

#[test]
fn names_are_base64_in_advanced_layouts_and_plain_in_basic_ones() {
    let advanced = GridUser::new().nick_name(Base64Text::from_plain("周会"));
    let basic = LayoutSeat::new("1", 1).nick_name("周会");

    assert_eq!(json_of(&advanced)["nick_name"], "5ZGo5Lya");
    assert_eq!(json_of(&basic)["nick_name"], "周会");
}

#[tokio::test]
async fn a_rooms_description_is_base64_and_its_passwords_are_hidden() {
    let wecom = WeCom::start().await;
    let basic = json!({"desc": "5ZGo5Lya", "password": "c2VjcmV0"});
    wecom.answers("get_room_info", json!({"basic_info": basic, "pmi_info": {"pmi_pwd": "c2VjcmV0"}}));

    let room = wecom.client.get_room_info(GetRoomInfoRequest::new("room")).send().await.unwrap();

    assert_eq!(room.basic_info.desc.as_ref().unwrap().decode_utf8().unwrap(), "周会");
    let passwords: [&Option<Secret>; 2] = [&room.basic_info.password, &room.pmi_info.pmi_pwd];
    assert!(passwords.iter().all(|password| password.as_ref().unwrap().expose() == "c2VjcmV0"));
    assert!(!format!("{:?}", *room).contains("c2VjcmV0"));
}

#[tokio::test]
async fn a_cancelled_call_keeps_the_vendors_spelling() {
    let wecom = WeCom::start().await;
    wecom.answers("list_callout_status", json!({"phone_numbers": [{"status": "CANCLE_INVITE"}]}));

    let request = ListCalloutStatusRequest::new(MEETING);
    let answer = wecom.client.list_callout_status(request).send().await.unwrap();

    assert_eq!(answer.phone_numbers[0].status.as_deref(), Some("CANCLE_INVITE"));
    assert!(spells(&document(), "`CANCLE_INVITE`") && !spells(&document(), "`CANCEL_INVITE`"));
}

fn spells(document: &Value, word: &str) -> bool {
    document.to_string().contains(word)
}

#[tokio::test]
async fn lengths_are_left_to_the_vendor() {
    let wecom = WeCom::start().await;
    let title = "会".repeat(300);

    let request = CreateMeetingRequest::new("zhangsan", &title).meeting_duration(1);
    wecom.client.create_meeting(request).send().await.unwrap();

    assert_eq!(wecom.sent("create_meeting")["title"], title);
    assert_eq!(AdmissionType::from(9).value(), Some(9));
    assert_eq!(json_of(&EnrollmentImport::new().area("x"))["area"], "x");
}
