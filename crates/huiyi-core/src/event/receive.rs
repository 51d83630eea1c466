//! What the receivers of all vendors have in common.

use http::Request;

use super::{EventSet, Incoming, Limits, Received, Rejection};

/// A receiver of one vendor's deliveries: a function of method, query, headers and body.
///
/// Its only effect is that tickets that are credentials reach the credentials that it was given.
pub trait Receive: Send + Sync + 'static {
    /// The vendor's events.
    type Event: EventSet;

    /// The vendor: `feishu`, `wecom`, `dingtalk` or `tencent`.
    fn vendor(&self) -> &'static str;

    /// How large and how old a delivery may be.
    fn limits(&self) -> &Limits;

    /// Checks, decrypts and reads a delivery.
    ///
    /// # Errors
    ///
    /// If it is not a delivery of the vendor's for this receiver.
    fn receive_parts(&self, incoming: Incoming<'_>) -> Result<Received<Self::Event>, Rejection>;

    /// Checks, decrypts and reads a delivery.
    ///
    /// # Errors
    ///
    /// If it is not a delivery of the vendor's for this receiver.
    fn receive<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Received<Self::Event>, Rejection>
    where
        Self: Sized,
    {
        self.receive_parts(Incoming::of(request))
    }
}
