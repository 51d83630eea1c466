//! WeCom's events, and the receiver of their deliveries.
//!
//! ```
//! use huiyi_wecom::events::{Event, EventReceiver, Received, Rejection};
//!
//! # fn run(token: &str, encoding_aes_key: &str) -> Result<(), huiyi_wecom::BuildError> {
//! let receiver = EventReceiver::builder()
//!     .keys(token, encoding_aes_key)
//!     .receive_id("ww0123456789abcdef")
//!     .build()?;
//!
//! // for each request that comes to the address in the console
//! let handle = |request: http::Request<Vec<u8>>| match receiver.receive(&request) {
//!     Ok(received) => {
//!         for delivery in received.deliveries() {
//!             if let Event::MeetingEnded(ended) = delivery.event() {
//!                 println!("ended: {:?}", ended.meeting_id);
//!             }
//!         }
//!         received.reply().clone()
//!     }
//!     Err(rejection) => rejection.reply(),
//! };
//! # let _ = handle; Ok(()) }
//! ```

mod receiver;

#[cfg(feature = "axum")]
#[doc(inline)]
pub use huiyi_core::event::axum;
pub use huiyi_core::event::{
    Claim, Delivery, Endpoint, EndpointBuilder, EventName, EventSet, HandlerError, Incident, Incoming, Limits,
    MemorySeen, Receive, Received, RejectReason, Rejection, Reply, Seen, UnknownEvent, try_again,
};
pub use receiver::{EventReceiver, EventReceiverBuilder};

#[doc(inline)]
pub use crate::generated::events::*;
