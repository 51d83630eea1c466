//! Fields that have two names on a page.

use huiyi_wecom::types::{
    DeviceType, GetMeetingInfoRequest, GetWebinarRequest, ListRealtimeAttendeesRequest, ListRecordingsRequest,
    ParticipantDevice, ParticipantNickname, SetNicknamesRequest, SwitchUserVideoRequest,
};
use serde_json::{Value, json};

use crate::support::{MEETING, WeCom, document};

fn recordings() -> ListRecordingsRequest {
    ListRecordingsRequest::new(1_700_000_000, 1_700_086_400).meetingid(MEETING)
}

async fn titles_and_files(answer: Value) -> Vec<(String, String)> {
    let wecom = WeCom::start().await;
    wecom.answers("list_recordings", answer);
    let answer = wecom.client.list_recordings(recordings()).send().await.unwrap();
    let of_recording = |recording: &huiyi_wecom::types::MeetingRecording| {
        let files = recording.files().iter().filter_map(|file| file.record_file_id.clone());
        (recording.title.clone().unwrap(), files.collect())
    };
    answer.recordings().iter().map(of_recording).collect()
}

#[tokio::test]
async fn recordings_are_read_under_the_names_of_the_example() {
    let answer = json!({"record_meetings": [{"title": "weekly", "record_files": [{"record_file_id": "f1"}]}]});

    assert_eq!(titles_and_files(answer).await, [("weekly".to_owned(), "f1".to_owned())]);
}

#[tokio::test]
async fn recordings_are_read_under_the_names_of_the_table() {
    let answer = json!({"record_list": [{"title": "weekly", "record_file_list": [{"record_file_id": "f1"}]}]});

    assert_eq!(titles_and_files(answer).await, [("weekly".to_owned(), "f1".to_owned())]);
}

#[tokio::test]
async fn recordings_under_both_names_are_not_counted_twice() {
    let list = json!([{"title": "weekly", "record_files": [{"record_file_id": "f1"}], "record_file_list": [{"record_file_id": "f1"}]}]);

    let read = titles_and_files(json!({"record_meetings": list, "record_list": list})).await;

    assert_eq!(read, [("weekly".to_owned(), "f1".to_owned())]);
}

#[tokio::test]
async fn the_stream_of_recordings_reads_both_names() {
    for name in ["record_meetings", "record_list"] {
        let wecom = WeCom::start().await;
        wecom.answers("list_recordings", json!({name: [{"title": "weekly"}]}));

        let read = wecom.client.list_recordings(recordings()).stream().collect().await.unwrap();

        assert_eq!(read.iter().map(|recording| recording.title.as_deref()).collect::<Vec<_>>(), [Some("weekly")]);
    }
}

#[tokio::test]
async fn the_cursor_of_attendees_is_sent_as_cursor() {
    let wecom = WeCom::start().await;

    let request = ListRealtimeAttendeesRequest::new(MEETING).cursor("NGIEMG").limit(50);
    wecom.client.list_realtime_attendees(request).send().await.unwrap();

    let sent = wecom.sent("list_realtime_attendees");
    assert_eq!(sent, json!({"meetingid": MEETING, "cursor": "NGIEMG", "limit": 50}));
}

#[tokio::test]
async fn renamed_users_are_sent_as_operated_users() {
    let wecom = WeCom::start().await;

    let request = SetNicknamesRequest::new(MEETING, [ParticipantNickname::new("openid", DeviceType::Pc, "Li Si")]);
    wecom.client.set_nicknames(request).send().await.unwrap();

    let users = json!([{"tmp_openid": "openid", "instance_id": 1, "nickname": "Li Si"}]);
    assert_eq!(wecom.sent("set_nicknames"), json!({"meetingid": MEETING, "operated_users": users}));
}

#[tokio::test]
async fn the_device_whose_video_is_switched_is_sent_as_instance_id() {
    let wecom = WeCom::start().await;

    let request = SwitchUserVideoRequest::new(MEETING, true, ParticipantDevice::new("openid", DeviceType::Mac));
    wecom.client.switch_user_video(request).send().await.unwrap();

    let user = json!({"tmp_openid": "openid", "instance_id": 2});
    let sent = wecom.sent("switch_user_video");
    assert_eq!(sent, json!({"meetingid": MEETING, "video": true, "operated_user": user}));
}

#[tokio::test]
async fn the_title_of_a_webinar_is_read_as_title_and_as_subject() {
    let wecom = WeCom::start().await;

    for name in ["title", "subject"] {
        wecom.answers("get_webinar", json!({name: "launch"}));
        let webinar =
            wecom.client.get_webinar().body(GetWebinarRequest::new().meetingid(MEETING)).send().await.unwrap();

        assert_eq!(webinar.title_or_subject(), Some("launch"), "{name}");
    }
}

#[tokio::test]
async fn joining_a_webinar_muted_is_read_under_both_names() {
    let wecom = WeCom::start().await;

    for name in ["enable_enter_mute", "mute_enable_join"] {
        wecom.answers("get_webinar", json!({"media_setting": {name: true}}));
        let webinar =
            wecom.client.get_webinar().body(GetWebinarRequest::new().meetingid(MEETING)).send().await.unwrap();

        assert_eq!(webinar.media_setting.mutes_on_entry(), Some(true), "{name}");
    }
}

#[tokio::test]
async fn the_hosts_at_present_are_read_as_current_hosts() {
    let wecom = WeCom::start().await;
    wecom.answers("get_meeting_info", json!({"settings": {"current_hosts": {"userid": ["wangwu", "lisi"]}}}));

    let request = GetMeetingInfoRequest::new().meetingid(MEETING);
    let meeting = wecom.client.get_meeting_info().body(request).send().await.unwrap();

    assert_eq!(meeting.settings.current_hosts.as_ref().unwrap().userid.as_deref().unwrap(), ["wangwu", "lisi"]);
}

#[test]
fn no_field_has_a_spelling_that_only_the_prose_has() {
    let mut names = Vec::new();
    collect_properties(&document(), &mut names);

    assert!(names.contains(&"meetingid".to_owned()) && names.contains(&"tmp_openid".to_owned()));
    let strays = ["meeting_id", "meeing_id", "sub_meeting_id", "current_sub_meeting_id", "ms_open_id", "ms_openid"];
    assert_eq!(names.iter().find(|name| strays.contains(&name.as_str())), None);
}

fn collect_properties(node: &Value, names: &mut Vec<String>) {
    match node {
        Value::Object(members) => {
            if let Some(properties) = members.get("properties").and_then(Value::as_object) {
                names.extend(properties.keys().cloned());
            }
            members.values().for_each(|member| collect_properties(member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_properties(item, names)),
        _ => {}
    }
}
