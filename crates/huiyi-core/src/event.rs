//! What vendors push: events as values.
//!
//! Here is what all vendors' sets of events share. What one vendor pushes, and how, is in its crate.

mod set;
mod unknown;

pub use set::EventSet;
#[doc(hidden)]
pub use set::{parse, serialise};
pub use unknown::UnknownEvent;
