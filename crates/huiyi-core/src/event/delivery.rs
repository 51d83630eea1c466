//! One event as it was delivered.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{EventSet, UnknownEvent};
use crate::decode::DecodeError;
use crate::wire::UnixMillis;

/// An event and its delivery metadata.
///
/// Vendors deliver at least once. Repeated deliveries have the same [`id`](Self::id).
#[derive(Clone)]
pub struct Delivery<E> {
    event: E,
    parts: Parts,
    unreadable: Option<DecodeError>,
}

/// The parts of a delivery that a receiver reads.
#[allow(missing_debug_implementations, reason = "contents may be secret")]
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct Parts {
    pub vendor: &'static str,
    pub event_type: String,
    pub id: Option<String>,
    pub created: Option<UnixMillis>,
    pub app: Option<String>,
    pub tenant: Option<String>,
    pub actor: Option<String>,
    pub content: String,
    pub plaintext: Arc<str>,
    pub encrypted: bool,
}

impl<E: EventSet> Delivery<E> {
    /// Reads the content of an event. If the content does not fit a known event type, the event is delivered as
    /// unknown, with the reason.
    #[doc(hidden)]
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        match E::parse(&parts.event_type, &parts.content) {
            Ok(event) => Self { event, parts, unreadable: None },
            Err(error) => {
                let event = UnknownEvent::new(parts.event_type.as_str(), parts.content.as_str()).into();
                Self { event, parts, unreadable: Some(error) }
            }
        }
    }
}

impl<E> Delivery<E> {
    /// Returns the event.
    #[must_use]
    pub fn event(&self) -> &E {
        &self.event
    }

    /// Returns only the event.
    #[must_use]
    pub fn into_event(self) -> E {
        self.event
    }

    /// Returns the vendor: `feishu`, `wecom`, `dingtalk` or `tencent`.
    #[must_use]
    pub fn vendor(&self) -> &'static str {
        self.parts.vendor
    }

    /// Returns the vendor's name of the event.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.parts.event_type
    }

    /// Returns the id, which is the same in every repetition of this event and different for all other events of the
    /// vendor. `None` if the vendor sends no id.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.parts.id.as_deref()
    }

    /// Returns the key for [`Seen`](super::Seen): the vendor and the [`id`](Self::id).
    #[must_use]
    pub fn key(&self) -> Option<String> {
        self.parts.id.as_ref().map(|id| format!("{}:{id}", self.parts.vendor))
    }

    /// Returns when the event happened, if the delivery says so.
    #[must_use]
    pub fn created(&self) -> Option<&UnixMillis> {
        self.parts.created.as_ref()
    }

    /// Returns the time of the event since the Unix epoch; zero if the delivery does not say it.
    #[doc(hidden)]
    #[must_use]
    pub fn created_since_epoch(&self) -> Duration {
        let millis = self.created().map_or(0, UnixMillis::as_millis);
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }

    /// Returns the app that the event was delivered to, if the delivery names it.
    #[must_use]
    pub fn app(&self) -> Option<&str> {
        self.parts.app.as_deref()
    }

    /// Returns the tenant or corporation in which the event happened, if the delivery names it.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.parts.tenant.as_deref()
    }

    /// Returns who caused the event, if the delivery says so (WeCom's `FromUserName`, which is `sys` for the
    /// system).
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        self.parts.actor.as_deref()
    }

    /// Returns the content of the event as JSON text, from which [`event`](Self::event) was read. It may contain
    /// secrets.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.parts.content
    }

    /// Returns the whole message after decryption, JSON or XML. It may contain secrets.
    #[must_use]
    pub fn plaintext(&self) -> &str {
        &self.parts.plaintext
    }

    /// Returns whether the delivery was encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.parts.encrypted
    }

    /// Returns why an event of a known type was delivered as unknown: its content does not fit the type.
    #[must_use]
    pub fn unreadable(&self) -> Option<&DecodeError> {
        self.unreadable.as_ref()
    }
}

/// Omits the contents, which may be secret.
impl<E> fmt::Debug for Delivery<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("vendor", &self.parts.vendor)
            .field("event_type", &self.parts.event_type)
            .field("id", &self.parts.id)
            .field("app", &self.parts.app)
            .field("tenant", &self.parts.tenant)
            .finish_non_exhaustive()
    }
}
