//! Deliveries of events as the vendors make them: the message, its encryption and signature, and the request.
//!
//! Found from the documents; nothing of the clients' receivers is used here, so that a mistake in one of them cannot
//! hide in here as well.

mod message;
mod parcel;
mod sender;
mod xml;

pub use message::Message;
pub use parcel::{Answered, Parcel};
pub use sender::Sender;
