//! Required fields of requests. They are arguments of `new(..)`, so the compiler checks most of these facts.

use huiyi_wecom::types::{
    AdmissionType, AdvancedLayoutPageUpdate, ApplyAdvancedLayoutRequest, CallRoomRequest, CancelRoomCallRequest,
    CheckDevicesInMeetingsRequest, CreateMeetingRequest, CreateWebinarRequest, DeletePollRequest, DeviceType,
    EnrollQuestion, GetMeetingInfoRequest, GetMeetingQualityRequest, GetPollThemeRequest, GetRoomCallStatusRequest,
    GetUserLayoutRequest, GetWebinarRequest, KickOutUsersRequest, LayoutPage, ListRecordingsRequest,
    ListRoomMeetingsRequest, ListUserMeetingIdsRequest, ListWebinarGuestsRequest, MraAddress, ParticipantDevice,
    ParticipantNickname, PollQuestion, PollQuestionType, RecordingSharingConfig, SetInviteesRequest, SignalingProtocol,
    UpdateLayoutRequest, UpdatePollThemeRequest, UpdateRecordingSharingRequest, UpdateWebinarWarmUpRequest,
};
use serde_json::json;

use crate::support::{MEETING, WeCom, document, json_of};

#[tokio::test]
async fn the_start_of_a_new_meeting_is_optional() {
    let wecom = WeCom::start().await;

    wecom.client.create_meeting(CreateMeetingRequest::new("zhangsan", "weekly")).send().await.unwrap();

    assert_eq!(wecom.sent("create_meeting"), json!({"admin_userid": "zhangsan", "title": "weekly"}));
}

#[tokio::test]
async fn the_invitees_of_a_meeting_are_replaced_as_a_list() {
    let wecom = WeCom::start().await;

    wecom.client.set_invitees(SetInviteesRequest::new(MEETING, ["lisi"])).send().await.unwrap();

    assert_eq!(wecom.sent("set_invitees"), json!({"meetingid": MEETING, "invitees": [{"userid": "lisi"}]}));
}

#[test]
fn what_makes_no_sense_without_it_is_required_although_the_table_says_no() {
    let sharing = UpdateRecordingSharingRequest::new("record", MEETING, RecordingSharingConfig::new(true));
    let theme = GetPollThemeRequest::new("openid", 1, MEETING, "theme");
    let nickname = ParticipantNickname::new("openid", DeviceType::Pc, "Li Si");

    assert_eq!(json_of(&sharing)["sharing_config"], json!({"enable_sharing": true}));
    assert_eq!(json_of(&theme)["meetingid"], MEETING);
    assert_eq!(json_of(&nickname)["nickname"], "Li Si");
}

#[test]
fn what_only_one_client_library_requires_is_optional() {
    let layout = UpdateLayoutRequest::new(MEETING, "layout", [LayoutPage::new("template")]);
    assert_eq!(json_of(&layout)["page_list"], json!([{"layout_template_id": "template"}]));
    let page = AdvancedLayoutPageUpdate::new("template", false);
    assert_eq!(json_of(&page), json!({"layout_template_id": "template", "enable_polling": false}));
    let apply = ApplyAdvancedLayoutRequest::new(MEETING, "layout");
    assert_eq!(json_of(&apply), json!({"meetingid": MEETING, "layout_id": "layout"}));
    assert_eq!(json_of(&ListUserMeetingIdsRequest::new("lisi")), json!({"userid": "lisi"}));
}

#[test]
fn what_the_table_requires_is_required() {
    let device = ParticipantDevice::new("openid", DeviceType::Pc);

    assert_eq!(json_of(&KickOutUsersRequest::new(MEETING, false, [device]))["allow_rejoin"], false);
    assert_eq!(json_of(&GetMeetingQualityRequest::new(MEETING, 1))["start_time"], 1);
    assert_eq!(json_of(&ListRecordingsRequest::new(1, 2)), json!({"start_time": 1, "end_time": 2}));
    assert_eq!(json_of(&CheckDevicesInMeetingsRequest::new("lisi", [MEETING]))["meetingid_list"], json!([MEETING]));
    assert_eq!(json_of(&EnrollQuestion::new(true)), json!({"is_required": 2}));
    let webinar = CreateWebinarRequest::new("zhangsan", "launch", 1, 2, AdmissionType::Public, false);
    assert_eq!(json_of(&webinar)["playback_for_audience"], false);
    assert_eq!(json_of(&GetUserLayoutRequest::new(MEETING, "openid", DeviceType::Pc))["instance_id"], 1);
}

#[test]
fn either_of_two_ids_can_be_sent_alone() {
    let code = "123456789";
    let mra = MraAddress::new(SignalingProtocol::from(1), "1.2.3.4");
    let alone = [
        (json_of(&GetMeetingInfoRequest::new().meeting_code(code)), "meeting_code"),
        (json_of(&GetMeetingInfoRequest::new().meetingid(MEETING)), "meetingid"),
        (json_of(&GetWebinarRequest::new().meeting_code(code)), "meeting_code"),
        (json_of(&ListWebinarGuestsRequest::new().meeting_code(code)), "meeting_code"),
        (json_of(&ListRoomMeetingsRequest::new().rooms_id("rooms")), "rooms_id"),
        (json_of(&ListRoomMeetingsRequest::new().meeting_room_id("room")), "meeting_room_id"),
    ];
    let beside_a_meeting = [
        json_of(&CallRoomRequest::new(MEETING).meeting_room_id("room")),
        json_of(&CallRoomRequest::new(MEETING).mra_address(mra.clone())),
        json_of(&GetRoomCallStatusRequest::new(MEETING).mra_address(mra.clone())),
    ];

    for (body, name) in alone {
        assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), [name]);
    }
    assert!(beside_a_meeting.iter().all(|body| body.as_object().unwrap().len() == 2));
    let cancel = json_of(&CancelRoomCallRequest::new(MEETING, "invite").mra_address(mra));
    assert_eq!((cancel.get("meeting_room_id"), cancel["mra_address"]["dial_string"].as_str()), (None, Some("1.2.3.4")));
    let poll = json_of(&DeletePollRequest::new("openid", 1, MEETING).poll_id("poll"));
    assert_eq!((poll.get("poll_theme_id"), &poll["poll_id"]), (None, &json!("poll")));
}

#[test]
fn that_one_of_two_ids_is_needed_stands_beside_both() {
    let schemas = &document()["components"]["schemas"];

    for (schema, one, other) in [
        ("GetMeetingInfoRequest", "meetingid", "meeting_code"),
        ("GetWebinarRequest", "meetingid", "meeting_code"),
        ("ListWebinarGuestsRequest", "meetingid", "meeting_code"),
        ("CallRoomRequest", "meeting_room_id", "mra_address"),
        ("CancelRoomCallRequest", "meeting_room_id", "mra_address"),
        ("GetRoomCallStatusRequest", "meeting_room_id", "mra_address"),
        ("ListRoomMeetingsRequest", "meeting_room_id", "rooms_id"),
        ("DeletePollRequest", "poll_theme_id", "poll_id"),
    ] {
        for (field, alternative) in [(one, other), (other, one)] {
            let text = schemas[schema]["properties"][field]["description"].as_str().unwrap();
            assert!(text.contains(&format!("Send this or `{alternative}`")), "{schema}.{field}: {text}");
        }
    }
    let seat = schemas["LayoutSeat"]["description"].as_str().unwrap();
    assert!(seat.contains("Exactly one of `userid`, `tmp_openid` and `tool_sdkid`"), "{seat}");
}

#[tokio::test]
async fn one_choice_is_enough_for_a_question() {
    let wecom = WeCom::start().await;

    let question = PollQuestion::new(PollQuestionType::SingleChoice, "when?", ["today"]);
    let request = UpdatePollThemeRequest::new("openid", 1, MEETING, "theme", "date", "of the party", [question]);
    wecom.client.update_poll_theme(request).send().await.unwrap();

    assert_eq!(wecom.sent("update_poll_theme")["poll_questions"][0]["poll_option"], json!(["today"]));
}

#[tokio::test]
async fn rooms_are_called_by_either_address() {
    let wecom = WeCom::start().await;
    let mra = || MraAddress::new(SignalingProtocol::from(1), "1.2.3.4");

    wecom.client.call_room(CallRoomRequest::new(MEETING).mra_address(mra())).send().await.unwrap();
    let cancel = CancelRoomCallRequest::new(MEETING, "invite").meeting_room_id("room");
    wecom.client.cancel_room_call(cancel).send().await.unwrap();
    let status = GetRoomCallStatusRequest::new(MEETING).mra_address(mra());
    wecom.client.get_room_call_status(status).send().await.unwrap();

    assert_eq!(wecom.sent("call_room")["mra_address"], json!({"protocol": 1, "dial_string": "1.2.3.4"}));
    assert_eq!(wecom.sent("cancel_room_call")["meeting_room_id"], "room");
}

#[tokio::test]
async fn of_two_members_of_which_one_is_needed_one_alone_arrives() {
    let wecom = WeCom::start().await;
    let client = &wecom.client;

    let rooms = ListRoomMeetingsRequest::new().rooms_id("rooms");
    client.list_room_meetings().body(rooms).send().await.unwrap();
    client.delete_poll(DeletePollRequest::new("openid", 1, MEETING).poll_theme_id("theme")).send().await.unwrap();
    let video = UpdateWebinarWarmUpRequest::new(MEETING).warm_up_video("https://video.example");
    client.update_webinar_warm_up(video).send().await.unwrap();

    assert_eq!(wecom.sent("list_room_meetings"), json!({"rooms_id": "rooms"}));
    let poll = wecom.sent("delete_poll");
    assert_eq!((&poll["poll_theme_id"], poll.get("poll_id")), (&json!("theme"), None));
    let warm_up = json!({"meetingid": MEETING, "warm_up_video": "https://video.example"});
    assert_eq!(wecom.sent("update_webinar_warm_up"), warm_up);
}
