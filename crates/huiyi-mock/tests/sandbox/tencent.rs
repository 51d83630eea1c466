//! Tencent Meeting.

use std::time::Duration;

use huiyi_mock::{Sandbox, Vendor, credentials, shared_http};
use huiyi_tencent::events::EventReceiver;
use huiyi_tencent::types::{
    BookingType, CancelMeetingRequest, CreateMeetingRequest, DismissMeetingRequest, MeetingState, UpdateMeetingRequest,
};
use huiyi_tencent::{Client, ErrorKind, QuotaPolicy, RetryPolicy};

use crate::inbox::{Inbox, now};

pub(crate) fn client(sandbox: &Sandbox) -> Client {
    let app = credentials::TENCENT;
    let builder = Client::builder().keys(app.app_id, app.secret_id, app.secret_key).base_url(sandbox.base_url());
    let builder = builder.quota(QuotaPolicy::off()).retry(RetryPolicy::off());
    builder.http_client(shared_http(Vendor::Tencent)).build().unwrap().operator("host")
}

pub(crate) fn request(subject: &str, start: i64) -> CreateMeetingRequest {
    CreateMeetingRequest::new("host", subject, BookingType::Scheduled, start, start + 1800)
}

#[tokio::test]
async fn the_life_of_a_meeting() {
    let sandbox = Sandbox::start(Vendor::Tencent).await.unwrap();
    let app = credentials::TENCENT;
    let receiver = EventReceiver::builder().keys(app.event_token, app.event_aes_key);
    let inbox = Inbox::open(receiver.build().unwrap()).await;
    sandbox.push_to(&inbox.url);
    let client = client(&sandbox);
    let start = now() + 3600;

    // 1 to 4: bookings that are refused, and some that succeed.
    assert_eq!(client.create_meeting(request("x", 1)).send().await.unwrap_err().code(), Some("190004"));
    let mut meetings = Vec::new();
    for subject in ["Weekly", "Never", "Alone"] {
        let answer = client.create_meeting(request(subject, start)).send().await.unwrap().into_inner();
        meetings.push(answer.meeting_info_list.into_iter().next().unwrap());
    }
    let id = meetings[0].meeting_id.clone().unwrap();
    let code = meetings[0].meeting_code.clone().unwrap();

    // 5 to 11: read, list, change, cancel.
    let read = client.get_meeting(&id).send().await.unwrap().into_inner();
    assert_eq!(read.meeting_info_list[0].status, Some(MeetingState::Init));
    let found = client.get_meetings().meeting_code(&code).send().await.unwrap().into_inner();
    assert_eq!(found.meeting_info_list[0].meeting_id, Some(id.clone()));
    client.update_meeting(&id, UpdateMeetingRequest::new("host").subject("Daily")).send().await.unwrap();
    let read = client.get_meeting(&id).send().await.unwrap().into_inner();
    assert_eq!(read.meeting_info_list[0].subject.as_deref(), Some("Daily"));
    let never = meetings[1].meeting_id.clone().unwrap();
    client.cancel_meeting(&never, CancelMeetingRequest::new("host", 1)).send().await.unwrap();
    let again = client.cancel_meeting(&never, CancelMeetingRequest::new("host", 1)).send().await.unwrap_err();
    assert_eq!((again.kind(), again.code()), (ErrorKind::Conflict, Some("9007")));
    assert_eq!(client.get_meetings().userid("host").stream().collect().await.unwrap().len(), 2);

    // 12 to 16: it begins, users join and leave.
    sandbox.join(&code, "host").unwrap();
    sandbox.join(&code, "guest").unwrap();
    sandbox.leave(&code, "guest").unwrap();
    let present = client.list_real_time_participants(&id).page(1).page_size(10).stream().collect().await.unwrap();
    assert_eq!(present.len(), 1);
    assert_eq!(client.list_participants(&id).size(1).stream().collect().await.unwrap().len(), 2);
    let running = client.cancel_meeting(&id, CancelMeetingRequest::new("host", 1)).send().await.unwrap_err();
    assert_eq!((running.kind(), running.code()), (ErrorKind::Conflict, Some("13602")));

    // 17 to 23: it ends, and its recording appears; the other meeting begins and ends by itself.
    client.dismiss_meeting(&id, DismissMeetingRequest::new(1)).send().await.unwrap();
    let ended = || client.list_ended_meetings("host").page(1).page_size(20).stream().collect();
    assert_eq!(ended().await.unwrap().len(), 1);
    let records = || client.list_records(start - 86_400, start).stream().collect();
    assert!(records().await.unwrap().is_empty());
    sandbox.advance(Duration::from_secs(600));
    let record = records().await.unwrap().remove(0);
    let files = client.list_record_addresses(record.meeting_record_id.unwrap()).stream().collect().await.unwrap();
    let file = client.get_record_file(files[0].record_file_id.clone().unwrap()).send().await.unwrap().into_inner();
    assert!(file.download_address.is_some());
    sandbox.advance(Duration::from_secs(2 * 3600));
    assert_eq!(ended().await.unwrap().len(), 2);
    let unknown = client.get_meeting("1").send().await.unwrap_err();
    assert_eq!((unknown.kind(), unknown.code()), (ErrorKind::NotFound, Some("9003")));

    sandbox.delivered().await;
    let first = ["created", "created", "created", "updated", "canceled", "started", "participant-joined"];
    let second = ["participant-joined", "participant-left", "participant-left", "end"];
    let third = ["started", "participant-joined", "participant-left", "end"];
    let short = |names: &[&str]| names.iter().map(|name| format!("meeting.{name}")).collect::<Vec<_>>();
    let recorded = vec!["recording.completed".to_owned()];
    let expected = [short(&first), short(&second), recorded.clone(), short(&third), recorded].concat();
    assert_eq!(inbox.take(), expected);
}

#[tokio::test]
async fn quotas_are_kept_unless_the_test_does_not_want_them() {
    let kept = Sandbox::start(Vendor::Tencent).await.unwrap();
    let free = Sandbox::builder(Vendor::Tencent).without_quotas().start().await.unwrap();
    for sandbox in [&kept, &free] {
        // In the middle of a minute, so no new minute begins meanwhile.
        sandbox.server().set_unix_time(now() / 60 * 60 + 30);
    }

    let (kept, free) = (client(&kept), client(&free));
    let mut refused = Vec::new();
    for _ in 0..301 {
        refused.extend(kept.get_meeting("1").send().await.err().filter(|error| error.kind() == ErrorKind::RateLimited));
        assert_eq!(free.get_meeting("1").send().await.unwrap_err().kind(), ErrorKind::NotFound);
    }

    assert_eq!(refused.len(), 1);
}
