//! Pushes events to the registered address, one after the other.

use std::sync::Weak;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use crate::event::{Message, Sender};
use crate::server::Vendor;
use crate::state::Shared;

/// The number of attempts if the address does not accept an event, and the pause between them.
const ATTEMPTS: usize = 3;
const PAUSE: Duration = Duration::from_millis(200);

/// An event that was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pushed {
    /// The vendor's name of the event.
    pub event_type: String,
    /// The id of the delivery.
    pub id: String,
    /// The HTTP status of the last response; `None` until there is one.
    pub status: Option<u16>,
}

/// An event that is to be pushed.
#[derive(Debug)]
pub(crate) struct Waybill {
    /// Its index in the list of pushed events.
    pub(super) index: usize,
    pub(super) url: String,
    pub(super) message: Message,
}

/// Pushes until the sandbox stops.
pub(super) async fn run(vendor: Vendor, shared: Weak<Shared>, mut inbox: UnboundedReceiver<Waybill>) {
    let sender = Sender::of(vendor);
    while let Some(Waybill { index, url, message }) = inbox.recv().await {
        let text = message.text(vendor);
        let mut status = None;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            // The server's time, not that of the meetings: receivers reject deliveries from the future.
            let Some(now) = shared.upgrade().map(|shared| shared.state().clock.since_epoch()) else { return };
            let parcel = sender.parcel(&text, i64::try_from(now.as_millis()).unwrap_or(i64::MAX));
            status = parcel.send(&url).await.ok().map(|answered| answered.status);
            if status == Some(200) {
                break;
            }
        }
        let Some(shared) = shared.upgrade() else { return };
        if let Some(world) = &mut shared.state().world {
            if let Some(pushed) = world.pushed.get_mut(index) {
                pushed.status = status;
            }
            world.waiting.send_modify(|waiting| *waiting = waiting.saturating_sub(1));
        }
    }
}
