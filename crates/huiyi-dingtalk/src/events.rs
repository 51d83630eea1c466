//! DingTalk's events, and the receiver of their deliveries.
//!
//! ```
//! use huiyi_dingtalk::events::{Event, EventReceiver, Received, Rejection};
//!
//! # fn run(token: &str, aes_key: &str) -> Result<(), huiyi_dingtalk::BuildError> {
//! let receiver = EventReceiver::builder()
//!     .keys(token, aes_key)
//!     .client_id("dingappkey0123456789")
//!     .build()?;
//!
//! // for each request that comes to the address in the console
//! let handle = |request: http::Request<Vec<u8>>| match receiver.receive(&request) {
//!     Ok(received) => {
//!         for delivery in received.deliveries() {
//!             if let Event::MeetingStatusChange(change) = delivery.event() {
//!                 println!("{:?}: {:?}", change.open_conf_model.conference_id, change.change_scene);
//!             }
//!         }
//!         received.reply().clone()
//!     }
//!     Err(rejection) => rejection.reply(),
//! };
//! # let _ = handle; Ok(()) }
//! ```

mod content;
#[cfg(feature = "long-connection")]
mod long;
mod names;
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
pub use long::Speaker;
pub use receiver::{EventReceiver, EventReceiverBuilder};

#[doc(inline)]
pub use crate::generated::events::*;
