//! Deliveries of events in the vendors' formats: the message, its encryption and signature, and the request.
//!
//! Written from the documents, without the clients' receivers, so a mistake in a receiver cannot be repeated here.

mod message;
mod parcel;
mod sender;
mod xml;

pub use message::Message;
pub use parcel::{Answered, Parcel};
pub use sender::Sender;
