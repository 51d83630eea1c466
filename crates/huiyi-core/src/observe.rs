//! A hook that sees each attempt, for metrics of any kind.

pub(crate) mod trace;

use std::time::Duration;

use http::StatusCode;

use crate::error::ErrorKind;

/// Is told about each attempt of each call.
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
    /// Called when an attempt is over. Must not block.
    fn attempt(&self, attempt: &Attempt<'_>);

    /// Called when a token store or a keeper of user tokens fails or takes too long. The client goes on without
    /// it. Must not block. By default nothing is done.
    fn store_failed(&self, failure: &StoreFailure<'_>) {
        let _ = failure;
    }

    /// Called when members of a successful answer were not what the vendor's page documents, and were left out:
    /// a text where a time is documented, a list where an object is. Must not block.
    ///
    /// Count them by operation and path: a field that begins to appear here has changed at the vendor.
    fn odd(&self, vendor: &'static str, operation: &str, oddities: &[Oddity]) {
        let _ = (vendor, operation, oddities);
    }
}

/// What a store or a keeper could not do.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StoreFailure<'a> {
    /// The key of the token.
    pub key: &'a str,
    /// What was to be done, for instance `load` or `save`.
    pub step: &'static str,
    /// Why it was not.
    pub reason: &'a str,
}

/// What is known when an attempt is over. No body, no query string, no secret.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The vendor's short name.
    pub vendor: &'static str,
    /// The operation.
    pub operation: &'a str,
    /// 1 for the first attempt; 0 if no token could be obtained for it, so that it was not sent.
    pub number: u32,
    /// HTTP status, if an answer came.
    pub status: Option<StatusCode>,
    /// The vendor's code, if it refused the call.
    pub code: Option<&'a str>,
    /// What the failure means; `None` for what status and code say is a success. The content is decoded later.
    pub kind: Option<ErrorKind>,
    /// The vendor's request id.
    pub request_id: Option<&'a str>,
    /// Time from sending to the end of the answer (of its head, for a download); where nothing was sent, the
    /// time spent on the token.
    pub duration: Duration,
    /// How long the runtime waits before the next attempt; `None` if this was the last.
    pub waits: Option<Duration>,
}

/// A member of an answer that was not what its page documents, and was left out or put into the documented shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// The JSON path with `[]` for any item of a list, for instance `data.meeting.participants[].join_time`.
    pub path: String,
    /// What was wrong, without the value.
    pub reason: String,
}
