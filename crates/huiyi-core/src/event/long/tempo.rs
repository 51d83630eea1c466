//! How long everything may take on a long connection.

use std::time::Duration;

/// The time limits of a vendor's long connections. Nothing waits without one.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "for the vendor crates and for tests")]
pub struct Tempo {
    /// For the call that gives the address.
    pub ask: Duration,
    /// For connecting: TCP, TLS, proxy and upgrade together.
    pub dial: Duration,
    /// For writing what is to be written.
    pub write: Duration,
    /// For the end of the close handshake.
    pub close: Duration,
    /// After so long without a frame a WebSocket ping goes out.
    pub probe: Duration,
    /// An answer to a ping may take so long, or the interval of the pings if that is shorter.
    pub patience: Duration,
    /// The ceiling of the first pause; it doubles from failure to failure.
    pub first_pause: Duration,
    /// The highest ceiling.
    pub longest_pause: Duration,
    /// The ceiling after a refusal that may pass but will not soon.
    pub slow_pause: Duration,
    /// A connection that was replaced is given up after so long.
    pub drain: Duration,
    /// One that was replaced, has nothing in hand and was silent for so long, is closed.
    pub drained: Duration,
    /// A connection is replaced when it is so old.
    pub renew: Option<Duration>,
    /// A connection over which no message of the vendor's came for so long is replaced, until the interval of the
    /// vendor's own pings is known.
    pub quiet: Option<Duration>,
    /// An event waits so long for room.
    pub room: Duration,
    /// The vendor counts an event as failed that is not answered within this time.
    pub answer: Duration,
}

impl Default for Tempo {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            ask: seconds(10),
            dial: seconds(10),
            write: seconds(10),
            close: seconds(2),
            probe: seconds(20),
            patience: seconds(20),
            first_pause: seconds(1),
            longest_pause: seconds(60),
            slow_pause: seconds(60),
            drain: seconds(12),
            drained: seconds(3),
            renew: None,
            quiet: None,
            room: seconds(1),
            answer: seconds(3),
        }
    }
}
