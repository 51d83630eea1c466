//! Keeps a connection open: opens, replaces and ends them, and says what it does.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::common::Common;
use super::course::{Course, Move, Turn, Worth};
use super::dial::{Dial, DialError, Io};
use super::line::{Arrivals, Line, Order, Ports, Report};
use super::protocol::{Opening, Protocol, Refusal};
use super::state::{Counters, DisconnectReason, State, unix_millis};
use crate::clock::BoxFuture;
use crate::event::EventSet;
use crate::event::incident::Incident;
use crate::token::within::within;

/// The most connections beside the one in use: those that were replaced and are not drained yet.
const MOST_DRAINING: usize = 2;

type Opened<E> = Result<(Opening<E>, Box<dyn Io>), Refusal>;

/// What is under way toward the next connection.
enum Plan<E> {
    /// Nothing: the one in use will do.
    Idle,
    Pause(BoxFuture<'static, ()>),
    Open(BoxFuture<'static, Opened<E>>),
}

/// A connection, seen from here.
struct Handle {
    number: u64,
    since: Duration,
    orders: watch::Sender<Order>,
    brought_events: Arc<AtomicBool>,
}

pub(super) struct Supervisor<E> {
    protocol: Arc<dyn Protocol<E>>,
    dial: Arc<dyn Dial>,
    common: Arc<Common>,
    arrivals: Arrivals<E>,
    state: watch::Sender<State>,
    course: Course,
    plan: Plan<E>,
    current: Option<Handle>,
    draining: Vec<Handle>,
    lines: JoinSet<()>,
    reports: (mpsc::UnboundedSender<Report>, mpsc::UnboundedReceiver<Report>),
    count: u64,
    /// Since when no connection is open.
    gap: Option<Duration>,
}

impl<E: EventSet> Supervisor<E> {
    pub(super) fn new(
        protocol: Arc<dyn Protocol<E>>,
        dial: Arc<dyn Dial>,
        common: Arc<Common>,
        arrivals: Arrivals<E>,
        state: watch::Sender<State>,
    ) -> Self {
        Self {
            protocol,
            dial,
            common,
            arrivals,
            state,
            course: Course::default(),
            plan: Plan::Idle,
            current: None,
            draining: Vec::new(),
            lines: JoinSet::new(),
            reports: mpsc::unbounded_channel(),
            count: 0,
            gap: None,
        }
    }

    /// Runs until it is told to stop, or the vendor refuses for good. `stop_within` bounds how long what is in hand may
    /// take then.
    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>, stop_within: Duration) {
        self.follow(Turn::Begin, None);
        loop {
            let plan = &mut self.plan;
            tokio::select! {
                biased;
                () = asked(&mut stop) => break,
                Some(report) = self.reports.1.recv() => self.hear(report),
                // It ends when its line does.
                Some(_) = self.lines.join_next(), if !self.lines.is_empty() => {}
                opened = step(plan) => match opened {
                    None => self.plan = Plan::Open(self.open()),
                    Some(Ok((opening, io))) => self.begin(opening, io),
                    Some(Err(refusal)) => {
                        if let Some(error) = self.refused(refusal) {
                            let _ = self.arrivals.send(Err(error));
                            return;
                        }
                    }
                },
            }
        }
        self.finish(stop_within).await;
    }

    /// Asks for an address and connects, each within its time. A panic of the HTTP client counts as a failure.
    fn open(&self) -> BoxFuture<'static, Opened<E>> {
        let (protocol, dial, common) = (Arc::clone(&self.protocol), Arc::clone(&self.dial), Arc::clone(&self.common));
        let vendor = common.vendor;
        let passing = move |reason: String| Refusal::passing(vendor, reason);
        let opening = async move {
            let clock = &*common.clock;
            let asked = within(clock, common.tempo.ask, protocol.ask()).await;
            let opening =
                asked.unwrap_or_else(|| Err(passing("the vendor did not return an address in time".to_owned())))?;
            match within(clock, common.tempo.dial, dial.dial(&opening.url)).await {
                Some(Ok(io)) => Ok((opening, io)),
                Some(Err(DialError::Refused(status, headers))) => Err(protocol.not_upgraded(status, &headers)),
                Some(Err(DialError::Failed(reason))) => Err(passing(reason)),
                None => Err(passing("the connection was not opened in time".to_owned())),
            }
        };
        let opened = AssertUnwindSafe(opening).catch_unwind();
        Box::pin(
            opened.map(move |opened| {
                opened.unwrap_or_else(|_| Err(passing("opening the connection panicked".to_owned())))
            }),
        )
    }

    /// Takes a new connection into use, and lets the old one end.
    fn begin(&mut self, opening: Opening<E>, io: Box<dyn Io>) {
        self.plan = Plan::Idle;
        self.course.next(Turn::Opened, &self.common.tempo, 0);
        self.count += 1;
        let (number, now) = (self.count, self.common.now());
        if let Some(gap) = self.gap.take() {
            self.common.counters.gap(now.saturating_sub(gap));
        }
        Counters::add(&self.common.counters.connections);
        let (orders, told) = watch::channel(Order::Work);
        let brought_events = Arc::new(AtomicBool::new(false));
        let ports = Ports {
            orders: told,
            reports: self.reports.0.clone(),
            arrivals: self.arrivals.clone(),
            brought_events: Arc::clone(&brought_events),
        };
        let (line, reports) = (Line::run(number, Arc::clone(&self.common), opening, io, ports), self.reports.0.clone());
        let line = async move {
            if AssertUnwindSafe(line).catch_unwind().await.is_err() {
                // Otherwise it would count as connected for ever.
                let _ = reports.send(Report::Ended(number, DisconnectReason::Broken));
            }
        };
        #[cfg(feature = "tracing")]
        let line = {
            let span = tracing::info_span!("huiyi.connection", vendor = self.common.vendor, number);
            tracing::info!(target: "huiyi::events", parent: &span, "connected");
            tracing::Instrument::instrument(line, span)
        };
        self.lines.spawn(line);
        let handle = Handle { number, since: now, orders, brought_events };
        if let Some(old) = self.current.replace(handle) {
            old.orders.send_replace(Order::Drain);
            self.draining.push(old);
        }
        if self.draining.len() > MOST_DRAINING {
            // Its line ends when it has nobody to take orders from.
            self.draining.remove(0);
        }
        self.state.send_replace(State::Connected { since: unix_millis(self.common.clock.unix_time()) });
    }

    /// Follows a refusal. Returns the error if it is the end.
    fn refused(&mut self, refusal: Refusal) -> Option<crate::Error> {
        Counters::add(&self.common.counters.refusals);
        let trouble = DisconnectReason::Refused(refusal.error.clone());
        self.plan = Plan::Idle;
        if self.follow(Turn::Refused(refusal.gravity), Some(trouble)) {
            return None;
        }
        self.state.send_replace(State::Refused(refusal.error.clone()));
        Some(refusal.error)
    }

    fn hear(&mut self, report: Report) {
        match report {
            Report::Replace(number, why) => {
                if let (Some(worth), Plan::Idle) = (self.worth(number), &self.plan) {
                    self.follow(Turn::Leaving(worth), Some(why));
                }
            }
            Report::Ended(number, why) => {
                self.draining.retain(|line| line.number != number);
                let Some(worth) = self.worth(number) else { return };
                self.current = None;
                self.gap = Some(self.common.now());
                // Its successor may be on its way already.
                if let Plan::Idle = self.plan {
                    self.follow(Turn::Fell(worth), Some(why));
                } else {
                    self.state.send_replace(State::Connecting);
                }
            }
        }
    }

    /// What the connection in use was worth, if it has this number.
    fn worth(&self, number: u64) -> Option<Worth> {
        let current = self.current.as_ref().filter(|line| line.number == number)?;
        Some(Worth {
            open: self.common.now().saturating_sub(current.since),
            brought_events: current.brought_events.load(Ordering::Relaxed),
        })
    }

    /// Decides what comes next, and begins it. Returns whether it goes on.
    fn follow(&mut self, turn: Turn, why: Option<DisconnectReason>) -> bool {
        let next = self.course.next(turn, &self.common.tempo, self.common.entropy.next_u64());
        let pause = match next {
            Move::Stay => return true,
            Move::Open { after } => Some(after),
            Move::End => None,
        };
        if let Some(after) = pause {
            self.plan =
                if after.is_zero() { Plan::Open(self.open()) } else { Plan::Pause(self.common.clock.sleep(after)) };
        }
        if let Some(why) = why {
            if self.current.is_none()
                && let Some(after) = pause
            {
                self.wait(after, why.clone());
            }
            self.common.tell(Incident::Connection { vendor: self.common.vendor, why, pause });
        }
        pause.is_some()
    }

    fn wait(&self, after: Duration, reason: DisconnectReason) {
        let now = self.common.clock.unix_time();
        let since = match &*self.state.borrow() {
            State::Waiting { since, .. } => since.clone(),
            _ => unix_millis(now),
        };
        let next = unix_millis(now.saturating_add(after));
        self.state.send_replace(State::Waiting { since, failures: self.course.failures(), next, reason });
    }

    /// Lets all connections finish what is in hand, and ends them.
    async fn finish(mut self, within_time: Duration) {
        self.state.send_replace(State::Stopping);
        for line in self.current.iter().chain(&self.draining) {
            line.orders.send_replace(Order::Finish);
        }
        let lines = &mut self.lines;
        let ended = async { while lines.join_next().await.is_some() {} };
        let _ = within(&*self.common.clock, within_time, ended).await;
        self.state.send_replace(State::Stopped);
    }
}

/// Waits until it is asked to stop.
async fn asked(stop: &mut watch::Receiver<bool>) {
    // Nobody is left who could ask: the connection is being dropped.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// The next step of a plan: `None` when a pause is over.
async fn step<E>(plan: &mut Plan<E>) -> Option<Opened<E>> {
    match plan {
        Plan::Idle => std::future::pending().await,
        Plan::Pause(pause) => {
            pause.await;
            None
        }
        Plan::Open(opening) => Some(opening.await),
    }
}
