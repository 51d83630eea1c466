//! What a vendor's crate says about its long connections.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use secrecy::SecretString;
pub use tokio_tungstenite::tungstenite::Message;

use super::tempo::Tempo;
use crate::clock::BoxFuture;
use crate::error::{Error, ErrorKind};
use crate::event::Delivery;

/// How one vendor's long connections are opened. The vendor crates implement it.
pub trait Protocol<E>: Send + Sync + 'static {
    /// The vendor's short name.
    fn vendor(&self) -> &'static str;

    /// The time limits.
    fn tempo(&self) -> Tempo;

    /// Asks where to connect. Each answer is for one connection.
    ///
    /// # Errors
    ///
    /// If the vendor refuses, or cannot be reached.
    fn ask(&self) -> BoxFuture<'_, Result<Opening<E>, Refusal>>;

    /// Reads the answer to an upgrade that is not 101.
    fn not_upgraded(&self, status: StatusCode, headers: &HeaderMap) -> Refusal;
}

/// Where to connect, and how to speak there.
#[allow(missing_debug_implementations, reason = "the URL is a secret")]
#[allow(missing_docs, reason = "for the vendor crates")]
pub struct Opening<E> {
    /// A `wss` URL; it holds a ticket.
    pub url: SecretString,
    pub speech: Box<dyn Speech<E>>,
    /// The interval of the client's pings, if it sends any.
    pub ping_every: Option<Duration>,
}

/// What one vendor says on one connection.
pub trait Speech<E>: Send {
    /// The application's ping.
    fn ping(&mut self) -> Option<Message>;

    /// Reads a text or binary message that arrived at this monotonic time.
    fn hear(&mut self, message: Message, now: Duration) -> Heard<E>;
}

/// What a message means.
#[allow(missing_debug_implementations, reason = "messages may be secret")]
#[allow(missing_docs, reason = "for the vendor crates")]
pub enum Heard<E> {
    /// The answer to our ping, perhaps with another interval for the next ones.
    Pong {
        every: Option<Duration>,
    },
    /// The server's ping, with the answer to send.
    Ping(Message),
    Event(Box<Delivery<E>>, Receipt),
    /// The server will end this connection, and sends nothing more on it. Perhaps with an answer.
    Leaving(Option<Message>),
    /// Well-formed and not relevant: a piece of a message, a message that is not for us. Perhaps with an answer.
    Other(Option<Message>),
    /// The message cannot be read. `why` contains nothing of it; `answer` is sent if the protocol requires an answer.
    Unreadable {
        why: &'static str,
        answer: Option<Message>,
    },
}

/// Builds the acknowledgement of an event: whether it was handled, and how long that took.
pub type Receipt = Box<dyn FnOnce(bool, Duration) -> Message + Send>;

/// Whether and when a retry may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gravity {
    /// It is temporary: retry soon.
    Passing,
    /// A retry may help, but not soon.
    Slow,
    /// A retry does not help, unless the same credentials worked before.
    Final,
}

/// Why there is no connection.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "for the vendor crates")]
pub struct Refusal {
    pub gravity: Gravity,
    pub error: Error,
}

impl Refusal {
    /// Creates a temporary refusal.
    #[must_use]
    pub fn passing(vendor: &'static str, reason: impl Into<String>) -> Self {
        Self { gravity: Gravity::Passing, error: Error::new(vendor, OPERATION, ErrorKind::Unavailable, reason) }
    }

    /// A refusal in the vendor's words.
    #[must_use]
    pub fn new(
        vendor: &'static str,
        gravity: Gravity,
        kind: ErrorKind,
        code: Option<String>,
        reason: impl Into<String>,
    ) -> Self {
        let mut error = Error::new(vendor, OPERATION, kind, reason);
        error.parts_mut().code = code;
        error.shorten();
        Self { gravity, error }
    }
}

/// What the errors of long connections call the operation.
const OPERATION: &str = "long_connection";
