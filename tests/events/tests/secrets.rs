//! Keys, tokens and tickets do not appear in anything that can be printed or logged.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use huiyi_core::event::{Endpoint, Receive};
use huiyi_core::ticket::Ticket;
use huiyi_event_tests::Vendor;
use huiyi_event_tests::draft::Part;
use huiyi_event_tests::receivers::{self, clock, of};
use huiyi_event_tests::sender::{AES_KEY, ENCRYPT_KEY, SECRET, Sender, TICKET};
use huiyi_tencent::StsToken;

/// The prefix of all secrets in these tests.
const SENTINEL: &str = "s3cret";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn all_secrets_of_these_tests_have_the_sentinel() {
    for secret in [SECRET, ENCRYPT_KEY, AES_KEY, TICKET] {
        assert!(secret.starts_with(SENTINEL));
    }
}

#[test]
fn receivers_and_their_builders_show_none() {
    let (ticket, sts) = (Ticket::default(), StsToken::default());
    ticket.set(TICKET);
    sts.set(TICKET, std::time::Duration::from_secs(1));
    let printed = [
        format!("{:?}", receivers::feishu(clock(), ticket.clone())),
        format!("{:?}", receivers::wecom(clock(), ticket.clone())),
        format!("{:?}", receivers::dingtalk(clock(), ticket)),
        format!("{:?}", receivers::tencent(clock(), sts)),
        format!(
            "{:?}",
            huiyi_feishu::events::EventReceiver::builder().encrypt_key(ENCRYPT_KEY).verification_token(SECRET)
        ),
        format!("{:?}", huiyi_wecom::events::EventReceiver::builder().keys(SECRET, AES_KEY)),
        format!("{:?}", huiyi_dingtalk::events::EventReceiver::builder().keys(SECRET, AES_KEY)),
        format!("{:?}", huiyi_tencent::events::EventReceiver::builder().keys(SECRET, AES_KEY).token(SECRET)),
        format!("{:?}", huiyi_wecom::events::EventReceiver::builder().keys(SECRET, "s3cretShort").build().unwrap_err()),
        huiyi_tencent::events::EventReceiver::builder().keys(SECRET, "s3cretShort").build().unwrap_err().to_string(),
    ];

    for text in printed {
        assert!(!text.is_empty() && !text.contains(SENTINEL), "{text}");
    }
}

#[test]
fn deliveries_events_and_rejections_show_none() {
    for vendor in Vendor::ALL {
        let (receiver, sender) = (of(vendor), Sender::new(vendor));
        let unreadable = sender.ticket().replace("app_ticket\":\"", "app_ticket\":[\"").replace("\"}}", "\"]}}");
        for message in [sender.ticket(), unreadable, sender.ticket().replace("_ticket", "_painted")] {
            let text = match receiver(&sender.delivery(message).request()) {
                Ok(said) => format!("{} {:?}", said.printed, said.events),
                Err(rejection) => format!("{rejection} {rejection:?}"),
            };

            assert!(!text.contains(SENTINEL), "{vendor:?}: {text}");
        }
        let drafts = [
            sender.delivery(sender.ticket()).with(Part::Signature, SECRET),
            sender.delivery(sender.ticket()).with(Part::Timestamp, SECRET),
            sender.delivery(format!("{} {SECRET}", sender.ticket())),
            sender.delivery(SECRET),
        ];
        for draft in drafts {
            let rejection = receiver(&draft.request()).unwrap_err();

            let text = format!("{rejection} {rejection:?} {:?}", rejection.reply());
            assert!(!text.contains(SENTINEL), "{vendor:?}: {text}");
        }
    }
}

#[tokio::test]
async fn the_log_of_an_endpoint_shows_none() {
    async fn run<R: Receive>(receiver: R, vendor: Vendor) {
        let sender = Sender::new(vendor);
        let endpoint = Endpoint::new(receiver, |delivery| async move { Err::<(), _>(format!("{delivery:?}")) });
        for draft in [
            sender.delivery(sender.ticket()),
            sender.delivery(sender.message("1")),
            sender.delivery(sender.ticket()).with(Part::Signature, SECRET),
            sender.delivery(SECRET),
        ] {
            assert_ne!(endpoint.answer(&draft.request()).await.status(), 200);
        }
    }
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    let subscriber = subscriber.with_writer(move || writer.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    run(receivers::feishu(clock(), Ticket::default()), Vendor::Feishu).await;
    run(receivers::wecom(clock(), Ticket::default()), Vendor::WeCom).await;
    run(receivers::dingtalk(clock(), Ticket::default()), Vendor::DingTalk).await;
    run(receivers::tencent(clock(), StsToken::default()), Vendor::Tencent).await;
    drop(guard);

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("the signature is wrong") && text.contains("the handler failed"), "{text}");
    assert!(!text.contains(SENTINEL), "{text}");
}
