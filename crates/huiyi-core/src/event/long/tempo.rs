//! How long everything may take on a long connection.

use std::time::Duration;

/// The time limits of a vendor's long connections. Nothing waits without one.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "for the vendor crates and for tests")]
pub struct Tempo {
    /// Limit for the call that returns the address.
    pub ask: Duration,
    /// Limit for connecting: TCP, TLS, proxy and upgrade together.
    pub dial: Duration,
    /// Limit for one write.
    pub write: Duration,
    /// Limit for the close handshake.
    pub close: Duration,
    /// A WebSocket ping is sent after this time without a frame.
    pub probe: Duration,
    /// How long an answer to a ping may take; at most three quarters of the ping interval.
    pub patience: Duration,
    /// The ceiling of the first pause; it doubles from failure to failure.
    pub first_pause: Duration,
    /// The highest ceiling.
    pub longest_pause: Duration,
    /// The ceiling after a refusal that a retry may fix, but not soon.
    pub slow_pause: Duration,
    /// A replaced connection is closed after this time at the latest.
    pub drain: Duration,
    /// A replaced connection without events in progress is closed after this time of silence.
    pub drained: Duration,
    /// Age at which a connection is replaced.
    pub renew: Option<Duration>,
    /// A connection without vendor messages for this long is replaced, until the vendor's ping interval is known.
    pub quiet: Option<Duration>,
    /// How long an event waits for memory.
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
