//! An accepted delivery and its replies.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

use super::Delivery;

/// A reply to a delivery.
pub type Reply = Response<Bytes>;

/// An accepted delivery: its events, and the reply to send after they are handled.
///
/// A check of the URL or a heartbeat has no event. A few deliveries have several.
#[derive(Clone)]
pub struct Received<E> {
    deliveries: Vec<Delivery<E>>,
    reply: Reply,
    answer_within: Duration,
}

impl<E> Received<E> {
    /// Creates a delivery with these events, this reply and the time within which the vendor expects it.
    #[doc(hidden)]
    #[must_use]
    pub fn new(deliveries: Vec<Delivery<E>>, reply: Reply, answer_within: Duration) -> Self {
        Self { deliveries, reply, answer_within }
    }

    /// Returns the events, in the vendor's order; empty if the vendor only checks the URL.
    #[must_use]
    pub fn deliveries(&self) -> &[Delivery<E>] {
        &self.deliveries
    }

    /// Returns the reply that acknowledges the events or passes the check. If an event cannot be handled, send
    /// [`try_again`] instead.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// Returns how long the vendor waits for the reply. After that it delivers again.
    #[must_use]
    pub fn answer_within(&self) -> Duration {
        self.answer_within
    }

    /// Returns the events and the reply.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Delivery<E>>, Reply) {
        (self.deliveries, self.reply)
    }
}

/// Omits the reply, which may be an answer to a secret challenge.
impl<E> fmt::Debug for Received<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received").field("deliveries", &self.deliveries).finish_non_exhaustive()
    }
}

/// Returns the reply that makes every vendor deliver again: status 503 with an empty body.
#[must_use]
pub fn try_again() -> Reply {
    reply(StatusCode::SERVICE_UNAVAILABLE, None, Bytes::new())
}

/// Returns a reply with status 200 and an empty body.
#[must_use]
pub fn empty_reply() -> Reply {
    reply(StatusCode::OK, None, Bytes::new())
}

/// Returns a reply with status 200 and exactly this text.
pub fn text_reply(text: impl Into<Bytes>) -> Reply {
    reply(StatusCode::OK, Some("text/plain; charset=utf-8"), text.into())
}

/// Returns a reply with status 200 and this JSON text.
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
