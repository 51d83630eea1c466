//! Deliveries that no vendor sends: each is refused for the right reason, and the answer reveals nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod kinds;

use huiyi_core::event::Aes;
use huiyi_event_tests::Vendor;
use huiyi_event_tests::draft::Part;
use huiyi_event_tests::receivers::of;
use huiyi_event_tests::sender::{Sender, TICKET};
use kinds::{Kind, of_all, of_one};

#[test]
fn the_deliveries_that_are_changed_are_accepted_unchanged() {
    for vendor in Vendor::ALL {
        let sender = Sender::new(vendor);

        let said = of(vendor)(&sender.delivery(sender.message("1")).request()).unwrap();

        assert_eq!(said.events.len(), 1);
        assert!(said.readable && said.reply.status() == 200, "{vendor:?}");
    }
}

#[test]
fn every_hostile_delivery_is_refused_for_its_reason_and_told_nothing() {
    for vendor in Vendor::ALL {
        let receiver = of(vendor);
        let kinds: Vec<Kind> = of_all(vendor).into_iter().chain(of_one(vendor)).collect();
        assert!(kinds.len() >= 30, "{vendor:?}: {}", kinds.len());
        println!("{vendor:?}: {} kinds", kinds.len());
        for (name, draft, reason) in kinds {
            let refused = receiver(&draft.request());

            let rejection = refused.expect_err(&format!("{vendor:?}: {name} is accepted"));
            assert_eq!(rejection.reason(), reason, "{vendor:?}: {name}");
            let reply = rejection.reply();
            assert!(reply.body().is_empty() && reply.headers().is_empty(), "{vendor:?}: {name}");
            assert!([400, 401, 405, 413].contains(&reply.status().as_u16()), "{vendor:?}: {name}");
        }
    }
}

#[test]
fn refusals_that_depend_on_keys_are_answered_alike() {
    for vendor in Vendor::ALL {
        let (receiver, sender) = (of(vendor), Sender::new(vendor));
        let other_key = Sender { aes: Aes::from_text("x"), ..sender.clone() };
        let other_secret = Sender { secret: "x".to_owned(), ..sender.clone() };
        let drafts = [
            other_key.delivery(sender.message("1")),
            other_secret.delivery(sender.message("1")),
            sender.delivery(sender.message("1")).without(Part::Signature),
            sender.clone().at_millis(1).delivery(sender.message("1")),
        ];

        let statuses: Vec<u16> =
            drafts.iter().map(|draft| receiver(&draft.request()).unwrap_err().reply().status().as_u16()).collect();

        assert_eq!(statuses, [401; 4], "{vendor:?}");
    }
}

#[test]
fn an_event_that_nobody_knows_is_acknowledged() {
    let messages = [
        (
            Vendor::Feishu,
            r#"{"header":{"event_type":"vc.room.painted_v1","token":"s3cretTokenOfTheAddress"},"event":{"a":1}}"#,
        ),
        (Vendor::WeCom, "<xml><MsgType>event</MsgType><Event>paint</Event><Colour>red</Colour></xml>"),
        (Vendor::DingTalk, r#"{"EventType":"room_painted","colour":"red"}"#),
        (Vendor::Tencent, r#"{"event":"room.painted","payload":[{"colour":"red"}]}"#),
    ];
    for (vendor, message) in messages {
        let said = of(vendor)(&Sender::new(vendor).delivery(message).request()).unwrap();

        assert_eq!(said.events.len(), 1);
        assert!(said.readable && said.reply.status() == 200, "{vendor:?}");
        assert!(said.printed.contains("Unknown"), "{}", said.printed);
        assert!(!said.printed.contains(TICKET));
    }
}
