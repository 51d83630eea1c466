//! An application with all four vendors mounted, over HTTP.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod callbacks;
mod claims;
#[cfg(target_os = "linux")]
mod memory;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use huiyi_core::event::{Delivery, Endpoint, EventSet, Incident, MemorySeen, Receive, axum::route};
use huiyi_core::ticket::Ticket;
use huiyi_event_tests::Vendor;
use huiyi_event_tests::clock::Still;
use huiyi_event_tests::draft::{Draft, Part};
use huiyi_event_tests::receivers;
use huiyi_event_tests::sender::{SECRET, Sender};
use huiyi_tencent::StsToken;
use reqwest::Client;
use tokio::sync::{Semaphore, mpsc};

/// What the handlers of the application do, and what they saw.
#[derive(Clone)]
struct World {
    clock: Arc<Still>,
    seen: Arc<MemorySeen>,
    handled: Arc<Mutex<Vec<String>>>,
    incidents: Arc<Mutex<Vec<String>>>,
    fails: Arc<AtomicUsize>,
    begun: mpsc::UnboundedSender<()>,
    gate: Arc<Semaphore>,
}

struct Server {
    world: World,
    address: SocketAddr,
    http: Client,
    begun: tokio::sync::Mutex<mpsc::UnboundedReceiver<()>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl World {
    /// The handler: notes the event. It fails, panics or waits if the test wants it.
    async fn handle<E: EventSet>(self, delivery: Delivery<E>) -> Result<(), String> {
        self.begun.send(()).map_err(|_| "the test is over")?;
        self.gate.acquire().await.map_err(|_| "the test is over")?.forget();
        self.gate.add_permits(1);
        if self.fails.load(Ordering::SeqCst) > 0 {
            let left = self.fails.fetch_sub(1, Ordering::SeqCst);
            assert!(left < 1000, "told to panic");
            return Err("the database is away".to_owned());
        }
        self.handled.lock().unwrap().push(format!("{} {}", delivery.event_type(), delivery.id().unwrap_or_default()));
        Ok(())
    }

    fn endpoint<R: Receive>(&self, receiver: R, queue: u32) -> Endpoint<R> {
        let (world, incidents) = (self.clone(), Arc::clone(&self.incidents));
        Endpoint::builder(receiver)
            .seen(Arc::clone(&self.seen))
            .queue(queue)
            .on_incident(move |incident: Incident| incidents.lock().unwrap().push(incident.to_string()))
            .handler(move |delivery| world.clone().handle(delivery))
    }

    fn handled(&self) -> usize {
        self.handled.lock().unwrap().len()
    }
}

/// Makes a world, and says when its handlers are called.
fn world() -> (World, mpsc::UnboundedReceiver<()>) {
    let (sender, begun) = mpsc::unbounded_channel();
    let clock = receivers::clock();
    let world = World {
        seen: Arc::new(MemorySeen::with_clock(1000, Arc::<Still>::clone(&clock))),
        clock,
        handled: Arc::default(),
        incidents: Arc::default(),
        fails: Arc::default(),
        begun: sender,
        gate: Arc::new(Semaphore::new(1)),
    };
    (world, begun)
}

async fn server(queue: u32) -> Server {
    let (world, begun) = world();
    let clock = || Arc::clone(&world.clock);
    let router = Router::new()
        .route("/Feishu/hook", route(world.endpoint(receivers::feishu(clock(), Ticket::default()), queue)))
        .route("/WeCom/hook", route(world.endpoint(receivers::wecom(clock(), Ticket::default()), queue)))
        .route("/DingTalk/hook", route(world.endpoint(receivers::dingtalk(clock(), Ticket::default()), queue)))
        .route("/Tencent/hook", route(world.endpoint(receivers::tencent(clock(), StsToken::default()), queue)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    Server { world, address, http: Client::builder().no_proxy().build().unwrap(), begun: begun.into(), task }
}

impl Server {
    async fn send(&self, draft: &Draft) -> (u16, String) {
        let url = format!("http://{}/{:?}{}", self.address, draft.vendor, draft.target());
        let mut request = self.http.request(draft.method.clone(), url).body(draft.body.clone());
        for (name, value) in draft.headers() {
            request = request.header(name, value);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// Waits until a handler is called.
    async fn begins(&self) {
        self.begun.lock().await.recv().await.unwrap();
    }

    async fn event(&self, vendor: Vendor, id: &str) -> u16 {
        let sender = Sender::new(vendor);
        self.send(&sender.delivery(sender.message(id))).await.0
    }
}

#[tokio::test]
async fn checks_are_passed_and_no_handler_is_called() {
    let server = server(8).await;
    for vendor in Vendor::ALL {
        let (draft, expected) = Sender::new(vendor).check();

        let (status, body) = server.send(&draft).await;

        assert_eq!(status, 200, "{vendor:?}");
        assert!(vendor == Vendor::DingTalk || body == expected, "{vendor:?}: {body}");
    }
    assert_eq!(server.world.handled(), 0);
}

#[tokio::test]
async fn an_event_is_handled_once_however_often_it_is_delivered() {
    let server = server(8).await;
    for vendor in Vendor::ALL {
        for _ in 0..3 {
            assert_eq!(server.event(vendor, "1").await, 200, "{vendor:?}");
        }
        assert_eq!(server.event(vendor, "2").await, 200, "{vendor:?}");
    }

    assert_eq!(server.world.handled(), 8, "{:?}", server.world.handled);
    assert!(server.world.incidents.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_event_that_nobody_knows_is_handled_and_acknowledged() {
    let server = server(8).await;
    let sender = Sender::new(Vendor::Tencent);

    let (status, body) = server.send(&sender.delivery(r#"{"event":"room.painted","payload":[]}"#)).await;

    assert_eq!((status, body.as_str()), (200, "successfully received callback"));
    assert_eq!(server.world.handled(), 1);
}

#[tokio::test]
async fn a_wrong_signature_is_answered_with_401_and_nothing_else() {
    let server = server(8).await;
    for vendor in Vendor::ALL {
        let sender = Sender::new(vendor);
        let draft = sender.delivery(sender.message("1")).with(Part::Signature, &"0".repeat(40));

        assert_eq!(server.send(&draft).await, (401, String::new()), "{vendor:?}");
    }
    assert_eq!(server.world.handled(), 0);
    assert_eq!(server.world.incidents.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let server = server(8).await;
    for vendor in Vendor::ALL {
        let sender = Sender::new(vendor);
        let draft = sender.delivery(sender.message("1")).body(vec![b' '; 300 * 1024]);

        assert_eq!(server.send(&draft).await.0, 413, "{vendor:?}");
    }
}

#[tokio::test]
async fn the_handlers_error_makes_the_vendor_deliver_again() {
    let server = server(8).await;
    for vendor in Vendor::ALL {
        server.world.fails.store(1, Ordering::SeqCst);

        assert_eq!(server.event(vendor, "1").await, 503, "{vendor:?}");
        assert_eq!(server.event(vendor, "1").await, 200, "{vendor:?}");
    }
    assert_eq!(server.world.handled(), 4);
    let incidents = server.world.incidents.lock().unwrap().join("\n");
    assert!(incidents.contains("the database is away"), "{incidents}");
}

#[tokio::test]
async fn a_receiver_without_a_limit_of_age_remembers_deliveries_for_good() {
    let builder = huiyi_tencent::events::EventReceiver::builder().token(SECRET).max_age(Duration::MAX);
    let endpoint = Endpoint::builder(builder.clock(receivers::clock()).build().unwrap());
    let handled = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&handled);
    let endpoint = endpoint.seen(MemorySeen::new(8)).handler(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Ok::<(), std::fmt::Error>(()))
    });
    let sender = Sender::new(Vendor::Tencent).at_millis(1);
    let data = huiyi_core::event::base64_encode(sender.message("1").as_bytes());
    let request = sender.signed(sender.body(&data), &data).request();

    for _ in 0..2 {
        assert_eq!(endpoint.answer(&request).await.status(), 200);
    }
    assert_eq!(handled.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_handler_that_panics_makes_the_vendor_deliver_again() {
    let server = server(8).await;
    server.world.fails.store(1000, Ordering::SeqCst);

    assert_eq!(server.event(Vendor::WeCom, "1").await, 503);

    server.world.fails.store(0, Ordering::SeqCst);
    assert_eq!(server.event(Vendor::WeCom, "1").await, 200);
}

#[tokio::test]
async fn a_slow_handler_is_answered_in_time_and_goes_on() {
    for (vendor, limit) in Vendor::ALL.into_iter().zip([2400, 4000, 1200, 4000]) {
        let server = server(8).await;
        server.world.gate.acquire().await.unwrap().forget();
        let (answer, ()) = tokio::join!(server.event(vendor, "1"), async {
            server.begins().await;
            server.world.clock.advance(Duration::from_millis(limit));
        });

        assert_eq!(answer, 200, "{vendor:?}");
        assert_eq!(server.world.handled(), 0);
        server.world.gate.add_permits(1);
        while server.world.handled() == 0 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_handler_that_fails_after_the_answer_is_called_again() {
    let server = server(8).await;
    server.world.gate.acquire().await.unwrap().forget();
    server.world.fails.store(2, Ordering::SeqCst);
    let (answer, ()) = tokio::join!(server.event(Vendor::Feishu, "1"), async {
        server.begins().await;
        server.world.clock.advance(Duration::from_millis(2400));
    });
    assert_eq!(answer, 200);

    server.world.gate.add_permits(1);
    for pause in [1, 30] {
        while server.world.incidents.lock().unwrap().len() < if pause == 1 { 1 } else { 2 } {
            tokio::task::yield_now().await;
        }
        // The wait begins a moment after the incident, so the clock is advanced until the handler is called again.
        while server.begun.lock().await.try_recv().is_err() {
            server.world.clock.advance(Duration::from_secs(pause));
            tokio::task::yield_now().await;
        }
    }

    while server.world.handled() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.world.incidents.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_repetition_of_what_is_in_hand_is_asked_for_again() {
    let server = server(8).await;
    server.world.gate.acquire().await.unwrap().forget();
    let (first, again) = tokio::join!(server.event(Vendor::DingTalk, "1"), async {
        server.begins().await;
        let again = server.event(Vendor::DingTalk, "1").await;
        server.world.gate.add_permits(1);
        again
    });

    assert_eq!((first, again), (200, 503));
    assert_eq!(server.event(Vendor::DingTalk, "1").await, 200);
    assert_eq!(server.world.handled(), 1);
}

#[tokio::test]
async fn beyond_the_queue_the_vendor_is_asked_to_deliver_again() {
    let server = server(2).await;
    server.world.gate.acquire().await.unwrap().forget();
    let (first, second, third) =
        tokio::join!(server.event(Vendor::Tencent, "1"), server.event(Vendor::Tencent, "2"), async {
            server.begins().await;
            server.begins().await;
            let third = server.event(Vendor::Tencent, "3").await;
            server.world.gate.add_permits(1);
            third
        });

    assert_eq!((first, second, third), (200, 200, 503));
    assert_eq!(server.event(Vendor::Tencent, "3").await, 200);
    assert_eq!(server.world.handled(), 3);
}
