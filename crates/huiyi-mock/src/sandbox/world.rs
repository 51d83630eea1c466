//! The memory of a sandbox, and how its changes become events.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use crate::clock::Clock;
use crate::event::Message;
use crate::quota::{Enforced, Usage};
use crate::random;
use crate::sandbox::desk::{Desk, of};
use crate::sandbox::meeting::{Memory, Stage};
use crate::sandbox::pump::{Pushed, Waybill};
use crate::server::Vendor;

/// The memory of a sandbox.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) desk: &'static dyn Desk,
    pub(crate) memory: Memory,
    /// The time by which the meetings are ahead of the server. Tokens, signatures and quotas use the server's time.
    ahead: Duration,
    keeps_quotas: bool,
    usage: Usage,
    /// The address to which events are pushed.
    pub(crate) address: Option<String>,
    outbox: mpsc::UnboundedSender<Waybill>,
    pub(crate) pushed: Vec<Pushed>,
    /// The number of events that the address has not answered yet.
    pub(crate) waiting: watch::Sender<usize>,
}

impl World {
    pub(crate) fn new(vendor: Vendor, keeps_quotas: bool, outbox: mpsc::UnboundedSender<Waybill>) -> Self {
        Self {
            desk: of(vendor),
            memory: Memory::default(),
            ahead: Duration::ZERO,
            keeps_quotas,
            usage: Usage::default(),
            address: None,
            outbox,
            pushed: Vec::new(),
            waiting: watch::Sender::new(0),
        }
    }

    /// Returns the meetings' time, in seconds since the Unix epoch.
    pub(crate) fn now(&self, clock: Clock) -> i64 {
        i64::try_from(self.moment(clock).as_secs()).unwrap_or(i64::MAX)
    }

    /// Returns the meetings' time since the Unix epoch.
    fn moment(&self, clock: Clock) -> Duration {
        clock.since_epoch() + self.ahead
    }

    /// Moves the time ahead, and carries out the changes that happen by themselves, each at its time.
    pub(crate) fn advance(&mut self, clock: Clock, time: Duration) {
        let (start, end) = (self.moment(clock), self.moment(clock) + time);
        let before = self.ahead;
        while let Some((due, index)) = self.memory.next_due() {
            let due = Duration::from_secs(u64::try_from(due).unwrap_or_default());
            if due > end {
                break;
            }
            self.ahead = self.ahead.max(before + due.saturating_sub(start));
            self.memory.happen(index, self.now(clock));
            self.publish(clock);
        }
        self.ahead = before + time;
    }

    /// Counts a call.
    ///
    /// # Errors
    ///
    /// The seconds until the next call is answered, if this call is above a limit.
    pub(crate) fn count(&mut self, limits: &[Enforced], operation: &str, now: i64) -> Result<(), i64> {
        if self.keeps_quotas { self.usage.count(limits, operation, now) } else { Ok(()) }
    }

    /// Pushes the changes since the last time.
    pub(crate) fn publish(&mut self, clock: Clock) {
        let unix_millis = i64::try_from(self.moment(clock).as_millis()).unwrap_or(i64::MAX);
        for (index, change) in self.memory.take_changes() {
            let number = self.pushed.len() + 1;
            let told = self.desk.event(&self.memory.meetings[index], &change, unix_millis, number);
            let (Some(told), Some(url)) = (told, &self.address) else { continue };
            let id = random::hex(32);
            let message = Message {
                event_type: told.event_type.to_owned(),
                content: told.content,
                id: id.clone(),
                actor: told.actor,
                unix_millis,
            };
            self.pushed.push(Pushed { event_type: message.event_type.clone(), id, status: None });
            self.waiting.send_modify(|waiting| *waiting += 1);
            // The receiver is gone only if the sandbox is about to stop.
            _ = self.outbox.send(Waybill { index: number - 1, url: url.clone(), message });
        }
    }

    /// Shows everything as JSON.
    pub(crate) fn shown(&self, clock: Clock) -> Value {
        let now = self.now(clock);
        let meetings = self.memory.meetings.iter().map(|meeting| {
            let state = match meeting.stage {
                Stage::Booked if meeting.is_expired(now) => "expired",
                Stage::Booked => "booked",
                Stage::Running => "running",
                Stage::Ended => "ended",
                Stage::Cancelled => "cancelled",
            };
            json!({
                "id": meeting.id,
                "booking": meeting.booking,
                "code": meeting.code,
                "host": meeting.host,
                "subject": meeting.subject,
                "state": state,
                "present": meeting.present().map(|stay| stay.user.as_str()).collect::<Vec<_>>(),
                "is_recording_ready": meeting.recording.as_ref().is_some_and(|recording| recording.is_ready),
            })
        });
        let pushed = self
            .pushed
            .iter()
            .map(|pushed| json!({"event_type": pushed.event_type, "id": pushed.id, "status": pushed.status}));
        json!({
            "unix_time": now,
            "address": self.address,
            "meetings": meetings.collect::<Vec<_>>(),
            "pushed": pushed.collect::<Vec<_>>(),
        })
    }
}
