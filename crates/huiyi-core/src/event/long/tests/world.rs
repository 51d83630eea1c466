//! A vendor without sockets: addresses are told, and connections are pipes in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use secrecy::SecretString;
use tokio::io::DuplexStream;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::client::Settings;
use crate::clock::BoxFuture;
use crate::clock::paused::Paused;
use crate::event::long::{
    Arrival, Connector, Dial, DialError, Heard, Io, LongConnection, Message, Opening, Protocol, Receipt, Refusal,
    Speech, Tempo, Watch,
};
use crate::event::{Delivery, EventSet, Parts, UnknownEvent};
use crate::identity::Identity;
use crate::vendor::Vendor;

/// Events that are all unknown.
#[derive(Clone)]
pub(super) struct Anything(UnknownEvent);

impl From<UnknownEvent> for Anything {
    fn from(event: UnknownEvent) -> Self {
        Self(event)
    }
}

impl EventSet for Anything {
    fn parse(event_type: &str, content: &str) -> Result<Self, crate::decode::DecodeError> {
        Ok(Self(UnknownEvent::new(event_type, content)))
    }

    fn event_type(&self) -> &str {
        self.0.event_type()
    }
}

/// How calls for an address end.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Asked {
    Answers,
    Fails,
    Hangs,
    NoConnection,
    Panics,
}

pub(super) struct Settled {
    pub(super) ping_every: Option<Duration>,
}

struct Told {
    asked: watch::Receiver<Asked>,
    asks: Arc<AtomicUsize>,
    ping_every: Option<Duration>,
    pipes: mpsc::UnboundedSender<DuplexStream>,
}

impl Protocol<Anything> for Told {
    fn vendor(&self) -> &'static str {
        "test"
    }

    fn tempo(&self) -> Tempo {
        Tempo::default()
    }

    fn ask(&self) -> BoxFuture<'_, Result<Opening<Anything>, Refusal>> {
        self.asks.fetch_add(1, Ordering::SeqCst);
        let asked = *self.asked.borrow();
        Box::pin(async move {
            match asked {
                Asked::Answers | Asked::NoConnection => Ok(Opening {
                    url: SecretString::from("wss://test"),
                    speech: Box::new(Words),
                    ping_every: self.ping_every,
                }),
                Asked::Fails => Err(Refusal::passing("test", "down")),
                Asked::Hangs => std::future::pending().await,
                Asked::Panics => panic!("the HTTP client panics"),
            }
        })
    }

    fn not_upgraded(&self, _: http::StatusCode, _: &http::HeaderMap) -> Refusal {
        Refusal::passing("test", "not upgraded")
    }
}

impl Dial for Told {
    fn dial<'a>(&'a self, _url: &'a SecretString) -> BoxFuture<'a, Result<Box<dyn Io>, DialError>> {
        let asked = *self.asked.borrow();
        Box::pin(async move {
            if asked == Asked::NoConnection {
                std::future::pending::<()>().await;
            }
            let (ours, theirs) = tokio::io::duplex(4096);
            self.pipes.send(theirs).map_err(|_| DialError::Failed("the test is over".to_owned()))?;
            Ok(Box::new(ours) as Box<dyn Io>)
        })
    }
}

/// `ping`, `pong`, `leaving`, `panic`, `event ..`, `ack ..`, `fail ..`.
struct Words;

impl Speech<Anything> for Words {
    fn ping(&mut self) -> Option<Message> {
        Some(Message::text("ping"))
    }

    fn hear(&mut self, message: Message, _now: Duration) -> Heard<Anything> {
        let Ok(text) = message.into_text() else { return Heard::Other(None) };
        match text.split_once(' ') {
            Some(("event", id)) => {
                let id = id.to_owned();
                let parts = Parts {
                    vendor: "test",
                    event_type: "any".to_owned(),
                    id: Some(id.clone()),
                    content: "{}".to_owned(),
                    ..Parts::default()
                };
                let receipt: Receipt =
                    Box::new(move |is_done, _| Message::text(format!("{} {id}", if is_done { "ack" } else { "fail" })));
                Heard::Event(Box::new(Delivery::new(parts)), receipt)
            }
            None if text == "pong" => Heard::Pong { every: None },
            None if text == "leaving" => Heard::Leaving(None),
            None if text == "panic" => panic!("a message that the program cannot bear"),
            _ => Heard::Unreadable { why: "no such word", answer: None },
        }
    }
}

/// A client under test, and the vendor around it.
pub(super) struct World {
    connection: Option<LongConnection<Anything>>,
    pub(super) watch: Watch,
    asked: watch::Sender<Asked>,
    asks: Arc<AtomicUsize>,
    pipes: mpsc::UnboundedReceiver<DuplexStream>,
    start: Instant,
}

impl World {
    pub(super) fn start(settle: impl FnOnce(&mut Settled)) -> Self {
        Self::with(settle, |connector| Some(connector.connect().unwrap()))
    }

    /// A world whose connector is set and opened by the test.
    pub(super) fn with(
        settle: impl FnOnce(&mut Settled),
        open: impl FnOnce(Connector<Anything>) -> Option<LongConnection<Anything>>,
    ) -> Self {
        let mut settled = Settled { ping_every: None };
        settle(&mut settled);
        let start = Instant::now();
        let mut settings = Settings::default();
        settings.set_base_url("http://127.0.0.1:1".to_owned());
        settings.set_clock(Arc::new(Paused::default()));
        let transport = settings.transport(Vendor::none(), "0").unwrap();
        let session = settings.session(transport, Identity::none());
        let (asked, told) = watch::channel(Asked::Answers);
        let (pipes, accepted) = mpsc::unbounded_channel();
        let asks = Arc::new(AtomicUsize::new(0));
        let side = || Told {
            asked: told.clone(),
            asks: Arc::clone(&asks),
            ping_every: settled.ping_every,
            pipes: pipes.clone(),
        };
        let protocol: Arc<dyn Protocol<Anything>> = Arc::new(side());
        let connector = Connector::new(&session, Ok(protocol)).dial(side());
        Self { watch: connector.watch(), connection: open(connector), asked, asks, pipes: accepted, start }
    }

    pub(super) fn set(&self, asked: Asked) {
        self.asked.send_replace(asked);
    }

    pub(super) fn asks(&self) -> usize {
        self.asks.load(Ordering::SeqCst)
    }

    pub(super) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Waits for the next connection.
    pub(super) async fn accept(&mut self) -> Server {
        let pipe = self.pipes.recv().await.unwrap();
        Server { socket: WebSocketStream::from_raw_socket(pipe, Role::Server, None).await, is_closed: false }
    }

    pub(super) async fn next(&mut self) -> Arrival<Anything> {
        self.connection.as_mut().unwrap().next().await.unwrap().unwrap()
    }

    pub(super) async fn ack_next(&mut self) {
        self.next().await.ack();
    }
}

/// The vendor's end of a connection.
pub(super) struct Server {
    pub(super) socket: WebSocketStream<DuplexStream>,
    pub(super) is_closed: bool,
}

impl Server {
    pub(super) async fn event(&mut self, id: &str) {
        self.is_closed = self.socket.send(Message::text(format!("event {id}"))).await.is_err();
    }

    /// The next text that comes.
    pub(super) async fn said(&mut self) -> String {
        loop {
            if let Message::Text(text) = self.socket.next().await.unwrap().unwrap() {
                return text.as_str().to_owned();
            }
        }
    }
}
