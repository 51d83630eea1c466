//! The events of one vendor as a Rust type.

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use super::UnknownEvent;
use crate::decode::{DecodeError, flat_from_str, tolerant};

/// All events of a vendor: the enum `events::Event` of its crate.
pub trait EventSet: Clone + From<UnknownEvent> + Send + Sync + 'static {
    /// Reads the content of an event from JSON text.
    ///
    /// An unknown event type is not an error.
    ///
    /// # Errors
    ///
    /// If the type is known and the content does not fit it.
    fn parse(event_type: &str, content: &str) -> Result<Self, DecodeError>;

    /// Returns the vendor's name of the event.
    fn event_type(&self) -> &str;
}

/// Reads the content of an event; members that do not fit are left out.
///
/// # Errors
///
/// If the content is not JSON, or not an object.
pub fn parse<T: DeserializeOwned>(content: &str) -> Result<Box<T>, DecodeError> {
    tolerant(content, flat_from_str::<T>).map(|(event, _)| Box::new(event))
}

/// Serialises the content of an event.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialise<T: Serialize, S: Serializer>(content: &T, serializer: S) -> Result<S::Ok, S::Error> {
    content.serialize(serializer)
}

/// Adds conversions to an enum of events: each variant is a box of its content, and `Unknown` holds all other
/// events.
#[doc(hidden)]
#[macro_export]
macro_rules! event_set {
    ($set:ident { $($event_type:literal => $variant:ident($content:ty),)* }) => {
        impl $set {
            /// The types of all events that this version of the crate knows.
            pub const TYPES: &'static [&'static str] = &[$($event_type),*];

            /// Reads the content of an event of this type from JSON text.
            ///
            /// An event with a type that is not in [`Self::TYPES`] becomes [`Self::Unknown`].
            ///
            /// # Errors
            ///
            /// If the type is known and the content does not fit it.
            pub fn parse(event_type: &str, content: &str) -> Result<Self, $crate::decode::DecodeError> {
                match event_type {
                    $($event_type => $crate::event::parse(content).map(Self::$variant),)*
                    _ => Ok(Self::Unknown($crate::event::UnknownEvent::new(event_type, content))),
                }
            }

            /// Returns the vendor's name of the event.
            pub fn event_type(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $event_type,)*
                    Self::Unknown(event) => event.event_type(),
                }
            }
        }

        impl $crate::event::EventSet for $set {
            fn parse(event_type: &str, content: &str) -> Result<Self, $crate::decode::DecodeError> {
                Self::parse(event_type, content)
            }

            fn event_type(&self) -> &str {
                self.event_type()
            }
        }

        /// Serialises only the content.
        impl $crate::serde::Serialize for $set {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(content) => $crate::event::serialise(content, serializer),)*
                    Self::Unknown(event) => $crate::event::serialise(event, serializer),
                }
            }
        }

        $(
            impl From<$content> for $set {
                fn from(content: $content) -> Self {
                    Self::$variant(Box::new(content))
                }
            }
        )*

        impl From<$crate::event::UnknownEvent> for $set {
            fn from(event: $crate::event::UnknownEvent) -> Self {
                Self::Unknown(event)
            }
        }
    };
}

#[cfg(test)]
#[allow(clippy::unwrap_used, unreachable_pub, reason = "a test that cannot go on fails, and its enum is private")]
mod tests {
    use crate::event::UnknownEvent;

    #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
    struct Started {
        id: String,
    }

    #[derive(Clone, Debug, PartialEq)]
    enum Event {
        Started(Box<Started>),
        Unknown(UnknownEvent),
    }

    crate::event_set! { Event { "meeting.started" => Started(Started), } }

    #[test]
    fn a_known_event_is_typed() {
        let event = Event::parse("meeting.started", r#"{"id":"1"}"#).unwrap();

        assert_eq!(event, Started { id: "1".to_owned() }.into());
        assert_eq!(Event::TYPES, [event.event_type()]);
        assert_eq!(event.event_type(), "meeting.started");
        assert_eq!(serde_json::to_string(&event).unwrap(), r#"{"id":"1"}"#);
    }

    #[test]
    fn an_event_of_another_type_is_kept_whatever_it_contains() {
        let event = Event::parse("meeting.painted", "no JSON").unwrap();

        assert_eq!(event, UnknownEvent::new("meeting.painted", "no JSON").into());
        assert_eq!(event.event_type(), "meeting.painted");
    }

    #[test]
    fn a_known_event_that_cannot_be_read_is_an_error() {
        assert!(Event::parse("meeting.started", "no JSON").is_err());
    }
}
