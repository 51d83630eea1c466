//! Events that this version of a crate does not know.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// An event that this version of the crate does not know, with its original content.
///
/// ```
/// use huiyi_core::event::UnknownEvent;
///
/// let event = UnknownEvent::new("vc.meeting.painted_v1", r#"{"colour": "red"}"#);
/// assert_eq!(event.event_type(), "vc.meeting.painted_v1");
/// assert_eq!(event.json()?["colour"], "red");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownEvent {
    event_type: String,
    content: String,
}

impl UnknownEvent {
    /// Creates an event of this type; the content is JSON text.
    pub fn new(event_type: impl Into<String>, content: impl Into<String>) -> Self {
        Self { event_type: event_type.into(), content: content.into() }
    }

    /// Returns the vendor's name of the event.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// Returns the original content: JSON text, without the members that surround every event.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.content
    }

    /// Returns the content as JSON.
    ///
    /// # Errors
    ///
    /// If the content is not JSON.
    pub fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(&self.content)
    }
}

/// Omits the content, which may contain a ticket or a token.
impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownEvent").field("event_type", &self.event_type).finish_non_exhaustive()
    }
}

/// Serialises the content, or a string if the content is not JSON.
impl Serialize for UnknownEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.json() {
            Ok(content) => content.serialize(serializer),
            Err(_) => self.content.serialize(serializer),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn the_content_is_not_shown() {
        let event = UnknownEvent::new("app_ticket_v9", r#"{"ticket":"s3cret"}"#);

        assert_eq!(format!("{event:?}"), r#"UnknownEvent { event_type: "app_ticket_v9", .. }"#);
    }

    #[test]
    fn the_content_is_written_as_it_came() {
        let event = UnknownEvent::new("a", r#"{"b":[1,"x"]}"#);
        let odd = UnknownEvent::new("a", "no JSON");

        assert_eq!(serde_json::to_string(&event).unwrap(), r#"{"b":[1,"x"]}"#);
        assert_eq!(serde_json::to_string(&odd).unwrap(), r#""no JSON""#);
    }
}
