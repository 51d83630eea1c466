//! The data that a server's handle and its connections share.

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

/// The constant parts, and the state behind a lock that is never held across an `await`.
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
    /// Whether the record is turned off.
    pub(crate) is_silent: bool,
    /// Requests received so far, including forgotten ones.
    pub(crate) received: u64,
    pub(crate) rules: Rules,
    pub(crate) usage: Usage,
    /// Connections that are kept open and silent at the moment.
    pub(crate) silent: usize,
    pub(crate) stubs: Vec<Stub>,
    /// Whether only calls with a stub are answered.
    pub(crate) is_strict: bool,
    /// Messages about calls without a stub.
    pub(crate) complaints: Vec<String>,
    /// The memory of a sandbox.
    #[cfg(feature = "sandbox")]
    pub(crate) world: Option<crate::sandbox::World>,
}

impl State {
    /// Records a request, unless the record is turned off.
    pub(crate) fn keep(&mut self, request: Request) {
        if !self.is_silent {
            self.record.push(request);
        }
    }
}

/// The settings of tests; `clear` resets them.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) faults: VecDeque<(Target, Fault)>,
    pub(crate) answers: HashMap<String, Response>,
    pub(crate) examples: HashMap<String, String>,
    pub(crate) quotas: Vec<Enforced>,
    pub(crate) gate: Option<Gate>,
}

/// A test's own limit: returns for each call, by the name of its operation, whether it is within the limit.
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

    /// Locks the state. A poisoned lock is ignored, since a panic elsewhere must not stop the server.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether a call issues tokens.
    pub(crate) fn issues_tokens(&self, operation: &str) -> bool {
        self.dialect.token_operations().contains(&operation)
    }

    /// Takes the first queued fault for such a request.
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
