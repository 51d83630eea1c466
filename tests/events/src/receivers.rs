//! Receivers for the deliveries of a [`Sender`](crate::sender::Sender).

use std::sync::Arc;

use http::Request;
use huiyi_core::event::{Receive, Rejection, Reply};
use huiyi_core::ticket::Ticket;
use huiyi_tencent::StsToken;

use crate::Vendor;
use crate::clock::Still;
use crate::sender::{AES_KEY, ENCRYPT_KEY, NOW_MILLIS, RECIPIENT, SECRET};

/// What a receiver returns, without the type of the vendor's events.
#[derive(Clone, Debug)]
pub struct Said {
    /// The type and the id of each event.
    pub events: Vec<(String, Option<String>)>,
    /// The messages after decryption.
    pub plaintexts: Vec<String>,
    /// The deliveries as `Debug` prints them.
    pub printed: String,
    /// Whether every event of a known type was read into its type.
    pub readable: bool,
    /// The reply.
    pub reply: Reply,
}

/// A receiver, without the type of the vendor's events.
pub type AnyReceiver = Box<dyn Fn(&Request<Vec<u8>>) -> Result<Said, Rejection> + Send + Sync>;

/// Wraps a receiver, so the type of its events disappears.
pub fn any<R: Receive>(receiver: R) -> AnyReceiver
where
    R::Event: std::fmt::Debug,
{
    Box::new(move |request| {
        let received = receiver.receive(request)?;
        let deliveries = received.deliveries();
        Ok(Said {
            events: deliveries
                .iter()
                .map(|delivery| (delivery.event_type().to_owned(), delivery.id().map(str::to_owned)))
                .collect(),
            plaintexts: deliveries.iter().map(|delivery| delivery.plaintext().to_owned()).collect(),
            printed: deliveries.iter().map(|delivery| format!("{delivery:?} {:?}", delivery.event())).collect(),
            readable: deliveries.iter().all(|delivery| delivery.unreadable().is_none()),
            reply: received.reply().clone(),
        })
    })
}

/// Returns the clock of these receivers.
#[must_use]
pub fn clock() -> Arc<Still> {
    Arc::new(Still::at_millis(NOW_MILLIS))
}

/// Returns a receiver of Feishu with an encrypt key.
///
/// # Panics
///
/// Never with these keys; the same goes for the others.
#[must_use]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
pub fn feishu(clock: Arc<Still>, ticket: Ticket) -> huiyi_feishu::events::EventReceiver {
    let builder = huiyi_feishu::events::EventReceiver::builder().encrypt_key(ENCRYPT_KEY).verification_token(SECRET);
    builder.app_id(RECIPIENT).app_ticket(RECIPIENT, ticket).clock(clock).build().unwrap()
}

/// Returns a receiver of WeCom.
#[must_use]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
pub fn wecom(clock: Arc<Still>, ticket: Ticket) -> huiyi_wecom::events::EventReceiver {
    let builder = huiyi_wecom::events::EventReceiver::builder().keys(SECRET, AES_KEY);
    builder.suite_ticket(RECIPIENT, ticket).clock(clock).build().unwrap()
}

/// Returns a receiver of DingTalk.
#[must_use]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
pub fn dingtalk(clock: Arc<Still>, ticket: Ticket) -> huiyi_dingtalk::events::EventReceiver {
    let builder = huiyi_dingtalk::events::EventReceiver::builder().keys(SECRET, AES_KEY);
    builder.suite_ticket(RECIPIENT, ticket).clock(clock).build().unwrap()
}

/// Returns a receiver of Tencent Meeting with an AES key.
#[must_use]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
pub fn tencent(clock: Arc<Still>, token: StsToken) -> huiyi_tencent::events::EventReceiver {
    let builder = huiyi_tencent::events::EventReceiver::builder().keys(SECRET, AES_KEY);
    builder.sts_token(token).clock(clock).build().unwrap()
}

/// Returns the receiver of a vendor.
#[must_use]
pub fn of(vendor: Vendor) -> AnyReceiver {
    let clock = clock();
    match vendor {
        Vendor::Feishu => any(feishu(clock, Ticket::default())),
        Vendor::WeCom => any(wecom(clock, Ticket::default())),
        Vendor::DingTalk => any(dingtalk(clock, Ticket::default())),
        Vendor::Tencent => any(tencent(clock, StsToken::default())),
    }
}
