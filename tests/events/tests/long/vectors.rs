//! Frames byte for byte, as the vendors' own clients write them and answer them.

use std::collections::BTreeMap;
use std::time::Duration;

use huiyi_core::event::{Heard, Message, Speech, base64_decode};
use huiyi_feishu::events::{Frame, Speaker};
use serde::Deserialize;

#[derive(Deserialize)]
struct Feishu {
    event: String,
    frames: BTreeMap<String, String>,
}

fn feishu() -> Feishu {
    serde_json::from_str(include_str!("../../data/feishu_frames.json")).unwrap()
}

impl Feishu {
    fn bytes(&self, name: &str) -> Vec<u8> {
        base64_decode(&self.frames[name]).unwrap()
    }

    fn message(&self, name: &str) -> Message {
        Message::Binary(self.bytes(name).into())
    }
}

#[test]
fn every_frame_of_feishus_is_read_and_written_byte_for_byte() {
    let vectors = feishu();
    assert_eq!(vectors.frames.len(), 12);
    for name in vectors.frames.keys() {
        let bytes = vectors.bytes(name);
        let frame = Frame::decode(&bytes.clone().into()).unwrap();

        assert_eq!(frame.encode(), bytes, "{name}");
        assert_eq!(frame.service, 33_554_678, "{name}");
    }
}

#[test]
fn feishus_ping_and_pong_are_those_of_the_vendors_client() {
    let (vectors, mut speaker) = (feishu(), Speaker::new(33_554_678));

    assert_eq!(speaker.ping(), Some(vectors.message("ping")));
    for (name, expected) in [("pong_with_config", Some(Duration::from_secs(90))), ("pong_without_payload", None)] {
        let Heard::Pong { every } = speaker.hear(vectors.message(name), Duration::ZERO) else { panic!("{name}") };
        assert_eq!(every, expected, "{name}");
    }
}

#[test]
fn feishus_event_is_read_and_acknowledged_byte_for_byte() {
    let vectors = feishu();
    for (is_done, took, name) in [(true, 12, "ack_200"), (false, 12, "ack_500")] {
        let heard = Speaker::new(1).hear(vectors.message("event_single"), Duration::ZERO);
        let Heard::Event(delivery, receipt) = heard else { panic!("no event") };

        assert_eq!(delivery.plaintext(), vectors.event);
        assert_eq!(delivery.event_type(), "vc.meeting.all_meeting_started_v1");
        assert_eq!(delivery.id(), Some("5e3702a84e847582be8db7fb73283c02"));
        assert_eq!(receipt(is_done, Duration::from_millis(took)), vectors.message(name), "{name}");
    }
}

#[test]
fn feishus_fragments_are_put_together_and_the_last_one_is_acknowledged() {
    let (vectors, mut speaker) = (feishu(), Speaker::new(1));
    for name in ["fragment_0_of_3", "fragment_1_of_3", "fragment_1_of_3"] {
        assert!(matches!(speaker.hear(vectors.message(name), Duration::ZERO), Heard::Other(None)), "{name}");
    }
    let heard = speaker.hear(vectors.message("fragment_2_of_3"), Duration::ZERO);
    let Heard::Event(delivery, receipt) = heard else { panic!("no event") };

    assert_eq!(delivery.plaintext(), vectors.event);
    assert_eq!(receipt(true, Duration::from_millis(7)), vectors.message("ack_of_fragmented"));
}

#[test]
fn a_card_of_feishus_is_not_answered() {
    let vectors = feishu();

    assert!(matches!(Speaker::new(1).hear(vectors.message("card"), Duration::ZERO), Heard::Other(None)));
}

#[derive(Deserialize)]
struct DingTalk {
    frames: BTreeMap<String, Stored>,
}

#[derive(Deserialize)]
struct Stored {
    frame: String,
    node: Vec<String>,
}

fn heard(frame: &str) -> Heard<huiyi_dingtalk::events::Event> {
    huiyi_dingtalk::events::Speaker::default().hear(Message::Text(frame.into()), Duration::ZERO)
}

fn dingtalk() -> DingTalk {
    serde_json::from_str(include_str!("../../data/dingtalk_frames.json")).unwrap()
}

#[test]
fn dingtalks_event_is_read_and_acknowledged_byte_for_byte() {
    let vectors = dingtalk();
    let stored = &vectors.frames["event"];
    let Heard::Event(delivery, receipt) = heard(&stored.frame) else { panic!("no event") };

    assert_eq!(delivery.event_type(), "meeting_status_change");
    assert_eq!(delivery.id(), Some("c7c7120f2c0741938b2aebdba0318c8d"));
    assert_eq!(delivery.tenant(), Some("ding9f50b15bccd16741"));
    assert!(delivery.unreadable().is_none());
    let huiyi_dingtalk::events::Event::MeetingStatusChange(change) = delivery.event() else { panic!("{delivery:?}") };
    assert_eq!(change.open_conf_model.conference_id.as_deref(), Some("63211f0c9b6ed40"));
    assert_eq!(receipt(true, Duration::ZERO), Message::Text(stored.node[0].as_str().into()));

    let Heard::Event(_, receipt) = heard(&stored.frame) else { panic!("no event") };
    let later = receipt(false, Duration::ZERO).into_text().unwrap();
    let later: serde_json::Value = serde_json::from_str(&later).unwrap();
    assert_eq!(
        (later["code"].as_u64(), &later["headers"]["messageId"]),
        (Some(500), &"213d841d_972_1898bb26334_70a7".into())
    );
    assert!(later["data"].as_str().unwrap().contains(r#""status":"LATER""#));
}

#[test]
fn dingtalks_ping_is_answered_byte_for_byte() {
    let vectors = dingtalk();
    let stored = &vectors.frames["ping"];
    let Heard::Ping(answer) = heard(&stored.frame) else { panic!("no ping") };

    assert_eq!(answer, Message::Text(stored.node[0].as_str().into()));
}

#[test]
fn a_ping_or_pong_that_is_too_long_to_be_one_is_not_parsed() {
    let ping = |data: &str| {
        let frame = serde_json::json!({"type": "SYSTEM", "headers": {"topic": "ping", "messageId": "m"}, "data": data});
        heard(&frame.to_string())
    };
    let config = |interval: &str| {
        let payload = Some(format!(r#"{{"PingInterval":{interval}}}"#).into());
        let headers = vec![("type".to_owned(), "pong".to_owned())];
        let frame = Frame { method: 0, headers, payload, ..Frame::default() }.encode();
        Speaker::new(1).hear(Message::Binary(frame.into()), Duration::ZERO)
    };
    let long = format!("{}7", " ".repeat(64 << 10));

    assert!(matches!(ping("[7]"), Heard::Ping(_)));
    assert!(matches!(ping(&long), Heard::Unreadable { answer: None, .. }));
    assert!(matches!(config("7"), Heard::Pong { every: Some(_) }));
    assert!(matches!(config(&long), Heard::Pong { every: None }));
}

#[test]
fn dingtalks_other_frames_are_understood() {
    let vectors = dingtalk();

    assert!(matches!(heard(&vectors.frames["disconnect"].frame), Heard::Leaving(None)));
    let Heard::Other(Some(answer)) = heard(&vectors.frames["callback"].frame) else { panic!("no callback") };
    assert!(answer.into_text().unwrap().starts_with(r#"{"code":404,"headers":{"contentType":"application/json","#));
    // Times may be numbers, headers may be misspelt, and the content may be a JSON object or missing.
    let odd = r#"{"type":"EVENT","header":{"topic":"*","messageId":1,"eventType":"painted","eventBornTime":5},"data":{"a":1}}"#;
    let Heard::Event(delivery, _) = heard(odd) else { panic!("no event") };
    assert_eq!((delivery.content(), delivery.id()), (r#"{"a":1}"#, Some("1")));
    for missing in ["", r#","data":"""#, r#","data":null"#] {
        let frame = format!(r#"{{"type":"EVENT","headers":{{"messageId":"m","eventType":"painted"}}{missing}}}"#);
        let Heard::Event(delivery, _) = heard(&frame) else { panic!("no event") };
        assert_eq!(delivery.content(), "{}");
    }
}
