//! A server with a memory: what is booked can be read, listed, changed and cancelled, begins, ends, and is recorded.

pub(crate) mod control;
mod desk;
mod dingtalk;
mod feishu;
mod meeting;
mod pump;
mod tencent;
mod wecom;
mod world;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::clock::Clock;
use crate::ledger::TokenKind;
use crate::server::{Loopback, Task, Vendor};
use crate::state::State;
pub(crate) use desk::perform;
pub use pump::Pushed;
pub(crate) use world::World;

/// A server in the place of a vendor that remembers: what is booked can be read, listed, changed and cancelled; it
/// begins, people come and go, it ends, and its recording appears. Each change is pushed as the vendor's event to the
/// address that was [registered](Self::push_to).
///
/// Ids, states, error codes, pages and quotas are the vendor's. Clients log in with the
/// [`credentials`](crate::credentials); any token of a user is accepted. What has nothing to do with the life of a
/// meeting is answered with the example of its page.
///
/// What no API does is done by the methods here, or, from any language, by requests to `/_sandbox`:
///
/// | Request | Effect |
/// |---|---|
/// | `GET /_sandbox` | time, address, meetings, and the events pushed so far |
/// | `POST /_sandbox/address {"url": ".."}` | events go to this address |
/// | `POST /_sandbox/meetings/{id}/join {"user": ".."}` | a user comes; the first one begins the meeting |
/// | `POST /_sandbox/meetings/{id}/leave {"user": ".."}` | a user goes |
/// | `POST /_sandbox/meetings/{id}/end` | the meeting ends |
/// | `POST /_sandbox/meetings/{id}/record` | its recording is ready |
/// | `POST /_sandbox/advance {"seconds": 3600}` | time passes: booked meetings begin, end, and are recorded |
///
/// `{id}` is the id of a meeting or of its booking, or its code.
#[derive(Clone, Debug)]
pub struct Sandbox {
    server: Loopback,
    _pump: Arc<Task>,
}

/// How a [`Sandbox`] is set up.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct SandboxBuilder {
    vendor: Vendor,
    port: u16,
    keeps_quotas: bool,
}

impl SandboxBuilder {
    /// Listens on this port of 127.0.0.1; by default on a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Answers any number of calls, instead of refusing those above the documented quotas.
    pub fn without_quotas(mut self) -> Self {
        self.keeps_quotas = false;
        self
    }

    /// Starts it, on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If the port cannot be opened.
    pub async fn start(self) -> std::io::Result<Sandbox> {
        let server = Loopback::start_at(self.vendor, self.port).await?;
        let (outbox, inbox) = tokio::sync::mpsc::unbounded_channel();
        {
            let mut state = server.shared.state();
            state.world = Some(World::new(self.vendor, self.keeps_quotas, outbox));
            state.ledger.accept_strangers(TokenKind::User);
        }
        let pump = pump::run(self.vendor, Arc::downgrade(&server.shared), inbox);
        Ok(Sandbox { server, _pump: Arc::new(Task::new(tokio::spawn(pump))) })
    }
}

/// Why the sandbox cannot do what it was told: there is no such meeting or user in it, or its state does not allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible {
    pub(crate) status: u16,
    pub(crate) reason: String,
}

impl std::fmt::Display for Impossible {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.reason)
    }
}

impl std::error::Error for Impossible {}

impl Sandbox {
    /// Starts a sandbox on a free port of 127.0.0.1, on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If the port cannot be opened.
    pub async fn start(vendor: Vendor) -> std::io::Result<Self> {
        Self::builder(vendor).start().await
    }

    /// Starts building a sandbox.
    pub fn builder(vendor: Vendor) -> SandboxBuilder {
        SandboxBuilder { vendor, port: 0, keeps_quotas: true }
    }

    /// Returns `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// Returns the server beneath: its record of requests, its tokens, its faults.
    #[must_use]
    pub fn server(&self) -> &Loopback {
        &self.server
    }

    /// Pushes events to this address from now on.
    pub fn push_to(&self, url: impl Into<String>) {
        let url = url.into();
        self.with(|world, _| world.address = Some(url));
    }

    /// Lets a user come into a meeting. The first one begins it.
    ///
    /// # Errors
    ///
    /// If there is no such meeting, or it is over.
    pub fn join(&self, meeting: &str, user: &str) -> Result<(), Impossible> {
        self.act(meeting, "join", user)
    }

    /// Lets a user go.
    ///
    /// # Errors
    ///
    /// If there is no such meeting, or the user is not in it.
    pub fn leave(&self, meeting: &str, user: &str) -> Result<(), Impossible> {
        self.act(meeting, "leave", user)
    }

    /// Ends a meeting.
    ///
    /// # Errors
    ///
    /// If there is no such meeting, or it does not run.
    pub fn end(&self, meeting: &str) -> Result<(), Impossible> {
        self.act(meeting, "end", "")
    }

    /// Finishes the recording of a meeting that has ended.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn finish_recording(&self, meeting: &str) -> Result<(), Impossible> {
        self.act(meeting, "record", "")
    }

    /// Lets time pass. What happens by itself happens in its order: meetings begin at their time with their host and
    /// those invited (Feishu's, which have no time to begin at, with whoever comes), end at their time, and their
    /// recordings appear five minutes later. It is the time of the meetings only; tokens, signatures and quotas keep the
    /// real one.
    pub fn advance(&self, time: Duration) {
        self.with(|world, clock| world.advance(clock, time));
    }

    /// Returns the events pushed so far, and what the address has answered.
    #[must_use]
    pub fn pushed(&self) -> Vec<Pushed> {
        self.with(|world, _| world.pushed.clone()).unwrap_or_default()
    }

    /// Waits until the address has answered all events so far.
    pub async fn delivered(&self) {
        let Some(mut waiting) = self.with(|world, _| world.waiting.subscribe()) else { return };
        // The sender lives in the server's state.
        _ = waiting.wait_for(|waiting| *waiting == 0).await;
    }

    /// Returns what the sandbox remembers, as `GET /_sandbox` shows it.
    #[must_use]
    pub fn shown(&self) -> Value {
        self.with(|world, clock| world.shown(clock)).unwrap_or_default()
    }

    fn act(&self, meeting: &str, action: &str, user: &str) -> Result<(), Impossible> {
        let mut state = self.server.shared.state();
        control::act(&mut state, meeting, action, user)
    }

    /// Does something with the memory, which a sandbox always has.
    fn with<T>(&self, work: impl FnOnce(&mut World, Clock) -> T) -> Option<T> {
        let mut state = self.server.shared.state();
        let State { world, clock, .. } = &mut *state;
        world.as_mut().map(|world| work(world, *clock))
    }
}
