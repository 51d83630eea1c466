//! Deliveries of events, received by the clients' receivers.

#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use huiyi_core::event::{Delivery as Received, Endpoint, EventSet, MemorySeen, Receive, RejectReason};
use huiyi_feishu::events::{Event, MeetingStartedEvent};
use huiyi_mock::{Delivery, DingTalkMock, FeishuMock, TencentMock, WeComMock};

fn started() -> MeetingStartedEvent {
    let mut event = MeetingStartedEvent::new();
    event.meeting.topic = Some("Weekly".to_owned());
    event
}

/// Returns an endpoint and the list of the topics that it has handled.
fn endpoint(mock: &FeishuMock) -> (Endpoint<huiyi_feishu::events::EventReceiver>, Arc<Mutex<Vec<String>>>) {
    let topics = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&topics);
    let handler = move |delivery: Received<Event>| {
        if let Event::MeetingStarted(event) = delivery.event() {
            kept.lock().unwrap().push(event.meeting.topic.clone().unwrap_or_default());
        }
        std::future::ready(Ok::<(), std::io::Error>(()))
    };
    let builder = Endpoint::builder(mock.event_receiver()).seen(Arc::new(MemorySeen::new(16)));
    (builder.handler(handler), topics)
}

#[tokio::test]
async fn a_handler_gets_the_typed_event_once_however_often_it_is_delivered() {
    let mock = FeishuMock::start().await;
    let (endpoint, topics) = endpoint(&mock);
    let delivery = mock.deliver(started());

    assert_eq!(delivery.to_endpoint(&endpoint).await.status(), 200);
    assert_eq!(delivery.to_endpoint(&endpoint).await.status(), 200);
    assert_eq!(mock.deliver(started()).to_endpoint(&endpoint).await.status(), 200);

    assert_eq!(*topics.lock().unwrap(), ["Weekly", "Weekly"]);
}

#[tokio::test]
async fn an_address_gets_a_signed_request() {
    let mock = FeishuMock::start().await;
    let (endpoint, topics) = endpoint(&mock);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let service = axum::Router::new().route("/hook", huiyi_core::event::axum::route(endpoint));
    tokio::spawn(async move { axum::serve(listener, service).await });

    let answered = mock.deliver(started()).to(&url).await;
    let refused = mock.deliver(started()).with_bad_signature().to(&url).await;

    assert_eq!((answered.status, answered.body.as_str()), (200, "{}"));
    assert_eq!(refused.status, 401);
    assert_eq!(topics.lock().unwrap().len(), 1);
}

/// Returns what a receiver says to a good delivery and to deliveries with a defect.
fn judged<R: Receive>(receiver: &R, delivery: Delivery) -> [Option<RejectReason>; 5]
where
    R::Event: EventSet,
{
    let hours = Duration::from_secs(30 * 86_400);
    let [good, forged, unsigned, old, foreign] = [
        delivery.clone(),
        delivery.clone().with_bad_signature(),
        delivery.clone().without_signature(),
        delivery.clone().signed_ago(hours),
        delivery.with_other_keys(),
    ];
    [good, forged, unsigned, old, foreign]
        .map(|delivery| receiver.receive(&delivery.request("/hook")).err().map(|rejection| rejection.reason()))
}

#[tokio::test]
async fn every_vendors_receiver_takes_good_deliveries_and_no_others() {
    let (feishu, wecom) = (FeishuMock::start().await, WeComMock::start().await);
    let (dingtalk, tencent) = (DingTalkMock::start().await, TencentMock::start().await);
    let expected = [
        None,
        Some(RejectReason::WrongSignature),
        Some(RejectReason::Unsigned),
        Some(RejectReason::TooOld),
        Some(RejectReason::WrongSignature),
    ];

    let wecom_event = huiyi_wecom::events::MeetingStartedEvent::new();
    let dingtalk_event = huiyi_dingtalk::events::MeetingStatusChangeEvent::new();
    let tencent_event = huiyi_tencent::events::MeetingStartedEvent::new();
    assert_eq!(judged(&feishu.event_receiver(), feishu.deliver(started())), expected);
    assert_eq!(judged(&wecom.event_receiver(), wecom.deliver(wecom_event)), expected);
    assert_eq!(judged(&dingtalk.event_receiver(), dingtalk.deliver(dingtalk_event)), expected);
    assert_eq!(judged(&tencent.event_receiver(), tencent.deliver(tencent_event)), expected);
}

#[tokio::test]
async fn the_check_of_an_address_is_answered() {
    use huiyi_mock::{Vendor, event::Sender};
    let mock = WeComMock::start().await;
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();

    let request = Sender::of(Vendor::WeCom).check("ch4llenge", now).request("/hook");

    assert_eq!(mock.event_receiver().receive(&request).unwrap().reply().body(), "ch4llenge");
}
