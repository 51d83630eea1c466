//! The receiver of WeCom's deliveries.
//!
//! Pages: <https://developer.work.weixin.qq.com/document/path/90930>,
//! <https://developer.work.weixin.qq.com/document/path/90968>, and for third-party suites
//! <https://developer.work.weixin.qq.com/document/path/90613>.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Uri};
use huiyi_core::event::{
    Aes, CallbackKeys, Delivery, Incoming, Limits, Opened, Parts, Receive, Received, RejectReason, Rejection,
    SignedText, XmlObject, body_text, empty_reply, hashed, open, parse_xml, query, text_of, text_reply,
};
use huiyi_core::wire::UnixMillis;
use huiyi_core::{BuildError, IntoSecret, receiver_limit_methods};

use super::Event;
use crate::SuiteTicket;

const VENDOR: &str = "wecom";
/// WeCom repeats a delivery three times; the pages do not say when.
const MAX_AGE: Duration = Duration::from_secs(3600);
/// WeCom waits this long for an acknowledgement.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// WeCom waits this long for the answer to the URL check or to an event of a suite.
const SUITE_WITHIN: Duration = Duration::from_secs(1);
/// The members that every delivery has; the others belong to the event.
const AROUND: &[&str] = &[
    "ToUserName",
    "FromUserName",
    "CreateTime",
    "MsgType",
    "Event",
    "ChangeType",
    "AgentID",
    "SuiteId",
    "InfoType",
    "TimeStamp",
];

/// Receives what WeCom delivers to the callback address of an app (接收事件服务器, 指令回调, 数据回调).
#[derive(Clone, Debug)]
pub struct EventReceiver {
    keys: CallbackKeys<Aes>,
    receive_ids: Vec<String>,
    any_receive_id: bool,
    tickets: Vec<(String, SuiteTicket)>,
    limits: Limits,
}

impl EventReceiver {
    /// Starts building a receiver.
    pub fn builder() -> EventReceiverBuilder {
        EventReceiverBuilder {
            keys: CallbackKeys::default(),
            receive_ids: Vec::new(),
            any_receive_id: false,
            tickets: Vec::new(),
            limits: Limits::new(MAX_AGE),
        }
    }

    /// Checks, decrypts and reads a delivery.
    ///
    /// # Errors
    ///
    /// If the request is not a delivery of WeCom's for this receiver. Send [`Rejection::reply`].
    pub fn receive<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Received<Event>, Rejection> {
        self.receive_parts(Incoming::of(request))
    }

    fn accept(&self, incoming: Incoming<'_>) -> Result<Received<Event>, RejectReason> {
        if incoming.method == Method::GET {
            let echo = query(incoming.uri, "echostr")?.ok_or(RejectReason::Missing("echostr"))?;
            let opened = self.open(incoming.uri, &echo)?;
            return Ok(Received::new(Vec::new(), text_reply(opened.message), SUITE_WITHIN));
        }
        if incoming.method != Method::POST {
            return Err(RejectReason::Method);
        }
        let outer = parse_xml(body_text(incoming.body, self.limits.max_body())?)?;
        let encrypted = text(&outer, "Encrypt").ok_or(RejectReason::NotEncrypted)?;
        let opened = self.open(incoming.uri, &encrypted)?;
        self.read(&opened)
    }

    /// Checks the signature, and decrypts with the key of that token.
    fn open(&self, uri: &Uri, encrypted: &str) -> Result<Opened, RejectReason> {
        let needed = |name| query(uri, name)?.ok_or(RejectReason::Missing(name));
        let signature = query(uri, "msg_signature")?.ok_or(RejectReason::Unsigned)?;
        let (timestamp, nonce) = (needed("timestamp")?, needed("nonce")?);
        let signed = SignedText { signature: &signature, timestamp: &timestamp, nonce: &nonce, text: encrypted };
        let opened = self.keys.open(&signed, Duration::from_secs(1), &self.limits, |key| {
            let opened = open(key.aes(), encrypted)?;
            if self.is_for_us(&opened.recipient) { Ok(opened) } else { Err(RejectReason::WrongRecipient) }
        });
        opened.map(|(_, opened)| opened)
    }

    fn is_for_us(&self, receive_id: &str) -> bool {
        self.any_receive_id || self.receive_ids.iter().any(|id| id == receive_id)
    }

    fn read(&self, opened: &Opened) -> Result<Received<Event>, RejectReason> {
        let mut members = parse_xml(&opened.message)?;
        let info_type = text(&members, "InfoType");
        let is_of_suite = info_type.is_some();
        let event_type = match info_type {
            Some(info_type) => info_type,
            None => event_type(&members).ok_or(RejectReason::Missing("Event"))?,
        };
        let of = |name| text(&members, name);
        let time = of(if is_of_suite { "TimeStamp" } else { "CreateTime" });
        let hash = hashed(&opened.message);
        let (suite, actor) = (of("SuiteId"), of("FromUserName"));
        // The pages recognize a repeated delivery by sender and time. Two guests may join in the same second, so
        // the id also contains a hash of the content.
        let front = if is_of_suite { [suite.as_deref(), Some(&event_type)] } else { [actor.as_deref(), None] };
        let front: Vec<&str> = front.into_iter().flatten().chain(time.as_deref()).collect();
        let tenant = if is_of_suite { of("AuthCorpId") } else { of("ToUserName") };
        let (id, app) = (format!("{}/{hash}", front.join("/")), suite.or_else(|| of("AgentID")));
        let created = time.and_then(|time| time.parse::<i64>().ok()?.checked_mul(1000)).map(UnixMillis::from_millis);
        members.retain(|name, _| !AROUND.contains(&name.as_str()));
        let parts = Parts {
            vendor: VENDOR,
            event_type,
            id: Some(id),
            created,
            app,
            tenant,
            actor,
            content: serde_json::Value::Object(members).to_string(),
            plaintext: Arc::from(opened.message.as_str()),
            encrypted: true,
        };
        let delivery = Delivery::new(parts);
        self.keep_ticket(&delivery);
        let (reply, within) =
            if is_of_suite { (text_reply("success"), SUITE_WITHIN) } else { (empty_reply(), ANSWER_WITHIN) };
        Ok(Received::new(vec![delivery], reply, within))
    }

    /// Passes a ticket to the credentials of its suite.
    fn keep_ticket(&self, delivery: &Delivery<Event>) {
        let Event::SuiteTicket(event) = delivery.event() else { return };
        let Some(ticket) = &event.suite_ticket else { return };
        for (_, sink) in self.tickets.iter().filter(|(suite, _)| Some(suite.as_str()) == delivery.app()) {
            sink.set_pushed_at(ticket.expose(), delivery.created_since_epoch());
        }
    }
}

impl Receive for EventReceiver {
    type Event = Event;

    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn receive_parts(&self, incoming: Incoming<'_>) -> Result<Received<Event>, Rejection> {
        self.accept(incoming).map_err(|reason| Rejection::new(VENDOR, reason))
    }
}

/// Returns the text of an element.
fn text(members: &XmlObject, name: &str) -> Option<String> {
    members.get(name).and_then(text_of)
}

/// Returns `Event/ChangeType`, or only `Event`, or the type of a message that is not an event.
fn event_type(members: &XmlObject) -> Option<String> {
    match (text(members, "Event"), text(members, "ChangeType")) {
        (Some(event), Some(change)) => Some(format!("{event}/{change}")),
        (Some(event), None) => Some(event),
        (None, _) => text(members, "MsgType"),
    }
}

/// Builds an [`EventReceiver`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct EventReceiverBuilder {
    keys: CallbackKeys<Aes>,
    receive_ids: Vec<String>,
    any_receive_id: bool,
    tickets: Vec<(String, SuiteTicket)>,
    limits: Limits,
}

impl EventReceiverBuilder {
    /// Adds the Token and the EncodingAESKey of the callback address. Give both pairs while you replace one, or all
    /// pairs if several apps share the address.
    pub fn keys(mut self, token: impl IntoSecret, encoding_aes_key: impl IntoSecret) -> Self {
        self.keys.add(token.into_secret(), &encoding_aes_key.into_secret());
        self
    }

    /// Adds a recipient of deliveries: the corporation (`CorpID`) for its own apps, the suite (`SuiteID`) for a
    /// third-party app, an empty string for an individual. May be called several times.
    pub fn receive_id(mut self, id: impl Into<String>) -> Self {
        self.receive_ids.push(id.into());
        self
    }

    /// Accepts deliveries for any recipient, if they are signed and encrypted with the keys.
    ///
    /// The data callback of a suite needs this, since each corporation that has authorized the suite has another
    /// id. So does the URL check of a provider's callback, whose id no page documents.
    pub fn any_receive_id(mut self) -> Self {
        self.any_receive_id = true;
        self
    }

    /// Receives the events of this suite, and passes its tickets to its credentials: see
    /// [`ClientBuilder::suite`](crate::ClientBuilder::suite).
    pub fn suite_ticket(mut self, suite_id: impl Into<String>, ticket: SuiteTicket) -> Self {
        let suite_id = suite_id.into();
        self.receive_ids.push(suite_id.clone());
        self.tickets.push((suite_id, ticket));
        self
    }

    receiver_limit_methods!();

    /// Builds the receiver.
    ///
    /// # Errors
    ///
    /// If there are no keys, a key is malformed, or no recipient is set.
    pub fn build(self) -> Result<EventReceiver, BuildError> {
        let keys = self.keys.checked("a token and an EncodingAESKey are needed", "EncodingAESKey")?;
        if self.receive_ids.is_empty() && !self.any_receive_id {
            return Err(BuildError::missing("recipient", "call `receive_id` with a CorpID or a SuiteID"));
        }
        let Self { receive_ids, any_receive_id, tickets, limits, .. } = self;
        Ok(EventReceiver { keys, receive_ids, any_receive_id, tickets, limits })
    }
}
