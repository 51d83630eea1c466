//! Feishu.

use std::time::Duration;

use huiyi_feishu::events::EventReceiver;
use huiyi_feishu::types::{
    ApplyReserveRequest, MeetingStatus, ReserveMeetingSettings, ReserveMeetingSettingsUpdate, UpdateReserveRequest,
};
use huiyi_feishu::{Client, ErrorKind, StaticToken, Token};
use huiyi_mock::{Sandbox, Vendor, credentials, shared_http};

use crate::inbox::{Inbox, now};

pub(crate) fn client(sandbox: &Sandbox) -> Client {
    let app = credentials::FEISHU;
    let builder = Client::builder().app(app.app_id, app.app_secret).base_url(sandbox.base_url());
    builder.http_client(shared_http(Vendor::Feishu)).build().unwrap()
}

pub(crate) fn request(topic: &str, end: i64) -> ApplyReserveRequest {
    ApplyReserveRequest::new(ReserveMeetingSettings::new().topic(topic)).owner_id("ou_host").end_time(end)
}

#[tokio::test]
async fn the_life_of_a_meeting() {
    let sandbox = Sandbox::start(Vendor::Feishu).await.unwrap();
    let app = credentials::FEISHU;
    let receiver = EventReceiver::builder().encrypt_key(app.encrypt_key).verification_token(app.verification_token);
    let inbox = Inbox::open(receiver.app_id(app.app_id).build().unwrap()).await;
    sandbox.push_to(&inbox.url);
    let client = client(&sandbox);
    let end = now() + 3600;

    // 1 to 4: bookings that are refused, and one that succeeds.
    let wrong = ReserveMeetingSettings::new().topic("x").password("12");
    let wrong = client.apply_reserve(ApplyReserveRequest::new(wrong).owner_id("ou_host")).send().await.unwrap_err();
    assert_eq!(wrong.code(), Some("123006"), "{wrong}");
    let past = client.apply_reserve(request("x", 1)).send().await.unwrap_err();
    assert_eq!(past.code(), Some("121003"), "{past}");
    let booked = client.apply_reserve(request("Weekly", end)).send().await.unwrap().into_inner().reserve;
    let (reserve, number) = (booked.id.unwrap(), booked.meeting_no.unwrap());
    let other = client.apply_reserve(request("Other", end)).send().await.unwrap().into_inner().reserve;

    // 5 to 9: read, change, cancel.
    let read = client.get_reserve(&reserve).send().await.unwrap().into_inner().reserve;
    assert_eq!(read.meeting_settings.unwrap().topic.as_deref(), Some("Weekly"));
    let changed = UpdateReserveRequest::new().meeting_settings(ReserveMeetingSettingsUpdate::new().topic("Daily"));
    client.update_reserve(&reserve).body(changed).send().await.unwrap();
    let read = client.get_reserve(&reserve).send().await.unwrap().into_inner().reserve;
    assert_eq!(read.meeting_settings.unwrap().topic.as_deref(), Some("Daily"));
    let other = other.id.unwrap();
    client.delete_reserve(&other).send().await.unwrap();
    let gone = client.get_reserve(&other).send().await.unwrap_err();
    assert_eq!((gone.kind(), gone.code()), (ErrorKind::NotFound, Some("121004")));

    // 10 to 14: it begins when the first user joins.
    let idle = client.get_active_meeting(&reserve).send().await.unwrap_err();
    assert_eq!(idle.code(), Some("121004"));
    sandbox.join(&number, "ou_host").unwrap();
    sandbox.join(&number, "ou_guest").unwrap();
    sandbox.leave(&number, "ou_guest").unwrap();
    let meeting = client.get_active_meeting(&reserve).send().await.unwrap().into_inner().meeting.id.unwrap();
    let running = client.get_meeting(&meeting).with_participants(true).send().await.unwrap().into_inner().meeting;
    assert_eq!((running.status, running.participants.len()), (Some(MeetingStatus::InProgress), 2));

    // 15 to 20: it ends, and its recording appears.
    let user = client.as_user(StaticToken::new(Token::new("u-anybody")));
    user.end_meeting(&meeting).send().await.unwrap();
    let again = user.end_meeting(&meeting).send().await.unwrap_err();
    assert_eq!((again.kind(), again.code()), (ErrorKind::Conflict, Some("122001")));
    let unready = client.get_recording(&meeting).send().await.unwrap_err();
    assert_eq!(unready.code(), Some("124002"));
    sandbox.advance(Duration::from_secs(600));
    let recording = client.get_recording(&meeting).send().await.unwrap().into_inner().recording;
    assert!(recording.url.unwrap().starts_with("https://meetings.feishu.cn/minutes/"));
    let listed = client.list_meetings_by_no(&number, now() - 60, end).stream().collect().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(client.get_meeting("1").send().await.unwrap_err().kind(), ErrorKind::NotFound);

    sandbox.delivered().await;
    let short = |name: &str| format!("vc.meeting.{name}_v1");
    let expected = ["meeting_started", "join_meeting", "join_meeting", "leave_meeting"].map(short);
    let ending = ["leave_meeting", "meeting_ended", "recording_ready"].map(short);
    assert_eq!(inbox.take(), [&expected[..], &ending[..]].concat());
    assert!(sandbox.pushed().iter().all(|pushed| pushed.status == Some(200)));
}
