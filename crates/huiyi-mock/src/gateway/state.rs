//! The state of a gateway: events, connections, faults, counts.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

use super::dialect::{Dialect, Event};
use super::fault::{AskFault, Break};

/// The counts so far.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Tally {
    /// Calls for an address.
    pub asks: usize,
    /// Connections that were opened.
    pub opened: usize,
    /// Connections that are open and working now.
    pub open: usize,
    /// Connections whose sockets are open now, including broken and announced ones.
    pub sockets: usize,
    /// The most sockets that were open at the same time.
    pub most_sockets: usize,
    /// Events that were pushed.
    pub pushed: usize,
    /// Deliveries of events, including repetitions.
    pub deliveries: usize,
    /// Events that were acknowledged.
    pub acknowledged: usize,
    /// Answers that asked to deliver again.
    pub failed: usize,
    /// Answers that the vendor would not understand.
    pub malformed: usize,
    /// Pings of clients.
    pub pings: usize,
    /// Answers to the gateway's pings and announcements.
    pub answers: usize,
    /// Close frames of clients.
    pub closes: usize,
    /// The longest time from a delivery to its answer.
    pub slowest_answer: Duration,
    /// The longest time without a working connection, since the first one.
    pub longest_gap: Duration,
    /// The longest time without any socket, since the first one.
    pub longest_without_socket: Duration,
}

/// A command to a connection.
pub(super) enum Order {
    Send(Vec<Message>),
    Break(Break),
}

struct Line {
    number: u64,
    orders: mpsc::UnboundedSender<Order>,
}

struct Record {
    event: Event,
    acknowledged: bool,
    /// The time of the last delivery.
    sent: Option<Instant>,
}

pub(super) struct State {
    dialect: &'static dyn Dialect,
    pub(super) asks: VecDeque<AskFault>,
    pub(super) ask_always: Option<AskFault>,
    pub(super) repeat_after: Duration,
    pub(super) ping_every: u64,
    pub(super) fragments_of: Option<usize>,
    /// The pause before each message.
    pub(super) pause: Duration,
    pub(super) tally: Tally,
    /// Tickets that were issued and not used yet.
    tickets: Vec<String>,
    lines: Vec<Line>,
    records: Vec<Record>,
    waiting: VecDeque<usize>,
    /// The time at which each delivery is repeated, in order.
    due: VecDeque<(Instant, usize)>,
    count: u64,
    random: u64,
    gap: Option<Instant>,
    without_socket: Option<Instant>,
}

pub(super) struct Shared {
    pub(super) dialect: &'static dyn Dialect,
    pub(super) address: SocketAddr,
    state: Mutex<State>,
}

impl Shared {
    pub(super) fn new(dialect: &'static dyn Dialect, address: SocketAddr) -> Self {
        let state = State {
            dialect,
            asks: VecDeque::new(),
            ask_always: None,
            repeat_after: Duration::from_secs(15),
            ping_every: 120,
            fragments_of: None,
            pause: Duration::ZERO,
            tally: Tally::default(),
            tickets: Vec::new(),
            lines: Vec::new(),
            records: Vec::new(),
            waiting: VecDeque::new(),
            due: VecDeque::new(),
            count: 0,
            random: 0x9e37_79b9_7f4a_7c15,
            gap: None,
            without_socket: None,
        };
        Self { dialect, address, state: Mutex::new(state) }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub(super) fn tally(&self) -> Tally {
        let mut tally = self.tally.clone();
        tally.open = self.lines.len();
        tally.longest_gap = tally.longest_gap.max(self.gap.map(|gap| gap.elapsed()).unwrap_or_default());
        tally
    }

    pub(super) fn is_acknowledged(&self, index: usize) -> bool {
        self.records.get(index).is_some_and(|record| record.acknowledged)
    }

    pub(super) fn ticket(&mut self) -> String {
        self.count += 1;
        let ticket = format!("ticket-sentinel/{}+", self.count);
        self.tickets.push(ticket.clone());
        ticket
    }

    /// Uses a ticket. Returns whether it was valid.
    pub(super) fn admit(&mut self, ticket: &str) -> bool {
        let found = self.tickets.iter().position(|known| known == ticket);
        found.map(|at| self.tickets.remove(at)).is_some()
    }

    pub(super) fn opened(&mut self) -> (u64, mpsc::UnboundedReceiver<Order>) {
        let (orders, told) = mpsc::unbounded_channel();
        self.count += 1;
        self.lines.push(Line { number: self.count, orders });
        self.tally.opened += 1;
        self.tally.sockets += 1;
        self.tally.most_sockets = self.tally.most_sockets.max(self.tally.sockets);
        if let Some(gap) = self.gap.take() {
            self.tally.longest_gap = self.tally.longest_gap.max(gap.elapsed());
        }
        while let Some(index) = self.waiting.pop_front() {
            self.deliver(index);
        }
        (self.count, told)
    }

    /// Stops deliveries on this connection.
    pub(super) fn retire(&mut self, number: u64) {
        let before = self.lines.len();
        self.lines.retain(|line| line.number != number);
        if before > 0 && self.lines.is_empty() {
            self.gap = Some(Instant::now());
        }
    }

    pub(super) fn ended(&mut self, number: u64) {
        self.retire(number);
        self.tally.sockets -= 1;
        if self.tally.sockets == 0 {
            self.without_socket = Some(Instant::now());
        }
    }

    pub(super) fn push(&mut self, event: Event) {
        self.records.push(Record { event, acknowledged: false, sent: None });
        self.tally.pushed += 1;
        self.deliver(self.records.len() - 1);
    }

    pub(super) fn again(&mut self, index: usize) {
        if index < self.records.len() {
            self.deliver(index);
        }
    }

    /// Sends an event to one of the open connections.
    fn deliver(&mut self, index: usize) {
        // Xorshift; the choice need not be random in a strict sense.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let chosen = usize::try_from(self.random).unwrap_or(0) % self.lines.len().max(1);
        let (Some(line), Some(record)) = (self.lines.get(chosen), self.records.get_mut(index)) else {
            self.waiting.push_back(index);
            return;
        };
        self.tally.deliveries += 1;
        let message_id = format!("{index}-{}", self.tally.deliveries);
        let messages = self.dialect.messages(&record.event, &message_id, self.fragments_of);
        let now = Instant::now();
        record.sent = Some(now);
        self.due.push_back((now + self.repeat_after, index));
        // If the connection has just ended, the event is repeated later.
        let _ = line.orders.send(Order::Send(messages));
    }

    pub(super) fn acknowledged(&mut self, message_id: &str, is_done: bool) {
        let index = message_id.split('-').next().and_then(|index| index.parse::<usize>().ok());
        let Some(record) = index.and_then(|index| self.records.get_mut(index)) else {
            self.tally.malformed += 1;
            return;
        };
        let took = record.sent.map(|sent| sent.elapsed()).unwrap_or_default();
        self.tally.slowest_answer = self.tally.slowest_answer.max(took);
        if !is_done {
            self.tally.failed += 1;
        } else if !std::mem::replace(&mut record.acknowledged, true) {
            self.tally.acknowledged += 1;
        }
    }

    /// Repeats the deliveries that are due.
    pub(super) fn repeat(&mut self) {
        let now = Instant::now();
        while let Some((at, index)) = self.due.front().copied()
            && at <= now
        {
            self.due.pop_front();
            if !self.records[index].acknowledged {
                self.deliver(index);
            }
        }
    }

    pub(super) fn raw(&mut self, bytes: &[u8], is_text: bool) {
        let message = || match std::str::from_utf8(bytes) {
            Ok(text) if is_text => Message::Text(text.into()),
            _ => Message::Binary(bytes.to_vec().into()),
        };
        self.lines.iter().for_each(|line| drop(line.orders.send(Order::Send(vec![message()]))));
    }

    pub(super) fn break_all(&mut self, how: Break) -> usize {
        let lines = std::mem::take(&mut self.lines);
        lines.iter().for_each(|line| drop(line.orders.send(Order::Break(how))));
        if !lines.is_empty() {
            self.gap = Some(Instant::now());
        }
        lines.len()
    }

    pub(super) fn break_one(&mut self, number: usize, how: Break) -> bool {
        if self.lines.is_empty() {
            return false;
        }
        let line = self.lines.remove(number % self.lines.len());
        let _ = line.orders.send(Order::Break(how));
        if self.lines.is_empty() {
            self.gap = Some(Instant::now());
        }
        true
    }
}
