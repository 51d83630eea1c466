//! Fields and wrappers that appear in only one of these sources: table, example, client libraries, error table.

use huiyi_wecom::types::{
    CheckDevicesInMeetingsRequest, CreateMeetingRequest, CreateMeetingSettings, DeviceType, GetMeetingInfoRequest,
    GetPollThemeRequest, GetRecordingStatisticsRequest, GetWebinarRequest, HangUpMraRequest, ListAttendeesRequest,
    ListMeetingStartsRequest, ListRealtimeAttendeesRequest, ListRecordingsRequest, ListRoomDevicesRequest,
    ListWaitingRoomHistoryRequest, MeetingGuest, MeetingStartResult, MraLayout, MraNoVideoDisplay, ParticipantDevice,
    SetCohostRequest, SetMraDefaultLayoutRequest, SetMraRaiseHandRequest, UpdateMeetingRequest, UpdateMeetingSettings,
    WebinarStatus,
};
use serde_json::json;

use crate::support::{MEETING, WeCom, document};

#[tokio::test]
async fn the_waiting_rooms_history_stands_in_user_list() {
    let wecom = WeCom::start().await;
    wecom.answers("list_waiting_room_history", json!({"user_list": [{"userid": "lisi"}]}));

    let request = ListWaitingRoomHistoryRequest::new(MEETING);
    let answer = wecom.client.list_waiting_room_history(request).send().await.unwrap();

    assert_eq!(answer.user_list[0].userid.as_deref(), Some("lisi"));
}

#[tokio::test]
async fn devices_in_meetings_stand_in_result_list() {
    let wecom = WeCom::start().await;
    wecom.answers("check_devices_in_meetings", json!({"result_list": [{"meetingid": MEETING, "instance_id": 1}]}));

    let request = CheckDevicesInMeetingsRequest::new("lisi", [MEETING]);
    let answer = wecom.client.check_devices_in_meetings(request).send().await.unwrap();

    assert_eq!(answer.result_list[0].instance_id, Some(DeviceType::Pc));
}

#[tokio::test]
async fn a_cohost_stands_in_operated_user() {
    let wecom = WeCom::start().await;

    let request = SetCohostRequest::new(MEETING, true, ParticipantDevice::new("openid", DeviceType::Pc));
    wecom.client.set_cohost(request).send().await.unwrap();

    let user = json!({"tmp_openid": "openid", "instance_id": 1});
    assert_eq!(wecom.sent("set_cohost"), json!({"meetingid": MEETING, "action": true, "operated_user": user}));
}

#[tokio::test]
async fn a_room_system_stands_in_mra() {
    let wecom = WeCom::start().await;

    let layout = SetMraDefaultLayoutRequest::new(MEETING, MraLayout::Equal, MraNoVideoDisplay::Show, "openid");
    wecom.client.set_mra_default_layout(layout).send().await.unwrap();
    let hand = SetMraRaiseHandRequest::new(MEETING, true, "openid");
    wecom.client.set_mra_raise_hand(hand).send().await.unwrap();
    wecom.client.hang_up_mra(HangUpMraRequest::new(MEETING, "openid")).send().await.unwrap();

    for operation in ["set_mra_default_layout", "set_mra_raise_hand", "hang_up_mra"] {
        assert_eq!(wecom.sent(operation)["mra"], json!({"tmp_openid": "openid"}), "{operation}");
    }
}

#[tokio::test]
async fn the_statistics_of_a_recording_may_name_the_meeting() {
    let wecom = WeCom::start().await;

    let request = GetRecordingStatisticsRequest::new("record").meetingid(MEETING);
    wecom.client.get_recording_statistics(request).send().await.unwrap();

    assert_eq!(wecom.sent("get_recording_statistics"), json!({"meeting_record_id": "record", "meetingid": MEETING}));
}

#[tokio::test]
async fn fields_that_only_an_example_has_are_optional() {
    let wecom = WeCom::start().await;
    let settings = json!({"need_password": true, "enable_enter_mute_type": 2});
    let full = json!({"agentid": 1_000_014, "cal_id": "calendar", "settings": settings});
    let request = || GetMeetingInfoRequest::new().meetingid(MEETING);

    wecom.answers("get_meeting_info", full);
    let full = wecom.client.get_meeting_info().body(request()).send().await.unwrap();
    wecom.answers("get_meeting_info", json!({}));
    let empty = wecom.client.get_meeting_info().body(request()).send().await.unwrap();

    assert_eq!((full.agentid, full.cal_id.as_deref()), (Some(1_000_014), Some("calendar")));
    assert_eq!((full.settings.need_password, full.settings.enable_enter_mute_type), (Some(true), Some(2)));
    assert_eq!((empty.agentid, &empty.cal_id, empty.settings.need_password), (None, &None, None));
}

#[tokio::test]
async fn the_status_of_a_list_of_attendees_is_a_text_that_may_be_missing() {
    let wecom = WeCom::start().await;

    for (answer, status) in [(json!({"status": "1"}), Some("1")), (json!({}), None)] {
        wecom.answers("list_realtime_attendees", answer);
        let request = ListRealtimeAttendeesRequest::new(MEETING);
        let answer = wecom.client.list_realtime_attendees(request).send().await.unwrap();

        assert_eq!(answer.status.as_deref(), status);
    }
}

#[tokio::test]
async fn fields_that_only_a_table_has_are_sent() {
    let wecom = WeCom::start().await;

    let request = UpdateMeetingRequest::new(MEETING).remind_time(900).agentid(1_000_014);
    wecom.client.update_meeting(request).send().await.unwrap();

    assert_eq!(wecom.sent("update_meeting"), json!({"meetingid": MEETING, "remind_time": 900, "agentid": 1_000_014}));
}

#[tokio::test]
async fn fields_that_only_a_table_has_are_read() {
    let wecom = WeCom::start().await;
    wecom.answers("list_attendees", json!({"attendees": [{"video_state": true}]}));
    wecom.answers("get_webinar", json!({"meeting_code": "123", "status": "MEETING_STATE_INIT"}));
    wecom.answers("list_recordings", json!({"has_more": true, "next_cursor": "NGEING"}));
    wecom.answers("list_meeting_starts", json!({"has_more": true, "next_cursor": "NGEING"}));

    let attendees = wecom.client.list_attendees(ListAttendeesRequest::new(MEETING)).send().await.unwrap();
    let webinar = wecom.client.get_webinar().body(GetWebinarRequest::new().meetingid(MEETING)).send().await.unwrap();
    let request = ListRecordingsRequest::new(1, 2).meetingid(MEETING);
    let recordings = wecom.client.list_recordings(request).send().await.unwrap();
    let request = ListMeetingStartsRequest::new(MeetingStartResult::Succeeded, 1, 2);
    let starts = wecom.client.list_meeting_starts(request).send().await.unwrap();

    assert_eq!(attendees.attendees[0].video_state, Some(true));
    assert_eq!((webinar.meeting_code.as_deref(), &webinar.status), (Some("123"), &Some(WebinarStatus::NotStarted)));
    assert_eq!((recordings.has_more, recordings.next_cursor.as_deref()), (Some(true), Some("NGEING")));
    assert_eq!((starts.has_more, starts.next_cursor.as_deref()), (Some(true), Some("NGEING")));
}

#[tokio::test]
async fn fields_that_only_client_libraries_have_are_sent() {
    let wecom = WeCom::start().await;

    let settings = CreateMeetingSettings::new().enable_doc_upload_permission(true);
    let request = CreateMeetingRequest::new("zhangsan", "weekly").settings(settings);
    wecom.client.create_meeting(request).send().await.unwrap();
    let settings = UpdateMeetingSettings::new().enable_interpreter(true);
    let request = UpdateMeetingRequest::new(MEETING).guests([MeetingGuest::new("86", "135")]).settings(settings);
    wecom.client.update_meeting(request).send().await.unwrap();

    assert_eq!(wecom.sent("create_meeting")["settings"]["enable_doc_upload_permission"], true);
    assert_eq!(wecom.sent("update_meeting")["settings"]["enable_interpreter"], true);
    assert_eq!(wecom.sent("update_meeting")["guests"], json!([{"area": "86", "phone_number": "135"}]));
}

#[tokio::test]
async fn fields_that_only_client_libraries_have_are_read() {
    let wecom = WeCom::start().await;
    let settings = json!({"mute_all": true, "enable_interpreter": true});
    wecom.answers("get_meeting_info", json!({"meetingid": MEETING, "settings": settings}));
    wecom.answers("get_poll_theme", json!({"poll_theme_id": "theme"}));
    let health = json!({"camera_status": true, "microphone_status": false, "speaker_status": true});
    wecom.answers("list_room_devices", json!({"device_info_list": [{"device_monitor_info": health}]}));

    let request = GetMeetingInfoRequest::new().meetingid(MEETING);
    let meeting = wecom.client.get_meeting_info().body(request).send().await.unwrap();
    let request = GetPollThemeRequest::new("openid", 1, MEETING, "theme");
    let theme = wecom.client.get_poll_theme(request).send().await.unwrap();
    let devices = wecom.client.list_room_devices().body(ListRoomDevicesRequest::new()).send().await.unwrap();

    assert_eq!(meeting.meetingid.as_deref(), Some(MEETING));
    assert_eq!((meeting.settings.mute_all, meeting.settings.enable_interpreter), (Some(true), Some(true)));
    assert_eq!(theme.poll_theme_id.as_deref(), Some("theme"));
    let health = devices.device_info_list[0].device_monitor_info.as_ref().unwrap();
    assert_eq!((health.camera_status, health.microphone_status), (Some(true), Some(false)));
}

#[tokio::test]
async fn fields_that_nobody_documents_are_ignored() {
    let wecom = WeCom::start().await;
    let member = json!({"userid": "lisi", "device": [{"device_sn": "SN", "status": 1}]});
    wecom.answers("get_meeting_info", json!({"attendees": {"member": [member]}, "live": {"enable_live": true}}));

    let request = GetMeetingInfoRequest::new().meetingid(MEETING);
    let meeting = wecom.client.get_meeting_info().body(request).send().await.unwrap();

    assert_eq!(meeting.attendees.member[0].userid.as_deref(), Some("lisi"));
}

#[tokio::test]
async fn the_way_out_of_400302_is_sent() {
    let wecom = WeCom::start().await;

    let request = CreateMeetingRequest::new("zhangsan", "weekly").skip_duplicate_check(true);
    wecom.client.create_meeting(request).send().await.unwrap();

    assert_eq!(wecom.sent("create_meeting")["skip_duplicate_check"], true);
}

#[test]
fn parameters_that_only_error_texts_mention_are_left_out() {
    let request = &document()["components"]["schemas"]["CreateMeetingRequest"]["properties"];

    assert!(request.get("admin_userid").is_some());
    assert_eq!((request.get("creator_userid"), request.get("media_set_type")), (None, None));
}

#[test]
fn what_pages_hide_in_comments_is_left_out() {
    let document = document().to_string();

    for name in ["live", "enable_live", "enable_live_im", "live_watermark"] {
        assert!(!document.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[tokio::test]
async fn a_call_without_documented_body_sends_an_empty_object() {
    let wecom = WeCom::start().await;

    wecom.client.get_room_inventory().send().await.unwrap();

    assert_eq!(wecom.server.calls("get_room_inventory")[0].body, b"{}");
}
