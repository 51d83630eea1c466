//! Response fields to which a page's table and example give two types: the client reads both and serializes what it
//! read.

use huiyi_wecom::types::{
    CallOutPhonesRequest, CreateCustomerShortUrlRequest, CreateMeetingRequest, DeviceType, EnterMuteMode,
    GetMeetingInfoRequest, GetMeetingInfoResponse, GetPhoneTmpOpenidsRequest, GetPollDetailRequest,
    GetRecordingFileRequest, GetRecordingStatisticsRequest, GetRoomInfoRequest, GetUserLayoutRequest,
    GetWebinarRequest, GridType, ListAttendeesRequest, ListCalloutStatusRequest, ListRealtimeAttendeesRequest,
    ListRecordingsRequest, ListRoomControllersRequest, ListWaitingRoomHistoryRequest, ListWebinarEnrollmentsRequest,
    ListWebinarGuestsRequest, PhoneNumber, UpdateMeetingRequest, ZeroOneFlag,
};
use serde_json::{Value, json};

use crate::support::{MEETING, WeCom, json_of};

async fn meeting(fields: Value) -> GetMeetingInfoResponse {
    let wecom = WeCom::start().await;
    wecom.answers("get_meeting_info", fields);
    let request = GetMeetingInfoRequest::new().meetingid(MEETING);
    wecom.client.get_meeting_info().body(request).send().await.unwrap().into_inner()
}

#[tokio::test]
async fn muting_on_entry_is_a_number_or_a_boolean() {
    let forms = [
        (json!(2), EnterMuteMode::OverSixPeople),
        (json!(true), EnterMuteMode::On),
        (json!(false), EnterMuteMode::Off),
    ];
    for (form, mode) in forms {
        let settings = meeting(json!({"settings": {"enable_enter_mute": form}})).await.settings;

        assert_eq!(settings.enter_mute_mode(), Some(mode));
        assert_eq!(json_of(&settings.enable_enter_mute), form);
    }
}

#[tokio::test]
async fn the_password_of_a_meeting_is_a_text_and_whether_it_needs_one_a_boolean() {
    let settings = meeting(json!({"settings": {"need_password": true, "password": "1234"}})).await.settings;

    assert_eq!(settings.need_password, Some(true));
    assert_eq!(settings.password.unwrap().expose(), "1234");
}

#[tokio::test]
async fn attendees_are_one_object_with_two_lists() {
    let lists = json!({"member": [{"userid": "lisi"}], "tmp_external_user": [{"tmp_external_userid": "woabc"}]});

    let attendees = meeting(json!({"attendees": lists})).await.attendees;

    assert_eq!(attendees.member[0].userid.as_deref(), Some("lisi"));
    assert_eq!(attendees.tmp_external_user[0].tmp_external_userid.as_deref(), Some("woabc"));
}

#[tokio::test]
async fn occurrences_guests_and_hosts_of_a_meeting_are_lists() {
    let answer = json!({
        "sub_meetings": [{"sub_meetingid": "s1"}, {"sub_meetingid": "s2"}],
        "guests": [{"guest_name": "lisi"}],
        "settings": {"hosts": {"userid": ["lisi"]}, "co_hosts": {"userid": ["wangwu"]}, "ring_users": {"userid": []}},
    });

    let meeting = meeting(answer).await;

    assert_eq!((meeting.sub_meetings.len(), meeting.guests.len()), (2, 1));
    assert_eq!(meeting.settings.hosts.unwrap().userid.unwrap(), ["lisi"]);
    assert_eq!(meeting.settings.co_hosts.unwrap().userid.unwrap(), ["wangwu"]);
}

#[tokio::test]
async fn times_beyond_32_bits_are_read_whole() {
    let meeting =
        meeting(json!({"sub_meetings": [{"start_time": 16_888_888_888_i64, "end_time": 179_888_888_888_i64}]})).await;

    let occurrence = &meeting.sub_meetings[0];
    assert_eq!(occurrence.start_time.as_ref().unwrap().as_seconds(), 16_888_888_888);
    assert_eq!(occurrence.end_time.as_ref().unwrap().as_seconds(), 179_888_888_888);
}

#[tokio::test]
async fn yes_and_no_of_a_series_are_one_and_zero() {
    let meeting =
        meeting(json!({"has_more_sub_meeting": 1, "reminders": {"is_repeat": 1, "is_custom_repeat": 0}})).await;

    assert_eq!(meeting.has_more_sub_meeting, Some(ZeroOneFlag::Yes));
    assert_eq!(meeting.reminders.is_repeat, Some(ZeroOneFlag::Yes));
    assert_eq!(meeting.reminders.is_custom_repeat, Some(ZeroOneFlag::No));
}

#[tokio::test]
async fn reminders_are_a_list_and_the_end_of_a_series_a_number() {
    let reminders = json!({"repeat_until_type": 1, "remind_before": [5, 10]});

    let meeting = meeting(json!({"reminders": reminders})).await;

    assert_eq!(meeting.reminders.remind_before, [5, 10]);
    assert_eq!(json_of(&meeting.reminders), reminders);
}

#[tokio::test]
async fn users_over_the_limit_are_a_list() {
    let wecom = WeCom::start().await;
    wecom.answers("create_meeting", json!({"meetingid": MEETING, "excess_users": ["zhangsan", "lisi"]}));
    wecom.answers("update_meeting", json!({"excess_users": ["zhangsan", "lisi"]}));

    let created = wecom.client.create_meeting(CreateMeetingRequest::new("zhangsan", "weekly")).send().await.unwrap();
    let updated = wecom.client.update_meeting(UpdateMeetingRequest::new(MEETING)).send().await.unwrap();

    assert_eq!(created.excess_users, ["zhangsan", "lisi"]);
    assert_eq!(updated.excess_users, ["zhangsan", "lisi"]);
}

#[tokio::test]
async fn the_summary_of_a_recording_is_an_object_or_a_list() {
    let wecom = WeCom::start().await;
    let summary = json!({"download_address": "https://example.com/a", "file_type": "pdf"});

    for form in [summary.clone(), json!([summary])] {
        wecom.answers("get_recording_file", json!({"meeting_summary": form}));
        let request = GetRecordingFileRequest::new("file", MEETING);
        let file = wecom.client.get_recording_file(request).send().await.unwrap();

        let documents = file.meeting_summary.as_ref().unwrap();
        assert_eq!(documents[0].file_type.as_deref(), Some("pdf"));
        assert_eq!(json_of(documents), form);
    }
}

#[tokio::test]
async fn the_times_of_a_recording_file_are_milliseconds_as_text_or_number() {
    let wecom = WeCom::start().await;

    for form in [json!("1743131564453"), json!(1_743_131_564_453_i64)] {
        wecom.answers("get_recording_file", json!({"start_time": form, "end_time": form}));
        let request = GetRecordingFileRequest::new("file", MEETING);
        let file = wecom.client.get_recording_file(request).send().await.unwrap();

        assert_eq!(file.start_time.as_ref().unwrap().as_millis(), 1_743_131_564_453);
        assert_eq!(json_of(&file.end_time), form);
    }
}

#[tokio::test]
async fn the_statistics_of_a_recording_are_a_list_of_days() {
    let wecom = WeCom::start().await;
    wecom.answers("get_recording_statistics", json!({"summaries": [{"date": "2033-01-01", "view_count": 12}]}));

    let request = GetRecordingStatisticsRequest::new("record");
    let answer = wecom.client.get_recording_statistics(request).send().await.unwrap();

    assert_eq!(answer.summaries[0].view_count, Some(12));
}

#[tokio::test]
async fn a_recording_may_be_larger_than_two_gibibytes() {
    let wecom = WeCom::start().await;
    wecom.answers(
        "list_recordings",
        json!({"record_meetings": [{"record_files": [{"record_size": 5_000_000_000_i64}]}]}),
    );

    let request = ListRecordingsRequest::new(1, 2).meetingid(MEETING);
    let answer = wecom.client.list_recordings(request).send().await.unwrap();

    assert_eq!(answer.recordings()[0].files()[0].record_size, Some(5_000_000_000));
}

#[tokio::test]
async fn a_personal_link_is_an_object_or_a_list() {
    let wecom = WeCom::start().await;
    let link = json!({"customer_data": "DATA", "meeting_short_url": "https://example.com/j"});

    for form in [link.clone(), json!([link])] {
        wecom.answers("create_customer_short_url", json!({"meeting_short_url_customer_data": form}));
        let request = CreateCustomerShortUrlRequest::new(MEETING, "DATA");
        let answer = wecom.client.create_customer_short_url(request).send().await.unwrap();

        let links = answer.meeting_short_url_customer_data.as_ref().unwrap();
        assert_eq!(links[0].customer_data.as_deref(), Some("DATA"));
        assert_eq!(json_of(links), form);
    }
}

#[tokio::test]
async fn joining_and_leaving_are_seconds_as_text_or_number() {
    let wecom = WeCom::start().await;

    for form in [json!("166666666"), json!(166_666_666)] {
        wecom.answers("list_attendees", json!({"attendees": [{"join_time": form, "quit_time": form}]}));
        wecom.answers("list_realtime_attendees", json!({"attendees": [{"join_time": form}]}));
        let past = wecom.client.list_attendees(ListAttendeesRequest::new(MEETING)).send().await.unwrap();
        let request = ListRealtimeAttendeesRequest::new(MEETING);
        let present = wecom.client.list_realtime_attendees(request).send().await.unwrap();

        assert_eq!(past.attendees[0].join_time.as_ref().unwrap().as_seconds(), 166_666_666);
        assert_eq!(json_of(&past.attendees[0].quit_time), form);
        assert_eq!(json_of(&present.attendees[0].join_time), form);
    }
}

#[tokio::test]
async fn the_waiting_rooms_history_has_milliseconds_although_the_example_looks_like_seconds() {
    let wecom = WeCom::start().await;
    wecom.answers("list_waiting_room_history", json!({"user_list": [{"join_time": 13_525_325}]}));

    let request = ListWaitingRoomHistoryRequest::new(MEETING);
    let answer = wecom.client.list_waiting_room_history(request).send().await.unwrap();

    assert_eq!(answer.user_list[0].join_time.as_ref().unwrap().as_millis(), 13_525_325);
}

#[tokio::test]
async fn the_times_and_numbers_of_a_webinar_are_texts_or_numbers() {
    let wecom = WeCom::start().await;

    for (time, count) in [(json!("166666666"), json!("0")), (json!(166_666_666), json!(0))] {
        let answer = json!({"start_time": time, "end_time": time, "display_number_of_attendees": count});
        wecom.answers("get_webinar", answer.clone());
        let webinar =
            wecom.client.get_webinar().body(GetWebinarRequest::new().meetingid(MEETING)).send().await.unwrap();

        assert_eq!(webinar.start_time.as_ref().unwrap().as_seconds(), 166_666_666);
        assert_eq!(webinar.display_number_of_attendees.as_ref().unwrap().get(), 0);
        assert_eq!(json_of(&webinar.end_time), time);
        assert_eq!(json_of(&webinar.display_number_of_attendees), count);
    }
}

#[tokio::test]
async fn the_enrollment_id_of_a_webinar_is_a_text_or_a_number() {
    let wecom = WeCom::start().await;

    for form in [json!("1386442"), json!(1_386_442)] {
        wecom.answers("list_webinar_enrollments", json!({"enroll_list": [{"enroll_id": form}]}));
        let request = ListWebinarEnrollmentsRequest::new(MEETING);
        let answer = wecom.client.list_webinar_enrollments(request).send().await.unwrap();

        let id = answer.enroll_list[0].enroll_id.as_ref().unwrap();
        assert_eq!(id.as_str(), "1386442");
        assert_eq!(json_of(id), form);
    }
}

#[tokio::test]
async fn the_guests_of_a_webinar_are_a_list_with_texts_or_numbers_as_areas() {
    let wecom = WeCom::start().await;

    for form in [json!("86"), json!(86)] {
        wecom.answers("list_webinar_guests", json!({"guests": [{"area": form}]}));
        let request = ListWebinarGuestsRequest::new().meetingid(MEETING);
        let answer = wecom.client.list_webinar_guests().body(request).send().await.unwrap();

        let area = answer.guests[0].area.as_ref().unwrap();
        assert_eq!((area.as_str(), json_of(area)), ("86", form));
    }
}

#[tokio::test]
async fn the_area_of_a_called_phone_is_a_number_or_a_text() {
    let wecom = WeCom::start().await;

    for form in [json!(86), json!("86")] {
        wecom.answers("list_callout_status", json!({"phone_numbers": [{"area": form}]}));
        let request = ListCalloutStatusRequest::new(MEETING);
        let answer = wecom.client.list_callout_status(request).send().await.unwrap();

        let area = answer.phone_numbers[0].area.as_ref().unwrap();
        assert_eq!((area.get(), json_of(area)), (86, form));
    }
}

#[tokio::test]
async fn the_area_of_a_phone_is_a_number_or_a_text_in_the_other_answers_too() {
    let wecom = WeCom::start().await;

    for form in [json!(86), json!("86")] {
        let phones = json!([{"area": form}]);
        wecom.answers("call_out_phones", json!({"phone_numbers": phones, "invalid_phone_numbers": phones}));
        wecom.answers("get_phone_tmp_openids", json!({"tmp_openid_list": phones}));
        let phone = || PhoneNumber::new(86, "13333333333");
        let call = CallOutPhonesRequest::new(MEETING, [phone()]);
        let call = wecom.client.call_out_phones(call).send().await.unwrap();
        let found = GetPhoneTmpOpenidsRequest::new(MEETING, [phone()]);
        let found = wecom.client.get_phone_tmp_openids(found).send().await.unwrap();

        assert_eq!(json_of(&call.phone_numbers), phones);
        assert_eq!(json_of(&call.invalid_phone_numbers), phones);
        assert_eq!(json_of(&found.tmp_openid_list), phones);
        assert_eq!(found.tmp_openid_list[0].area.as_ref().unwrap().get(), 86);
    }
}

#[tokio::test]
async fn the_frequency_of_a_monitor_is_a_text_or_a_number() {
    let wecom = WeCom::start().await;

    for form in [json!("60"), json!(60)] {
        wecom.answers("get_room_info", json!({"hardware_info": {"monitor_frequency": form}}));
        let room = wecom.client.get_room_info(GetRoomInfoRequest::new("room")).send().await.unwrap();

        let frequency = room.hardware_info.monitor_frequency.as_ref().unwrap();
        assert_eq!((frequency.get(), json_of(frequency)), (60, form));
    }
}

#[tokio::test]
async fn the_status_of_a_controller_is_a_text_or_a_number() {
    let wecom = WeCom::start().await;

    for form in [json!("1"), json!(1)] {
        wecom.answers("list_room_controllers", json!({"controller_info_list": [{"status": form}]}));
        let request = ListRoomControllersRequest::new();
        let answer = wecom.client.list_room_controllers().body(request).send().await.unwrap();

        let status = answer.controller_info_list[0].status.as_ref().unwrap();
        assert_eq!((status.get(), json_of(status)), (1, form));
    }
}

#[tokio::test]
async fn the_ids_of_questions_and_options_are_numbers_or_texts() {
    let wecom = WeCom::start().await;

    for (question, option) in [(json!("id111"), json!(1111)), (json!(1111), json!("id111"))] {
        let options = json!([{"option_id": option}]);
        let data = json!([{"question_id": question, "option_info": options}]);
        wecom.answers("get_poll_detail", json!({"poll_question_data": data, "is_anony": 0, "is_shared": 1}));
        let request = GetPollDetailRequest::new("openid", 1, MEETING, "poll");
        let poll = wecom.client.get_poll_detail(request).send().await.unwrap();

        assert_eq!(json_of(&poll.poll_question_data), data);
        assert_eq!((&poll.is_anony, &poll.is_shared), (&Some(ZeroOneFlag::No), &Some(ZeroOneFlag::Yes)));
    }
}

#[tokio::test]
async fn the_pages_of_a_users_layout_are_those_of_advanced_layouts() {
    let wecom = WeCom::start().await;
    let page = json!({"layout_template_id": "template", "user_seat_list": [{"grid_id": "1", "grid_type": 1}]});
    wecom.answers("get_user_layout", json!({"page_list": [page]}));

    let request = GetUserLayoutRequest::new(MEETING, "openid", DeviceType::Pc);
    let layout = wecom.client.get_user_layout(request).send().await.unwrap();

    assert_eq!(layout.page_list[0].layout_template_id.as_deref(), Some("template"));
    assert_eq!(layout.page_list[0].user_seat_list[0].grid_type, Some(GridType::Video));
}
