//! What is different from vendor to vendor.

use std::time::Duration;

use tokio_tungstenite::tungstenite::Message;

/// An event, ready to be sent.
pub(super) struct Event {
    pub(super) id: String,
    pub(super) event_type: String,
    /// The JSON that is the payload (Feishu) or the data (DingTalk).
    pub(super) content: String,
}

/// What a client has said.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// An acknowledgement of this message: taken care of or not.
    Acknowledged(String, bool),
    /// A ping.
    Ping,
    /// The answer to a ping or an announcement.
    Answer,
    /// Not what the vendor understands.
    Malformed,
}

/// One vendor's way.
pub(super) trait Dialect: Send + Sync {
    /// The path of the call for an address.
    fn path(&self) -> &'static str;

    /// Checks a call for an address. An error is status and body.
    fn check(&self, headers: &[(String, String)], body: &[u8]) -> Result<(), (u16, String)>;

    /// A refusal with this code.
    fn refusal(&self, code: &str) -> (u16, String);

    /// The answer with an address that has this host and this ticket. `None` for the ticket: without an address.
    fn address(&self, host: &str, ticket: Option<&str>, ping_every: u64) -> String;

    /// Packs an event.
    fn event(&self, event_type: &str, id: &str, content: &str) -> Event;

    /// The messages that deliver an event.
    fn messages(&self, event: &Event, message_id: &str, fragments_of: Option<usize>) -> Vec<Message>;

    /// Understands a message.
    fn hear(&self, message: &Message) -> Said;

    /// The answer to a client's ping.
    fn pong(&self, ping_every: u64) -> Option<Message>;

    /// The gateway's own ping, and how often it comes.
    fn ping(&self, ping_every: u64) -> Option<(Message, Duration)>;

    /// The announcement of the end.
    fn disconnect(&self) -> Option<Message>;
}
