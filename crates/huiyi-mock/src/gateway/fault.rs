//! The faults of a gateway.

use std::time::Duration;

/// A fault of a call for an address, or of the upgrade after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskFault {
    /// The call is answered with this status and body.
    Answer(u16, String),
    /// The call is refused with this code, in the vendor's format.
    Code(String),
    /// The call is not answered.
    Hang,
    /// The answer is a good one, and comes after this time.
    Slow(Duration),
    /// The connection is reset.
    Reset,
    /// The response has no address.
    Empty,
    /// The upgrade is refused with this status and these headers.
    NotUpgraded(u16, Vec<(String, String)>),
    /// The upgrade is not answered.
    UpgradeHangs,
}

/// A fault of an open connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// A close frame, then the end of the connection.
    Close,
    /// The end of the stream without a close frame.
    Drop,
    /// A reset.
    Reset,
    /// The connection stays open, but nothing is read or written any more.
    HalfOpen,
    /// Only WebSocket pings are answered.
    Mute,
    /// The end is announced (DingTalk); nothing more is delivered, and the connection is closed after 10 seconds.
    Disconnect,
    /// The end is announced (DingTalk); nothing more is delivered, and the connection is never closed.
    DisconnectAndStay,
}

impl Break {
    /// All variants; each ends or silences a connection.
    pub const ALL: [Self; 7] =
        [Self::Close, Self::Drop, Self::Reset, Self::HalfOpen, Self::Mute, Self::Disconnect, Self::DisconnectAndStay];
}
