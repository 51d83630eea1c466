//! What can go wrong with a gateway.

/// How a call for an address goes wrong, or the upgrade after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskFault {
    /// This status and body.
    Answer(u16, String),
    /// A refusal with this code, worded as the vendor does.
    Code(String),
    /// No answer.
    Hang,
    /// The connection is reset.
    Reset,
    /// The answer is one without an address.
    Empty,
    /// The upgrade is refused with this status and these headers.
    NotUpgraded(u16, Vec<(String, String)>),
    /// The upgrade is not answered.
    UpgradeHangs,
}

/// How an open connection goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// A close frame, and then the end.
    Close,
    /// The end of the stream without a close frame.
    Drop,
    /// A reset.
    Reset,
    /// It stays open, and nothing is read or written any more.
    HalfOpen,
    /// WebSocket pings are answered, and nothing else.
    Mute,
    /// Its end is announced (DingTalk); nothing is delivered on it any more, and it is closed after ten seconds.
    Disconnect,
    /// Its end is announced (DingTalk); nothing is delivered on it any more, and it is never closed.
    DisconnectAndStay,
}

impl Break {
    /// All that end or silence a connection.
    pub const ALL: [Self; 7] =
        [Self::Close, Self::Drop, Self::Reset, Self::HalfOpen, Self::Mute, Self::Disconnect, Self::DisconnectAndStay];
}
