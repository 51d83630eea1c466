//! Feishu's frames. Written without the client's code, so a mistake there cannot be repeated here.

use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

use super::dialect::{Dialect, Event, Said};
use crate::credentials::FEISHU;

const SERVICE: u64 = 33_554_678;
const INSTANCE: &str = "aW5zdGFuY2UtMQ==";

pub(super) struct Feishu;

impl Dialect for Feishu {
    fn path(&self) -> &'static str {
        "/callback/ws/endpoint"
    }

    fn check(&self, _headers: &[(String, String)], body: &[u8]) -> Result<(), (u16, String)> {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        if body["AppID"] == FEISHU.app_id && body["AppSecret"] == FEISHU.app_secret {
            Ok(())
        } else {
            Err(self.refusal("1000040345"))
        }
    }

    fn refusal(&self, code: &str) -> (u16, String) {
        let code: i64 = code.parse().unwrap_or(1);
        (200, json!({"code": code, "msg": "refused by the gateway", "data": {}}).to_string())
    }

    fn address(&self, host: &str, ticket: Option<&str>, ping_every: u64) -> String {
        let data = match ticket {
            Some(ticket) => json!({
                "URL": format!("ws://{host}/ws/v2?fpid=493&aid=552564&device_id=7&access_key=k&service_id={SERVICE}&ticket={ticket}"),
                "ClientConfig": config(ping_every),
            }),
            None => json!({}),
        };
        json!({"code": 0, "msg": "success", "data": data}).to_string()
    }

    fn event(&self, event_type: &str, id: &str, content: &str) -> Event {
        let header = json!({
            "event_id": id, "event_type": event_type, "create_time": "1608725989000", "token": "",
            "app_id": FEISHU.app_id, "tenant_key": FEISHU.tenant_key,
        });
        let content = format!(r#"{{"schema":"2.0","header":{header},"event":{content}}}"#);
        Event { id: id.to_owned(), event_type: event_type.to_owned(), content }
    }

    fn messages(&self, event: &Event, message_id: &str, fragments_of: Option<usize>) -> Vec<Message> {
        let payload = event.content.as_bytes();
        let pieces: Vec<&[u8]> = payload.chunks(fragments_of.unwrap_or(usize::MAX).max(1)).collect();
        let sum = pieces.len() as u64;
        let frame = |(seq, piece): (usize, &&[u8])| data_frame(message_id, sum, seq as u64, piece);
        pieces.iter().enumerate().map(frame).map(|frame| Message::Binary(frame.into())).collect()
    }

    fn hear(&self, message: &Message) -> Said {
        let Message::Binary(bytes) = message else { return Said::Malformed };
        let Some(frame) = fields(bytes) else { return Said::Malformed };
        let number = |wanted| frame.iter().find_map(|(field, value)| (*field == wanted).then(|| value.number())?);
        let headers: Vec<(String, String)> =
            frame.iter().filter(|(field, _)| *field == 5).filter_map(|(_, value)| pair(value.bytes()?)).collect();
        let header = |key: &str| headers.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        match (number(4), header("type")) {
            (Some(0), Some("ping")) if number(3) == Some(SERVICE) => Said::Ping,
            // The acknowledgement must have all headers of the frame: the platform routes it by one of them.
            (Some(1), Some("event")) if header("instance_id") == Some(INSTANCE) && header("x-unknown") == Some("1") => {
                let payload = frame.iter().find_map(|(field, value)| (*field == 8).then(|| value.bytes())?);
                let code = payload.and_then(|payload| serde_json::from_slice::<Value>(payload).ok());
                match (code.map(|answer| answer["code"].clone()), header("message_id")) {
                    (Some(code), Some(id)) if code == 200 || code == 500 => {
                        Said::Acknowledged(id.to_owned(), code == 200)
                    }
                    _ => Said::Malformed,
                }
            }
            _ => Said::Malformed,
        }
    }

    fn pong(&self, ping_every: u64) -> Option<Message> {
        let frame = frame(0, 0, &[("type", "pong")], config(ping_every).to_string().as_bytes());
        Some(Message::Binary(frame.into()))
    }

    fn ping(&self, _ping_every: u64) -> Option<(Message, Duration)> {
        None
    }

    fn disconnect(&self) -> Option<Message> {
        None
    }
}

fn config(ping_every: u64) -> Value {
    json!({"ReconnectCount": -1, "ReconnectInterval": 120, "ReconnectNonce": 30, "PingInterval": ping_every})
}

/// Builds a data frame with one fragment of a message.
pub(super) fn data_frame(message_id: &str, sum: u64, seq: u64, payload: &[u8]) -> Vec<u8> {
    let (sum, seq) = (sum.to_string(), seq.to_string());
    let headers = [
        ("type", "event"),
        ("message_id", message_id),
        ("sum", &sum),
        ("seq", &seq),
        ("trace_id", "69f0ba843a4f12f882b2f3e25e497255"),
        ("timestamp", "1774002785187"),
        ("instance_id", INSTANCE),
        ("x-unknown", "1"),
    ];
    frame(7_609_123_456_789_012_345, 1, &headers, payload)
}

fn frame(log_id: u64, method: u64, headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + 512);
    for (tag, value) in [(0x08, 1), (0x10, log_id), (0x18, SERVICE), (0x20, method)] {
        bytes.push(tag);
        put(&mut bytes, value);
    }
    for (key, value) in headers {
        let mut header = Vec::new();
        for (tag, text) in [(0x0a, key), (0x12, value)] {
            header.push(tag);
            put(&mut header, text.len() as u64);
            header.extend_from_slice(text.as_bytes());
        }
        bytes.push(0x2a);
        put(&mut bytes, header.len() as u64);
        bytes.extend(header);
    }
    bytes.push(0x42);
    put(&mut bytes, payload.len() as u64);
    bytes.extend_from_slice(payload);
    bytes
}

fn put(bytes: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

/// The value of a field.
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    fn number(&self) -> Option<u64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    fn bytes(&self) -> Option<&'a [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }
}

fn get(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().take(10).position(|byte| byte & 0x80 == 0)?;
    let (number, rest) = bytes.split_at(end + 1);
    let value = number.iter().rev().fold(0_u64, |value, byte| value << 7 | u64::from(byte & 0x7f));
    Some((value, rest))
}

/// Reads the fields of a message; this protocol has only numbers and bytes.
fn fields(mut bytes: &[u8]) -> Option<Vec<(u64, Field<'_>)>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (tag, rest) = get(bytes)?;
        let (number, rest) = get(rest)?;
        bytes = rest;
        let value = match tag & 7 {
            0 => Field::Number(number),
            2 => {
                let (value, rest) = bytes.split_at_checked(usize::try_from(number).ok()?)?;
                bytes = rest;
                Field::Bytes(value)
            }
            _ => return None,
        };
        found.push((tag >> 3, value));
    }
    Some(found)
}

fn pair(bytes: &[u8]) -> Option<(String, String)> {
    let fields = fields(bytes)?;
    let text = |wanted| fields.iter().find(|(field, _)| *field == wanted).and_then(|(_, value)| value.bytes());
    let text = |wanted| Some(String::from_utf8_lossy(text(wanted)?).into_owned());
    Some((text(1)?, text(2)?))
}
