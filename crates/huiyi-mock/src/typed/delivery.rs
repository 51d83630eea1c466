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

/// How a delivery differs from a good one.
#[derive(Clone, Copy, Debug, Default)]
enum Defect {
    #[default]
    None,
    WrongSignature,
    NoSignature,
    OtherKey,
}

/// An event that a mock delivers, signed and encrypted as the vendor does: see `deliver` of the mocks.
///
/// It can be delivered any number of times. As the vendors' repetitions do, all of them have the same content and the
/// same id, and each is signed anew.
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

    /// Sets the id of the delivery, by which a receiver knows a repetition. WeCom's have none.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.message.id = id.into();
        self
    }

    /// Sets the member who has caused it; only WeCom says so around its events.
    #[must_use]
    pub fn actor(mut self, userid: impl Into<String>) -> Self {
        self.message.actor = userid.into();
        self
    }

    /// Signs it so long ago.
    #[must_use]
    pub fn signed_ago(mut self, age: Duration) -> Self {
        self.age = age;
        self
    }

    /// Gives it a signature that is wrong in one digit.
    #[must_use]
    pub fn with_bad_signature(mut self) -> Self {
        self.defect = Defect::WrongSignature;
        self
    }

    /// Leaves its signature away.
    #[must_use]
    pub fn without_signature(mut self) -> Self {
        self.defect = Defect::NoSignature;
        self
    }

    /// Encrypts and signs it with other keys.
    #[must_use]
    pub fn with_other_keys(mut self) -> Self {
        self.defect = Defect::OtherKey;
        self
    }

    /// Sends it to an address.
    ///
    /// # Panics
    ///
    /// If nobody answers there.
    pub async fn to(&self, url: &str) -> Answered {
        match self.parcel().send(url).await {
            Ok(answered) => answered,
            Err(error) => panic!("huiyi-mock: the event was not delivered: {error}"),
        }
    }

    /// Hands it to an endpoint, without a network.
    pub async fn to_endpoint<R: Receive>(&self, endpoint: &Endpoint<R>) -> Reply {
        endpoint.answer(&self.request("/")).await
    }

    /// Makes a request of it, to a path or a URL, for a receiver or for a router.
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
