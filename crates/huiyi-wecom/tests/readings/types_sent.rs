//! Request fields to which a page's table and example give two types.

use huiyi_wecom::types::{
    AddAdvancedLayoutsRequest, AdmissionType, AdvancedLayoutInput, AdvancedLayoutPageInput, AdvancedLayoutSeat,
    CallOutPhonesRequest, CloseScreenShareRequest, CreateMeetingRequest, CreatePollThemeRequest, CreateWebinarRequest,
    DeviceType, DismissMeetingRequest, EnrollmentImport, GetPhoneTmpOpenidsRequest, GridType, ImportEnrollmentsRequest,
    MuteUserRequest, ParticipantDevice, PhoneNumber, PollQuestion, PollQuestionType, PollingIntervalUnit,
    PollingSetting, QueryWebinarEnrollIdsRequest, RecordingSharingConfig, ReminderSettings, RepeatType,
    RepeatUntilType, SetWebinarGuestsRequest, UpdateMeetingRequest, UpdateMeetingSettings,
    UpdateRecordingSharingRequest, UpdateWebinarMediaSetting, UpdateWebinarRequest, WebinarGuestInput,
    WebinarGuestType,
};
use serde_json::json;

use crate::support::{MEETING, WeCom, json_of};

#[tokio::test]
async fn the_end_of_a_series_is_a_number_and_reminders_are_a_list_of_seconds() {
    let wecom = WeCom::start().await;
    let reminders = ReminderSettings::new()
        .is_repeat(true)
        .repeat_type(RepeatType::Weekly)
        .is_custom_repeat(false)
        .repeat_until_type(RepeatUntilType::Count)
        .repeat_until_count(10)
        .remind_before([0, 900]);

    let request = CreateMeetingRequest::new("zhangsan", "weekly").reminders(reminders);
    wecom.client.create_meeting(request).send().await.unwrap();

    let sent = &wecom.sent("create_meeting")["reminders"];
    assert_eq!(sent["repeat_until_type"], 1);
    assert_eq!(sent["remind_before"], json!([0, 900]));
    assert_eq!((&sent["is_repeat"], &sent["is_custom_repeat"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn members_in_an_update_are_lists_of_userids() {
    let wecom = WeCom::start().await;
    let settings = UpdateMeetingSettings::new().hosts(["lisi", "wangwu"]).ring_users(["lisi"]);

    let request = UpdateMeetingRequest::new(MEETING).invitees(["lisi", "wangwu"]).settings(settings);
    wecom.client.update_meeting(request).send().await.unwrap();

    let sent = wecom.sent("update_meeting");
    assert_eq!(sent["invitees"], json!({"userid": ["lisi", "wangwu"]}));
    assert_eq!(sent["settings"]["hosts"], json!({"userid": ["lisi", "wangwu"]}));
    assert_eq!(sent["settings"]["ring_users"], json!({"userid": ["lisi"]}));
}

#[tokio::test]
async fn muting_is_a_boolean_about_one_user() {
    let wecom = WeCom::start().await;

    let request = MuteUserRequest::new(MEETING, true, ParticipantDevice::new("openid", DeviceType::Pc));
    wecom.client.mute_user(request).send().await.unwrap();

    let sent = wecom.sent("mute_user");
    assert_eq!(sent["option"], true);
    assert_eq!(sent["operated_user"], json!({"tmp_openid": "openid", "instance_id": 1}));
}

#[tokio::test]
async fn a_screen_share_of_one_user_is_closed() {
    let wecom = WeCom::start().await;

    let request = CloseScreenShareRequest::new(MEETING, ParticipantDevice::new("openid", DeviceType::Pc));
    wecom.client.close_screen_share(request).send().await.unwrap();

    assert_eq!(wecom.sent("close_screen_share")["operated_user"], json!({"tmp_openid": "openid", "instance_id": 1}));
}

#[tokio::test]
async fn the_times_of_a_webinar_are_sent_as_texts() {
    let wecom = WeCom::start().await;
    let (start, end) = (1_700_000_000, 1_700_003_600);

    let request = CreateWebinarRequest::new("zhangsan", "launch", start, end, AdmissionType::Public, true);
    wecom.client.create_webinar(request).send().await.unwrap();
    let request = UpdateWebinarRequest::new(MEETING, "launch", start, end, AdmissionType::Public, true);
    wecom.client.update_webinar(request).send().await.unwrap();

    for operation in ["create_webinar", "update_webinar"] {
        let sent = wecom.sent(operation);
        assert_eq!((&sent["start_time"], &sent["end_time"]), (&json!("1700000000"), &json!("1700003600")));
    }
}

#[tokio::test]
async fn the_media_settings_of_a_webinar_are_one_object() {
    let wecom = WeCom::start().await;

    let request = UpdateWebinarRequest::new(MEETING, "launch", 1, 2, AdmissionType::Public, true);
    let request = request.media_setting(UpdateWebinarMediaSetting::new().enable_enter_mute(false));
    wecom.client.update_webinar(request).send().await.unwrap();

    assert_eq!(wecom.sent("update_webinar")["media_setting"], json!({"enable_enter_mute": false}));
}

#[tokio::test]
async fn the_area_of_a_webinars_guest_is_sent_as_a_text() {
    let wecom = WeCom::start().await;

    let guest = WebinarGuestInput::new(WebinarGuestType::External).area("86").phone_number("13333333333");
    wecom.client.set_webinar_guests(SetWebinarGuestsRequest::new(MEETING, [guest])).send().await.unwrap();

    assert_eq!(wecom.sent("set_webinar_guests")["guests"][0]["area"], "86");
}

#[tokio::test]
async fn phones_are_a_list_with_numbers_as_areas() {
    let wecom = WeCom::start().await;
    let phone = PhoneNumber::new(86, "13333333333").extension_number("1");

    wecom.client.call_out_phones(CallOutPhonesRequest::new(MEETING, [phone.clone()])).send().await.unwrap();
    wecom.client.get_phone_tmp_openids(GetPhoneTmpOpenidsRequest::new(MEETING, [phone])).send().await.unwrap();

    for operation in ["call_out_phones", "get_phone_tmp_openids"] {
        let phones = json!([{"area": 86, "phone": "13333333333", "extension_number": "1"}]);
        assert_eq!(wecom.sent(operation)["phone_numbers"], phones);
    }
}

#[tokio::test]
async fn the_area_of_an_enrollment_is_a_text() {
    let wecom = WeCom::start().await;

    let enrollment = EnrollmentImport::new().area("86").phone_number("13333333333");
    let request = ImportEnrollmentsRequest::new(MEETING, [enrollment]);
    wecom.client.import_enrollments(request).send().await.unwrap();

    assert_eq!(wecom.sent("import_enrollments")["enroll_list"][0]["area"], "86");
}

#[tokio::test]
async fn yes_and_no_of_polls_and_dismissals_are_one_and_zero() {
    let wecom = WeCom::start().await;

    let question = PollQuestion::new(PollQuestionType::SingleChoice, "when?", ["today", "tomorrow"]);
    let poll = CreatePollThemeRequest::new("openid", 1, MEETING, "date", "of the party", [question]).is_anony(true);
    wecom.client.create_poll_theme(poll).send().await.unwrap();
    let dismiss = DismissMeetingRequest::new(MEETING).force_dismiss(true).retrieve_code(false);
    wecom.client.dismiss_meeting(dismiss).send().await.unwrap();

    assert_eq!(wecom.sent("create_poll_theme")["is_anony"], 1);
    assert_eq!(wecom.sent("dismiss_meeting"), json!({"meetingid": MEETING, "force_dismiss": 1, "retrieve_code": 0}));
}

#[tokio::test]
async fn the_polling_interval_of_a_layout_is_a_number() {
    let wecom = WeCom::start().await;
    let polling = PollingSetting::new(PollingIntervalUnit::Second, 10, true, true);
    let page = AdvancedLayoutPageInput::new("template", [AdvancedLayoutSeat::new("1", GridType::Video)]);
    let layout = AdvancedLayoutInput::new([page.enable_polling(true).polling_setting(polling)]);

    wecom.client.add_advanced_layouts(AddAdvancedLayoutsRequest::new(MEETING, [layout])).send().await.unwrap();

    let sent = wecom.sent("add_advanced_layouts");
    assert_eq!(sent["layout_list"][0]["page_list"][0]["polling_setting"]["polling_interval"], 10);
}

#[test]
fn times_beyond_32_bits_are_sent_whole() {
    let request = CreateMeetingRequest::new("zhangsan", "far away").meeting_start(179_888_888_888);

    assert_eq!(json_of(&request)["meeting_start"], 179_888_888_888_i64);
}

#[tokio::test]
async fn the_end_of_sharing_is_sent_in_milliseconds_although_the_example_looks_like_seconds() {
    let wecom = WeCom::start().await;

    let sharing = RecordingSharingConfig::new(true).enable_sharing_expire(true).sharing_expire(1_743_131_564_453_i64);
    let request = UpdateRecordingSharingRequest::new("record", MEETING, sharing);
    wecom.client.update_recording_sharing(request).send().await.unwrap();

    let sent = wecom.sent("update_recording_sharing");
    assert_eq!(sent["sharing_config"]["sharing_expire"], 1_743_131_564_453_i64);
}

#[tokio::test]
async fn enrollments_are_looked_up_by_tmp_openid() {
    let wecom = WeCom::start().await;

    let request = QueryWebinarEnrollIdsRequest::new(MEETING, ["openid"]).sorting_rules(1);
    wecom.client.query_webinar_enroll_ids(request).send().await.unwrap();

    let sent = wecom.sent("query_webinar_enroll_ids");
    assert_eq!(sent, json!({"meetingid": MEETING, "sorting_rules": 1, "tmp_openid_list": ["openid"]}));
}
