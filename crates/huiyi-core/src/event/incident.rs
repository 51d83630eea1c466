//! Problems that an endpoint cannot report in its answer.

use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[cfg(feature = "long-connection")]
use std::time::Duration;

#[cfg(feature = "long-connection")]
use super::DisconnectReason;
use super::{Delivery, Rejection};
use crate::StoreError;

/// The error of a handler.
pub type HandlerError = Box<dyn Error + Send + Sync>;

/// A problem of an [`Endpoint`](super::Endpoint), for logs and metrics.
///
/// Incidents contain no contents of deliveries, except what a handler puts into its own errors.
#[derive(Debug)]
#[non_exhaustive]
pub enum Incident {
    /// A delivery was refused.
    Rejected(Rejection),
    /// Too many events are waiting. The vendor was asked to deliver again.
    QueueFull {
        /// The vendor.
        vendor: &'static str,
    },
    /// The handler failed. The vendor was asked to deliver again. If the answer had already been sent, the handler
    /// will be called again.
    Failed {
        /// The event.
        event: EventName,
        /// The handler's error.
        error: HandlerError,
    },
    /// The event is lost: the handler failed for the last time after the vendor had its answer, or another process
    /// claimed the event and reported no result in time.
    Lost {
        /// The event.
        event: EventName,
        /// The handler's error, or that the end of the event is not known.
        error: HandlerError,
    },
    /// The record of deliveries failed, so the event counts as new and may be handled twice.
    Unremembered {
        /// The event.
        event: EventName,
        /// The reason; `None` if the record did not reply in time.
        error: Option<StoreError>,
    },
    /// An event of a long connection was not settled within the time that the vendor waits.
    #[cfg(feature = "long-connection")]
    Late {
        /// The event.
        event: EventName,
    },
    /// An event of a long connection was dropped without being settled, or its connection had ended before. The
    /// vendor delivers it again.
    #[cfg(feature = "long-connection")]
    Unacknowledged {
        /// The event.
        event: EventName,
    },
    /// A message of a long connection could not be read.
    #[cfg(feature = "long-connection")]
    Unreadable {
        /// The vendor.
        vendor: &'static str,
        /// What is wrong with the message.
        why: &'static str,
    },
    /// A long connection ended, is being replaced, or could not be opened.
    #[cfg(feature = "long-connection")]
    Connection {
        /// The vendor.
        vendor: &'static str,
        /// The reason.
        why: DisconnectReason,
        /// How long until the next one is opened; `None` if none will be opened.
        pause: Option<Duration>,
    },
}

/// The name of a delivered event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventName {
    /// The vendor.
    pub vendor: &'static str,
    /// The vendor's name of the event.
    pub event_type: String,
    /// The id, see [`Delivery::id`](super::Delivery::id).
    pub id: Option<String>,
}

impl EventName {
    pub(super) fn of<E>(delivery: &Delivery<E>) -> Self {
        Self {
            vendor: delivery.vendor(),
            event_type: delivery.event_type().to_owned(),
            id: delivery.id().map(str::to_owned),
        }
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {} of {} (id {})", self.event_type, self.vendor, self.id.as_deref().unwrap_or("none"))
    }
}

impl Incident {
    /// Logs the problem and tells it to the application. All incidents are told here.
    pub(super) fn tell(self, on_incident: Option<&(dyn Fn(Self) + Send + Sync)>) {
        #[cfg(feature = "tracing")]
        tracing::warn!(target: "huiyi::events", "{self}");
        if let Some(on_incident) = on_incident {
            // A report must not cost an event or a connection. The panic hook has printed it.
            let _ = catch_unwind(AssertUnwindSafe(|| on_incident(self)));
        }
    }
}

impl fmt::Display for Incident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejection) => rejection.fmt(f),
            Self::QueueFull { vendor } => {
                write!(f, "a delivery from {vendor} was postponed: too many events are waiting")
            }
            Self::Failed { event, error } => write!(f, "the handler failed for the {event}: {error}"),
            Self::Lost { event, error } => write!(f, "the {event} was given up and is lost: {error}"),
            Self::Unremembered { event, error: Some(error) } => {
                write!(f, "the record of deliveries failed for the {event}: {error}")
            }
            Self::Unremembered { event, error: None } => {
                write!(f, "the record of deliveries did not answer in time for the {event}")
            }
            #[cfg(feature = "long-connection")]
            Self::Late { event } => write!(f, "the {event} was not answered in time"),
            #[cfg(feature = "long-connection")]
            Self::Unacknowledged { event } => {
                write!(f, "the {event} was not acknowledged, and will be delivered again")
            }
            #[cfg(feature = "long-connection")]
            Self::Unreadable { vendor, why } => write!(f, "a message from {vendor} cannot be read: {why}"),
            #[cfg(feature = "long-connection")]
            Self::Connection { vendor, why, pause: Some(pause) } => {
                write!(f, "the connection to {vendor} is opened again in {:.1} s: {why}", pause.as_secs_f64())
            }
            #[cfg(feature = "long-connection")]
            Self::Connection { vendor, why, pause: None } => {
                write!(f, "the connection to {vendor} has ended and is not opened again: {why}")
            }
        }
    }
}
