//! The differences between the vendors.

use std::time::Duration;

use tokio_tungstenite::tungstenite::Message;

/// An event, ready to be sent.
pub(super) struct Event {
    pub(super) id: String,
    pub(super) event_type: String,
    /// The JSON that is the payload (Feishu) or the data (DingTalk).
    pub(super) content: String,
}

/// The meaning of a client's message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// An acknowledgement of this message; `true` if the event was handled.
    Acknowledged(String, bool),
    /// A ping.
    Ping,
    /// The answer to a ping or an announcement.
    Answer,
    /// A message that the vendor would not understand.
    Malformed,
}

/// The behaviour of one vendor's gateway.
pub(super) trait Dialect: Send + Sync {
    /// Returns the path of the call for an address.
    fn path(&self) -> &'static str;

    /// Checks a call for an address. An error has status and body.
    fn check(&self, headers: &[(String, String)], body: &[u8]) -> Result<(), (u16, String)>;

    /// Builds a refusal with this code.
    fn refusal(&self, code: &str) -> (u16, String);

    /// Builds the response with an address of this host and ticket. Without a ticket, the response has no address.
    fn address(&self, host: &str, ticket: Option<&str>, ping_every: u64) -> String;

    /// Packs an event.
    fn event(&self, event_type: &str, id: &str, content: &str) -> Event;

    /// Builds the messages that deliver an event.
    fn messages(&self, event: &Event, message_id: &str, fragments_of: Option<usize>) -> Vec<Message>;

    /// Reads a message.
    fn hear(&self, message: &Message) -> Said;

    /// Builds the answer to a client's ping.
    fn pong(&self, ping_every: u64) -> Option<Message>;

    /// Builds the gateway's own ping, and returns its interval.
    fn ping(&self, ping_every: u64) -> Option<(Message, Duration)>;

    /// Builds the message that announces the end of a connection.
    fn disconnect(&self) -> Option<Message>;
}
