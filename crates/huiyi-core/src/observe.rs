//! A hook that sees each attempt, for any metrics system.

pub(crate) mod trace;

use std::time::Duration;

use http::StatusCode;

use crate::error::ErrorKind;

/// Receives each attempt of each call.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use huiyi_core::observe::{Attempt, Observer};
///
/// #[derive(Default)]
/// struct Failures(AtomicU64);
///
/// impl Observer for Failures {
///     fn attempt(&self, attempt: &Attempt<'_>) {
///         if attempt.kind.is_some() {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Observer: Send + Sync + 'static {
    /// Called when an attempt has ended. Must not block.
    fn attempt(&self, attempt: &Attempt<'_>);

    /// Called when a token store or a keeper of user tokens fails or takes too long. The client continues
    /// without it. Must not block. The default does nothing.
    fn store_failed(&self, failure: &StoreFailure<'_>) {
        let _ = failure;
    }

    /// Called when members of a successful answer did not match the vendor's documentation, and were left out or
    /// converted: for instance a string instead of a time, or a list instead of an object. Must not block.
    ///
    /// Count them by operation and path: if a field starts to appear here, the vendor has changed it.
    fn odd(&self, vendor: &'static str, operation: &str, oddities: &[Oddity]) {
        let _ = (vendor, operation, oddities);
    }
}

/// A failed step of a store or a keeper.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StoreFailure<'a> {
    /// The key of the token.
    pub key: &'a str,
    /// The step that failed, for instance `load` or `save`.
    pub step: &'static str,
    /// Why it failed.
    pub reason: &'a str,
}

/// What is known about an attempt that has ended. Contains no body, query string or secret.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The vendor's short name.
    pub vendor: &'static str,
    /// The operation.
    pub operation: &'a str,
    /// 1 for the first attempt; 0 if no token could be obtained, so nothing was sent.
    pub number: u32,
    /// HTTP status, if an answer arrived.
    pub status: Option<StatusCode>,
    /// The vendor's code, if it refused the call.
    pub code: Option<&'a str>,
    /// The kind of failure; `None` if status and code mean success. The content is decoded later.
    pub kind: Option<ErrorKind>,
    /// The vendor's request id.
    pub request_id: Option<&'a str>,
    /// Time from sending to the end of the answer (for a download, the end of its head). If nothing was sent,
    /// the time spent on the token.
    pub duration: Duration,
    /// How long the runtime waits before the next attempt. `None` if no wait follows: the call ends here, or a rejected
    /// token is replaced and the request is sent again at once.
    pub waits: Option<Duration>,
}

/// A member of an answer that did not match its page and was left out or converted to the documented shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// The JSON path, with `[]` for any item of a list, for instance `data.meeting.participants[].join_time`.
    pub path: String,
    /// What was wrong, without the value.
    pub reason: String,
}
