//! DingTalk.

use std::time::Duration;

use huiyi_dingtalk::events::EventReceiver;
use huiyi_dingtalk::types::{
    CancelScheduleConferenceRequest, ConferenceStatus, CreateScheduleConferenceRequest, CreateVideoConferenceRequest,
    KickMembersRequest, MemberTarget, QueryVideoConferencesRequest, UpdateScheduleConferenceRequest,
};
use huiyi_dingtalk::{Client, ErrorKind};
use huiyi_mock::{Sandbox, Vendor, credentials, shared_http};

use crate::inbox::{Inbox, now};

pub(crate) fn client(sandbox: &Sandbox) -> Client {
    let app = credentials::DINGTALK;
    let builder = Client::builder().app(app.app_key, app.secret).corp(app.corp_id).base_url(sandbox.base_url());
    builder.http_client(shared_http(Vendor::DingTalk)).build().unwrap()
}

pub(crate) fn request(title: &str, start: i64) -> CreateScheduleConferenceRequest {
    CreateScheduleConferenceRequest::new("host", title, start * 1000, (start + 1800) * 1000)
}

#[tokio::test]
async fn the_life_of_a_meeting() {
    let sandbox = Sandbox::start(Vendor::DingTalk).await.unwrap();
    let app = credentials::DINGTALK;
    let receiver = EventReceiver::builder().keys(app.event_token, app.event_aes_key).client_id(app.app_key);
    let inbox = Inbox::open(receiver.build().unwrap()).await;
    sandbox.push_to(&inbox.url);
    let client = client(&sandbox);
    let start = now() + 3600;

    // 1 to 8: booked, read, changed, cancelled.
    assert_eq!(
        client.create_schedule_conference(request("x", 1)).send().await.unwrap_err().code(),
        Some("paramsError")
    );
    let booked = client.create_schedule_conference(request("Weekly", start)).send().await.unwrap().into_inner();
    let id = booked.schedule_conference_id.unwrap();
    let update = UpdateScheduleConferenceRequest::new("host", &id, "Daily", start * 1000, (start + 600) * 1000);
    client.update_schedule_conference(update).send().await.unwrap();
    assert_eq!(client.get_schedule_conference(&id, "host").send().await.unwrap().title.as_deref(), Some("Daily"));
    let foreign = CancelScheduleConferenceRequest::new(&id, "guest");
    let refused = client.cancel_schedule_conference(foreign).send().await.unwrap_err();
    assert_eq!((refused.kind(), refused.code()), (ErrorKind::Permission, Some("permissionError")));
    let other = client.create_schedule_conference(request("Never", start)).send().await.unwrap().into_inner();
    let other = other.schedule_conference_id.unwrap();
    client.cancel_schedule_conference(CancelScheduleConferenceRequest::new(&other, "host")).send().await.unwrap();
    let gone = client.get_schedule_conference(&other, "host").send().await.unwrap_err();
    assert_eq!((gone.kind(), gone.code()), (ErrorKind::Conflict, Some("resourceCancel")));

    // 9 to 12: it begins and ends by itself.
    assert!(client.list_schedule_conference_history(&id).stream().collect().await.unwrap().is_empty());
    sandbox.advance(Duration::from_secs(3700));
    let begun = client.list_schedule_conference_history(&id).stream().collect().await.unwrap();
    assert_eq!((begun.len(), begun[0].status.clone()), (1, Some(ConferenceStatus::Running)));
    sandbox.advance(Duration::from_secs(3600));
    let conference = begun[0].conference_id.clone().unwrap();
    let ended = client.get_video_conference(&conference).send().await.unwrap().into_inner();
    assert_eq!(ended.conf_info.status, Some(ConferenceStatus::Ended));

    // 13 to 22: an instant conference.
    let create = CreateVideoConferenceRequest::new("host", "Now").invite_user_ids(["guest"]);
    let id = client.create_video_conference(create).send().await.unwrap().into_inner().conference_id.unwrap();
    sandbox.join(&id, "guest").unwrap();
    let members = client.list_members(&id).max_results(1).stream().collect().await.unwrap();
    assert_eq!(members.len(), 2);
    let query = QueryVideoConferencesRequest::new([&id]);
    assert_eq!(client.query_video_conferences(query).send().await.unwrap().infos.len(), 1);
    assert_eq!(client.list_user_conferences("guest").send().await.unwrap().on_going_conf_id_list, [id.as_str()]);
    let kick = KickMembersRequest::new([MemberTarget::new("guest")]);
    client.kick_members(&id, kick).send().await.unwrap();
    assert!(client.list_user_conferences("guest").send().await.unwrap().on_going_conf_id_list.is_empty());
    client.close_video_conference(&id, "host").send().await.unwrap();
    let closed = client.close_video_conference(&id, "host").send().await.unwrap_err();
    assert_eq!((closed.kind(), closed.code()), (ErrorKind::Conflict, Some("resourceClose")));
    let videos = || client.list_cloud_record_videos(&id, "host");
    assert_eq!(videos().send().await.unwrap_err().code(), Some("cloudRecordNotFound"));
    sandbox.finish_recording(&id).unwrap();
    assert_eq!(videos().send().await.unwrap().video_list.len(), 1);
    assert_eq!(client.get_video_conference("0").send().await.unwrap_err().kind(), ErrorKind::NotFound);

    sandbox.delivered().await;
    let (meeting, member) = ("meeting_status_change", "meeting_member_status_change");
    let alone = [meeting, member, member, meeting];
    let with_guest = [meeting, member, member, member, member, meeting];
    assert_eq!(inbox.take(), [&alone[..], &with_guest[..]].concat());
}
