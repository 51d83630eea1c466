//! The kinds of hostile deliveries.

use http::Method;
use huiyi_core::event::{Aes, RejectReason};
use huiyi_event_tests::Vendor;
use huiyi_event_tests::draft::{Draft, Part};
use huiyi_event_tests::sender::{NOW_MILLIS, Sender};

/// A name, the delivery, and why it is refused.
pub(crate) type Kind = (&'static str, Draft, RejectReason);

/// Returns what all vendors refuse in the same way, if they have it.
pub(crate) fn of_all(vendor: Vendor) -> Vec<Kind> {
    let sender = Sender::new(vendor);
    let message = sender.message("1");
    let good = sender.delivery(&message);
    let signature = good.value(Part::Signature);
    let encrypted = sender.encrypted(message.as_bytes());
    let malformed_outside = RejectReason::Malformed(if vendor == Vendor::WeCom { "XML" } else { "JSON" });
    let no_base64 =
        if vendor == Vendor::Tencent { RejectReason::Malformed("data") } else { RejectReason::Undecryptable };
    let absent = match vendor {
        Vendor::Tencent => RejectReason::Missing("data"),
        _ => RejectReason::NotEncrypted,
    };
    let days = |days: i64| {
        let millis = i64::try_from(NOW_MILLIS).unwrap() + days * 86_400_000;
        Sender::new(vendor).at_millis(u64::try_from(millis).unwrap()).delivery(&message)
    };
    let other = |change: &dyn Fn(&mut Sender)| {
        let mut other = Sender::new(vendor);
        change(&mut other);
        other
    };
    let timestamp = |text: &str| other(&|other| text.clone_into(&mut other.timestamp)).delivery(&message);
    let another_aes = other(&|other| other.aes = Aes::from_text("another"));
    let name = |part| Draft::name(vendor, part);
    let empty_message = match vendor {
        Vendor::WeCom => RejectReason::Malformed("XML"),
        // The whole ciphertext is padding.
        _ => RejectReason::Malformed("JSON"),
    };
    let uneven = {
        let mut bytes = sender.padded(message.as_bytes());
        let padding = 16 - bytes.len() % 16;
        bytes.extend(std::iter::repeat_n(b'x', padding));
        // A block of padding follows these bytes. It is cut off, so the last byte is not valid padding.
        let whole = sender.encrypted_bytes(&bytes);
        let mut raw = huiyi_core::event::base64_decode(&whole).unwrap();
        raw.truncate(bytes.len() + if vendor == Vendor::Feishu { 16 } else { 0 });
        huiyi_core::event::base64_encode(&raw)
    };
    let cut = {
        let raw = huiyi_core::event::base64_decode(&encrypted).unwrap();
        (huiyi_core::event::base64_encode(&raw[..raw.len() - 1]), huiyi_core::event::base64_encode(&raw[..16]))
    };
    let resigned = |encrypted: &str| sender.signed(sender.body(encrypted), encrypted);
    vec![
        ("PUT", good.clone().method(Method::PUT), RejectReason::Method),
        ("DELETE", good.clone().method(Method::DELETE), RejectReason::Method),
        ("HEAD", good.clone().method(Method::HEAD), RejectReason::Method),
        ("OPTIONS", good.clone().method(Method::OPTIONS), RejectReason::Method),
        ("PATCH", good.clone().method(Method::PATCH), RejectReason::Method),
        ("no body", good.clone().body(""), malformed_outside),
        ("a body too large", good.clone().body(vec![b' '; 256 * 1024 + 1]), RejectReason::TooLarge),
        ("a body that is not UTF-8", good.clone().body(vec![0xff, 0xfe, 0x00]), RejectReason::NotUtf8),
        ("half a body", good.clone().body(&good.body[..good.body.len() / 2]), malformed_outside),
        (
            "a body with something behind it",
            good.clone().body([&good.body, b"x".as_slice()].concat()),
            malformed_outside,
        ),
        ("a list", good.clone().body("[]"), malformed_outside),
        ("a body of brackets", good.clone().body("[".repeat(200_000)), malformed_outside),
        (
            "a body of tags",
            good.clone().body("<a>".repeat(80_000)),
            match vendor {
                Vendor::WeCom => RejectReason::TooComplex,
                _ => malformed_outside,
            },
        ),
        ("an empty document", good.clone().body(if vendor == Vendor::WeCom { "<xml></xml>" } else { "{}" }), absent),
        ("no signature", good.clone().without(Part::Signature), RejectReason::Unsigned),
        ("an empty signature", good.clone().with(Part::Signature, ""), RejectReason::WrongSignature),
        ("half a signature", good.clone().with(Part::Signature, &signature[..20]), RejectReason::WrongSignature),
        (
            "a longer signature",
            good.clone().with(Part::Signature, &format!("{signature}0")),
            RejectReason::WrongSignature,
        ),
        (
            "a signature of zeros",
            good.clone().with(Part::Signature, &"0".repeat(signature.len())),
            RejectReason::WrongSignature,
        ),
        ("a signature that is no digits", good.clone().with(Part::Signature, "zz zz"), RejectReason::WrongSignature),
        (
            "two signatures",
            good.clone().and(Part::Signature, &signature),
            RejectReason::Repeated(name(Part::Signature)),
        ),
        (
            "a signature with another secret",
            other(&|other| other.secret = "another".to_owned()).delivery(&message),
            RejectReason::WrongSignature,
        ),
        ("no timestamp", good.clone().without(Part::Timestamp), RejectReason::Missing(name(Part::Timestamp))),
        ("two timestamps", good.clone().and(Part::Timestamp, "1"), RejectReason::Repeated(name(Part::Timestamp))),
        ("another timestamp", good.clone().with(Part::Timestamp, "1764300001"), RejectReason::WrongSignature),
        ("a timestamp of letters", timestamp("now"), RejectReason::Malformed("timestamp")),
        ("a negative timestamp", timestamp("-1764300000"), RejectReason::Malformed("timestamp")),
        ("an endless timestamp", timestamp(&"9".repeat(40)), RejectReason::Malformed("timestamp")),
        ("an empty timestamp", timestamp(""), RejectReason::Malformed("timestamp")),
        ("yesterday's", days(-1), RejectReason::TooOld),
        ("the first second's", timestamp("0"), RejectReason::TooOld),
        ("tomorrow's", days(1), RejectReason::FromTheFuture),
        ("no nonce", good.clone().without(Part::Nonce), RejectReason::Missing(name(Part::Nonce))),
        ("two nonces", good.clone().and(Part::Nonce, "n0nce"), RejectReason::Repeated(name(Part::Nonce))),
        ("another nonce", good.clone().with(Part::Nonce, "other"), RejectReason::WrongSignature),
        (
            "another body under the signature",
            good.clone().body(sender.body(&another_aes.encrypted(message.as_bytes()))),
            RejectReason::WrongSignature,
        ),
        ("another key", another_aes.delivery(&message), RejectReason::Undecryptable),
        ("no Base64", resigned("ÄÖ%%"), no_base64),
        ("half a block", resigned(&cut.0), RejectReason::Undecryptable),
        ("one block", resigned(&cut.1), RejectReason::Undecryptable),
        ("no padding", resigned(&uneven), RejectReason::Undecryptable),
        ("a message that is not UTF-8", sender.delivery([0xff, 0xfe, b'{']), RejectReason::NotUtf8),
        ("an empty message", sender.delivery(""), empty_message),
        ("half a message", sender.delivery(&message[..message.len() / 2]), empty_message),
        ("a message that is text", sender.delivery("success"), empty_message),
        ("a message with a bracket less", sender.delivery(&message[..message.len() - 1]), empty_message),
    ]
}

/// Returns what only some vendors have.
pub(crate) fn of_one(vendor: Vendor) -> Vec<Kind> {
    let sender = Sender::new(vendor);
    let other = |recipient: &str| Sender { recipient: recipient.to_owned(), ..Sender::new(vendor) };
    let message = sender.message("1");
    let encrypted = sender.encrypted(message.as_bytes());
    let good = sender.delivery(&message);
    match vendor {
        Vendor::Feishu => vec![
            ("for another app", sender.delivery(other("cli_other").message("1")), RejectReason::WrongRecipient),
            ("with another token", sender.delivery(message.replace("s3cret", "other")), RejectReason::WrongToken),
            (
                "without a token",
                sender.delivery(r#"{"type":"event_callback","event":{"type":"app_ticket"}}"#),
                RejectReason::WrongToken,
            ),
            ("not encrypted", sender.signed(message.clone(), ""), RejectReason::NotEncrypted),
            (
                "not encrypted, a check",
                sender.signed(r#"{"type":"url_verification","challenge":"c","token":"s3cretTokenOfTheAddress"}"#, ""),
                RejectReason::NotEncrypted,
            ),
            ("encrypted, a number", sender.signed(r#"{"encrypt":["x"]}"#, ""), RejectReason::NotEncrypted),
            (
                "an unsigned check with another token",
                sender.delivery(r#"{"type":"url_verification","challenge":"c","token":"x"}"#).without(Part::Signature),
                RejectReason::Unsigned,
            ),
            (
                "an unsigned check without a challenge",
                sender
                    .delivery(r#"{"type":"url_verification","token":"s3cretTokenOfTheAddress"}"#)
                    .without(Part::Signature),
                RejectReason::Unsigned,
            ),
            (
                "an unsigned check with another key",
                Sender { aes: Aes::from_text("x"), ..sender.clone() }.delivery("{}").without(Part::Signature),
                RejectReason::Unsigned,
            ),
            ("a GET", good.clone().method(Method::GET), RejectReason::Method),
            (
                "without a type",
                sender.delivery(r#"{"header":{"token":"s3cretTokenOfTheAddress"}}"#),
                RejectReason::Missing("event_type"),
            ),
            (
                "nine hours old",
                Sender::new(vendor).at_millis(NOW_MILLIS - 9 * 3_600_000).delivery(&message),
                RejectReason::TooOld,
            ),
        ],
        Vendor::WeCom => {
            let xml = |text: &str| sender.delivery(text);
            let bomb =
                "<!DOCTYPE xml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><xml><Event>&b;</Event></xml>";
            let file = "<!DOCTYPE xml [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><xml><Event>&f;</Event></xml>";
            vec![
                ("for another corporation", other("ww0").delivery(&message), RejectReason::WrongRecipient),
                ("for nobody", other("").delivery(&message), RejectReason::WrongRecipient),
                ("an XML bomb", xml(bomb), RejectReason::UnsafeXml),
                ("an external entity", xml(file), RejectReason::UnsafeXml),
                (
                    "an external document type",
                    xml("<!DOCTYPE xml SYSTEM \"http://127.0.0.1/x.dtd\"><xml></xml>"),
                    RejectReason::UnsafeXml,
                ),
                ("an entity of its own", xml("<xml><Event>&x;</Event></xml>"), RejectReason::UnsafeXml),
                ("an instruction", xml("<xml><?x y?></xml>"), RejectReason::UnsafeXml),
                ("a bomb outside", good.clone().body(bomb), RejectReason::UnsafeXml),
                ("an entity outside", good.clone().body(file), RejectReason::UnsafeXml),
                ("deep XML", xml(&"<a>".repeat(1000)), RejectReason::TooComplex),
                ("much XML", xml(&format!("<xml>{}</xml>", "<a/>".repeat(9000))), RejectReason::TooComplex),
                ("two documents", xml("<xml></xml><xml></xml>"), RejectReason::Malformed("XML")),
                ("other tags", xml("<xml><Event>x</Evnt></xml>"), RejectReason::Malformed("XML")),
                ("an open CDATA", xml("<xml><Event><![CDATA[x]]<</Event></xml>"), RejectReason::Malformed("XML")),
                ("without a type", xml("<xml><MeetingId>1</MeetingId></xml>"), RejectReason::Missing("Event")),
                (
                    "two contents",
                    sender.signed(format!("<xml><Encrypt>{encrypted}</Encrypt><Encrypt>x</Encrypt></xml>"), &encrypted),
                    RejectReason::NotEncrypted,
                ),
                ("a check without a text", good.clone().method(Method::GET), RejectReason::Missing("echostr")),
            ]
        }
        Vendor::DingTalk => vec![
            ("for another suite", other("suite0").delivery(&message), RejectReason::WrongRecipient),
            ("for nobody", other("").delivery(&message), RejectReason::WrongRecipient),
            ("a GET", good.clone().method(Method::GET), RejectReason::Method),
            ("without a type", sender.delivery(r#"{"EventTime":1}"#), RejectReason::Missing("EventType")),
            (
                "with a type that is a list",
                sender.delivery(r#"{"EventType":["check_url"]}"#),
                RejectReason::Missing("EventType"),
            ),
            (
                "SyncHTTP without rows",
                sender.delivery(r#"{"EventType":"SYNC_HTTP_PUSH_HIGH"}"#),
                RejectReason::Missing("bizData"),
            ),
            (
                "SyncHTTP with rows that are text",
                sender.delivery(r#"{"EventType":"SYNC_HTTP_PUSH_HIGH","bizData":"[{}]"}"#),
                RejectReason::Missing("bizData"),
            ),
            (
                "SyncHTTP with very many rows",
                sender
                    .delivery(format!(r#"{{"EventType":"SYNC_HTTP_PUSH_HIGH","bizData":[1{}]}}"#, ",{}".repeat(1024))),
                RejectReason::Malformed("bizData"),
            ),
            ("a content that is a number", sender.signed(r#"{"encrypt":{"a":1}}"#, ""), RejectReason::NotEncrypted),
        ],
        Vendor::Tencent => vec![
            (
                "with something behind the message",
                sender.delivery(format!("{message}appKey")),
                RejectReason::WrongRecipient,
            ),
            ("two messages", sender.delivery(format!("{message}{message}")), RejectReason::WrongRecipient),
            ("without a type", sender.delivery(r#"{"payload":[]}"#), RejectReason::Missing("event")),
            (
                "a payload that is text",
                sender.delivery(r#"{"event":"x","payload":"y"}"#),
                RejectReason::Malformed("payload"),
            ),
            (
                "very many items",
                sender.delivery(format!(r#"{{"event":"x","payload":[1{}]}}"#, ",{}".repeat(1024))),
                RejectReason::Malformed("payload"),
            ),
            ("a list", sender.delivery("[]"), RejectReason::Malformed("JSON")),
            (
                "not encrypted",
                {
                    let plain = huiyi_core::event::base64_encode(message.as_bytes());
                    sender.signed(sender.body(&plain), &plain)
                },
                RejectReason::Undecryptable,
            ),
            ("data that are a number", sender.signed(r#"{"data":{"a":1}}"#, ""), RejectReason::Missing("data")),
        ],
    }
}
