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
/// It takes effect as soon as it is created; each method changes it. Arguments that are not set may have any value.
/// If several stubs fit a call, the newest answers, unless it is used up ([`times`](Self::times)). A stub without
/// an answer sends the example of the vendor's document.
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

    /// Restricts the stub to calls with this argument.
    pub(crate) fn wants(self, place: &'static str, name: &'static str, values: Vec<String>) -> Self {
        self.change(|stub| stub.wanted.arguments.push((place, name, values)))
    }

    /// Restricts the stub to calls with this body.
    pub(crate) fn wants_body(self, body: &impl Serialize) -> Self {
        let body = json(body);
        self.change(|stub| stub.wanted.body = Some(body))
    }

    /// Restricts the stub to calls whose body has these members; it may have others.
    pub fn body_has(self, members: Value) -> Self {
        self.change(|stub| stub.wanted.body = Some(members))
    }

    /// Restricts the stub to calls that a closure accepts.
    pub fn matching(self, condition: impl Fn(&C) -> bool + Send + Sync + 'static) -> Self {
        self.change(|stub| {
            stub.wanted.conditions.push(Arc::new(move |request| C::read(request).is_ok_and(|call| condition(&call))));
        })
    }

    /// Answers with this value. Members that are not set are not sent.
    pub fn answers(self, answer: impl Into<C::Answer>) -> Self {
        let content = C::content(&answer.into());
        self.gives(vec![Outcome::Content(content)])
    }

    /// Answers with this whole body, envelope included; it need not follow the document.
    pub fn answers_raw(self, body: Value) -> Self {
        self.gives(vec![Outcome::Status(200, body.to_string().into_bytes())])
    }

    /// Fails with this code, and the vendor's documented status and envelope.
    pub fn fails(self, code: impl Into<Code>) -> Self {
        self.gives(vec![Outcome::Fails(code.into())])
    }

    /// Fails with this status and body, for instance as a gateway in between does.
    pub fn fails_with(self, status: u16, body: impl Into<Vec<u8>>) -> Self {
        self.gives(vec![Outcome::Status(status, body.into())])
    }

    /// Fails with this fault.
    pub fn fault(self, fault: Fault) -> Self {
        self.gives(vec![Outcome::Fault(fault)])
    }

    /// Sends these answers in order; the last one is used for all later calls.
    pub fn sequence(self, replies: impl IntoIterator<Item = Reply<C>>) -> Self {
        self.gives(replies.into_iter().map(|reply| reply.outcome).collect())
    }

    /// Delays each answer by this time.
    pub fn after(self, delay: Duration) -> Self {
        self.change(|stub| stub.delay = delay)
    }

    /// Answers at most this number of calls, and expects all of them: see `verify` of the mock.
    pub fn times(self, calls: usize) -> Self {
        self.change(|stub| stub.times = Some(calls))
    }

    /// Returns the calls that this stub has answered.
    ///
    /// # Panics
    ///
    /// If a call cannot be read.
    #[track_caller]
    pub fn calls(&self) -> Vec<C> {
        let record = self.shared.state().record.clone();
        record.iter().filter(|request| request.stub == Some(self.index)).map(read).collect()
    }
}

impl<C: PagedCall> Stub<C> {
    /// Answers with these pages: each call gets the page that it asks for, and the vendor's members for the next
    /// page are filled in.
    pub fn pages(self, pages: impl IntoIterator<Item = C::Answer>) -> Self {
        let contents = pages.into_iter().map(|page| C::content(&page)).collect();
        self.gives(vec![Outcome::Pages(contents)])
    }
}

/// Reads a request for the test.
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
