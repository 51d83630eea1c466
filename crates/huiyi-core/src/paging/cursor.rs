//! The position of a page.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The position of a page: the values that its request sends.
///
/// It can be serialised. Store it to resume a list later, also in another process.
///
/// ```
/// use huiyi_core::paging::Cursor;
///
/// let cursor = Cursor::new("page_token", "eVQrYzJB");
/// let kept = serde_json::to_string(&cursor)?;
/// let resumed: Cursor = serde_json::from_str(&kept)?;
/// assert_eq!(resumed.get("page_token"), Some("eVQrYzJB"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(Vec<(String, String)>);

impl Cursor {
    /// Creates a cursor with one value.
    pub fn new(name: impl Into<String>, value: impl ToString) -> Self {
        Self(vec![(name.into(), value.to_string())])
    }

    /// Adds another value that the request for the page sends.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.0.push((name.into(), value.to_string()));
        self
    }

    /// Returns a name that is not one of these.
    pub(super) fn foreign_name(&self, known: &[&str]) -> Option<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).find(|name| !known.contains(name))
    }

    /// Returns the value for a request field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (name, value)) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(f, "{comma}{name}={value}")?;
        }
        Ok(())
    }
}
