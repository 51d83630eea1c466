//! WeCom.

use std::time::Duration;

use huiyi_mock::{Sandbox, Vendor, credentials, shared_http};
use huiyi_wecom::events::EventReceiver;
use huiyi_wecom::types::{
    CancelMeetingRequest, CreateMeetingRequest, DismissMeetingRequest, GetMeetingInfoRequest, ListAttendeesRequest,
    ListRealtimeAttendeesRequest, ListRecordingsRequest, ListUserMeetingIdsRequest, MeetingStatus,
    UpdateMeetingRequest,
};
use huiyi_wecom::{Client, ErrorKind};

use crate::inbox::{Inbox, now};

pub(crate) fn client(sandbox: &Sandbox) -> Client {
    let app = credentials::WECOM;
    let builder = Client::builder().corp(app.corpid, app.secret).base_url(sandbox.base_url());
    builder.http_client(shared_http(Vendor::WeCom)).build().unwrap()
}

pub(crate) fn request(title: &str, start: i64) -> CreateMeetingRequest {
    CreateMeetingRequest::new("zhangsan", title).meeting_start(start).meeting_duration(1800)
}

#[tokio::test]
async fn the_life_of_a_meeting() {
    let sandbox = Sandbox::start(Vendor::WeCom).await.unwrap();
    let app = credentials::WECOM;
    let receiver = EventReceiver::builder().keys(app.event_token, app.event_aes_key).receive_id(app.corpid);
    let inbox = Inbox::open(receiver.build().unwrap()).await;
    sandbox.push_to(&inbox.url);
    let client = client(&sandbox);
    let start = now() + 3600;

    // 1 to 5: bookings that are refused, and some that succeed.
    let past = client.create_meeting(request("x", 1)).send().await.unwrap_err();
    assert_eq!(past.code(), Some("400222"), "{past}");
    let short = request("x", start).meeting_duration(1);
    assert_eq!(client.create_meeting(short).send().await.unwrap_err().code(), Some("400035"));
    let mut ids = Vec::new();
    for title in ["Weekly", "Daily", "Never"] {
        let answer = client.create_meeting(request(title, start)).send().await.unwrap().into_inner();
        ids.push(answer.meetingid.unwrap());
    }

    // 6 to 12: read, list in pages, change, cancel.
    let info = |id: &str| client.get_meeting_info().body(GetMeetingInfoRequest::new().meetingid(id));
    let read = info(&ids[0]).send().await.unwrap().into_inner();
    assert_eq!((read.title.as_deref(), read.status), (Some("Weekly"), Some(MeetingStatus::NotStarted)));
    client.update_meeting(UpdateMeetingRequest::new(&ids[0]).title("Changed")).send().await.unwrap();
    assert_eq!(info(&ids[0]).send().await.unwrap().title.as_deref(), Some("Changed"));
    client.cancel_meeting(CancelMeetingRequest::new(&ids[2])).send().await.unwrap();
    let again = client.cancel_meeting(CancelMeetingRequest::new(&ids[2])).send().await.unwrap_err();
    assert_eq!((again.kind(), again.code()), (ErrorKind::Conflict, Some("400041")));
    let list = ListUserMeetingIdsRequest::new("zhangsan").limit(1);
    let listed: Vec<String> = client.list_user_meeting_ids(list).stream().collect().await.unwrap();
    assert_eq!(listed, ids[..2]);
    let code = read.meeting_code.unwrap();
    let by_code = GetMeetingInfoRequest::new().meeting_code(&code);
    assert_eq!(client.get_meeting_info().body(by_code).send().await.unwrap().meetingid, Some(ids[0].clone()));

    // 13 to 17: it begins, users join and leave.
    sandbox.join(&code, "zhangsan").unwrap();
    sandbox.join(&code, "lisi").unwrap();
    sandbox.leave(&code, "lisi").unwrap();
    let present = client.list_realtime_attendees(ListRealtimeAttendeesRequest::new(&ids[0]));
    assert_eq!(present.stream().collect().await.unwrap().len(), 1);
    let all = client.list_attendees(ListAttendeesRequest::new(&ids[0])).stream().collect().await.unwrap();
    assert_eq!(all.len(), 2);
    let running = client.cancel_meeting(CancelMeetingRequest::new(&ids[0])).send().await.unwrap_err();
    assert_eq!((running.kind(), running.code()), (ErrorKind::Conflict, Some("400224")));

    // 18 to 22: it ends, and its recording appears; the other meeting begins and ends by itself.
    client.dismiss_meeting(DismissMeetingRequest::new(&ids[0])).send().await.unwrap();
    let recordings =
        || client.list_recordings(ListRecordingsRequest::new(start - 86_400, start + 86_400).meetingid(&ids[0]));
    assert!(recordings().stream().collect().await.unwrap().is_empty());
    sandbox.advance(Duration::from_secs(600));
    assert_eq!(recordings().stream().collect().await.unwrap().len(), 1);
    sandbox.advance(Duration::from_secs(2 * 3600));
    assert_eq!(info(&ids[1]).send().await.unwrap().status, Some(MeetingStatus::Ended));
    assert_eq!(info("hy0").send().await.unwrap_err().kind(), ErrorKind::NotFound);

    sandbox.delivered().await;
    let first = ["modify_meeting", "cancel_meeting", "meeting_start", "join_meeting", "join_meeting", "quit_meeting"];
    let second = ["quit_meeting", "meeting_end", "recording_complete"];
    let third = ["meeting_start", "join_meeting", "quit_meeting", "meeting_end", "recording_complete"];
    let expected = [&first[..], &second[..], &third[..]].concat();
    assert_eq!(inbox.take(), expected.iter().map(|name| format!("meeting_change/{name}")).collect::<Vec<_>>());
}
