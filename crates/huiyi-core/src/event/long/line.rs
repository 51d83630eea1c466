//! One connection: reads, writes, and tells whether it lives.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::arrival::{Arrival, Hand, InHand, Pending, Settle};
use super::common::Common;
use super::dial::Io;
use super::life::{Due, Life};
use super::protocol::{Heard, Opening, Receipt, Speech};
use super::state::{Counters, DisconnectReason};
use super::writer::{self, Outbox};
use crate::clock::BoxFuture;
use crate::error::Error;
use crate::event::incident::{EventName, Incident};
use crate::event::{Delivery, EventSet};

/// This long without a message is a pause between two bursts.
const PAUSE: Duration = Duration::from_millis(5);

/// What a connection is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Take events.
    Work,
    /// Another one has taken its place: end when nothing is in hand any more.
    Drain,
    /// Take no further event, finish what is in hand, and close.
    Finish,
}

/// What a connection says to its supervisor.
#[derive(Debug)]
pub(super) enum Report {
    /// Replace me.
    Replace(u64, DisconnectReason),
    /// I am gone.
    Ended(u64, DisconnectReason),
}

pub(super) type Arrivals<E> = mpsc::UnboundedSender<Result<Arrival<E>, Error>>;

/// What joins a connection to its supervisor and to the application.
pub(super) struct Ports<E> {
    pub(super) orders: watch::Receiver<Order>,
    pub(super) reports: mpsc::UnboundedSender<Report>,
    pub(super) arrivals: Arrivals<E>,
    /// Whether an event came over it.
    pub(super) brought_events: Arc<AtomicBool>,
}

/// One connection.
pub(super) struct Line<E> {
    pub(super) number: u64,
    pub(super) common: Arc<Common>,
    pub(super) speech: Box<dyn Speech<E>>,
    ports: Ports<E>,
    life: Life,
    hand: Arc<Hand>,
    /// Events that are not settled, in the order in which they came.
    pending: VecDeque<Arc<Pending>>,
    outbox: Outbox,
    order: Order,
    since: Duration,
    /// Start of the current burst of messages. A message may have waited since then.
    busy_since: Duration,
}

/// An event that waits for room.
struct Held<E> {
    delivery: Box<Delivery<E>>,
    receipt: Receipt,
    weight: u32,
    until: Duration,
}

type Socket = WebSocketStream<Box<dyn Io>>;

impl<E: EventSet> Line<E> {
    /// Speaks until the connection ends.
    pub(super) async fn run(number: u64, common: Arc<Common>, opening: Opening<E>, io: Box<dyn Io>, ports: Ports<E>) {
        let config = WebSocketConfig::default()
            .read_buffer_size(16 << 10)
            .write_buffer_size(16 << 10)
            .max_message_size(Some(common.largest))
            .max_frame_size(Some(common.largest));
        let socket = Socket::from_raw_socket(io, Role::Client, Some(config)).await;
        let (sink, stream) = socket.split();
        let (outbox, inbox) = writer::channels();
        let now = common.now();
        // Connections that were opened together do not all end together.
        let random = u32::try_from(common.entropy.next_u64() % 256).unwrap_or(0);
        let renew = common.tempo.renew.map(|time| time - time / 8 * random / 256);
        let life = Life::new(&common.tempo, opening.ping_every, renew, now);
        let end = ports.reports.clone();
        let writing = Box::pin(writer::write(sink, inbox, Arc::clone(&common)));
        let line = Self {
            number,
            common,
            speech: opening.speech,
            ports,
            life,
            hand: Arc::default(),
            pending: VecDeque::new(),
            outbox,
            order: Order::Work,
            since: now,
            busy_since: now,
        };
        let trouble = match futures_util::future::select(Box::pin(line.read(stream)), writing).await {
            futures_util::future::Either::Left((trouble, _)) => trouble,
            futures_util::future::Either::Right((trouble, _)) => trouble,
        };
        // Nobody is there to hear it when everything is dropped.
        let _ = end.send(Report::Ended(number, trouble));
    }

    async fn read(mut self, mut stream: SplitStream<Socket>) -> DisconnectReason {
        let mut held: Option<Held<E>> = None;
        let mut closing = false;
        // Whether there was nothing to read when the timer fired. A program that was suspended has much to read before
        // it may report silence.
        let mut is_quiet = false;
        // Received messages postpone the timer, so one timer serves many messages.
        let mut armed: (Duration, BoxFuture<'static, ()>) = (Duration::MAX, Box::pin(std::future::pending()));
        loop {
            let mut now = self.common.now();
            if let Some(trouble) = self.attend(now, is_quiet) {
                return trouble;
            }
            is_quiet = false;
            if !closing && self.is_finished(now) && held.is_none() {
                closing = true;
                self.since = now;
                self.outbox.close();
            }
            if closing && now >= self.since + self.common.tempo.close {
                return DisconnectReason::Closed { code: None };
            }
            let wake = self.next_wake(now, held.as_ref(), closing);
            if wake < armed.0 {
                armed = (wake, self.common.clock.sleep(wake.saturating_sub(now)));
            }
            let common = Arc::clone(&self.common);
            let weight = held.as_ref().map(|held| held.weight);
            tokio::select! {
                biased;
                permit = async { Arc::clone(&common.room).acquire_many_owned(weight.unwrap_or(1)).await }, if weight.is_some() => {
                    if let (Some(held), Ok(permit)) = (held.take(), permit) {
                        self.hand_over(held, permit, now);
                    }
                }
                message = stream.next(), if held.is_none() => match message {
                    Some(Ok(message)) => {
                        let before = std::mem::replace(&mut now, self.common.now());
                        if now.saturating_sub(before) > PAUSE {
                            self.busy_since = now;
                        }
                        match self.take(message, now) {
                            Ok(waiting) => held = waiting,
                            Err(trouble) => return trouble,
                        }
                    }
                    Some(Err(error)) => {
                        if let Some(reason) = writer::protocol_error(&error) {
                            self.unreadable(reason, None);
                        }
                        return DisconnectReason::Broken;
                    }
                    None => return DisconnectReason::Broken,
                },
                changed = self.ports.orders.changed() => {
                    if changed.is_err() {
                        return DisconnectReason::Broken;
                    }
                    let order = *self.ports.orders.borrow_and_update();
                    if order != self.order {
                        self.order = order;
                        self.since = self.common.now();
                        self.life.replaced();
                    }
                }
                () = self.hand.idle() => {}
                () = &mut armed.1 => {
                    is_quiet = held.is_none();
                    armed = (Duration::MAX, Box::pin(std::future::pending()));
                    let now = self.common.now();
                    if held.as_ref().is_some_and(|held| now >= held.until)
                        && let Some(held) = held.take()
                    {
                        self.common.tell(Incident::QueueFull { vendor: self.common.vendor });
                        self.refuse(held.receipt);
                    }
                }
            }
        }
    }

    /// Does what is due. Returns why the connection ends, if it does.
    fn attend(&mut self, now: Duration, is_quiet: bool) -> Option<DisconnectReason> {
        while let Some(first) = self.pending.front() {
            let is_settled = first.is_settled();
            if !is_settled && now < first.came + self.common.tempo.answer {
                break;
            }
            if !is_settled {
                self.common.tell(Incident::Late { event: first.name.clone() });
            }
            self.pending.pop_front();
        }
        match self.life.due(now) {
            Due::Nothing => {}
            Due::Ping => {
                if let Some(ping) = self.speech.ping() {
                    self.outbox.send(ping);
                }
            }
            Due::Probe => self.outbox.send(Message::Ping(Bytes::new())),
            Due::Replace => self.replace(DisconnectReason::Renewed),
            Due::Dead if is_quiet => return Some(DisconnectReason::Silent),
            Due::Dead => {}
        }
        if self.order == Order::Drain && now >= self.since + self.common.tempo.drain {
            return Some(DisconnectReason::Closed { code: None });
        }
        None
    }

    fn next_wake(&self, now: Duration, held: Option<&Held<E>>, closing: bool) -> Duration {
        let tempo = &self.common.tempo;
        let late = self.pending.front().map(|first| first.came + tempo.answer);
        let order = match self.order {
            _ if closing => Some(self.since + tempo.close),
            Order::Work => None,
            Order::Drain => Some((self.since + tempo.drain).min(now + tempo.drained / 4)),
            // The hand says when it is empty.
            Order::Finish => None,
        };
        let held = held.map(|held| held.until);
        [late, order, held].into_iter().flatten().fold(self.life.next(), Duration::min).max(now)
    }

    /// Whether it was told to end, and nothing is in hand any more.
    fn is_finished(&self, now: Duration) -> bool {
        let is_idle = self.hand.is_empty();
        match self.order {
            Order::Work => false,
            Order::Drain => is_idle && now >= self.life.last_word().max(self.since) + self.common.tempo.drained,
            Order::Finish => is_idle,
        }
    }

    /// Understands what came. Returns an event that waits for room.
    fn take(&mut self, message: Message, now: Duration) -> Result<Option<Held<E>>, DisconnectReason> {
        self.life.frame(now);
        self.common.counters.frame(self.common.clock.unix_time());
        match &message {
            Message::Close(frame) => {
                return Err(DisconnectReason::Closed { code: frame.as_ref().map(|frame| frame.code.into()) });
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => return Ok(None),
            Message::Text(_) | Message::Binary(_) => {}
        }
        let length = message.len();
        self.life.word(now);
        match self.speech.hear(message, now) {
            Heard::Pong { every } => every.into_iter().for_each(|every| self.life.ping_every(every, now)),
            Heard::Ping(answer) => {
                self.life.server_ping(now);
                self.outbox.send(answer);
            }
            Heard::Event(delivery, receipt) => return Ok(self.event(delivery, receipt, length, now)),
            Heard::Leaving(answer) => {
                answer.into_iter().for_each(|answer| self.outbox.send(answer));
                self.replace(DisconnectReason::Announced);
            }
            Heard::Other(answer) => answer.into_iter().for_each(|answer| self.outbox.send(answer)),
            Heard::Unreadable { why, answer } => self.unreadable(why, answer),
        }
        Ok(None)
    }

    fn event(&mut self, delivery: Box<Delivery<E>>, receipt: Receipt, length: usize, now: Duration) -> Option<Held<E>> {
        Counters::add(&self.common.counters.events);
        self.ports.brought_events.store(true, Ordering::Relaxed);
        if self.order == Order::Finish {
            self.refuse(receipt);
            return None;
        }
        let length = length.max(delivery.plaintext().len());
        let held = Held { delivery, receipt, weight: self.common.weight(length), until: now + self.common.tempo.room };
        match Arc::clone(&self.common.room).try_acquire_many_owned(held.weight) {
            Ok(permit) => {
                self.hand_over(held, permit, now);
                None
            }
            Err(_) => Some(held),
        }
    }

    fn hand_over(&mut self, held: Held<E>, permit: OwnedSemaphorePermit, now: Duration) {
        // The vendor has waited for it at least since it came, and perhaps since the burst began.
        let came = self.busy_since.max(now.saturating_sub(self.common.tempo.answer / 4)).min(now);
        let pending = Arc::new(Pending::new(EventName::of(&held.delivery), came));
        self.pending.push_back(Arc::clone(&pending));
        let settle = Settle {
            receipt: Some(held.receipt),
            out: self.outbox.receipts(),
            pending,
            in_hand: InHand::new(&self.hand),
            common: Arc::clone(&self.common),
            room: Some(permit),
        };
        // If nobody takes it, it is dropped, and not acknowledged.
        let _ = self.ports.arrivals.send(Ok(Arrival::new(*held.delivery, settle)));
    }

    /// Asks the vendor to deliver an event again that was not taken.
    fn refuse(&mut self, receipt: Receipt) {
        Counters::add(&self.common.counters.failed);
        self.outbox.send(receipt(false, Duration::ZERO));
    }

    fn unreadable(&mut self, why: &'static str, answer: Option<Message>) {
        Counters::add(&self.common.counters.unreadable);
        self.common.tell(Incident::Unreadable { vendor: self.common.vendor, why });
        answer.into_iter().for_each(|answer| self.outbox.send(answer));
    }

    fn replace(&mut self, why: DisconnectReason) {
        self.life.replaced();
        // The supervisor lives as long as its connections.
        let _ = self.ports.reports.send(Report::Replace(self.number, why));
    }
}
