//! Feishu's events, and the receiver of their deliveries.
//!
//! ```
//! use huiyi_feishu::events::{Event, EventReceiver, Received, Rejection};
//!
//! # fn run(encrypt_key: &str, verification_token: &str) -> Result<(), huiyi_feishu::BuildError> {
//! let receiver = EventReceiver::builder()
//!     .encrypt_key(encrypt_key)
//!     .verification_token(verification_token)
//!     .build()?;
//!
//! // for each request that comes to the address in the console
//! let handle = |request: http::Request<Vec<u8>>| match receiver.receive(&request) {
//!     Ok(received) => {
//!         for delivery in received.deliveries() {
//!             if let Event::MeetingEnded(ended) = delivery.event() {
//!                 println!("ended: {:?}", ended.meeting.id);
//!             }
//!         }
//!         received.reply().clone()
//!     }
//!     Err(rejection) => rejection.reply(),
//! };
//! # let _ = handle; Ok(()) }
//! ```

mod envelope;
#[cfg(feature = "long-connection")]
mod long;
mod receiver;

#[cfg(feature = "axum")]
#[doc(inline)]
pub use huiyi_core::event::axum;
#[cfg(feature = "long-connection")]
pub use huiyi_core::event::{Arrival, DisconnectReason, LongConnection, State, Stats, Watch};
pub use huiyi_core::event::{
    Claim, Delivery, Endpoint, EndpointBuilder, EventName, EventSet, HandlerError, Incident, Incoming, Limits,
    MemorySeen, Receive, Received, RejectReason, Rejection, Reply, Seen, UnknownEvent, try_again,
};
#[cfg(feature = "long-connection")]
pub use long::Connector;
#[cfg(feature = "long-connection")]
#[doc(hidden)]
pub use long::{Frame, Speaker};
pub use receiver::{EventReceiver, EventReceiverBuilder};

#[doc(inline)]
pub use crate::generated::events::*;
