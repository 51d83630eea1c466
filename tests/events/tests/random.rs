//! Random bytes: nothing panics, and everything that is not the vendor's is refused.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use huiyi_event_tests::Vendor;
use huiyi_event_tests::draft::{Draft, Part};
use huiyi_event_tests::receivers::{AnyReceiver, of};
use huiyi_event_tests::sender::Sender;
use proptest::collection::vec;
use proptest::prelude::*;

thread_local! {
    static RECEIVERS: [(Vendor, AnyReceiver); 4] = Vendor::ALL.map(|vendor| (vendor, of(vendor)));
}

/// Returns whether the receiver accepts it. The test also fails if the receiver panics or hangs.
fn accepts(draft: &Draft) -> bool {
    RECEIVERS.with(|receivers| {
        let receiver = receivers.iter().find(|(vendor, _)| *vendor == draft.vendor).unwrap();
        receiver.1(&draft.request()).is_ok()
    })
}

fn vendor() -> impl Strategy<Value = Vendor> {
    prop::sample::select(Vendor::ALL.to_vec())
}

/// Generates pieces of JSON and XML, which get further than random bytes.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "\\u0000",
        "null",
        "1e999",
        "-1",
        "\"header\"",
        "\"event\"",
        "\"type\"",
        "\"EventType\"",
        "\"SYNC_HTTP_PUSH_HIGH\"",
        "\"bizData\"",
        "\"biz_data\"",
        "\"payload\"",
        "\"token\"",
        "\"url_verification\"",
        "\"challenge\"",
        "\"encrypt\"",
        "\"data\"",
        "<xml>",
        "</xml>",
        "<Event>",
        "</Event>",
        "<InfoType>",
        "</InfoType>",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE x [",
        "<!ENTITY a \"b\">",
        "&amp;",
        "&#x0;",
        "&a;",
        "<?x y?>",
        "<!--",
        "-->",
        "<a b=\"c\"/>",
        "议",
        "\u{feff}",
        " ",
        "\n",
        "\u{0}",
    ];
    vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_body_is_refused(vendor in vendor(), body in vec(any::<u8>(), 0..300)) {
        let sender = Sender::new(vendor);

        prop_assert!(!accepts(&sender.delivery(sender.message("1")).body(body)));
    }

    #[test]
    fn any_parts_are_refused(vendor in vendor(), signature in "[ -~]{0,60}", timestamp in "[ -~]{0,30}", nonce in "[ -~]{0,30}") {
        let sender = Sender::new(vendor);
        let draft = sender.delivery(sender.message("1"));
        let draft = draft.with(Part::Signature, &signature).with(Part::Timestamp, &timestamp).with(Part::Nonce, &nonce);

        prop_assert!(!accepts(&draft));
    }

    #[test]
    fn one_changed_byte_is_refused(vendor in vendor(), at in any::<prop::sample::Index>(), change in 1_u8..) {
        let sender = Sender::new(vendor);
        let encrypted = sender.encrypted(sender.message("1").as_bytes());
        let mut changed = encrypted.clone().into_bytes();
        let place = at.index(changed.len());
        changed[place] = changed[place].wrapping_add(change);
        let body = sender.body(&String::from_utf8_lossy(&changed));

        prop_assert!(!accepts(&sender.signed(sender.body(&encrypted), &encrypted).body(body)));
    }

    #[test]
    fn any_signed_ciphertext_comes_back(vendor in vendor(), bytes in vec(any::<u8>(), 0..200)) {
        let sender = Sender::new(vendor);
        let encrypted = huiyi_core::event::base64_encode(&bytes);

        accepts(&sender.signed(sender.body(&encrypted), &encrypted));
    }

    #[test]
    fn any_encrypted_bytes_come_back(vendor in vendor(), bytes in vec(any::<u8>(), 0..200)) {
        let sender = Sender::new(vendor);
        let encrypted = sender.encrypted_bytes(&bytes);

        accepts(&sender.signed(sender.body(&encrypted), &encrypted));
    }

    #[test]
    fn any_message_comes_back(vendor in vendor(), message in pieces()) {
        accepts(&Sender::new(vendor).delivery(message));
    }

    #[test]
    fn any_pieces_outside_come_back(vendor in vendor(), body in pieces()) {
        accepts(&Sender::new(vendor).signed(body, ""));
    }

    #[test]
    fn any_change_of_a_message_comes_back(vendor in vendor(), piece in pieces(), at in any::<prop::sample::Index>()) {
        let sender = Sender::new(vendor);
        let mut message: Vec<char> = sender.message("1").chars().collect();
        let place = at.index(message.len());
        message.splice(place..place, piece.chars());

        accepts(&sender.delivery(String::from_iter(message)));
    }
}
