//! Claims: an event whose process dies, whose handler is slow, or that is in hand elsewhere, is neither lost nor handled
//! twice.

use huiyi_core::event::{Claim, Seen};

use super::*;

const DINGTALKS: [&str; 3] = ["dingtalk:A", "dingtalk:B", "dingtalk:C"];

/// Returns a delivery of three events, with these ids.
fn batch() -> http::Request<Vec<u8>> {
    let rows = ["A", "B", "C"].map(|id| format!(r#"{{"biz_data":{{"syncAction":"a","eventId":"{id}"}}}}"#));
    let message = format!(r#"{{"EventType":"SYNC_HTTP_PUSH_HIGH","bizData":[{}]}}"#, rows.join(","));
    Sender::new(Vendor::DingTalk).delivery(message).request()
}

fn event(vendor: Vendor, id: &str) -> http::Request<Vec<u8>> {
    let sender = Sender::new(vendor);
    sender.delivery(sender.message(id)).request()
}

impl World {
    fn dingtalk(&self) -> Endpoint<huiyi_dingtalk::events::EventReceiver> {
        self.endpoint(receivers::dingtalk(Arc::clone(&self.clock), Ticket::default()), 8)
    }

    /// Lets handlers wait until they are let go.
    fn hold(&self) {
        self.gate.try_acquire().unwrap().forget();
    }

    fn let_go(&self) {
        self.gate.add_permits(1);
    }

    /// Lets the endpoint do all that it does without the clock.
    async fn rest(&self) {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }

    /// Lets time pass, second by second.
    async fn pass(&self, seconds: u64) {
        for _ in 0..seconds {
            self.clock.advance(Duration::from_secs(1));
            self.rest().await;
        }
    }

    /// The ids of the events that were handled.
    fn ids(&self) -> Vec<String> {
        let handled = self.handled.lock().unwrap();
        handled.iter().map(|event| event.rsplit(' ').next().unwrap_or_default().to_owned()).collect()
    }

    fn told(&self) -> String {
        self.incidents.lock().unwrap().join("\n")
    }

    /// Answers a delivery of DingTalk when the time is over that the vendor waits. The handlers are held.
    async fn answer_late<R: Receive>(&self, endpoint: &Endpoint<R>, request: http::Request<Vec<u8>>) -> u16 {
        let endpoint = endpoint.clone();
        let answer = tokio::spawn(async move { endpoint.answer(&request).await.status().as_u16() });
        self.rest().await;
        self.clock.advance(Duration::from_millis(1500));
        answer.await.unwrap()
    }
}

/// A process dies in the middle of an event; another one gets the repetition 10 seconds later.
fn dies<R: Receive>(vendor: Vendor, receiver: impl Fn(Arc<Still>) -> R) {
    let (world, mut begun) = world();
    let endpoint = || world.endpoint(receiver(Arc::clone(&world.clock)), 8);
    world.hold();
    let process = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let dying = endpoint();
    process.spawn(async move { dying.answer(&event(vendor, "1")).await });
    begun.blocking_recv().unwrap();
    drop(process);
    world.let_go();
    world.clock.advance(Duration::from_secs(10));

    let process = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answer = process.block_on(endpoint().answer(&event(vendor, "1")));

    assert_eq!((answer.status().as_u16(), world.handled()), (200, 1), "{vendor:?}");
}

#[test]
fn what_a_process_that_died_had_in_hand_is_handled_when_the_vendor_repeats_it() {
    dies(Vendor::Feishu, |clock| receivers::feishu(clock, Ticket::default()));
    dies(Vendor::WeCom, |clock| receivers::wecom(clock, Ticket::default()));
    dies(Vendor::DingTalk, |clock| receivers::dingtalk(clock, Ticket::default()));
    dies(Vendor::Tencent, |clock| receivers::tencent(clock, StsToken::default()));
}

#[tokio::test]
async fn a_handler_that_goes_on_after_the_answer_is_not_called_again_however_long_it_takes() {
    let (world, mut begun) = world();
    let endpoint = world.dingtalk();
    world.hold();
    assert_eq!(world.answer_late(&endpoint, event(Vendor::DingTalk, "1")).await, 200);
    begun.recv().await.unwrap();
    for seconds in [10, 30, 300] {
        world.pass(seconds).await;
        let again = event(Vendor::DingTalk, "1");

        let again = tokio::time::timeout(Duration::from_secs(10), endpoint.answer(&again)).await;

        assert_eq!(again.map(|answer| answer.status().as_u16()), Ok(503), "after {seconds} s");
    }
    assert!(begun.try_recv().is_err());

    world.let_go();
    world.rest().await;
    assert_eq!(endpoint.answer(&event(Vendor::DingTalk, "1")).await.status(), 200);
    assert_eq!(world.handled(), 1);
}

#[tokio::test]
async fn an_event_in_hand_elsewhere_does_not_keep_the_others_of_its_delivery_waiting() {
    let (world, _begun) = world();
    let endpoint = world.dingtalk();
    let [_, second, _] = DINGTALKS;
    assert_eq!(world.seen.claim(second, Duration::from_secs(60)).await.unwrap(), Claim::New);

    assert_eq!(endpoint.answer(&batch()).await.status(), 503);
    assert_eq!(world.ids(), ["A", "C"]);

    world.seen.give_up(second).await.unwrap();
    assert_eq!(endpoint.answer(&batch()).await.status(), 200);
    assert_eq!(world.ids(), ["A", "C", "B"]);
}

#[tokio::test]
async fn an_event_that_fails_does_not_keep_the_others_of_its_delivery_waiting() {
    let (world, _begun) = world();
    let endpoint = world.dingtalk();
    world.fails.store(1, Ordering::SeqCst);

    assert_eq!(endpoint.answer(&batch()).await.status(), 503);
    assert_eq!(world.ids(), ["B", "C"]);

    assert_eq!(endpoint.answer(&batch()).await.status(), 200);
    assert_eq!(world.ids(), ["B", "C", "A"]);
}

#[tokio::test]
async fn a_delivery_of_which_an_event_failed_is_refused_in_time() {
    let (world, mut begun) = world();
    let handler = world.clone();
    let endpoint = Endpoint::builder(receivers::dingtalk(Arc::clone(&world.clock), Ticket::default()));
    // The first fails, and the second is slow.
    let endpoint = endpoint.handler(move |delivery| {
        let handler = handler.clone();
        async move { if delivery.id() == Some("A") { Err("no".to_owned()) } else { handler.handle(delivery).await } }
    });
    world.hold();
    let answer = tokio::spawn(async move { endpoint.answer(&batch()).await.status().as_u16() });
    tokio::time::timeout(Duration::from_secs(10), begun.recv()).await.unwrap();
    world.clock.advance(Duration::from_millis(1500));

    let answer = tokio::time::timeout(Duration::from_secs(10), answer).await;

    assert_eq!(answer.unwrap().unwrap(), 503);
    world.let_go();
    world.rest().await;
    assert_eq!(world.ids(), ["B", "C"]);
}

#[tokio::test]
async fn an_acknowledged_event_that_is_in_hand_elsewhere_is_handled_if_it_fails_there() {
    for is_given_up in [true, false] {
        let (world, _begun) = world();
        let endpoint = world.dingtalk();
        world.hold();
        let [_, second, _] = DINGTALKS;
        assert_eq!(world.seen.claim(second, Duration::from_secs(30)).await.unwrap(), Claim::New);
        assert_eq!(world.answer_late(&endpoint, batch()).await, 200);

        world.let_go();
        world.rest().await;
        assert_eq!(world.ids(), ["A", "C"]);

        if is_given_up {
            world.seen.give_up(second).await.unwrap();
            world.pass(1).await;
        } else {
            world.pass(30).await;
        }
        assert_eq!((world.ids().join(" "), world.told()), ("A C B".to_owned(), String::new()));
        tokio::time::timeout(Duration::from_secs(10), endpoint.drained()).await.unwrap();
    }
}

#[tokio::test]
async fn an_acknowledged_event_that_is_handled_elsewhere_is_not_handled_again() {
    let (world, _begun) = world();
    let endpoint = world.dingtalk();
    world.hold();
    let [_, second, _] = DINGTALKS;
    assert_eq!(world.seen.claim(second, Duration::from_secs(60)).await.unwrap(), Claim::New);
    assert_eq!(world.answer_late(&endpoint, batch()).await, 200);
    world.let_go();
    world.pass(10).await;

    world.seen.done(second, Duration::from_secs(60)).await.unwrap();
    world.pass(60).await;

    assert_eq!((world.ids().join(" "), world.told()), ("A C".to_owned(), String::new()));
}

#[tokio::test]
async fn an_acknowledged_event_whose_end_elsewhere_is_not_known_is_told() {
    let (world, _begun) = world();
    let endpoint = world.dingtalk();
    world.hold();
    let [_, second, _] = DINGTALKS;
    assert_eq!(world.seen.claim(second, Duration::from_secs(3600)).await.unwrap(), Claim::New);
    assert_eq!(world.answer_late(&endpoint, batch()).await, 200);
    world.let_go();
    world.pass(59).await;
    assert_eq!(world.told(), "");

    world.pass(2).await;

    assert!(world.told().contains("(id B)") && world.told().contains("lost"), "{}", world.told());
    tokio::time::timeout(Duration::from_secs(10), endpoint.drained()).await.unwrap();
}

#[tokio::test]
async fn a_delivery_that_waited_for_its_place_until_it_was_acknowledged_is_handled_if_it_fails_elsewhere() {
    let (world, _begun) = world();
    let builder = Endpoint::builder(receivers::dingtalk(Arc::clone(&world.clock), Ticket::default())).at_once(1);
    let handler = world.clone();
    let endpoint = builder.seen(Arc::clone(&world.seen)).handler(move |delivery| handler.clone().handle(delivery));
    world.hold();
    assert_eq!(world.answer_late(&endpoint, event(Vendor::DingTalk, "1")).await, 200);
    let key = endpoint.receiver().receive(&event(Vendor::DingTalk, "2")).unwrap().deliveries()[0].key().unwrap();
    assert_eq!(world.seen.claim(&key, Duration::from_secs(20)).await.unwrap(), Claim::New);
    assert_eq!(world.answer_late(&endpoint, event(Vendor::DingTalk, "2")).await, 200);

    world.let_go();
    world.rest().await;
    assert_eq!(world.handled(), 1);
    // It does not wait in its place.
    assert_eq!(endpoint.answer(&event(Vendor::DingTalk, "3")).await.status(), 200);

    world.pass(20).await;
    assert_eq!(world.handled(), 3);
}
