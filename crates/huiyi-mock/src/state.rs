//! What a running server shares between its handle and its connections.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;
use crate::dialect::Dialect;
use crate::fault::{Fault, Target};
use crate::http::Response;
use crate::ledger::Ledger;
use crate::quota::{Enforced, Usage};
use crate::record::Request;
use crate::spec::{Operation, Spec};
use crate::stub::Stub;

/// The parts that do not change, and the state behind a lock that is never held across an `await`.
pub(crate) struct Shared {
    pub(crate) spec: &'static Spec,
    pub(crate) dialect: &'static dyn Dialect,
    state: Mutex<State>,
}

/// Everything that changes while the server runs.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) ledger: Ledger,
    pub(crate) clock: Clock,
    pub(crate) record: Vec<Request>,
    /// Nothing is recorded.
    pub(crate) is_silent: bool,
    /// Requests received so far, forgotten ones included.
    pub(crate) received: u64,
    pub(crate) rules: Rules,
    pub(crate) usage: Usage,
    /// Connections that are kept open and silent at the moment.
    pub(crate) silent: usize,
    pub(crate) stubs: Vec<Stub>,
    /// Only calls that have a stub are answered.
    pub(crate) is_strict: bool,
    /// Calls for which there was no stub, in words.
    pub(crate) complaints: Vec<String>,
}

impl State {
    /// Records a request, unless the record is turned off.
    pub(crate) fn keep(&mut self, request: Request) {
        if !self.is_silent {
            self.record.push(request);
        }
    }
}

/// What tests have ordered; `clear` sets it back.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) faults: VecDeque<(Target, Fault)>,
    pub(crate) answers: HashMap<String, Response>,
    pub(crate) examples: HashMap<String, String>,
    pub(crate) quotas: Vec<Enforced>,
    pub(crate) gate: Option<Gate>,
}

/// What a test asks at each call, by the name of the operation: whether it is within a limit of the test's own.
pub(crate) type Gate = Arc<dyn Fn(&str) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

impl fmt::Debug for Rules {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Rules")
            .field("faults", &self.faults)
            .field("quotas", &self.quotas)
            .finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn new(spec: &'static Spec, dialect: &'static dyn Dialect) -> Self {
        Self { spec, dialect, state: Mutex::default() }
    }

    /// Locks the state. A test that panicked elsewhere is no reason to stop.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether a call issues tokens.
    pub(crate) fn issues_tokens(&self, operation: &str) -> bool {
        self.dialect.token_operations().contains(&operation)
    }

    /// Takes the first queued fault that waits for such a request.
    pub(crate) fn take_fault(&self, operation: Option<&Operation>) -> Option<Fault> {
        let id = operation.map(|operation| operation.id.as_str());
        let faults = &mut self.state().rules.faults;
        let index = faults.iter().position(|(target, _)| match target {
            Target::Any => true,
            Target::Operation(wanted) => id == Some(wanted.as_str()),
            Target::Token => id.is_some_and(|id| self.issues_tokens(id)),
        })?;
        faults.remove(index).map(|(_, fault)| fault)
    }
}
