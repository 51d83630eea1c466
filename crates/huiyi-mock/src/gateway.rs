//! Gateways of long connections. They return addresses, accept WebSockets, deliver each event to one open
//! connection, count acknowledgements, and deliver unacknowledged events again. They can also fail in all the ways
//! that were observed.

mod dialect;
mod dingtalk;
mod fault;
mod feishu;
mod http;
mod line;
mod state;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use fault::{AskFault, Break};
pub use state::Tally;

use crate::Vendor;
use dialect::Dialect;
use state::Shared;

/// A running gateway. Clones are handles of the same gateway; it stops when the last one is dropped.
///
/// ```
/// use huiyi_mock::{Gateway, Vendor};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let gateway = Gateway::start(Vendor::Feishu).await?;
/// gateway.push("vc.meeting.meeting_ended_v1", "event-1", r#"{"meeting":{"id":"1"}}"#);
/// // .. point a client at `gateway.base_url()` and connect ..
/// assert_eq!(gateway.tally().acknowledged, 0);
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone)]
pub struct Gateway {
    address: SocketAddr,
    shared: Arc<Shared>,
    _tasks: Arc<Tasks>,
}

struct Tasks([JoinHandle<()>; 2]);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Gateway {
    /// Starts a gateway on a free port of 127.0.0.1, on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If the port cannot be opened, or the vendor has no long connections.
    pub async fn start(vendor: Vendor) -> std::io::Result<Self> {
        let dialect: &'static dyn Dialect = match vendor {
            Vendor::Feishu => &feishu::Feishu,
            Vendor::DingTalk => &dingtalk::DingTalk,
            Vendor::WeCom | Vendor::Tencent => return Err(std::io::ErrorKind::Unsupported.into()),
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(dialect, address));
        let serving = tokio::spawn(http::serve(listener, Arc::clone(&shared)));
        let repeating = tokio::spawn(repeat(Arc::clone(&shared)));
        Ok(Self { address, shared, _tasks: Arc::new(Tasks([serving, repeating])) })
    }

    /// Returns the base URL for a client: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Delivers an event with this JSON content to an open connection, or to the next one that opens, and repeats
    /// it until it is acknowledged.
    pub fn push(&self, event_type: &str, id: &str, content: &str) {
        self.shared.state().push(self.shared.dialect.event(event_type, id, content));
    }

    /// Delivers the event number `index`, counted from 0, once more, even if it was acknowledged.
    pub fn push_again(&self, index: usize) {
        self.shared.state().again(index);
    }

    /// Sends bytes or text unchanged on all open connections, for instance malformed messages.
    pub fn send_raw(&self, bytes: impl Into<Vec<u8>>, is_text: bool) {
        self.shared.state().raw(&bytes.into(), is_text);
    }

    /// Sends a fragment of a message with this id that claims to have `sum` fragments (Feishu).
    pub fn send_fragment(&self, message_id: &str, sum: u64, seq: u64, payload: &[u8]) {
        self.shared.state().raw(&feishu::data_frame(message_id, sum, seq, payload), false);
    }

    /// Breaks the open connections. Returns their number.
    pub fn break_all(&self, how: Break) -> usize {
        self.shared.state().break_all(how)
    }

    /// Breaks one open connection, chosen by a number. Returns whether there was one.
    pub fn break_one(&self, number: usize, how: Break) -> bool {
        self.shared.state().break_one(number, how)
    }

    /// Queues a fault for the next call for an address, or for the upgrade that follows; each call takes one.
    pub fn fault(&self, fault: AskFault) {
        self.shared.state().asks.push_back(fault);
    }

    /// Answers all calls for an address with this fault, until it is set to `None`.
    pub fn fault_always(&self, fault: Option<AskFault>) {
        self.shared.state().ask_always = fault;
    }

    /// Sets the time after which an unacknowledged event is delivered again. Default: 15 seconds.
    pub fn repeat_after(&self, time: Duration) {
        self.shared.state().repeat_after = time;
    }

    /// Sets the interval of pings, in seconds: the client's (Feishu), or the gateway's own (DingTalk).
    pub fn ping_every(&self, seconds: u64) {
        self.shared.state().ping_every = seconds;
    }

    /// Splits contents into fragments of this many bytes (Feishu).
    pub fn fragments_of(&self, bytes: usize) {
        self.shared.state().fragments_of = Some(bytes);
    }

    /// Waits this long before each message that it sends, its answers to pings included: a slow connection.
    pub fn pause_before_messages(&self, time: Duration) {
        self.shared.state().pause = time;
    }

    /// Returns the counts so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.shared.state().tally()
    }

    /// Returns whether the event number `index`, counted from 0, was acknowledged.
    #[must_use]
    pub fn is_acknowledged(&self, index: usize) -> bool {
        self.shared.state().is_acknowledged(index)
    }

    /// Waits until the counts fulfil a condition; checks every millisecond.
    pub async fn until(&self, is_so: impl Fn(&Tally) -> bool) -> Tally {
        loop {
            let tally = self.tally();
            if is_so(&tally) {
                return tally;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn repeat(shared: Arc<Shared>) {
    loop {
        tokio::time::sleep(Duration::from_millis(5)).await;
        shared.state().repeat();
    }
}
