//! Receives events that vendors push: checks deliveries, decrypts them and reads them as typed events.
//!
//! This module has what the vendors share. The module `events` of each vendor crate knows how its vendor packs,
//! signs and encrypts deliveries. Its `EventReceiver` implements [`Receive`], a function of the request alone.
//! [`Endpoint`] adds what a server needs: a handler with a time limit, a bounded queue, and a record of [`Seen`]
//! deliveries.

mod aes;
mod age;
#[cfg(feature = "axum")]
pub mod axum;
mod callback_keys;
mod delivery;
mod endpoint;
mod incident;
mod limits;
mod list;
#[cfg(feature = "long-connection")]
mod long;
mod members;
mod receive;
mod received;
mod rejection;
mod request;
mod sealed;
mod seen;
mod set;
mod signature;
mod unknown;
mod xml;

#[doc(hidden)]
pub use aes::{Aes, BadKey, base64_decode, base64_encode};
#[doc(hidden)]
pub use callback_keys::{CallbackKey, CallbackKeys, SignedText};
pub use delivery::Delivery;
#[doc(hidden)]
pub use delivery::Parts;
pub use endpoint::{Endpoint, EndpointBuilder};
pub use incident::{EventName, HandlerError, Incident};
pub use limits::Limits;
#[doc(hidden)]
pub use list::any_or_empty;
#[cfg(feature = "long-connection")]
pub use long::{Arrival, Connector, DisconnectReason, LongConnection, State, Stats, Watch};
#[cfg(feature = "long-connection")]
#[doc(hidden)]
pub use long::{
    BadFragment, Dial, DialError, Fragments, Gravity, Heard, Io, Message, Opening, Protocol, Receipt, Refusal, Speech,
    Tempo,
};
#[doc(hidden)]
pub use members::Members;
pub use receive::Receive;
pub use received::{Received, Reply, try_again};
#[doc(hidden)]
pub use received::{empty_reply, json_reply, text_reply};
pub use rejection::{RejectReason, Rejection};
pub use request::Incoming;
#[doc(hidden)]
pub use request::{body_text, hashed, header, query, text_of, time_of};
#[doc(hidden)]
pub use sealed::{Opened, open, seal};
pub use seen::{Claim, MemorySeen, Seen};
pub use set::EventSet;
#[doc(hidden)]
pub use set::{parse, serialise};
#[doc(hidden)]
pub use signature::{is_same_secret, is_signed_by, sha1_of_sorted, sha256_of};
pub use unknown::UnknownEvent;
#[doc(hidden)]
pub use xml::{XmlObject, parse as parse_xml};
