//! `tracing` spans and events, if the feature is on. No bodies, no query strings, no secrets.

use std::future::Future;

use crate::observe::Attempt;

#[cfg(feature = "tracing")]
pub(crate) async fn call<F: Future>(vendor: &'static str, operation: &'static str, run: F) -> F::Output {
    use tracing::Instrument;
    run.instrument(tracing::info_span!("huiyi.call", vendor, operation)).await
}

#[cfg(not(feature = "tracing"))]
pub(crate) async fn call<F: Future>(_vendor: &'static str, _operation: &'static str, run: F) -> F::Output {
    run.await
}

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
