//! `tracing` spans and events, if the feature is on. They contain no bodies, query strings or secrets.

use crate::observe::{Attempt, StoreFailure};

/// Runs a call inside a span. It is a macro so that the future is not moved without the feature.
#[cfg(feature = "tracing")]
macro_rules! call {
    ($vendor:expr, $operation:expr, $run:expr) => {
        tracing::Instrument::instrument(
            $run,
            tracing::info_span!("huiyi.call", vendor = $vendor, operation = $operation),
        )
    };
}

#[cfg(not(feature = "tracing"))]
macro_rules! call {
    ($vendor:expr, $operation:expr, $run:expr) => {
        $run
    };
}

pub(crate) use call;

#[cfg(feature = "tracing")]
pub(crate) fn attempt(attempt: &Attempt<'_>) {
    tracing::debug!(
        target: "huiyi",
        vendor = attempt.vendor,
        operation = attempt.operation,
        attempt = attempt.number,
        status = attempt.status.map(|status| status.as_u16()),
        code = attempt.code,
        kind = attempt.kind.map(tracing::field::debug),
        request_id = attempt.request_id,
        duration_ms = u64::try_from(attempt.duration.as_millis()).unwrap_or(u64::MAX),
        waits_ms = attempt.waits.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        "attempt"
    );
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn attempt(_attempt: &Attempt<'_>) {}

#[cfg(feature = "tracing")]
pub(crate) fn store_failure(failure: &StoreFailure<'_>) {
    tracing::warn!(
        target: "huiyi",
        key = failure.key,
        step = failure.step,
        reason = failure.reason,
        "the token store or keeper failed; continuing without it"
    );
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn store_failure(_failure: &StoreFailure<'_>) {}

/// Logs a warning for the operator of the program.
#[cfg(feature = "tracing")]
pub(crate) fn warn(text: &str) {
    tracing::warn!(target: "huiyi", "{text}");
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn warn(_text: &str) {}
