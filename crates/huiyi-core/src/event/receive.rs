//! The common interface of all vendors' receivers.

use http::Request;

use super::{EventSet, Incoming, Limits, Received, Rejection};

/// Receives the deliveries of one vendor; a function of method, query, headers and body.
///
/// Its only side effect is that it passes pushed tickets to the credentials that it was created with.
pub trait Receive: Send + Sync + 'static {
    /// The vendor's events.
    type Event: EventSet;

    /// Returns the vendor: `feishu`, `wecom`, `dingtalk` or `tencent`.
    fn vendor(&self) -> &'static str;

    /// Returns the limits for the size and age of a delivery.
    fn limits(&self) -> &Limits;

    /// Checks, decrypts and reads a delivery.
    ///
    /// # Errors
    ///
    /// If it is not a delivery from the vendor to this receiver.
    fn receive_parts(&self, incoming: Incoming<'_>) -> Result<Received<Self::Event>, Rejection>;

    /// Checks, decrypts and reads a delivery.
    ///
    /// # Errors
    ///
    /// If it is not a delivery from the vendor to this receiver.
    fn receive<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Received<Self::Event>, Rejection>
    where
        Self: Sized,
    {
        self.receive_parts(Incoming::of(request))
    }
}
