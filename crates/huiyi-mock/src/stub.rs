//! Stubs: answers that a test has prepared for some requests, and the choice of a stub for a request.
//!
//! This module does not use the types of the clients; those are in `typed`. Without a vendor's feature no stubs are
//! made.

#![cfg_attr(
    not(any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent")),
    allow(dead_code, unused_imports, unreachable_pub, reason = "stubs are made by the typed layer only")
)]

pub(crate) mod differences;
mod outcome;
mod pages;
mod shown;

use std::fmt;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::dialect::Refusal;
use crate::record::Request;
use crate::spec::Operation;
use crate::state::{Shared, State};

#[cfg(any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent"))]
pub(crate) use differences::values;
pub use outcome::Code;
#[cfg(feature = "sandbox")]
pub(crate) use outcome::failure;
pub(crate) use outcome::{Content, Outcome, respond};

/// Decides whether a stub is for a request.
pub(crate) type Condition = Arc<dyn Fn(&Request) -> bool + Send + Sync>;

/// The conditions that a request must fulfil.
#[derive(Clone, Default)]
pub(crate) struct Wanted {
    /// Place (`path`, `query` or `header`), name and values of arguments, as they are sent.
    pub(crate) arguments: Vec<(&'static str, &'static str, Vec<String>)>,
    /// Members that the body must have.
    pub(crate) body: Option<Value>,
    /// Any other condition.
    pub(crate) conditions: Vec<Condition>,
}

/// A stub.
pub(crate) struct Stub {
    pub(crate) operation: &'static str,
    /// The place in the test that made it.
    pub(crate) place: &'static Location<'static>,
    pub(crate) wanted: Wanted,
    /// Answers in order; the last one is used for all later calls.
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) delay: Duration,
    /// The number of calls that it answers; `None` for any number.
    pub(crate) times: Option<usize>,
    /// Calls that it has answered.
    pub(crate) answered: usize,
}

impl fmt::Debug for Stub {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct("Stub");
        fields.field("operation", &self.operation).field("place", &self.place).finish_non_exhaustive()
    }
}

impl Stub {
    /// Creates a stub that answers every call of an operation with the document's example.
    pub(crate) fn new(operation: &'static str, place: &'static Location<'static>) -> Self {
        Self {
            operation,
            place,
            wanted: Wanted::default(),
            outcomes: Vec::new(),
            delay: Duration::ZERO,
            times: None,
            answered: 0,
        }
    }

    fn is_used_up(&self) -> bool {
        self.times.is_some_and(|times| self.answered >= times)
    }
}

/// The answer of a stub to one request.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) stub: usize,
    pub(crate) outcome: Outcome,
    pub(crate) delay: Duration,
}

/// How well the stubs of an operation fit a request; computed without the lock, since conditions are code of the
/// test.
#[derive(Debug, Default)]
pub(crate) struct Fitting(Vec<(usize, Vec<String>)>);

impl Shared {
    /// Compares a request with the stubs of its operation, the newest first.
    pub(crate) fn compare(&self, request: &Request) -> Fitting {
        let Some(operation) = request.operation.as_deref() else { return Fitting::default() };
        let candidates: Vec<(usize, Wanted)> = {
            let state = self.state();
            let stubs = state.stubs.iter().enumerate().rev().filter(|(_, stub)| stub.operation == operation);
            stubs.map(|(index, stub)| (index, stub.wanted.clone())).collect()
        };
        Fitting(candidates.into_iter().map(|(index, wanted)| (index, wanted.differences(request))).collect())
    }
}

impl Wanted {
    /// Lists the differences of a request; empty if the stub fits.
    fn differences(&self, request: &Request) -> Vec<String> {
        let mut found: Vec<String> = self
            .arguments
            .iter()
            .filter_map(|(place, name, values)| differences::of_argument(request, place, name, values))
            .collect();
        if let Some(body) = &self.body {
            found.extend(differences::of_body(request, body));
        }
        for condition in &self.conditions {
            match catch_unwind(AssertUnwindSafe(|| condition(request))) {
                Ok(true) => {}
                Ok(false) => found.push("the condition given to `matching` does not hold".to_owned()),
                Err(_) => found.push("the condition given to `matching` panicked".to_owned()),
            }
        }
        found
    }
}

impl State {
    /// Takes the answer of the newest stub that fits and is not used up.
    pub(crate) fn choose(&mut self, fitting: &Fitting) -> Option<Chosen> {
        let fits = fitting.0.iter().filter(|(_, differences)| differences.is_empty());
        let index = fits.map(|(index, _)| *index).find(|index| !self.stubs[*index].is_used_up())?;
        let stub = &mut self.stubs[index];
        let outcome = stub.outcomes.get(stub.answered).or(stub.outcomes.last()).cloned();
        stub.answered += 1;
        Some(Chosen { stub: index, outcome: outcome.unwrap_or(Outcome::Example), delay: stub.delay })
    }

    /// Builds and records the message that no stub fits a request.
    pub(crate) fn unmatched(&mut self, operation: &Operation, request: &Request, fitting: &Fitting) -> Refusal {
        let mut text = format!("no stub is for {}", shown::call(operation, request));
        let nearest = fitting.0.iter().min_by_key(|(_, differences)| differences.len());
        match nearest.map(|(index, differences)| (&self.stubs[*index], differences)) {
            Some((stub, differences)) if differences.is_empty() => {
                let times = stub.times.unwrap_or_default();
                text.push_str(&format!("; the one made at {} was for {}", stub.place, shown::calls(times)));
            }
            Some((stub, differences)) => {
                text.push_str(&format!("; the nearest, made at {}, wants {}", stub.place, differences.join(", ")));
            }
            None => {
                let mut others: Vec<&str> = self.stubs.iter().map(|stub| stub.operation).collect();
                others.sort_unstable();
                others.dedup();
                match others.as_slice() {
                    [] => text.push_str("; there are no stubs"),
                    others => text.push_str(&format!("; there are stubs of {} only", others.join(", "))),
                }
            }
        }
        self.complaints.push(text.clone());
        Refusal::Own { status: 400, code: Value::from(UNMATCHED), message: format!("huiyi-mock: {text}") }
    }

    /// Lists the failed expectations: calls without a stub, and stubs with too few calls.
    pub(crate) fn unmet(&self) -> Vec<String> {
        let unmet = self.stubs.iter().filter_map(|stub| {
            let times = stub.times?;
            let (wanted, got) = (shown::calls(times), shown::calls(stub.answered));
            let what = shown::stub(stub.operation, &stub.wanted);
            (stub.answered != times).then(|| format!("{what}, made at {}, expected {wanted} and got {got}", stub.place))
        });
        self.complaints.iter().cloned().chain(unmet).collect()
    }
}

/// The error code of a call without a stub.
pub const UNMATCHED: i64 = 900_404;
