//! The handle of a stub.

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::fault::Fault;
use crate::state::Shared;
use crate::stub::{self, Code, Outcome};
use crate::typed::{Call, PagedCall, Reply, json};

/// A prepared answer to the calls of one operation.
///
/// It is in force as soon as it is made; each method changes it. Arguments that are not named may be anything. Of
/// several stubs that fit a call the newest answers, unless it is used up ([`times`](Self::times)). Without an
/// answer it gives the example of the vendor's document.
pub struct Stub<C> {
    shared: Arc<Shared>,
    index: usize,
    call: PhantomData<fn() -> C>,
}

impl<C: Call> Stub<C> {
    pub(crate) fn new(shared: Arc<Shared>, place: &'static Location<'static>) -> Self {
        let index = {
            let stubs = &mut shared.state().stubs;
            stubs.push(stub::Stub::new(C::OPERATION, place));
            stubs.len() - 1
        };
        Self { shared, index, call: PhantomData }
    }

    fn change(self, change: impl FnOnce(&mut stub::Stub)) -> Self {
        if let Some(stub) = self.shared.state().stubs.get_mut(self.index) {
            change(stub);
        }
        self
    }

    fn gives(self, outcomes: Vec<Outcome>) -> Self {
        self.change(|stub| stub.outcomes = outcomes)
    }

    /// For calls with this argument only.
    pub(crate) fn wants(self, place: &'static str, name: &'static str, values: Vec<String>) -> Self {
        self.change(|stub| stub.wanted.arguments.push((place, name, values)))
    }

    /// For calls with this body only.
    pub(crate) fn wants_body(self, body: &impl Serialize) -> Self {
        let body = json(body);
        self.change(|stub| stub.wanted.body = Some(body))
    }

    /// For calls whose body has these members only; it may have others.
    pub fn body_has(self, members: Value) -> Self {
        self.change(|stub| stub.wanted.body = Some(members))
    }

    /// For calls only that a closure accepts.
    pub fn matching(self, condition: impl Fn(&C) -> bool + Send + Sync + 'static) -> Self {
        self.change(|stub| {
            stub.wanted.conditions.push(Arc::new(move |request| C::read(request).is_ok_and(|call| condition(&call))));
        })
    }

    /// Answers this. What it leaves out is left out on the wire too.
    pub fn answers(self, answer: impl Into<C::Answer>) -> Self {
        let content = C::content(&answer.into());
        self.gives(vec![Outcome::Content(content)])
    }

    /// Answers with a whole body as the vendor could send it, envelope included, documented or not.
    pub fn answers_raw(self, body: Value) -> Self {
        self.gives(vec![Outcome::Status(200, body.to_string().into_bytes())])
    }

    /// Fails with this code, with the status and in the envelope that the vendor documents.
    pub fn fails(self, code: impl Into<Code>) -> Self {
        self.gives(vec![Outcome::Fails(code.into())])
    }

    /// Fails with this status and body, as a gateway in between may do.
    pub fn fails_with(self, status: u16, body: impl Into<Vec<u8>>) -> Self {
        self.gives(vec![Outcome::Status(status, body.into())])
    }

    /// Fails in this way.
    pub fn fault(self, fault: Fault) -> Self {
        self.gives(vec![Outcome::Fault(fault)])
    }

    /// Gives these answers one after the other; the last one serves all later calls.
    pub fn sequence(self, replies: impl IntoIterator<Item = Reply<C>>) -> Self {
        self.gives(replies.into_iter().map(|reply| reply.outcome).collect())
    }

    /// Answers only after this time.
    pub fn after(self, delay: Duration) -> Self {
        self.change(|stub| stub.delay = delay)
    }

    /// Answers so many calls, no more, and expects that they come: see `verify` of the mock.
    pub fn times(self, calls: usize) -> Self {
        self.change(|stub| stub.times = Some(calls))
    }

    /// Returns the calls that this stub has answered.
    ///
    /// # Panics
    ///
    /// If one of them cannot be read.
    #[track_caller]
    pub fn calls(&self) -> Vec<C> {
        let record = self.shared.state().record.clone();
        record.iter().filter(|request| request.stub == Some(self.index)).map(read).collect()
    }
}

impl<C: PagedCall> Stub<C> {
    /// Answers with these pages: each call gets the one that it asks for, and the vendor's own way of saying where
    /// the next one begins is filled in.
    pub fn pages(self, pages: impl IntoIterator<Item = C::Answer>) -> Self {
        let contents = pages.into_iter().map(|page| C::content(&page)).collect();
        self.gives(vec![Outcome::Pages(contents)])
    }
}

/// Reads a request that the test wants to look at.
#[track_caller]
pub(crate) fn read<C: Call>(request: &crate::record::Request) -> C {
    match C::read(request) {
        Ok(call) => call,
        Err(error) => panic!("{}: {error}", C::OPERATION),
    }
}

impl<C: Call> fmt::Debug for Stub<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Stub").field("operation", &C::OPERATION).finish_non_exhaustive()
    }
}
