//! One answer in a sequence.

use std::fmt;
use std::marker::PhantomData;

use serde_json::Value;

use crate::fault::Fault;
use crate::stub::{Code, Outcome};
use crate::typed::Call;

/// One answer of a [sequence](crate::Stub::sequence).
pub struct Reply<C> {
    pub(crate) outcome: Outcome,
    call: PhantomData<fn() -> C>,
}

impl<C: Call> Reply<C> {
    fn of(outcome: Outcome) -> Self {
        Self { outcome, call: PhantomData }
    }

    /// Answers with the example of the vendor's document.
    pub fn example() -> Self {
        Self::of(Outcome::Example)
    }

    /// Answers with this value.
    pub fn answers(answer: impl Into<C::Answer>) -> Self {
        Self::of(Outcome::Content(C::content(&answer.into())))
    }

    /// Answers with this whole body, envelope included.
    pub fn answers_raw(body: &Value) -> Self {
        Self::of(Outcome::Status(200, body.to_string().into_bytes()))
    }

    /// Fails with this code, and the vendor's documented status and envelope.
    pub fn fails(code: impl Into<Code>) -> Self {
        Self::of(Outcome::Fails(code.into()))
    }

    /// Fails with this status and body.
    pub fn fails_with(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::of(Outcome::Status(status, body.into()))
    }

    /// Fails with this fault.
    pub fn fault(fault: Fault) -> Self {
        Self::of(Outcome::Fault(fault))
    }
}

impl<C> Clone for Reply<C> {
    fn clone(&self) -> Self {
        Self { outcome: self.outcome.clone(), call: PhantomData }
    }
}

impl<C> fmt::Debug for Reply<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Reply").field(&self.outcome).finish()
    }
}
