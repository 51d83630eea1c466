//! The receiver of Tencent Meeting's deliveries.
//!
//! Pages: <https://cloud.tencent.com/document/product/1095/51605>,
//! <https://cloud.tencent.com/document/product/1095/51608>, <https://cloud.tencent.com/document/product/1095/51612>.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method, Request};
use huiyi_core::event::{
    Aes, CallbackKeys, Delivery, Incoming, Limits, Members, Parts, Receive, Received, RejectReason, Rejection,
    SignedText, base64_decode, body_text, empty_reply, header, query, text_reply,
};
use huiyi_core::wire::UnixMillis;
use huiyi_core::{BuildError, IntoSecret, receiver_limit_methods};

use super::Event;
use crate::StsToken;

const VENDOR: &str = "tencent";
/// Tencent Meeting repeats a delivery after 1, 3 and 6 minutes.
const MAX_AGE: Duration = Duration::from_secs(3600);
/// Tencent Meeting waits this long for an acknowledgement.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Tencent Meeting waits this long for the answer to the URL check.
const CHECK_WITHIN: Duration = Duration::from_secs(3);
/// The exact text of the acknowledgement.
const ACKNOWLEDGED: &str = "successfully received callback";
/// The members of a delivery that are not part of its items.
const AROUND: &[&str] = &["event", "trace_id", "unique_sequence", "payload"];
/// The samples have one item. An event takes many times the bytes of a small item.
const MOST_ITEMS: usize = 1024;

/// Receives what Tencent Meeting delivers to the address of an app (事件订阅).
///
/// According to its page, `$key` follows an encrypted message; in its samples nothing follows. The receiver accepts
/// both, the former only if it knows the [`suffix`](EventReceiverBuilder::suffix).
#[derive(Clone, Debug)]
pub struct EventReceiver {
    keys: CallbackKeys<Option<Aes>>,
    suffixes: Vec<String>,
    sts_token: Option<StsToken>,
    limits: Limits,
}

impl EventReceiver {
    /// Starts building a receiver.
    pub fn builder() -> EventReceiverBuilder {
        EventReceiverBuilder {
            keys: CallbackKeys::default(),
            suffixes: Vec::new(),
            sts_token: None,
            limits: Limits::new(MAX_AGE),
        }
    }

    /// Checks, decrypts and reads a delivery.
    ///
    /// A `GET` without `check_str` is a heartbeat.
    ///
    /// # Errors
    ///
    /// If the request is not a delivery of Tencent Meeting's for this receiver. Send [`Rejection::reply`].
    pub fn receive<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Received<Event>, Rejection> {
        self.receive_parts(Incoming::of(request))
    }

    fn accept(&self, incoming: Incoming<'_>) -> Result<Received<Event>, RejectReason> {
        if incoming.method == Method::GET {
            let Some(check) = query(incoming.uri, "check_str")? else {
                return Ok(Received::new(Vec::new(), empty_reply(), CHECK_WITHIN));
            };
            let (plaintext, _) = self.open(incoming.headers, &check, Form::Text)?;
            return Ok(Received::new(Vec::new(), text_reply(plaintext), CHECK_WITHIN));
        }
        if incoming.method != Method::POST {
            return Err(RejectReason::Method);
        }
        let body = body_text(incoming.body, self.limits.max_body())?;
        let data = Members::of(body)?.text("data").ok_or(RejectReason::Missing("data"))?;
        let (plaintext, encrypted) = self.open(incoming.headers, &data, Form::Json)?;
        let deliveries = self.read(&plaintext, encrypted)?;
        deliveries.iter().for_each(|delivery| self.keep_token(delivery));
        Ok(Received::new(deliveries, text_reply(ACKNOWLEDGED), ANSWER_WITHIN))
    }

    /// Checks the signature, and decodes with the keys of that token. Also returns whether the data was encrypted.
    fn open(&self, headers: &HeaderMap, data: &str, form: Form) -> Result<(String, bool), RejectReason> {
        let signature = header(headers, "signature")?.ok_or(RejectReason::Unsigned)?;
        let timestamp = header(headers, "timestamp")?.ok_or(RejectReason::Missing("timestamp"))?;
        let nonce = header(headers, "nonce")?.ok_or(RejectReason::Missing("nonce"))?;
        let signed = SignedText { signature, timestamp, nonce, text: data };
        let opened = self.keys.open(&signed, Duration::from_millis(1), &self.limits, |key| {
            let bytes = base64_decode(data).ok_or(RejectReason::Malformed("data"))?;
            let plaintext = match key.aes() {
                None => bytes,
                Some(aes) => aes.decrypt(aes.first_half(), &bytes, 32).ok_or(RejectReason::Undecryptable)?,
            };
            self.without_suffix(String::from_utf8(plaintext).map_err(|_| RejectReason::NotUtf8)?, form)
        });
        opened.map(|(key, plaintext)| (plaintext, key.aes().is_some()))
    }

    /// Returns the message without the `$key` after it, if there is one.
    fn without_suffix(&self, plaintext: String, form: Form) -> Result<String, RejectReason> {
        match form {
            Form::Text => {
                let mut messages = self.suffixes.iter().filter_map(|suffix| plaintext.strip_suffix(suffix.as_str()));
                Ok(messages.next().map(str::to_owned).unwrap_or(plaintext))
            }
            Form::Json => {
                let mut values = serde_json::Deserializer::from_str(&plaintext).into_iter::<serde::de::IgnoredAny>();
                match values.next() {
                    Some(Ok(_)) => {}
                    _ => return Err(RejectReason::Malformed("JSON")),
                }
                let (message, rest) = plaintext.split_at(values.byte_offset());
                let rest = rest.trim();
                if rest.is_empty() || self.suffixes.iter().any(|suffix| suffix == rest) {
                    Ok(message.to_owned())
                } else {
                    Err(RejectReason::WrongRecipient)
                }
            }
        }
    }

    fn read(&self, plaintext: &str, encrypted: bool) -> Result<Vec<Delivery<Event>>, RejectReason> {
        let members = Members::of(plaintext)?;
        let event_type = members.text("event").ok_or(RejectReason::Missing("event"))?;
        let sequence = members.text("trace_id").or_else(|| members.text("unique_sequence"));
        let items = match members.raw("payload") {
            None | Some("null" | "[]") => vec!["{}"],
            Some(_) => members.list("payload").ok_or(RejectReason::Malformed("payload"))?,
        };
        if items.len() > MOST_ITEMS {
            return Err(RejectReason::Malformed("payload"));
        }
        let shared: Arc<str> = Arc::from(plaintext);
        let beside = members.without(AROUND).to_json();
        let number = items.len();
        let items = items.into_iter().enumerate().map(|(index, item)| {
            let id = sequence.as_ref().map(|sequence| {
                if number == 1 {
                    format!("{event_type}/{sequence}")
                } else {
                    format!("{event_type}/{sequence}/{index}")
                }
            });
            let parts = Parts {
                vendor: VENDOR,
                event_type: event_type.clone(),
                id,
                plaintext: Arc::clone(&shared),
                encrypted,
                ..Parts::default()
            };
            Delivery::new(of_item(item, &beside, parts))
        });
        Ok(items.collect())
    }

    /// Keeps a token. Only an encrypted token is kept, since anyone may post to the address.
    fn keep_token(&self, delivery: &Delivery<Event>) {
        let (Event::CommonStsToken(event), Some(sink)) = (delivery.event(), &self.sts_token) else { return };
        let info = &event.token_info;
        if let (true, Some(token), Some(expires)) = (delivery.is_encrypted(), &info.sts_token, &info.expire_ts) {
            let seconds = u64::try_from(expires.as_seconds()).unwrap_or(0);
            sink.set(token.expose(), Duration::from_secs(seconds));
        }
    }
}

/// Reads an item. Some events have a member beside the list that other events have in each item. What is not an
/// object is the content as it is, which no event has, so the other items are handled.
fn of_item(item: &str, beside: &str, parts: Parts) -> Parts {
    let read = Members::of(if item == "null" { "{}" } else { item });
    let (Ok(mut item), Ok(beside)) = (read, Members::of(beside)) else {
        return Parts { content: item.to_owned(), ..parts };
    };
    item.add_missing(beside);
    let created = item.millis("operate_time").filter(is_of_milliseconds);
    Parts { created, content: item.to_json(), ..parts }
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

/// The format of a message.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Json,
}

/// Returns whether a time is in milliseconds. Some events send seconds here; they are not converted.
fn is_of_milliseconds(time: &UnixMillis) -> bool {
    time.as_millis() >= 1_000_000_000_000
}

/// Builds an [`EventReceiver`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct EventReceiverBuilder {
    keys: CallbackKeys<Option<Aes>>,
    suffixes: Vec<String>,
    sts_token: Option<StsToken>,
    limits: Limits,
}

impl EventReceiverBuilder {
    /// Adds the Token of an address without encryption. Give both tokens while you replace one.
    pub fn token(mut self, token: impl IntoSecret) -> Self {
        self.keys.add_token(token.into_secret());
        self
    }

    /// Adds the Token and the EncodingAESKey of an address. Give both pairs while you replace one.
    pub fn keys(mut self, token: impl IntoSecret, encoding_aes_key: impl IntoSecret) -> Self {
        self.keys.add(token.into_secret(), &encoding_aes_key.into_secret());
        self
    }

    /// Adds a text that may follow an encrypted message: `$key` of the vendor's page. The page does not say what it
    /// is, and no sample has it.
    pub fn suffix(mut self, suffix: impl Into<String>) -> Self {
        self.suffixes.push(suffix.into());
        self
    }

    /// Keeps the STS token that [`Client::request_sts_token`](crate::Client::request_sts_token) requests, in this
    /// value. Only an encrypted token is kept, so set [`keys`](Self::keys) with an EncodingAESKey.
    pub fn sts_token(mut self, sts_token: StsToken) -> Self {
        self.sts_token = Some(sts_token);
        self
    }

    receiver_limit_methods!();

    /// Builds the receiver.
    ///
    /// # Errors
    ///
    /// If there is no token, or a key is malformed.
    pub fn build(self) -> Result<EventReceiver, BuildError> {
        let keys = self.keys.checked("a token is needed", "EncodingAESKey")?;
        let suffixes = self.suffixes.into_iter().filter(|suffix| !suffix.is_empty()).collect();
        Ok(EventReceiver { keys, suffixes, sts_token: self.sts_token, limits: self.limits })
    }
}
