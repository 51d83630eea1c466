//! A server with a memory: meetings can be booked, read, listed, changed and cancelled; they begin, end, and are
//! recorded.

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

/// A server with a memory, in place of a vendor.
///
/// Meetings can be booked, read, listed, changed and cancelled. They begin, users join and leave, they end, and
/// their recordings appear. Each change is pushed as the vendor's event to the address that was
/// [registered](Self::push_to).
///
/// Ids, states, error codes, pages and quotas are the vendor's. Clients log in with the
/// [`credentials`](crate::credentials). Any user token is accepted; tokens of apps are those that the sandbox issued.
/// Operations that have nothing to do with meetings are answered with the example of their page.
///
/// The methods here do what no API does. From any language, the same is done by requests to `/_sandbox`:
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

/// Builds a [`Sandbox`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct SandboxBuilder {
    vendor: Vendor,
    port: u16,
    keeps_quotas: bool,
}

impl SandboxBuilder {
    /// Sets the port of 127.0.0.1 to listen on. Default: a free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Turns off the documented quotas: any number of calls is answered.
    pub fn without_quotas(mut self) -> Self {
        self.keeps_quotas = false;
        self
    }

    /// Starts the sandbox on the current tokio runtime.
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

/// The reason why the sandbox cannot do something: the meeting or the user does not exist, or the state does not
/// allow it.
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

    /// Returns the underlying server, with its record of requests, its tokens and its faults.
    #[must_use]
    pub fn server(&self) -> &Loopback {
        &self.server
    }

    /// Pushes events to this address from now on.
    pub fn push_to(&self, url: impl Into<String>) {
        let url = url.into();
        self.with(|world, _| world.address = Some(url));
    }

    /// Lets a user join a meeting. The first user begins it.
    ///
    /// # Errors
    ///
    /// If there is no such meeting, or it has ended.
    pub fn join(&self, meeting: &str, user: &str) -> Result<(), Impossible> {
        self.act(meeting, "join", user)
    }

    /// Lets a user leave a meeting.
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
    /// If there is no such meeting, or it is not running.
    pub fn end(&self, meeting: &str) -> Result<(), Impossible> {
        self.act(meeting, "end", "")
    }

    /// Finishes the recording of a meeting that has ended.
    ///
    /// # Errors
    ///
    /// If there is no such recording.
    pub fn finish_recording(&self, meeting: &str) -> Result<(), Impossible> {
        self.act(meeting, "record", "")
    }

    /// Moves the time ahead, and carries out in order what happens in between.
    ///
    /// Meetings begin at their start time with their host and the invited users; Feishu's meetings have no start
    /// time and begin when the first user joins. Meetings end at their end time, and their recordings appear 5
    /// minutes later. Only the time of the meetings moves; tokens, signatures and quotas use the real time.
    pub fn advance(&self, time: Duration) {
        self.with(|world, clock| world.advance(clock, time));
    }

    /// Returns the events pushed so far, and the responses of the address.
    #[must_use]
    pub fn pushed(&self) -> Vec<Pushed> {
        self.with(|world, _| world.pushed.clone()).unwrap_or_default()
    }

    /// Waits until every event so far was accepted, or given up after three attempts.
    pub async fn delivered(&self) {
        let Some(mut waiting) = self.with(|world, _| world.waiting.subscribe()) else { return };
        // The server's state holds the sender, so this does not fail.
        _ = waiting.wait_for(|waiting| *waiting == 0).await;
    }

    /// Returns the contents of the memory, as in `GET /_sandbox`.
    #[must_use]
    pub fn shown(&self) -> Value {
        self.with(|world, clock| world.shown(clock)).unwrap_or_default()
    }

    fn act(&self, meeting: &str, action: &str, user: &str) -> Result<(), Impossible> {
        let mut state = self.server.shared.state();
        control::act(&mut state, meeting, action, user)
    }

    /// Runs a function on the memory, which a sandbox always has.
    fn with<T>(&self, work: impl FnOnce(&mut World, Clock) -> T) -> Option<T> {
        let mut state = self.server.shared.state();
        let State { world, clock, .. } = &mut *state;
        world.as_mut().map(|world| work(world, *clock))
    }
}
