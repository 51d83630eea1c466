//! Tests of events, and tests with a sandbox, as in the guide's chapter "Testing your application".

#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use huiyi_feishu::Client;
use huiyi_feishu::events::{Endpoint, Event, HandlerError, MeetingEndedEvent};
use huiyi_feishu::types::{ApplyReserveRequest, ReserveMeetingSettings};
use huiyi_mock::{FeishuMock, Sandbox, Vendor, credentials};

// Events:
#[tokio::test]
async fn the_handler_is_called_for_each_meeting_that_ended() {
    let mock = FeishuMock::start().await;
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let endpoint = Endpoint::new(mock.event_receiver(), move |delivery| {
        counter.fetch_add(usize::from(matches!(delivery.event(), Event::MeetingEnded(_))), Ordering::Relaxed);
        std::future::ready(Ok::<(), HandlerError>(()))
    });

    let delivery = mock.deliver(MeetingEndedEvent::new());
    assert_eq!(delivery.to_endpoint(&endpoint).await.status(), 200);
    assert_eq!(delivery.with_bad_signature().to_endpoint(&endpoint).await.status(), 401);

    assert_eq!(count.load(Ordering::Relaxed), 1);
}

// Sandbox:
#[tokio::test]
async fn a_meeting_is_booked_held_and_recorded() {
    let sandbox = Sandbox::start(Vendor::Feishu).await.unwrap();
    let app = credentials::FEISHU;
    let client = Client::builder().app(app.app_id, app.app_secret).base_url(sandbox.base_url()).build().unwrap();

    let settings = ReserveMeetingSettings::new().topic("Weekly");
    let booking = ApplyReserveRequest::new(settings).owner_id("ou_host");
    let reserve = client.apply_reserve(booking).send().await.unwrap().into_inner().reserve.id.unwrap();
    sandbox.join(&reserve, "ou_host").unwrap();
    let meeting = client.get_active_meeting(&reserve).send().await.unwrap().into_inner().meeting.id.unwrap();
    sandbox.end(&reserve).unwrap();
    sandbox.advance(Duration::from_secs(600));

    assert!(client.get_recording(&meeting).send().await.unwrap().recording.url.is_some());
}
