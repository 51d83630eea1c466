//! Takes the contents of events out of the delivery that a page shows.
//!
//! What surrounds the content differs by vendor. The receivers in the vendor crates remove it from real deliveries.

use serde_json::{Map, Value};

use super::xml;

/// How a vendor packs events, as `x-events` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// The member `event`, beside `schema` and `header` or beside `uuid`, `token` and `ts`.
    Feishu,
    /// One XML document.
    Wecom,
    /// The member `data` (Stream) or `biz_data` (SyncHTTP), or the whole object (HTTP push).
    Dingtalk,
    /// Each element of `payload`.
    Tencent,
}

/// Members around an event of WeCom.
pub const WECOM_MEMBERS: [&str; 15] = [
    "ToUserName",
    "FromUserName",
    "FromUserTmpOpenId",
    "CreateTime",
    "MsgType",
    "Event",
    "ChangeType",
    "AgentID",
    "SuiteId",
    "InfoType",
    "TimeStamp",
    "AuthCorpId",
    "ServiceCorpId",
    "SourceAgentId",
    "EventKey",
];

/// Members around an event of DingTalk that comes by HTTP push.
pub const DINGTALK_MEMBERS: [&str; 13] = [
    "EventType",
    "EventTime",
    "TimeStamp",
    "CorpId",
    "corpId",
    "BizId",
    "eventId",
    "eventType",
    "SuiteKey",
    "AuthCorpId",
    "AgentId",
    "syncAction",
    "syncSeq",
];

impl Envelope {
    /// Returns the envelope with this name.
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "feishu" => Some(Self::Feishu),
            "wecom" => Some(Self::Wecom),
            "dingtalk" => Some(Self::Dingtalk),
            "tencent" => Some(Self::Tencent),
            _ => None,
        }
    }

    /// Returns the media type of a delivery.
    pub fn media(self) -> &'static str {
        if self == Self::Wecom { "application/xml" } else { "application/json" }
    }

    /// Returns the members that may stand beside the content's own.
    pub fn members(self) -> &'static [&'static str] {
        match self {
            Self::Feishu | Self::Tencent => &[],
            Self::Wecom => &WECOM_MEMBERS,
            Self::Dingtalk => &DINGTALK_MEMBERS,
        }
    }

    /// Returns the contents of a delivery. WeCom's XML becomes the JSON that `schema` describes.
    pub fn contents(self, root: &Value, schema: &Value, delivery: &Value) -> Result<Vec<Value>, String> {
        match self {
            Self::Feishu => match delivery.get("event") {
                Some(event) if event.is_object() => Ok(vec![event.clone()]),
                _ => Err("the delivery has no object `event`".to_owned()),
            },
            Self::Tencent => match delivery.get("payload") {
                Some(Value::Array(items)) => Ok(items.clone()),
                _ => Err("the delivery has no list `payload`".to_owned()),
            },
            Self::Dingtalk => dingtalk(delivery).map(|content| vec![content]),
            Self::Wecom => {
                let text = delivery.as_str().ok_or("the delivery is not the XML document as one text")?;
                let document = xml::parse(text)?;
                Ok(vec![xml::fit(root, schema, &document)])
            }
        }
    }
}

fn dingtalk(delivery: &Value) -> Result<Value, String> {
    let text = |value: &str| serde_json::from_str(value).map_err(|error| format!("biz_data is not JSON: {error}"));
    match (delivery.get("data"), delivery.get("biz_data"), delivery) {
        (Some(data), _, _) if data.is_object() && delivery.get("eventType").is_some() => Ok(data.clone()),
        (_, Some(Value::String(data)), _) => text(data),
        (_, Some(data), _) => Ok(data.clone()),
        (_, _, Value::Object(members)) => Ok(Value::Object(members.clone())),
        _ => Err("the delivery is not an object".to_owned()),
    }
}

/// Returns a content without the members of the envelope, except those that its schema has.
pub fn without(members: &[&str], own: impl Fn(&str) -> bool, content: &Value) -> Value {
    let Some(map) = content.as_object() else { return content.clone() };
    let kept = map.iter().filter(|(name, _)| own(name) || !members.contains(&name.as_str()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
}
