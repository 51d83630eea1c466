//! DingTalk's messages.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::dialect::{Dialect, Event, Said};
use crate::credentials::DINGTALK;

pub(super) struct DingTalk;

impl Dialect for DingTalk {
    fn path(&self) -> &'static str {
        "/v1.0/gateway/connections/open"
    }

    fn check(&self, headers: &[(String, String)], body: &[u8]) -> Result<(), (u16, String)> {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let accepts =
            headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("accept") && value == "application/json");
        if body["clientId"] != DINGTALK.app_key || body["clientSecret"] != DINGTALK.secret {
            return Err((401, json!({"requestid": "r-1", "code": "authFailed", "message": "鉴权失败"}).to_string()));
        }
        if !accepts {
            return Err((200, "<?xml version=\"1.0\"?><OpenConnectionResponse/>".to_owned()));
        }
        match body["subscriptions"].as_array() {
            Some(list) if list.contains(&json!({"type": "EVENT", "topic": "*"})) => Ok(()),
            _ => Err((
                400,
                json!({"requestid": "r-1", "code": "invalidParameter", "message": "subscriptions"}).to_string(),
            )),
        }
    }

    fn refusal(&self, code: &str) -> (u16, String) {
        let status = match code {
            "authFailed" => 401,
            _ if code.starts_with("Forbidden") => 403,
            _ => 500,
        };
        (status, json!({"requestid": "r-1", "code": code, "message": "refused by the gateway"}).to_string())
    }

    fn address(&self, host: &str, ticket: Option<&str>, _ping_every: u64) -> String {
        match ticket {
            Some(ticket) => json!({"endpoint": format!("ws://{host}/connect"), "ticket": ticket}).to_string(),
            None => json!({}).to_string(),
        }
    }

    fn event(&self, event_type: &str, id: &str, content: &str) -> Event {
        Event { id: id.to_owned(), event_type: event_type.to_owned(), content: content.to_owned() }
    }

    fn messages(&self, event: &Event, message_id: &str, _fragments_of: Option<usize>) -> Vec<Message> {
        let message = json!({
            "specVersion": "1.0",
            "type": "EVENT",
            "headers": {
                "appId": "765ed67b-b170-4e12-ba38-6b59dc404ddb", "connectionId": "2f9c95bd", "contentType": "application/json",
                "messageId": message_id, "time": "1693221579964", "topic": "*", "eventType": event.event_type,
                "eventId": event.id, "eventCorpId": DINGTALK.corp_id, "eventBornTime": "1683533823336",
                "eventUnifiedAppId": "bbb381b6",
            },
            "data": event.content,
        });
        vec![Message::Text(message.to_string().into())]
    }

    fn hear(&self, message: &Message) -> Said {
        let Message::Text(text) = message else { return Said::Malformed };
        let Ok(answer) = serde_json::from_str::<Value>(text) else { return Said::Malformed };
        let data: Value = answer["data"].as_str().and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
        let Some(id) = answer["headers"]["messageId"].as_str() else { return Said::Malformed };
        if answer["headers"]["contentType"] != "application/json" {
            return Said::Malformed;
        }
        match (answer["code"].as_u64(), data["status"].as_str()) {
            (Some(200), None) if data["opaque"] == "123-dsfs" => Said::Answer,
            (Some(200), None) if data["reason"].is_string() => Said::Answer,
            (Some(404), _) => Said::Answer,
            // The vendor's Python SDK returns the event's data without a status: the code decides then.
            (Some(200), Some("SUCCESS") | None) => Said::Acknowledged(id.to_owned(), true),
            (Some(500), Some("LATER") | None) => Said::Acknowledged(id.to_owned(), false),
            _ => Said::Malformed,
        }
    }

    fn pong(&self, _ping_every: u64) -> Option<Message> {
        None
    }

    fn ping(&self, ping_every: u64) -> Option<(Message, Duration)> {
        let ping = system("ping", &json!({"opaque": "123-dsfs"}));
        Some((ping, Duration::from_secs(ping_every)))
    }

    fn disconnect(&self) -> Option<Message> {
        Some(system("disconnect", &json!({"reason": "persistent connection is timeout"})))
    }
}

fn system(topic: &str, data: &Value) -> Message {
    let message = json!({
        "specVersion": "1.0",
        "type": "SYSTEM",
        "headers": {
            "contentType": "application/json", "messageId": "c0a815dd1698551133918195d42", "time": "1698551133918",
            "topic": topic,
        },
        "data": data.to_string(),
    });
    Message::Text(message.to_string().into())
}
