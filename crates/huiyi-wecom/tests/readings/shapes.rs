//! Fields with the same name and different shapes: each shape has its own type.

use std::any::TypeId;

use huiyi_wecom::types::{
    ApproveEnrollmentsRequest, ApproveWebinarEnrollmentsRequest, AttendanceStatus, Attendee, CreateMeetingRequest,
    CreateMeetingSettings, CreateWebinarMediaSetting, CreateWebinarRequest, DeleteEnrollmentsRequest,
    DeleteWebinarEnrollmentsRequest, DeviceType, EnrollAction, EnrollId, EnrollIdRef, EnrollStatus, EnterMuteMode,
    GetMeetingInfoResponse, GetWebinarResponse, Invitee, KickOutUsersRequest, ListAttendeesResponse,
    ListInviteesResponse, MeetingAttendees, MeetingInvitees, MeetingStatus, MuteUserRequest, ParticipantDevice,
    PollStatus, QueryEnrollIdsResponse, RealtimeAttendee, RoomMeetingStatus, SetInMeetingSettingsRequest,
    SetInviteesRequest, SubMeetingStatus, UpdateMeetingRequest, UserIds, WebinarHost, WebinarMediaSetting,
    WebinarStatus,
};
use huiyi_wecom::wire::LenientInt;
use serde_json::json;

use crate::support::{MEETING, json_of};

#[test]
fn invitees_are_an_object_of_userids_in_create_and_update_and_a_list_elsewhere() {
    let create = CreateMeetingRequest::new("zhangsan", "weekly").invitees(["lisi"]);
    let update = UpdateMeetingRequest::new(MEETING).invitees(["lisi"]);
    let set = SetInviteesRequest::new(MEETING, ["lisi"]);
    let listed: ListInviteesResponse = serde_json::from_value(json!({"invitees": [{"userid": "lisi"}]})).unwrap();

    assert_eq!(json_of(&create)["invitees"], json!({"userid": ["lisi"]}));
    assert_eq!(json_of(&update)["invitees"], json!({"userid": ["lisi"]}));
    assert_eq!(json_of(&set)["invitees"], json!([{"userid": "lisi"}]));
    assert_eq!(json_of(&listed.invitees), json!([{"userid": "lisi"}]));
    let _: (Option<MeetingInvitees>, Vec<Invitee>) = (create.invitees, set.invitees);
}

#[test]
fn hosts_are_an_object_of_userids_in_meetings_and_a_list_in_webinars() {
    let meeting = CreateMeetingSettings::new().hosts(["lisi"]);
    let webinar = CreateWebinarRequest::new("zhangsan", "launch", 1, 2, 0, true).hosts(["lisi"]);

    assert_eq!(json_of(&meeting)["hosts"], json!({"userid": ["lisi"]}));
    assert_eq!(json_of(&webinar)["hosts"], json!([{"userid": "lisi"}]));
    let _: (Option<UserIds>, Option<Vec<WebinarHost>>) = (meeting.hosts, webinar.hosts);
}

#[test]
fn enrollments_are_approved_by_texts_deleted_by_objects_and_found_with_openids() {
    let approve = ApproveEnrollmentsRequest::new(MEETING, EnrollAction::Approve, ["e1"]);
    let approve_webinar = ApproveWebinarEnrollmentsRequest::new(MEETING, EnrollAction::Approve, ["e1"]);
    let delete = DeleteEnrollmentsRequest::new(MEETING, ["e1"]);
    let delete_webinar = DeleteWebinarEnrollmentsRequest::new(MEETING, ["e1"]);
    let found = json!({"enroll_id_list": [{"tmp_openid": "openid", "enroll_id": "e1"}]});
    let found: QueryEnrollIdsResponse = serde_json::from_value(found).unwrap();

    assert_eq!(json_of(&approve)["enroll_id_list"], json!(["e1"]));
    assert_eq!(json_of(&approve_webinar)["enroll_id_list"], json!(["e1"]));
    assert_eq!(json_of(&delete)["enroll_id_list"], json!([{"enroll_id": "e1"}]));
    assert_eq!(json_of(&delete_webinar)["enroll_id_list"], json!([{"enroll_id": "e1"}]));
    assert_eq!(found.enroll_id_list[0].tmp_openid.as_deref(), Some("openid"));
    let _: (Vec<String>, Vec<EnrollIdRef>, Vec<EnrollId>) =
        (approve.enroll_id_list, delete.enroll_id_list, found.enroll_id_list);
}

#[test]
fn muting_on_entry_is_a_number_in_meetings_and_a_boolean_in_webinars() {
    let create = CreateMeetingSettings::new().enable_enter_mute(EnterMuteMode::OverSixPeople);
    let running = SetInMeetingSettingsRequest::new(MEETING).enable_enter_mute(EnterMuteMode::On);
    let webinar = CreateWebinarMediaSetting::new().enable_enter_mute(true);
    let read: WebinarMediaSetting = serde_json::from_value(json!({"enable_enter_mute": true})).unwrap();

    assert_eq!(json_of(&create)["enable_enter_mute"], 2);
    assert_eq!(json_of(&running)["enable_enter_mute"], 1);
    assert_eq!(json_of(&webinar)["enable_enter_mute"], true);
    assert_eq!(read.enable_enter_mute, Some(true));
    let meeting: GetMeetingInfoResponse = serde_json::from_value(json!({})).unwrap();
    let _: Option<LenientInt> = meeting.settings.enable_enter_mute;
}

#[test]
fn one_user_is_an_object_and_several_are_a_list() {
    let device = || ParticipantDevice::new("openid", DeviceType::Pc);
    let one = MuteUserRequest::new(MEETING, true, device());
    let several = KickOutUsersRequest::new(MEETING, false, [device(), device()]);

    assert!(json_of(&one)["operated_user"].is_object());
    assert_eq!(json_of(&several)["operated_users"].as_array().map(Vec::len), Some(2));
}

#[test]
fn attendees_are_an_object_in_a_meetings_details_and_a_list_elsewhere() {
    let meeting: GetMeetingInfoResponse = serde_json::from_value(json!({})).unwrap();
    let list: ListAttendeesResponse = serde_json::from_value(json!({})).unwrap();

    let _: (MeetingAttendees, Vec<Attendee>) = (meeting.attendees, list.attendees);
    assert_ne!(TypeId::of::<Attendee>(), TypeId::of::<RealtimeAttendee>());
}

#[test]
fn status_has_a_type_of_its_own_wherever_it_means_something_else() {
    let types = [
        TypeId::of::<MeetingStatus>(),
        TypeId::of::<SubMeetingStatus>(),
        TypeId::of::<AttendanceStatus>(),
        TypeId::of::<EnrollStatus>(),
        TypeId::of::<PollStatus>(),
        TypeId::of::<RoomMeetingStatus>(),
        TypeId::of::<WebinarStatus>(),
    ];

    let distinct: std::collections::HashSet<TypeId> = types.into_iter().collect();
    assert_eq!(distinct.len(), types.len());
    let webinar: GetWebinarResponse = serde_json::from_value(json!({})).unwrap();
    let _: Option<WebinarStatus> = webinar.status;
}
