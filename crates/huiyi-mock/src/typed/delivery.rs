//! Deliveries of typed events.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use huiyi_core::event::{Endpoint, EventSet, Receive, Reply};
use serde::Serialize;

use crate::event::{Answered, Message, Parcel, Sender};
use crate::random;
use crate::server::Vendor;
use crate::state::Shared;

/// The defect of a delivery.
#[derive(Clone, Copy, Debug, Default)]
enum Defect {
    #[default]
    None,
    WrongSignature,
    NoSignature,
    OtherKey,
}

/// An event that a mock delivers, signed and encrypted in the vendor's way: see `deliver` of the mocks.
///
/// It can be delivered any number of times. As in the vendors' repetitions, the content and the id stay the same,
/// and the signature is new each time.
#[derive(Clone)]
pub struct Delivery {
    shared: Arc<Shared>,
    vendor: Vendor,
    message: Message,
    age: Duration,
    defect: Defect,
}

impl Delivery {
    pub(crate) fn new<E: EventSet + Serialize>(shared: &Arc<Shared>, vendor: Vendor, event: &E) -> Self {
        let content = crate::typed::json(event);
        let now = shared.state().clock.since_epoch();
        let message = Message {
            event_type: event.event_type().to_owned(),
            content,
            id: random::hex(32),
            actor: "zhangsan".to_owned(),
            unix_millis: millis(now),
        };
        Self { shared: Arc::clone(shared), vendor, message, age: Duration::ZERO, defect: Defect::None }
    }

    /// Sets the id of the delivery, by which a receiver recognizes repetitions. WeCom's deliveries have no id.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.message.id = id.into();
        self
    }

    /// Sets the user who caused the event; only WeCom's envelope names one.
    #[must_use]
    pub fn actor(mut self, userid: impl Into<String>) -> Self {
        self.message.actor = userid.into();
        self
    }

    /// Signs the delivery with a timestamp of this age.
    #[must_use]
    pub fn signed_ago(mut self, age: Duration) -> Self {
        self.age = age;
        self
    }

    /// Uses a signature that is wrong in one digit.
    #[must_use]
    pub fn with_bad_signature(mut self) -> Self {
        self.defect = Defect::WrongSignature;
        self
    }

    /// Omits the signature.
    #[must_use]
    pub fn without_signature(mut self) -> Self {
        self.defect = Defect::NoSignature;
        self
    }

    /// Encrypts and signs with other keys.
    #[must_use]
    pub fn with_other_keys(mut self) -> Self {
        self.defect = Defect::OtherKey;
        self
    }

    /// Sends the delivery to an address.
    ///
    /// # Panics
    ///
    /// If the address does not respond.
    pub async fn to(&self, url: &str) -> Answered {
        match self.parcel().send(url).await {
            Ok(answered) => answered,
            Err(error) => panic!("huiyi-mock: the event was not delivered: {error}"),
        }
    }

    /// Passes the delivery to an endpoint, without a network.
    pub async fn to_endpoint<R: Receive>(&self, endpoint: &Endpoint<R>) -> Reply {
        endpoint.answer(&self.request("/")).await
    }

    /// Builds a request to a path or a URL, for a receiver or a router.
    #[must_use]
    pub fn request(&self, address: &str) -> http::Request<Vec<u8>> {
        self.parcel().request(address)
    }

    fn parcel(&self) -> Parcel {
        let now = self.shared.state().clock.since_epoch();
        let other = "another-key-another-key-another-key-anotherA";
        let sender = match self.defect {
            Defect::OtherKey => Sender::new(self.vendor, other, &other[1..].replace('-', "0"), "stranger"),
            _ => Sender::of(self.vendor),
        };
        let parcel = sender.parcel(&self.message.text(self.vendor), millis(now.saturating_sub(self.age)));
        match self.defect {
            Defect::WrongSignature => parcel.with_bad_signature(),
            Defect::NoSignature => parcel.without_signature(),
            Defect::None | Defect::OtherKey => parcel,
        }
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct("Delivery");
        fields.field("event_type", &self.message.event_type).field("defect", &self.defect).finish_non_exhaustive()
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
