//! Whole deliveries with known keys: each is accepted, decrypted, and answered as the vendor wants.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Request;
use huiyi_core::event::{Aes, Members, is_signed_by, open, sha1_of_sorted};
use huiyi_event_tests::clock::Still;
use huiyi_event_tests::receivers::{AnyReceiver, any};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Vector {
    id: String,
    credentials: BTreeMap<String, Option<String>>,
    method: String,
    path_query: String,
    headers: BTreeMap<String, String>,
    body: String,
    now_unix_ms: u64,
    expect: Expect,
}

#[derive(Deserialize)]
struct Expect {
    kind: String,
    event_type: Option<String>,
    plaintext: String,
    reply: Reply,
}

#[derive(Deserialize)]
struct Reply {
    status: u16,
    content_type: Option<String>,
    body: Option<String>,
    body_decrypts_to: Option<String>,
}

impl Vector {
    fn credential(&self, name: &str) -> Option<&str> {
        self.credentials.get(name).and_then(Option::as_deref)
    }

    fn receiver(&self) -> AnyReceiver {
        let clock = Arc::new(Still::at_millis(self.now_unix_ms));
        let of = |name| self.credential(name);
        match self.id.split('-').next().unwrap() {
            "feishu" => {
                let mut builder = huiyi_feishu::events::EventReceiver::builder().app_id(of("app_id").unwrap());
                builder = builder.verification_token(of("verification_token").unwrap()).clock(clock);
                any(of("encrypt_key")
                    .into_iter()
                    .fold(builder, |builder, key| builder.encrypt_key(key))
                    .build()
                    .unwrap())
            }
            "wecom" => {
                let builder = huiyi_wecom::events::EventReceiver::builder().receive_id(of("receive_id").unwrap());
                let builder = builder.keys(of("token").unwrap(), of("encoding_aes_key").unwrap());
                any(builder.clock(clock).build().unwrap())
            }
            "dingtalk" => {
                let builder = huiyi_dingtalk::events::EventReceiver::builder();
                let builder = builder.keys(of("token").unwrap(), of("encoding_aes_key").unwrap());
                let key = of("key").unwrap();
                let builder = match of("key_is").unwrap() {
                    "corpId" => builder.corp_id(key),
                    "appKey" => builder.client_id(key),
                    _ => builder.suite_key(key),
                };
                any(builder.clock(clock).build().unwrap())
            }
            _ => {
                let builder = huiyi_tencent::events::EventReceiver::builder().clock(clock);
                let builder = match of("encoding_aes_key") {
                    Some(key) => builder.keys(of("token").unwrap(), key),
                    None => builder.token(of("token").unwrap()),
                };
                any(builder.build().unwrap())
            }
        }
    }

    fn request(&self) -> Request<Vec<u8>> {
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.path_query);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(self.body.clone().into_bytes()).unwrap()
    }
}

fn vectors() -> Vec<Vector> {
    let files = [
        include_str!("../data/feishu.json"),
        include_str!("../data/wecom.json"),
        include_str!("../data/dingtalk.json"),
        include_str!("../data/tencent.json"),
    ];
    files.iter().flat_map(|file| serde_json::from_str::<Vec<Vector>>(file).unwrap()).collect()
}

/// Returns the event types. SyncHTTP is a container: its types are those of its rows.
fn types_of(vector: &Vector) -> Vec<String> {
    match vector.expect.event_type.as_deref() {
        _ if vector.expect.kind != "event" => vec![],
        Some("SYNC_HTTP_PUSH_HIGH") => vec!["suite_ticket".to_owned()],
        event_type => event_type.into_iter().map(str::to_owned).collect(),
    }
}

#[test]
fn every_delivery_is_accepted_decrypted_and_answered() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 12);
    for vector in vectors {
        let said = vector.receiver()(&vector.request()).unwrap_or_else(|error| panic!("{}: {error}", vector.id));

        let types: Vec<&String> = said.events.iter().map(|(event_type, _)| event_type).collect();
        assert_eq!(types, types_of(&vector).iter().collect::<Vec<_>>(), "{}", vector.id);
        assert!(said.readable, "{}", vector.id);
        assert!(said.plaintexts.iter().all(|plaintext| *plaintext == vector.expect.plaintext), "{}", vector.id);
        let expected = &vector.expect.reply;
        assert_eq!(said.reply.status().as_u16(), expected.status, "{}", vector.id);
        let content_type = said.reply.headers().get("content-type").map(|value| value.to_str().unwrap());
        if let Some(expected) = &expected.content_type {
            assert!(content_type.is_some_and(|content_type| content_type.starts_with(expected)), "{}", vector.id);
        }
        let body = std::str::from_utf8(said.reply.body()).unwrap();
        match (&expected.body, &expected.body_decrypts_to) {
            (Some(expected), None) => assert_eq!(body, expected, "{}", vector.id),
            (None, Some(expected)) => assert_eq!(&opened_reply(&vector, body), expected, "{}", vector.id),
            _ => panic!("{}: no reply is expected", vector.id),
        }
    }
}

/// Decrypts a reply, as DingTalk does.
fn opened_reply(vector: &Vector, body: &str) -> String {
    let reply: Value = serde_json::from_str(body).unwrap();
    let of = |name: &str| reply[name].as_str().unwrap();
    let token = vector.credential("token").unwrap();
    let digest = sha1_of_sorted([token, of("timeStamp"), of("nonce"), of("encrypt")]);
    assert!(is_signed_by(of("msg_signature"), &digest));
    assert_eq!(of("timeStamp"), vector.now_unix_ms.to_string());
    let aes = Aes::from_encoding_key(vector.credential("encoding_aes_key").unwrap()).unwrap();
    let opened = open(&aes, of("encrypt")).unwrap();
    assert_eq!(Some(opened.recipient.as_str()), vector.credential("key"));
    opened.message
}

#[test]
fn every_delivery_is_refused_with_another_key() {
    for mut vector in vectors() {
        let secret = ["encrypt_key", "token", "verification_token"].into_iter();
        let name = secret.into_iter().find(|name| vector.credential(name).is_some()).unwrap();
        vector.credentials.insert(name.to_owned(), Some("another".to_owned()));

        let error = vector.receiver()(&vector.request()).unwrap_err();

        assert_eq!(error.reply().status(), 401, "{}: {error}", vector.id);
    }
}

#[derive(Deserialize)]
struct Page {
    vendor: String,
    page: String,
    token: String,
    encoding_aes_key: Option<String>,
    recipient: Option<String>,
    timestamp: String,
    nonce: String,
    signature: String,
    encrypted: String,
    plaintext: String,
    event_type: Option<String>,
}

#[test]
fn the_examples_of_the_pages_are_accepted() {
    let pages: Vec<Page> = serde_json::from_str(include_str!("../data/pages.json")).unwrap();
    assert_eq!(pages.len(), 3);
    for page in pages {
        let digits: u64 = page.timestamp.parse().unwrap();
        let millis = if page.timestamp.len() == 10 { digits * 1000 } else { digits };
        let clock = Arc::new(Still::at_millis(millis + 1000));
        let query = format!("/hook?msg_signature={}&timestamp={}&nonce={}", page.signature, page.timestamp, page.nonce);
        let (recipient, key) = (page.recipient.clone().unwrap_or_default(), page.encoding_aes_key.unwrap_or_default());
        let encrypted = &page.encrypted;
        let (receiver, uri, body) = match page.vendor.as_str() {
            "wecom" => {
                let builder = huiyi_wecom::events::EventReceiver::builder().keys(page.token, key).receive_id(recipient);
                let body = format!("<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>");
                (any(builder.clock(clock).build().unwrap()), query, body)
            }
            "dingtalk" => {
                let builder = huiyi_dingtalk::events::EventReceiver::builder().keys(page.token, key);
                let receiver = builder.suite_key(recipient).clock(clock).build().unwrap();
                (any(receiver), query, format!(r#"{{"encrypt":"{encrypted}"}}"#))
            }
            _ => {
                let builder = huiyi_tencent::events::EventReceiver::builder().token(page.token).clock(clock);
                (any(builder.build().unwrap()), "/hook".to_owned(), format!(r#"{{"data":"{encrypted}"}}"#))
            }
        };
        let mut request = Request::builder().method("POST").uri(uri);
        if page.vendor == "tencent" {
            request = request.header("signature", &page.signature).header("timestamp", &page.timestamp);
            request = request.header("nonce", &page.nonce);
        }

        let said = receiver(&request.body(body.into_bytes()).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", page.page));

        let types: Vec<String> = said.events.iter().map(|(event_type, _)| event_type.clone()).collect();
        assert_eq!(types, Vec::from_iter(page.event_type), "{}", page.page);
        assert!(said.plaintexts.iter().all(|plaintext| *plaintext == page.plaintext), "{}", page.page);
    }
}

/// Feishu's page shows only a key and a ciphertext, which the cipher's own test has. This test reads whole members.
#[test]
fn members_of_envelopes_are_found_whatever_their_order() {
    let members = Members::of(r#"{"event":{"a":1},"header":{"token":"t"}}"#).unwrap();

    assert_eq!(members.raw("event"), Some(r#"{"a":1}"#));
    assert_eq!(members.object("header").unwrap().text("token").as_deref(), Some("t"));
}
