//! Events by type, with contents as JSON, so the specs' own examples run through every crate.

use huiyi_core::event::EventSet;
use serde::Serialize;
use serde_json::Value;

use crate::examples::Spec;

/// The content of an example delivery.
#[derive(Clone, Copy, Debug)]
pub struct EventExample {
    /// The vendor's name of the event.
    pub event_type: &'static str,
    /// The example's name in the spec.
    pub name: &'static str,
    /// JSON text.
    pub content: &'static str,
}

/// Reads the content of an event, and returns what was understood as JSON.
///
/// # Errors
///
/// If the content cannot be read.
pub fn decode<E: EventSet + Serialize>(event_type: &str, content: &str) -> Result<Value, String> {
    let event = E::parse(event_type, content).map_err(|error| error.to_string())?;
    serde_json::to_value(&event).map_err(|error| error.to_string())
}

impl Spec {
    /// Returns the schema of an event's content.
    pub fn event_schema(&self, event_type: &str) -> Option<&Value> {
        let events = self.document().get("x-webhooks")?.as_object()?;
        let named = |item: &&Value| item.pointer("/post/x-event-type").and_then(Value::as_str) == Some(event_type);
        let content = events.values().find(named)?.pointer("/post/requestBody/content")?.as_object()?;
        content.values().find_map(|media| media.get("schema"))
    }
}
