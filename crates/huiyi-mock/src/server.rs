//! The handle of a running server.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::answer::given;
use crate::connection::serve;
use crate::dialect::Dialect;
use crate::dialect::dingtalk::DingTalk;
use crate::dialect::feishu::Feishu;
use crate::dialect::tencent::Tencent;
use crate::dialect::wecom::WeCom;
use crate::fault::{Fault, Target};
use crate::quota::{Enforced, Quota};
use crate::record::Request;
use crate::spec;
use crate::state::{Rules, Shared};

/// The vendor that a server imitates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vendor {
    /// Feishu and Lark (飞书).
    Feishu,
    /// WeCom (企业微信).
    WeCom,
    /// DingTalk (钉钉).
    DingTalk,
    /// Tencent Meeting (腾讯会议).
    Tencent,
}

impl Vendor {
    /// All four vendors.
    pub const ALL: [Self; 4] = [Self::Feishu, Self::WeCom, Self::DingTalk, Self::Tencent];

    fn dialect(self) -> &'static dyn Dialect {
        match self {
            Self::Feishu => &Feishu,
            Self::WeCom => &WeCom,
            Self::DingTalk => &DingTalk,
            Self::Tencent => &Tencent,
        }
    }
}

/// A running server. Clones are handles of the same server; it stops when the last one is dropped.
#[derive(Clone)]
pub struct Loopback {
    vendor: Vendor,
    address: SocketAddr,
    pub(crate) shared: Arc<Shared>,
    _task: Arc<Task>,
}

/// A task that ends, with all its connections, when this value is dropped.
pub(crate) struct Task(JoinHandle<()>);

impl Task {
    pub(crate) fn new(handle: JoinHandle<()>) -> Self {
        Self(handle)
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Task")
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl fmt::Debug for Loopback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Loopback")
            .field("vendor", &self.vendor)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Loopback {
    /// Starts a server on a free port of 127.0.0.1, on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If the port cannot be opened.
    pub async fn start(vendor: Vendor) -> std::io::Result<Self> {
        Self::start_at(vendor, 0).await
    }

    /// Starts a server on this port of 127.0.0.1.
    pub(crate) async fn start_at(vendor: Vendor, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(spec::of(vendor), vendor.dialect()));
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { vendor, address, shared, _task: Arc::new(Task::new(task)) })
    }

    /// Returns the vendor that the server imitates.
    pub fn vendor(&self) -> Vendor {
        self.vendor
    }

    /// Returns `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lists the `operationId`s that the server knows, sorted.
    pub fn operations(&self) -> Vec<&'static str> {
        let mut ids: Vec<&str> = self.shared.spec.operations().map(|operation| operation.id.as_str()).collect();
        ids.sort_unstable();
        ids
    }

    /// Returns all requests, including token requests, in the order in which they were answered.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.state().record.clone()
    }

    /// Returns the requests of one `operationId`.
    pub fn calls(&self, operation: &str) -> Vec<Request> {
        let state = self.shared.state();
        let record = state.record.iter();
        record.filter(|request| request.operation.as_deref() == Some(operation)).cloned().collect()
    }

    /// Counts the requests to calls that issue tokens.
    pub fn token_requests(&self) -> usize {
        let state = self.shared.state();
        let operations = state.record.iter().filter_map(|request| request.operation.as_deref());
        operations.filter(|operation| self.shared.issues_tokens(operation)).count()
    }

    /// Clears the record.
    pub fn forget(&self) {
        self.shared.state().record.clear();
    }

    /// Turns the record off or on again, for benchmarks that must not fill the memory.
    pub fn set_recording(&self, is_on: bool) {
        self.shared.state().is_silent = !is_on;
    }

    /// Makes all access tokens issued so far invalid. Refresh tokens stay valid.
    pub fn revoke_tokens(&self) {
        self.shared.state().ledger.revoke_access();
    }

    /// Makes all access tokens issued so far expired. Refresh tokens stay valid.
    pub fn expire_tokens(&self) {
        self.shared.state().ledger.expire_access();
    }

    /// Makes all refresh tokens issued so far invalid.
    pub fn revoke_refresh_tokens(&self) {
        self.shared.state().ledger.revoke_refresh();
    }

    /// Sets the lifetime, in seconds, of the access tokens issued from now on.
    pub fn set_token_life(&self, seconds: i64) {
        self.shared.state().ledger.set_life(Some(seconds));
    }

    /// Answers an operation with this JSON until [`clear`](Self::clear). Token, signature and parameters
    /// are still checked.
    pub fn answer(&self, operation: &str, status: u16, body: impl Into<String>) {
        self.answer_with(operation, &[], status, body.into());
    }

    /// Answers an operation with these headers and bytes until [`clear`](Self::clear).
    pub fn answer_with(&self, operation: &str, headers: &[(&str, &str)], status: u16, body: impl Into<Vec<u8>>) {
        let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let response = given(status, headers.collect(), body.into());
        self.shared.state().rules.answers.insert(operation.to_owned(), response);
    }

    /// Chooses the example of the document that answers an operation. Default: `page`, or the first by name.
    pub fn use_example(&self, operation: &str, name: &str) {
        let examples = &mut self.shared.state().rules.examples;
        examples.insert(operation.to_owned(), name.to_owned());
    }

    /// Queues a fault for the next request to the target. Each request takes one fault, in the order in which they
    /// were queued.
    pub fn fault(&self, target: Target, fault: Fault) {
        self.shared.state().rules.faults.push_back((target, fault));
    }

    /// Returns the number of queued faults that no request has met yet.
    pub fn pending_faults(&self) -> usize {
        self.shared.state().rules.faults.len()
    }

    /// Returns the number of connections that a fault keeps open and silent at the moment. Everything that they are
    /// going to send has been sent.
    pub fn silent_connections(&self) -> usize {
        self.shared.state().silent
    }

    /// Sets a limit, by the server's clock, and refuses calls above it. It replaces earlier limits.
    pub fn enforce(&self, quota: Quota) {
        let mut state = self.shared.state();
        state.usage = Default::default();
        state.rules.quotas = vec![Enforced { quota, together: false }];
    }

    /// Adds one more limit, and refuses calls above it.
    pub fn enforce_also(&self, quota: Quota) {
        self.shared.state().rules.quotas.push(Enforced { quota, together: false });
    }

    /// Adds one more limit that counts all operations together, and refuses calls above it.
    pub fn enforce_together(&self, quota: Quota) {
        self.shared.state().rules.quotas.push(Enforced { quota, together: true });
    }

    /// Asks the test before each call whether the call is within the test's own limit, and refuses it if not. The
    /// gate may be slow.
    pub fn ask<F>(&self, gate: impl Fn(&str) -> F + Send + Sync + 'static)
    where
        F: Future<Output = bool> + Send + 'static,
    {
        self.shared.state().rules.gate = Some(Arc::new(move |operation| Box::pin(gate(operation))));
    }

    /// Stops the server's clock at this many seconds since the Unix epoch. Tencent Meeting's timestamps, the expiry
    /// of tokens, quotas and the `Date` header depend on the clock.
    pub fn set_unix_time(&self, seconds: i64) {
        self.shared.state().clock.set(seconds);
    }

    /// Removes all answers, examples, faults, quotas, and the set time and token lifetime. The record and the
    /// issued tokens stay.
    pub fn clear(&self) {
        let mut state = self.shared.state();
        state.rules = Rules::default();
        state.usage = Default::default();
        state.clock = Default::default();
        state.ledger.set_life(None);
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        // An error of `accept` affects only that connection.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        number += 1;
        connections.spawn(serve(Arc::clone(&shared), stream, number));
    }
}
