//! An event's message before it is encrypted: its content and its envelope.

use serde_json::{Map, Value, json};

use crate::credentials;
use crate::event::xml;
use crate::server::Vendor;

/// An event, with the names of the vendor's page.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The type, in the vendor's spelling. For WeCom it is `Event` and `ChangeType` with a slash between them.
    pub event_type: String,
    /// The content, without the envelope.
    pub content: Value,
    /// The id of the delivery, if the vendor has one: a repeated delivery has the same id.
    pub id: String,
    /// The user who caused the event; only WeCom's messages name one.
    pub actor: String,
    /// The time of the event, in milliseconds since the Unix epoch.
    pub unix_millis: i64,
}

impl Message {
    /// Formats the message as the vendor does.
    #[must_use]
    pub fn text(&self, vendor: Vendor) -> String {
        match vendor {
            Vendor::Feishu => self.of_feishu().to_string(),
            Vendor::WeCom => self.of_wecom(),
            Vendor::DingTalk => self.of_dingtalk().to_string(),
            Vendor::Tencent => {
                let mut item = members(&self.content);
                item.entry("operate_time").or_insert_with(|| self.unix_millis.into());
                json!({"event": self.event_type, "trace_id": self.id, "payload": [item]}).to_string()
            }
        }
    }

    /// Uses envelope 2.0; for the old events, whose types have no dot, envelope 1.0.
    fn of_feishu(&self) -> Value {
        let app = credentials::FEISHU;
        if self.event_type.contains('.') {
            return json!({
                "schema": "2.0",
                "header": {
                    "event_id": self.id,
                    "event_type": self.event_type,
                    "create_time": self.unix_millis.to_string(),
                    "token": app.verification_token,
                    "app_id": app.app_id,
                    "tenant_key": app.tenant_key,
                },
                "event": self.content,
            });
        }
        let mut event = members(&self.content);
        event.insert("type".to_owned(), self.event_type.clone().into());
        event.entry("app_id").or_insert_with(|| app.app_id.into());
        let seconds = format!("{}.{:03}", self.unix_millis / 1000, self.unix_millis % 1000);
        json!({
            "ts": seconds, "uuid": self.id, "token": app.verification_token, "type": "event_callback", "event": event,
        })
    }

    fn of_wecom(&self) -> String {
        let app = credentials::WECOM;
        let seconds = self.unix_millis / 1000;
        let is_of_corporation = self.event_type.contains('/');
        let mut outer = Map::new();
        let mut set = |name: &str, value: Value| outer.insert(name.to_owned(), value);
        if let Some((event, change)) = self.event_type.split_once('/') {
            set("ToUserName", app.corpid.into());
            set("FromUserName", self.actor.clone().into());
            set("CreateTime", seconds.into());
            set("MsgType", "event".into());
            set("Event", event.into());
            set("ChangeType", change.into());
        } else {
            set("SuiteId", app.suite_id.into());
            set("InfoType", self.event_type.clone().into());
            set("TimeStamp", seconds.into());
        }
        for (name, value) in members(&self.content) {
            // The content of a corporation's event never has the sender or the time, so neither is overwritten.
            if is_of_corporation || name != "SuiteId" {
                set(&name, value);
            }
        }
        xml::document(&Value::Object(outer))
    }

    /// Uses the format of HTTP push: the content stands next to the members of the envelope.
    fn of_dingtalk(&self) -> Value {
        let mut message = members(&self.content);
        for (name, value) in [
            ("EventType", Value::from(self.event_type.clone())),
            ("EventTime", self.unix_millis.into()),
            ("CorpId", credentials::DINGTALK.corp_id.into()),
            ("BizId", self.id.clone().into()),
            ("eventId", self.id.clone().into()),
        ] {
            message.insert(name.to_owned(), value);
        }
        Value::Object(message)
    }
}

fn members(content: &Value) -> Map<String, Value> {
    content.as_object().cloned().unwrap_or_default()
}
