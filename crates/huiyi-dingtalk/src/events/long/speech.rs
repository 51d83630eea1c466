//! The meaning of DingTalk's messages, and the replies to them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use huiyi_core::event::{Delivery, Heard, Members, Message, Parts, Receipt, Speech};
use serde_json::{Value, json};

use crate::SuiteTicket;
use crate::events::Event;
use crate::events::content::{json_in_text, keep_ticket};
use crate::events::receiver::VENDOR;

/// A ping has about 250 bytes. In memory, its values take many times their bytes.
const LONGEST_PING: usize = 64 << 10;

/// Handles the messages of one connection.
#[derive(Debug, Default)]
pub struct Speaker {
    /// Where the tickets of the app go.
    ticket: Option<SuiteTicket>,
}

impl Speaker {
    /// Creates a speaker that passes tickets to the credentials of their suite.
    #[must_use]
    pub fn new(ticket: Option<SuiteTicket>) -> Self {
        Self { ticket }
    }

    /// Passes a ticket to the credentials. All messages of a connection are for the app that opened it.
    fn keep_ticket(&self, heard: &Heard<Event>) {
        let (Some(sink), Heard::Event(delivery, _)) = (&self.ticket, heard) else { return };
        keep_ticket(delivery, [sink]);
    }
}

impl Speech<Event> for Speaker {
    /// DingTalk has no client ping other than that of WebSocket.
    fn ping(&mut self) -> Option<Message> {
        None
    }

    fn hear(&mut self, message: Message, _now: Duration) -> Heard<Event> {
        match message {
            Message::Text(text) => {
                let heard = read(&text);
                self.keep_ticket(&heard);
                heard
            }
            _ => unreadable("a binary message, where messages are text"),
        }
    }
}

fn read(text: &str) -> Heard<Event> {
    let Ok(members) = Members::of(text) else { return unreadable("a message is not a JSON object") };
    // One page writes `header`.
    let Some(headers) = members.object("headers").or_else(|| members.object("header")) else {
        return unreadable("a message has no headers");
    };
    let topic = headers.text("topic").unwrap_or_default();
    match (members.text("type").as_deref(), topic.as_str()) {
        (Some("SYSTEM"), "ping") => match pong(&members) {
            Some(pong) => Heard::Ping(pong),
            None => unreadable("a ping has no message id, or is too long"),
        },
        (Some("SYSTEM"), "disconnect") => Heard::Leaving(None),
        // Older types: CONNECTED, REGISTERED, KEEPALIVE.
        (Some("SYSTEM"), _) => Heard::Other(None),
        (Some("EVENT"), _) => event(text, &members, &headers),
        // The client does not subscribe to callbacks.
        (Some("CALLBACK"), _) => Heard::Other(headers.text("messageId").map(|id| answer(404, &id, "not found", None))),
        _ => unreadable("a message is of no known type"),
    }
}

fn event(text: &str, members: &Members<'_>, headers: &Members<'_>) -> Heard<Event> {
    let Some(message_id) = headers.text("messageId") else { return unreadable("an event has no message id") };
    let Some(event_type) = headers.text("eventType") else {
        let answer = Some(failure(&message_id));
        return Heard::Unreadable { why: "an event has no type", answer };
    };
    let delivery = Delivery::new(Parts {
        vendor: VENDOR,
        event_type,
        // A repeated message may have another id.
        id: headers.text("eventId").or_else(|| Some(message_id.clone())),
        created: headers.millis("eventBornTime").or_else(|| headers.millis("time")),
        app: headers.text("appId"),
        tenant: headers.text("eventCorpId"),
        actor: None,
        content: json_in_text(members.raw("data").unwrap_or("{}")),
        plaintext: Arc::from(text),
        encrypted: false,
    });
    let receipt: Receipt =
        Box::new(move |is_done, _| if is_done { success(&message_id) } else { failure(&message_id) });
    Heard::Event(Box::new(delivery), receipt)
}

/// The vendor's own clients report a failure differently: some only by the code, others only by the status. This
/// reply has both.
fn failure(message_id: &str) -> Message {
    answer(500, message_id, "later", Some(r#"{"status":"LATER","message":"later"}"#))
}

fn success(message_id: &str) -> Message {
    answer(200, message_id, "OK", Some(r#"{"status":"SUCCESS","message":"success"}"#))
}

fn answer(code: u16, message_id: &str, message: &str, data: Option<&str>) -> Message {
    let headers = json!({"contentType": "application/json", "messageId": message_id});
    written(code, &headers.to_string(), message, data)
}

/// Builds the answer to a ping, with the headers and the data of the ping; `None` if there is no id, or the ping is
/// too long to be one.
fn pong(members: &Members<'_>) -> Option<Message> {
    let headers = members.raw("headers").or_else(|| members.raw("header"))?;
    let data = members.raw("data").unwrap_or("{}");
    if headers.len() + data.len() > LONGEST_PING {
        return None;
    }
    let headers: BTreeMap<String, Value> = serde_json::from_str(headers).ok()?;
    headers.get("messageId")?;
    let data: Value = serde_json::from_str(&json_in_text(data)).unwrap_or_default();
    Some(written(200, &serde_json::to_string(&headers).ok()?, "OK", Some(&data.to_string())))
}

fn written(code: u16, headers: &str, message: &str, data: Option<&str>) -> Message {
    let data = data.map(|data| format!(r#","data":{}"#, Value::from(data))).unwrap_or_default();
    Message::Text(format!(r#"{{"code":{code},"headers":{headers},"message":"{message}"{data}}}"#).into())
}

fn unreadable(why: &'static str) -> Heard<Event> {
    Heard::Unreadable { why, answer: None }
}
