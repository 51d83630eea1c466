//! What the vendors' pages refuse, and their codes.

use huiyi_dingtalk::types::{
    CancelScheduleConferenceRequest, CreateVideoConferenceRequest, QueryVideoConferencesRequest,
};
use huiyi_feishu::types::{ApplyReserveRequest, MeetingInitialType, ReserveMeetingSettings};
use huiyi_mock::{Sandbox, Vendor};
use huiyi_tencent::types::{CancelMeetingRequest, CreateMeetingRequest, DismissMeetingRequest, UserObject};
use huiyi_wecom::ErrorKind;
use huiyi_wecom::types::{
    CreateMeetingSettings, ListAttendeesRequest, ListRecordingsRequest, ListUserMeetingIdsRequest, MeetingInvitees,
    UpdateMeetingRequest, UserIds,
};

use crate::inbox::now;
use crate::{dingtalk, feishu, tencent, wecom};

const DAY: i64 = 86_400;

fn users(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("user{number}")).collect()
}

#[tokio::test]
async fn wecom_changes_no_meeting_that_has_begun() {
    let sandbox = Sandbox::start(Vendor::WeCom).await.unwrap();
    let client = wecom::client(&sandbox);
    let start = now() + 3600;
    let booked = client.create_meeting(wecom::request("Weekly", start)).send().await.unwrap().into_inner();
    let id = booked.meetingid.unwrap();
    let update = || UpdateMeetingRequest::new(&id).title("Daily");
    let code = async |request: UpdateMeetingRequest| {
        let refused = client.update_meeting(request).send().await.unwrap_err();
        (refused.kind(), refused.code().unwrap().to_owned())
    };
    let invalid = |code: &str| (ErrorKind::InvalidParameter, code.to_owned());

    assert_eq!(code(update().meeting_start(now() - 1).meeting_duration(1800)).await, invalid("400222"));
    assert_eq!(code(update().meeting_start(start + 60)).await, invalid("400035"));
    assert_eq!(code(update().meeting_duration(600)).await, invalid("400034"));
    client.update_meeting(update().meeting_start(start + 60).meeting_duration(600)).send().await.unwrap();
    sandbox.join(&id, "zhangsan").unwrap();
    assert_eq!(code(update()).await, (ErrorKind::Conflict, "400221".to_owned()));
    sandbox.end(&id).unwrap();
    assert_eq!(code(update()).await, (ErrorKind::Conflict, "400221".to_owned()));
}

#[tokio::test]
async fn wecom_checks_each_field() {
    let sandbox = Sandbox::start(Vendor::WeCom).await.unwrap();
    let client = wecom::client(&sandbox);
    let start = now() + 3600;
    let code = async |request| {
        let answered = client.create_meeting(request).send().await;
        answered.err().and_then(|refused| refused.code().map(str::to_owned)).unwrap_or_default()
    };
    let request = || wecom::request("Weekly", start);
    let with = |settings| request().settings(settings);
    let invite = |count| request().invitees(MeetingInvitees::new().userid(users(count)));
    let hosts = |count| with(CreateMeetingSettings::new().hosts(UserIds::new().userid(users(count))));

    assert_eq!(code(wecom::request("Weekly", now() - 1)).await, "400222");
    assert_eq!((code(invite(301)).await, code(invite(300)).await), ("400020".to_owned(), String::new()));
    assert_eq!((code(hosts(11)).await, code(hosts(10)).await), ("400027".to_owned(), String::new()));
    assert_eq!(code(with(CreateMeetingSettings::new().password("12"))).await, "400030");
    assert_eq!(code(request().title("会".repeat(256))).await, "400042");
    assert_eq!(code(request().title("会".repeat(255))).await, "");
    assert_eq!(code(request().location("x".repeat(129))).await, "400237");
}

#[tokio::test]
async fn wecom_checks_spans_of_time() {
    let sandbox = Sandbox::start(Vendor::WeCom).await.unwrap();
    let client = wecom::client(&sandbox);
    let start = now() + 3600;
    let booked = client.create_meeting(wecom::request("Weekly", start)).send().await.unwrap().into_inner();
    let id = booked.meetingid.unwrap();

    let list = async |request| client.list_user_meeting_ids(request).send().await;
    let of = |from, until| ListUserMeetingIdsRequest::new("zhangsan").begin_time(from).end_time(until);
    assert_eq!(list(of(0, 181 * DAY)).await.unwrap_err().code(), Some("40058"));
    assert_eq!(list(of(1, 0)).await.unwrap_err().code(), Some("40058"));
    // The end bounds past meetings only.
    assert_eq!(list(of(start - DAY, start - 1)).await.unwrap().meetingid_list, [id.as_str()]);
    assert!(list(of(start + 1, start + DAY)).await.unwrap().meetingid_list.is_empty());
    let attendees = ListAttendeesRequest::new(&id).start_time(0).end_time(32 * DAY);
    assert_eq!(client.list_attendees(attendees).send().await.unwrap_err().code(), Some("40058"));
    let list = async |request| client.list_recordings(request).send().await.unwrap_err().code().map(str::to_owned);
    assert_eq!(list(ListRecordingsRequest::new(0, 32 * DAY)).await.as_deref(), Some("40058"));
    assert_eq!(list(ListRecordingsRequest::new(0, DAY).meeting_code("1")).await.as_deref(), Some("730004"));
}

#[tokio::test]
async fn dingtalk_lets_the_host_alone_close_a_conference() {
    let sandbox = Sandbox::start(Vendor::DingTalk).await.unwrap();
    let client = dingtalk::client(&sandbox);
    let create = |title: &str| client.create_video_conference(CreateVideoConferenceRequest::new("host", title));
    let id = create("Now").send().await.unwrap().into_inner().conference_id.unwrap();
    let query = || client.query_video_conferences(QueryVideoConferencesRequest::new([&id]));

    assert_eq!(client.close_video_conference(&id, "guest").send().await.unwrap_err().code(), Some("permissionError"));
    query().send().await.unwrap();
    client.close_video_conference(&id, "host").send().await.unwrap();
    // Only conferences that are running can be asked for.
    assert_eq!(query().send().await.unwrap_err().code(), Some("resourceClose"));
    assert_eq!(create(&"x".repeat(257)).send().await.unwrap_err().code(), Some("paramsTitleError"));
    let long = create(&"x".repeat(256)).send().await.unwrap().into_inner().conference_id.unwrap();
    let kept = client.get_video_conference(&long).send().await.unwrap().into_inner().conf_info.title.unwrap();
    assert_eq!(kept.len(), 50);
}

#[tokio::test]
async fn dingtalk_shows_a_booked_conference_to_its_creator() {
    let sandbox = Sandbox::start(Vendor::DingTalk).await.unwrap();
    let client = dingtalk::client(&sandbox);
    let long = dingtalk::request(&"x".repeat(257), now() + 3600);
    assert_eq!(client.create_schedule_conference(long).send().await.unwrap_err().code(), Some("paramsError"));
    let booked = client.create_schedule_conference(dingtalk::request("Weekly", now() + 3600)).send().await.unwrap();
    let id = booked.schedule_conference_id.clone().unwrap();

    let foreign = client.get_schedule_conference(&id, "guest").send().await.unwrap_err();
    assert_eq!((foreign.kind(), foreign.code()), (huiyi_dingtalk::ErrorKind::Permission, Some("permissionError")));
    let cancel = || client.cancel_schedule_conference(CancelScheduleConferenceRequest::new(&id, "host"));
    cancel().send().await.unwrap();
    // The page of this operation does not have `resourceCancel`.
    assert_eq!(cancel().send().await.unwrap_err().code(), Some("paramsError"));
}

#[tokio::test]
async fn tencent_tells_why_a_meeting_cannot_be_ended() {
    let sandbox = Sandbox::start(Vendor::Tencent).await.unwrap();
    let client = tencent::client(&sandbox);
    let start = now() + 3600;
    let book = async |request: CreateMeetingRequest| {
        let answer = client.create_meeting(request).send().await.unwrap().into_inner();
        answer.meeting_info_list.into_iter().next().unwrap().meeting_id.unwrap()
    };
    let dismiss = async |id: &str, user: &str| {
        let request = DismissMeetingRequest::new(1).operator_id(user);
        let answered = client.dismiss_meeting(id, request).send().await;
        answered.err().and_then(|refused| refused.code().map(str::to_owned)).unwrap_or_default()
    };
    let ended = book(tencent::request("Weekly", start).hosts([UserObject::new("other")])).await;
    let cancelled = book(tencent::request("Never", start)).await;
    client.cancel_meeting(&cancelled, CancelMeetingRequest::new("host", 1)).send().await.unwrap();
    sandbox.join(&ended, "guest").unwrap();

    assert_eq!(dismiss(&ended, "guest").await, "9042");
    // A host who is not the creator.
    assert_eq!(dismiss(&ended, "other").await, "");
    assert_eq!(dismiss(&ended, "host").await, "13603");
    assert_eq!(dismiss(&cancelled, "host").await, "9007");
    let over = client.list_ended_meetings("guest").page(1).page_size(20).send().await.unwrap();
    assert_eq!(over.meeting_info_list.len(), 1, "those that the user attended");
}

#[tokio::test]
async fn tencent_checks_fields_and_spans_of_time() {
    let sandbox = Sandbox::start(Vendor::Tencent).await.unwrap();
    let client = tencent::client(&sandbox);
    let request = || tencent::request("Weekly", now() + 3600);
    let create = async |request| client.create_meeting(request).send().await.unwrap_err().code().map(str::to_owned);
    let invited = || users(301).into_iter().map(UserObject::new);
    let booked = client.create_meeting(request()).send().await.unwrap();
    let id = booked.meeting_info_list[0].meeting_id.clone().unwrap();

    for wrong in [request().password("12"), request().subject("x".repeat(513)), request().invitees(invited())] {
        assert_eq!(create(wrong).await.as_deref(), Some("190004"));
    }
    for (from, until) in [(1, 0), (0, 32 * DAY)] {
        let records = client.list_records(from, until).send().await.unwrap_err();
        assert_eq!(records.code(), Some("190004"), "{from} to {until}");
        let participants = client.list_participants(&id).start_time(from).end_time(until).send().await.unwrap_err();
        assert_eq!(participants.code(), Some("190004"), "{from} to {until}");
    }
    let ended = |until: i64| client.list_ended_meetings("host").page(1).page_size(20).start_time(0).end_time(until);
    assert!(ended(90 * DAY).send().await.is_ok());
    assert_eq!(ended(91 * DAY).send().await.unwrap_err().code(), Some("190004"));
}

#[tokio::test]
async fn feishu_checks_times_and_settings() {
    let sandbox = Sandbox::start(Vendor::Feishu).await.unwrap();
    let client = feishu::client(&sandbox);
    let list = |from, until| client.list_meetings_by_no("123456789", from, until);

    let far = client.apply_reserve(feishu::request("x", now() + 31 * DAY)).send().await.unwrap_err();
    assert_eq!(far.code(), Some("121003"));
    client.apply_reserve(feishu::request("x", now() + 30 * DAY)).send().await.unwrap();
    let call = ReserveMeetingSettings::new().meeting_initial_type(MeetingInitialType::OneToOneCall).auto_record(true);
    let call = client.apply_reserve(ApplyReserveRequest::new(call).owner_id("ou_host")).send().await.unwrap_err();
    assert_eq!(call.code(), Some("123002"));
    assert_eq!(list(2, 2).send().await.unwrap_err().code(), Some("121003"));
    assert_eq!(list(2, 1).send().await.unwrap_err().code(), Some("121003"));
}
