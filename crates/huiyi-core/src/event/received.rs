//! What a receiver makes of a delivery that it accepts.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

use super::Delivery;

/// An answer to a delivery.
pub type Reply = Response<Bytes>;

/// A delivery that was accepted: its events, and the reply to send once they are taken care of.
///
/// A check of the address or a heartbeat has no event. A few deliveries have several.
#[derive(Clone)]
pub struct Received<E> {
    deliveries: Vec<Delivery<E>>,
    reply: Reply,
    answer_within: Duration,
}

impl<E> Received<E> {
    /// A delivery with these events, to be answered with this reply within this time.
    #[doc(hidden)]
    #[must_use]
    pub fn new(deliveries: Vec<Delivery<E>>, reply: Reply, answer_within: Duration) -> Self {
        Self { deliveries, reply, answer_within }
    }

    /// The events, in the vendor's order; none if the vendor only checks the address.
    #[must_use]
    pub fn deliveries(&self) -> &[Delivery<E>] {
        &self.deliveries
    }

    /// The reply that acknowledges the events or passes the check. If an event cannot be taken care of, send
    /// [`try_again`] instead.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// How long the vendor waits for the reply. What takes longer is delivered again.
    #[must_use]
    pub fn answer_within(&self) -> Duration {
        self.answer_within
    }

    /// The events and the reply.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Delivery<E>>, Reply) {
        (self.deliveries, self.reply)
    }
}

/// Without the reply, which may be an answer to a secret challenge.
impl<E> fmt::Debug for Received<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received").field("deliveries", &self.deliveries).finish_non_exhaustive()
    }
}

/// The answer that makes every vendor deliver again: status 503 with an empty body.
#[must_use]
pub fn try_again() -> Reply {
    reply(StatusCode::SERVICE_UNAVAILABLE, None, Bytes::new())
}

/// Status 200 with an empty body.
#[must_use]
pub fn empty_reply() -> Reply {
    reply(StatusCode::OK, None, Bytes::new())
}

/// Status 200 with exactly this text.
pub fn text_reply(text: impl Into<Bytes>) -> Reply {
    reply(StatusCode::OK, Some("text/plain; charset=utf-8"), text.into())
}

/// Status 200 with this JSON text.
pub fn json_reply(json: impl Into<Bytes>) -> Reply {
    reply(StatusCode::OK, Some("application/json"), json.into())
}

pub(super) fn reply(status: StatusCode, content_type: Option<&'static str>, body: Bytes) -> Reply {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    if let Some(content_type) = content_type {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}
