//! One event as it was delivered.

use std::fmt;
use std::sync::Arc;

use super::{EventSet, UnknownEvent};
use crate::decode::DecodeError;
use crate::wire::UnixMillis;

/// An event with what the vendor says about its delivery.
///
/// Vendors deliver at least once: [`id`](Self::id) tells a repetition.
#[derive(Clone)]
pub struct Delivery<E> {
    event: E,
    parts: Parts,
    unreadable: Option<DecodeError>,
}

/// What a receiver finds around an event.
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
    /// Reads the content of an event. If an event of a known type has another content than it should have, it is
    /// delivered as an unknown one, with the reason.
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
    /// The event.
    #[must_use]
    pub fn event(&self) -> &E {
        &self.event
    }

    /// The event alone.
    #[must_use]
    pub fn into_event(self) -> E {
        self.event
    }

    /// The vendor: `feishu`, `wecom`, `dingtalk` or `tencent`.
    #[must_use]
    pub fn vendor(&self) -> &'static str {
        self.parts.vendor
    }

    /// The vendor's name of the event.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.parts.event_type
    }

    /// What is the same in every repetition of this event, and different for any other event of the vendor. `None` if
    /// the vendor sent nothing of the kind.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.parts.id.as_deref()
    }

    /// The key for [`Seen`](super::Seen): the vendor and the [`id`](Self::id).
    #[must_use]
    pub fn key(&self) -> Option<String> {
        self.parts.id.as_ref().map(|id| format!("{}:{id}", self.parts.vendor))
    }

    /// When the event happened, if the vendor says so around the event.
    #[must_use]
    pub fn created(&self) -> Option<&UnixMillis> {
        self.parts.created.as_ref()
    }

    /// The app that it was delivered to, if the vendor names it.
    #[must_use]
    pub fn app(&self) -> Option<&str> {
        self.parts.app.as_deref()
    }

    /// The tenant or corporation in which the event happened, if the vendor names it.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.parts.tenant.as_deref()
    }

    /// Who caused the event, if the vendor says so around the event (WeCom's `FromUserName`, which is `sys` for the
    /// system).
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        self.parts.actor.as_deref()
    }

    /// The content of the event as JSON text: what [`event`](Self::event) was read from. It may contain secrets.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.parts.content
    }

    /// The whole message after decryption, JSON or XML. It may contain secrets.
    #[must_use]
    pub fn plaintext(&self) -> &str {
        &self.parts.plaintext
    }

    /// Whether it came encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.parts.encrypted
    }

    /// Why an event of a known type is unknown here all the same: its content is not that of such an event.
    #[must_use]
    pub fn unreadable(&self) -> Option<&DecodeError> {
        self.unreadable.as_ref()
    }
}

/// Without contents, which may be secret.
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
