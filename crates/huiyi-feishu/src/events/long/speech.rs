//! The meaning of Feishu's frames, and the replies to them.

use std::time::Duration;

use bytes::Bytes;
use huiyi_core::event::{Fragments, Heard, Members, Message, Receipt, Speech};
use serde::Deserialize;

use super::frame::{AroundPayload, CONTROL, DATA, Frame};
use crate::events::Event;
use crate::events::envelope::Envelope;

/// The limits of the ping interval that the server sets, in seconds.
const PINGS: (u64, u64) = (1, 300);

/// Settings have about 100 bytes. In memory, their values take many times their bytes.
const LONGEST_CONFIG: usize = 64 << 10;

/// Handles the frames of one connection.
#[allow(missing_debug_implementations, reason = "fragments may be secret")]
#[derive(Default)]
pub struct Speaker {
    service: i32,
    fragments: Fragments,
}

/// The settings that the server sends, in seconds.
///
/// We ignore `ReconnectCount`, `ReconnectInterval` and `ReconnectNonce`: their pauses do not grow and are
/// needlessly long after a single break, and a count would stop the reconnecting.
#[derive(Deserialize)]
pub(super) struct ClientConfig {
    #[serde(rename = "PingInterval", default)]
    ping_interval: Option<serde_json::Value>,
}

impl ClientConfig {
    /// Returns the interval of pings, if it is valid.
    pub(super) fn ping_every(&self) -> Option<Duration> {
        let value = self.ping_interval.as_ref()?;
        let seconds = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
        let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
        Some(Duration::from_secs(seconds.clamp(PINGS.0, PINGS.1)))
    }
}

impl Speaker {
    /// Creates a speaker for the service that the URL of the connection names.
    #[must_use]
    pub fn new(service: i32) -> Self {
        Self { service, fragments: Fragments::default() }
    }

    /// Reads one frame.
    fn frame(&mut self, frame: Frame, now: Duration) -> Heard<Event> {
        match (frame.method, frame.header("type")) {
            (CONTROL, Some("pong")) => {
                let payload = frame.payload.as_deref().filter(|payload| payload.len() <= LONGEST_CONFIG);
                let config = payload.and_then(|payload| serde_json::from_slice(payload).ok());
                Heard::Pong { every: config.and_then(|config: ClientConfig| config.ping_every()) }
            }
            (DATA, Some("event")) => self.data(frame, now),
            // Pings of the server, cards and future types: the vendor's clients do not answer them either.
            _ => Heard::Other(None),
        }
    }

    fn data(&mut self, mut frame: Frame, now: Duration) -> Heard<Event> {
        let payload = frame.payload.take().unwrap_or_default();
        let number = |key, otherwise: u64| match frame.header(key) {
            Some(text) => text.parse().ok(),
            None => Some(otherwise),
        };
        let (Some(sum), Some(seq)) = (number("sum", 1), number("seq", 0)) else {
            return unreadable("the header `sum` or `seq` of a frame is not a number");
        };
        let Some(id) = frame.header("message_id").or((sum == 1).then_some("")) else {
            return unreadable("a fragment has no message id");
        };
        match self.fragments.add(id, (seq, sum), payload, now) {
            Ok(None) => Heard::Other(None),
            Ok(Some(whole)) => event(&frame, &whole),
            Err(bad) => unreadable(bad.0),
        }
    }
}

impl Speech<Event> for Speaker {
    fn ping(&mut self) -> Option<Message> {
        let headers = vec![("type".to_owned(), "ping".to_owned())];
        Some(binary(&Frame { service: self.service, method: CONTROL, headers, ..Frame::default() }))
    }

    fn hear(&mut self, message: Message, now: Duration) -> Heard<Event> {
        let Message::Binary(bytes) = message else {
            return unreadable("a text message arrived, but frames are binary");
        };
        match Frame::decode(&bytes) {
            Ok(frame) => self.frame(frame, now),
            Err(_) => unreadable("a frame is malformed"),
        }
    }
}

/// Reads the event in a whole message; `frame` is its last frame. The acknowledgement is that frame with all its
/// headers, since one of them names the machine that it goes to.
fn event(frame: &Frame, payload: &Bytes) -> Heard<Event> {
    let read = || {
        let text = std::str::from_utf8(payload).ok()?;
        let members = Members::of(text).ok()?;
        let envelope = Envelope::of(&members).ok()?;
        Some(envelope.open(&members, text, false))
    };
    let around = frame.around_payload();
    match read() {
        Some(delivery) => {
            let receipt: Receipt = Box::new(move |is_done, took| acknowledgement(&around, is_done, took));
            Heard::Event(Box::new(delivery), receipt)
        }
        None => {
            let answer = Some(acknowledgement(&around, false, Duration::ZERO));
            Heard::Unreadable { why: "the content of a frame is not an event", answer }
        }
    }
}

fn acknowledgement(around: &AroundPayload, is_done: bool, took: Duration) -> Message {
    let took = took.as_millis().to_string();
    let header = is_done.then_some(("biz_rt", took.as_str()));
    let payload: &[u8] = if is_done { br#"{"code": 200}"# } else { br#"{"code": 500}"# };
    Message::Binary(around.join(header, Some(payload)).into())
}

fn binary(frame: &Frame) -> Message {
    Message::Binary(frame.encode().into())
}

fn unreadable(why: &'static str) -> Heard<Event> {
    Heard::Unreadable { why, answer: None }
}
