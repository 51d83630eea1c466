//! Everything that a value prints about itself.

use huiyi_core::Error;
use huiyi_tests::Failure;
use std::error::Error as StdError;
use std::fmt::Debug;
use std::panic::AssertUnwindSafe;

use crate::ear::PANICS_ON_PURPOSE;

/// Returns everything that a value without `Display` prints about itself.
pub(crate) fn debugged(value: &dyn Debug) -> Vec<String> {
    vec![format!("{value:?}"), format!("{value:#?}")]
}

/// Returns everything that an error and its causes print about themselves, including the panic of `unwrap`.
#[allow(clippy::unnecessary_literal_unwrap, reason = "the message is what is wanted")]
pub(crate) fn said_by(error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut texts = vec![format!("{error:#}")];
    let mut cause = Some(error);
    while let Some(error) = cause {
        texts.push(error.to_string());
        texts.extend(debugged(&error));
        cause = error.source();
    }
    let failed: Result<(), &dyn StdError> = Err(error);
    PANICS_ON_PURPOSE.set(true);
    let unwrapped = std::panic::catch_unwind(AssertUnwindSafe(|| failed.unwrap()));
    let expected = std::panic::catch_unwind(AssertUnwindSafe(|| failed.expect("a meeting")));
    PANICS_ON_PURPOSE.set(false);
    assert!(unwrapped.is_err() && expected.is_err());
    texts
}

pub(crate) fn said_by_failure(failure: &Failure) -> Vec<String> {
    let mut texts = debugged(failure);
    texts.push(failure.to_string());
    if let Failure::Call(error) = failure {
        texts.extend(said_by_call(error));
    }
    texts
}

pub(crate) fn said_by_call(error: &Error) -> Vec<String> {
    let mut texts = said_by(error);
    texts.push(error.to_string());
    texts.extend(debugged(&error));
    let parts = [Some(error.message()), error.code(), error.request_id(), error.help()];
    texts.extend(parts.into_iter().flatten().map(str::to_owned));
    texts.extend(error.transport_error().into_iter().flat_map(|source| said_by(source)));
    texts
}
