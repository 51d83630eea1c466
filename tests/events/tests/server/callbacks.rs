//! The application's own code panics: it costs no event.

use huiyi_core::event::{Claim, Seen};
use huiyi_core::{BoxFuture, StoreError};

use super::*;

/// A record that panics, when it is called or when it is awaited.
struct Broken {
    is_late: bool,
}

impl Broken {
    fn answer<T>(&self) -> BoxFuture<'_, Result<T, StoreError>> {
        assert!(self.is_late, "the record panics at once");
        Box::pin(async { panic!("the record panics later") })
    }
}

impl Seen for Broken {
    fn claim<'a>(&'a self, _key: &'a str, _time: Duration) -> BoxFuture<'a, Result<Claim, StoreError>> {
        self.answer()
    }

    fn extend<'a>(&'a self, _key: &'a str, _time: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        self.answer()
    }

    fn done<'a>(&'a self, _key: &'a str, _keep: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        self.answer()
    }

    fn give_up<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        self.answer()
    }
}

#[tokio::test]
async fn a_record_that_panics_is_one_that_cannot_be_reached() {
    for is_late in [false, true] {
        let (world, _begun) = world();
        let (handler, incidents) = (world.clone(), Arc::clone(&world.incidents));
        let endpoint = Endpoint::builder(receivers::wecom(Arc::clone(&world.clock), Ticket::default()))
            .seen(Broken { is_late })
            .on_incident(move |incident| incidents.lock().unwrap().push(incident.to_string()))
            .handler(move |delivery| handler.clone().handle(delivery));
        let sender = Sender::new(Vendor::WeCom);

        let answer = endpoint.answer(&sender.delivery(sender.message("1")).request()).await;

        assert_eq!((answer.status().as_u16(), world.handled()), (200, 1));
        let told = world.incidents.lock().unwrap().clone();
        assert!(told.len() == 2 && told.iter().all(|told| told.contains("panicked")), "{told:?}");
    }
}

#[tokio::test]
async fn a_function_for_incidents_that_panics_is_harmless() {
    let (world, _begun) = world();
    let handler = world.clone();
    let endpoint = Endpoint::builder(receivers::dingtalk(Arc::clone(&world.clock), Ticket::default()))
        .queue(1)
        .on_incident(|incident| panic!("{incident}"))
        .handler(move |delivery| handler.clone().handle(delivery));
    let sender = Sender::new(Vendor::DingTalk);
    let rows = ["A", "B"].map(|id| format!(r#"{{"biz_data":{{"syncAction":"a","eventId":"{id}"}}}}"#));
    let batch = format!(r#"{{"EventType":"SYNC_HTTP_PUSH_HIGH","bizData":[{}]}}"#, rows.join(","));

    let forged = sender.delivery("{}").with(Part::Signature, &"0".repeat(40));
    assert_eq!(endpoint.answer(&forged.request()).await.status(), 401);

    // The first fails, and that is told before the second is handled.
    world.fails.store(1, Ordering::SeqCst);
    assert_eq!(endpoint.answer(&sender.delivery(batch).request()).await.status(), 503);
    assert_eq!(world.handled(), 1);
}
