//! Responses that the client accepts where pages, examples and SDK differ.

use huiyi_dingtalk::ErrorKind;
use huiyi_dingtalk::types::{
    AttendStatus, AutoOpenMode, CloseVideoConferenceResponse, ConferenceBizType, ConferenceMember, ConferenceStatus,
    ExtensionAppSetting, GetScheduleSettingsResponse, GetVideoConferenceResponse, ListCloudRecordTextsResponse,
    ListCloudRecordVideosResponse, ListMembersResponse, ListUserConferencesResponse, LockAction, MediaStatus,
    MinutesSummary, QueryVideoConferencesResponse, ScheduleExtensionAppInfo, SetConferenceLockRequest,
    StartCloudRecordResponse, StartStreamOutResponse, StopCloudRecordResponse, StopStreamOutResponse, Toggle,
    UpdateConferenceExtInfoResponse, UpdateVideoConferenceResponse,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::pair;

fn read<T: DeserializeOwned>(json: &Value) -> T {
    serde_json::from_str(&json.to_string()).unwrap()
}

fn comes_back<T: DeserializeOwned + Serialize>(json: Value) {
    assert_eq!(serde_json::to_value(read::<T>(&json)).unwrap(), json);
}

#[test]
fn a_member_may_have_the_staff_number_that_only_the_sdk_knows() {
    let answer: ListMembersResponse = read(&json!({"memberModels": [{"jobNumber": "0042"}, {"unionId": "u"}]}));

    let numbers: Vec<Option<&str>> = answer.member_models.iter().map(|member| member.job_number.as_deref()).collect();
    assert_eq!(numbers, [Some("0042"), None]);
}

#[tokio::test]
async fn the_size_of_a_file_comes_as_file_size_or_as_size() {
    let (server, client) = pair().await;

    for json in [json!({"size": 1_127_942}), json!({"fileSize": 1_127_942})] {
        server.answer("get_cloud_record_play_info", 200, json.to_string());
        let info = client.get_cloud_record_play_info("c", "u", "m", "r").send().await.unwrap().into_inner();

        assert_eq!(info.size_in_bytes(), Some(1_127_942));
        assert_eq!(serde_json::to_value(info).unwrap(), json);
    }
}

#[test]
fn a_waiting_room_of_2_survives_as_an_unknown_value() {
    let json = json!({"scheduleConfSettingModel": {"moziConfVirtualExtraSetting": {"waitingRoom": 2}}});

    let answer: GetScheduleSettingsResponse = read(&json);

    let waiting_room = answer.schedule_conf_setting_model.mozi_conf_virtual_extra_setting.unwrap().waiting_room;
    assert!(matches!(&waiting_room, Some(Toggle::Unknown(value)) if value.as_i64() == Some(2)));
    comes_back::<GetScheduleSettingsResponse>(json);
}

#[test]
fn auto_open_mode_is_read_from_a_string_and_from_a_number() {
    for mode in [json!("1"), json!(1)] {
        let booked: ScheduleExtensionAppInfo = read(&json!({"autoOpenMode": mode}));
        let running: ExtensionAppSetting = read(&json!({"autoOpenMode": mode}));

        assert_eq!(booked.auto_open_mode.as_ref().map(|mode| mode.get()), Some(1));
        assert_eq!(running.auto_open_mode, Some(AutoOpenMode::Hosts));
        assert_eq!(serde_json::to_value(booked).unwrap(), json!({"autoOpenMode": mode}));
    }
}

#[test]
fn settings_of_a_booking_come_with_the_client_id_of_an_extension_app() {
    comes_back::<ScheduleExtensionAppInfo>(json!({"clientId": "dingwklgz6xxx5yltcyr"}));
}

#[test]
fn closing_answers_a_number_and_recording_and_streaming_a_string() {
    let closed: CloseVideoConferenceResponse = read(&json!({"code": 200, "cause": "sucess"}));
    let started: StartCloudRecordResponse = read(&json!({"code": "200"}));
    let stopped: StopCloudRecordResponse = read(&json!({"code": "200"}));
    let streamed: StopStreamOutResponse = read(&json!({"code": "200"}));

    assert_eq!((closed.code, closed.cause.as_deref()), (Some(200), Some("sucess")));
    assert_eq!([started.code, stopped.code, streamed.code], [(); 3].map(|()| Some("200".to_owned())));
}

#[test]
fn a_result_code_of_the_other_kind_is_read_too() {
    let closed: CloseVideoConferenceResponse = read(&json!({"code": "200"}));
    let started: StartCloudRecordResponse = read(&json!({"code": 200}));

    assert_eq!((closed.code, started.code.as_deref()), (Some(200), Some("200")));
}

#[tokio::test]
async fn a_code_in_a_success_other_than_200_is_the_failure_that_the_page_says_it_is() {
    let (server, client) = pair().await;
    let close = || client.close_video_conference("c", "u").send();

    for body in [json!({"code": 200, "cause": "sucess"}), json!({"code": "200"}), json!({})] {
        server.answer("close_video_conference", 200, body.to_string());
        assert!(close().await.is_ok(), "{body}");
    }
    server.answer("close_video_conference", 200, json!({"code": 400, "cause": "not the host"}).to_string());
    let error = close().await.unwrap_err();

    assert_eq!((error.code(), error.message()), (Some("400"), "not the host"));
}

#[tokio::test]
async fn a_call_that_answers_success_false_has_failed() {
    let (server, client) = pair().await;
    let lock = SetConferenceLockRequest::new(LockAction::Lock);

    server.answer("set_conference_lock", 200, json!({"success": false}).to_string());
    let error = client.set_conference_lock("c", lock).send().await.unwrap_err();

    assert_eq!((error.code(), error.kind()), (None, ErrorKind::Other));
    assert_eq!(server.calls("set_conference_lock").len(), 1);
}

#[test]
fn states_are_known_in_every_width_and_survive_beyond_32_bits() {
    let json = json!({"infos": [{
        "startTime": 1_687_924_800_000_i64, "status": 2, "mediaStatus": 4_294_967_298_i64,
        "userList": [{"attendStatus": 9_007_199_254_740_993_i64, "cameraStatus": 2}],
    }]});

    let answer: QueryVideoConferencesResponse = read(&json);

    let conference = &answer.infos[0];
    assert_eq!(conference.start_time.as_ref().map(|time| time.as_millis()), Some(1_687_924_800_000));
    assert_eq!(conference.status, Some(ConferenceStatus::Running));
    assert_eq!(conference.media_status.as_ref().and_then(MediaStatus::value), Some(4_294_967_298));
    let attends = conference.user_list[0].attend_status.as_ref().and_then(AttendStatus::value);
    assert_eq!(attends, Some(9_007_199_254_740_993));
    comes_back::<QueryVideoConferencesResponse>(json);
}

#[test]
fn values_that_no_page_lists_survive() {
    comes_back::<GetVideoConferenceResponse>(json!({"confInfo": {
        "status": 7, "bizType": "webinar", "cloudRecordStatus": "paused", "minutesStatus": -1,
        "extensionAppSettings": [{"autoOpenMode": 9}],
    }}));
    comes_back::<ListUserConferencesResponse>(json!({"memberModelMap": {"c": {
        "attendStatus": 99, "deviceType": "HarmonyOS",
    }}}));
    let conference: GetVideoConferenceResponse = read(&json!({"confInfo": {"bizType": "webinar"}}));
    assert_eq!(conference.conf_info.biz_type.as_ref().map(ConferenceBizType::as_str), Some("webinar"));
}

#[test]
fn streams_are_maps_from_address_to_text() {
    let json = json!({
        "successStreamMap": {"rtmp://a/live": "61289f3xxx", "rtmp://b/live": "61289f4xxx"},
        "failStreamMap": {"rtmp://c/live": "inner error"},
    });

    let answer: StartStreamOutResponse = read(&json);

    assert_eq!(answer.success_stream_map["rtmp://b/live"], "61289f4xxx");
    assert_eq!(answer.fail_stream_map["rtmp://c/live"], "inner error");
    comes_back::<StartStreamOutResponse>(json);
}

#[test]
fn a_users_conferences_are_a_map_with_any_key_and_the_attend_status_of_the_table() {
    let json = json!({"memberModelMap": {
        "key": {"conferenceId": "654058f2411fe90147e68780", "attendStatus": 3},
        "654058f2411fe90147e68781": {"deviceType": "Win"},
    }});

    let answer: ListUserConferencesResponse = read(&json);

    assert_eq!(answer.member_model_map["key"].attend_status, Some(AttendStatus::InMeeting));
    assert_eq!(answer.member_model_map.len(), 2);
    comes_back::<ListUserConferencesResponse>(json);
}

#[test]
fn actions_and_key_sentences_are_lists_or_single_objects() {
    let listed: MinutesSummary = read(&json!({"actions": [{"text": "a"}, {"text": "b"}], "keySentences": []}));
    let single: MinutesSummary = read(&json!({"actions": {"text": "a"}, "keySentences": {"id": 1}}));

    assert_eq!(listed.actions.map(|actions| actions.len()), Some(2));
    assert_eq!(single.actions.map(|actions| actions[0].text.clone()), Some(Some("a".to_owned())));
    assert_eq!(single.key_sentences.map(|sentences| sentences[0].id), Some(Some(1)));
}

#[test]
fn a_record_id_is_a_number_or_a_string_and_exact_beyond_53_bits() {
    for id in [json!("290882268xxx1172033231"), json!(1_000_000_000_000_000_001_i64), json!(9_007_199_254_740_993_i64)]
    {
        comes_back::<ListCloudRecordVideosResponse>(json!({"videoList": [{"recordId": id}]}));
        comes_back::<ListCloudRecordTextsResponse>(json!({"paragraphList": [{"recordId": id}]}));
    }
}

#[test]
fn the_record_id_of_a_file_equals_that_of_its_texts() {
    let videos: ListCloudRecordVideosResponse = read(&json!({"videoList": [{"recordId": "9007199254740993"}]}));
    let texts: ListCloudRecordTextsResponse =
        read(&json!({"paragraphList": [{"recordId": 9_007_199_254_740_993_i64}]}));

    assert_eq!(videos.video_list[0].record_id, texts.paragraph_list[0].record_id);
    let number = texts.paragraph_list[0].record_id.as_ref().and_then(|id| id.as_i64());
    assert_eq!(number, Some(9_007_199_254_740_993));
}

#[test]
fn misspelt_fields_are_read_as_they_are_spelt() {
    let texts: ListCloudRecordTextsResponse =
        read(&json!({"paragraphList": [{"nextTtoken": 1_631_172_045_153_000_i64}]}));
    let set: UpdateVideoConferenceResponse = read(&json!({"code": "200", "case": "success"}));
    let extended: UpdateConferenceExtInfoResponse = read(&json!({"case": "success"}));

    assert_eq!(texts.paragraph_list[0].next_ttoken, Some(1_631_172_045_153_000));
    assert_eq!([set.case.as_deref(), extended.case.as_deref()], [Some("success"); 2]);
}

#[tokio::test]
async fn nothing_is_required_of_an_answer() {
    let (server, client) = pair().await;
    for operation in
        ["create_video_conference", "close_video_conference", "list_schedule_conference_history", "stop_stream_out"]
    {
        server.answer(operation, 200, "{}");
    }

    // These are the only four operations for which the SDK requires a member.
    let create = huiyi_dingtalk::types::CreateVideoConferenceRequest::new("u", "t");
    let stop = huiyi_dingtalk::types::StopStreamOutRequest::new("s", true, "u");
    assert_eq!(client.create_video_conference(create).send().await.unwrap().conference_id, None);
    assert_eq!(client.close_video_conference("c", "u").send().await.unwrap().code, None);
    let history = client.list_schedule_conference_history("s").send().await.unwrap();
    assert_eq!(history.next_token, None);
    assert_eq!(client.stop_stream_out("c", stop).send().await.unwrap().code, None);
}

#[test]
fn fields_that_came_or_went_with_a_version_are_ignored() {
    let member: ConferenceMember = read(&json!({"unionId": "u", "userId": "old", "startType": 1, "new": {"a": []}}));

    assert_eq!(member.union_id.as_deref(), Some("u"));
}

#[test]
fn times_are_milliseconds() {
    let member: ConferenceMember = read(&json!({"joinTime": 1_663_293_270_000_i64, "leaveTime": "1663293280000"}));

    let (joined, left) = (member.join_time.unwrap(), member.leave_time.unwrap());
    assert_eq!(left.as_millis() - joined.as_millis(), 10_000);
    let spent = left.to_system_time().unwrap().duration_since(joined.to_system_time().unwrap());
    assert_eq!(spent.unwrap(), std::time::Duration::from_secs(10));
}

#[test]
fn join_links_with_a_token_and_links_that_log_in_are_hidden_in_debug() {
    use huiyi_dingtalk::types::{CreateAutoLoginUrlResponse, CreateVideoConferenceResponse};
    let json = json!({
        "externalLinkUrl": "https://a/?token=sentinel", "hostPassword": "sentinel", "conferencePassword": "sentinel",
    });

    let created: CreateVideoConferenceResponse = read(&json);
    let login: CreateAutoLoginUrlResponse = read(&json!({"loginInfo": {"loginUrl": "https://a/sentinel"}}));

    assert!(!format!("{created:?} {login:?}").contains("sentinel"));
    assert_eq!(created.external_link_url.unwrap().expose(), "https://a/?token=sentinel");
}
