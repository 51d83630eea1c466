//! The sizes of pages: the vendors' defaults and maxima.

use std::time::Duration;

use huiyi_dingtalk::types::CreateVideoConferenceRequest;
use huiyi_mock::{Sandbox, Vendor};
use huiyi_wecom::types::{
    ListAttendeesRequest, ListRealtimeAttendeesRequest, ListRecordingsRequest, ListUserMeetingIdsRequest,
};

use crate::inbox::now;
use crate::{dingtalk, feishu, tencent, wecom};

async fn start(vendor: Vendor) -> Sandbox {
    Sandbox::builder(vendor).without_quotas().start().await.unwrap()
}

/// Lets so many users join.
fn join(sandbox: &Sandbox, meeting: &str, users: usize) {
    for user in 0..users {
        sandbox.join(meeting, &format!("user{user}")).unwrap();
    }
}

#[tokio::test]
async fn of_wecom() {
    let sandbox = start(Vendor::WeCom).await;
    let client = wecom::client(&sandbox);
    let mut ids = Vec::new();
    for number in 0..101 {
        let booked = client.create_meeting(wecom::request("Weekly", now() + 3600 + number)).send().await.unwrap();
        ids.push(booked.meetingid.clone().unwrap());
    }
    join(&sandbox, &ids[0], 101);

    let list = async |request| client.list_user_meeting_ids(request).send().await.unwrap().meetingid_list.len();
    let of = || ListUserMeetingIdsRequest::new("zhangsan");
    assert_eq!((list(of()).await, list(of().limit(7)).await, list(of().limit(101)).await), (100, 7, 100));
    let list = async |request| client.list_attendees(request).send().await.unwrap().attendees.len();
    let of = || ListAttendeesRequest::new(&ids[0]);
    assert_eq!((list(of()).await, list(of().limit(101)).await), (100, 100));
    let list = async |request| client.list_realtime_attendees(request).send().await.unwrap().attendees.len();
    let of = || ListRealtimeAttendeesRequest::new(&ids[0]);
    assert_eq!((list(of()).await, list(of().limit(51)).await), (50, 50));
    sandbox.advance(Duration::from_secs(8_000));
    let list = async |request| client.list_recordings(request).send().await.unwrap().record_meetings.len();
    let of = || ListRecordingsRequest::new(now() - 3600, now() + 8_000);
    assert_eq!((list(of()).await, list(of().limit(21)).await), (10, 20));
}

#[tokio::test]
async fn of_dingtalk() {
    let sandbox = start(Vendor::DingTalk).await;
    let client = dingtalk::client(&sandbox);
    let create = CreateVideoConferenceRequest::new("host", "Now");
    let id = client.create_video_conference(create).send().await.unwrap().into_inner().conference_id.unwrap();
    join(&sandbox, &id, 149);

    assert_eq!(client.list_members(&id).send().await.unwrap().member_models.len(), 128);
    // There is no maximum.
    assert_eq!(client.list_members(&id).max_results(200).send().await.unwrap().member_models.len(), 150);
    assert_eq!(client.list_members(&id).stream().collect().await.unwrap().len(), 150);
}

#[tokio::test]
async fn of_tencent() {
    let sandbox = start(Vendor::Tencent).await;
    let client = tencent::client(&sandbox);
    let mut ids = Vec::new();
    for number in 0..22 {
        let booked = client.create_meeting(tencent::request("Weekly", now() + 3600 + number)).send().await.unwrap();
        ids.push(booked.meeting_info_list[0].meeting_id.clone().unwrap());
    }
    join(&sandbox, &ids[0], 101);

    assert_eq!(client.get_meetings().userid("host").send().await.unwrap().meeting_info_list.len(), 20);
    let of = || client.list_participants(&ids[0]);
    assert_eq!(of().send().await.unwrap().participants.len(), 100);
    assert_eq!(of().size(101).send().await.unwrap().participants.len(), 100);
    let of = || client.list_real_time_participants(&ids[0]).page(1);
    assert_eq!(of().page_size(51).send().await.unwrap().participants.len(), 50);
    sandbox.advance(Duration::from_secs(8_000));
    let of = || client.list_ended_meetings("host").page(1);
    assert_eq!(of().page_size(21).send().await.unwrap().meeting_info_list.len(), 20);
    let of = || client.list_records(now() - 3600, now() + 8_000);
    assert_eq!(of().send().await.unwrap().record_meetings.len(), 10);
    assert_eq!(of().page(3).send().await.unwrap().record_meetings.len(), 2);
    assert_eq!(of().page_size(21).send().await.unwrap().record_meetings.len(), 20);
}

#[tokio::test]
async fn feishu_refuses_a_page_above_the_maximum() {
    let sandbox = start(Vendor::Feishu).await;
    let client = feishu::client(&sandbox);
    let list = |from, until| client.list_meetings_by_no("123456789", from, until);

    assert!(list(1, 2).page_size(50).send().await.unwrap().meeting_briefs.is_empty());
    assert_eq!(list(1, 2).page_size(51).send().await.unwrap_err().code(), Some("121003"));
}
