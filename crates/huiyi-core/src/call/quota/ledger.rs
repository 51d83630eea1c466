//! The permits of one tenant: who has one, who waits for one, and who is next.
//!
//! Callers of one operation wait in one lane. A permit counts in every window of the operation: all are taken
//! together or none. Among the lanes with a free permit, the caller that came first goes first. So a call
//! that waits for its own operation's quota does not hold up the others.
//!
//! No caller depends on another one being polled: each has its own timer, and permits of callers that stall
//! are taken back.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use super::block::Everything;
use super::tenant::Wakers;
use super::window::Window;
use crate::operation::Operation;

/// A permit that its caller has not picked up after this time goes to another caller.
pub(super) const PICK_UP: Duration = Duration::from_secs(1);

/// The number of a caller in order of arrival; also the number of its permit.
pub(super) type Ticket = u64;

/// A position in the list of lanes.
pub(super) type LaneIndex = usize;

#[derive(Debug)]
pub(super) struct Ledger {
    /// The fraction of each limit that may be used.
    scale: f64,
    /// A permit that is held longer than this counts as answered.
    longest: Duration,
    everything: Arc<Everything>,
    windows: Vec<Window>,
    /// Windows by operation (`None` for all operations together), requests and seconds.
    known: HashMap<(Option<&'static str>, u32, u32), usize>,
    lanes: Vec<Lane>,
    by_operation: HashMap<&'static str, LaneIndex>,
    /// The lanes with waiting callers.
    waiting: BTreeSet<LaneIndex>,
    held: HashMap<Ticket, Held>,
    next: Ticket,
    swept: Duration,
}

/// The waiting callers of one operation.
#[derive(Debug)]
struct Lane {
    windows: Box<[usize]>,
    queue: BTreeMap<Ticket, Waker>,
    /// The time until which the vendor blocks this operation.
    blocked: Duration,
}

/// A permit that is in use.
#[derive(Debug)]
struct Held {
    lane: LaneIndex,
    since: Duration,
    picked_up: bool,
}

/// The result for a waiting caller.
pub(super) enum Turn {
    /// It is the caller's turn; the permit is taken.
    Mine,
    /// The caller's turn is not before this time. `first` is whether it is first in its lane.
    NotBefore { at: Duration, first: bool },
    /// The vendor blocks the operation until this time.
    Blocked(Duration),
}

impl Ledger {
    pub(super) fn new(scale: f64, longest: Duration, everything: Arc<Everything>) -> Self {
        Self {
            scale,
            longest,
            everything,
            windows: Vec::new(),
            known: HashMap::new(),
            lanes: Vec::new(),
            by_operation: HashMap::new(),
            waiting: BTreeSet::new(),
            held: HashMap::new(),
            next: 0,
            swept: Duration::ZERO,
        }
    }

    pub(super) fn lane(&mut self, operation: &'static Operation) -> LaneIndex {
        if let Some(lane) = self.by_operation.get(operation.id) {
            return *lane;
        }
        let mut windows = Vec::with_capacity(operation.limits.len());
        for limit in operation.limits {
            let key = ((!limit.shared).then_some(operation.id), limit.requests, limit.per_seconds);
            let index = *self.known.entry(key).or_insert(self.windows.len());
            if index == self.windows.len() {
                self.windows.push(Window::new(limit, self.scale));
            }
            if !windows.contains(&index) {
                windows.push(index);
            }
        }
        self.lanes.push(Lane { windows: windows.into(), queue: BTreeMap::new(), blocked: Duration::ZERO });
        self.by_operation.insert(operation.id, self.lanes.len() - 1);
        self.lanes.len() - 1
    }

    /// Returns a number for a new caller.
    pub(super) fn ticket(&mut self) -> Ticket {
        self.next += 1;
        self.next
    }

    /// Takes a permit at once, if one is free and no caller is waiting before this one.
    pub(super) fn try_enter(&mut self, lane: LaneIndex, now: Duration) -> Option<Ticket> {
        if !self.waiting.is_empty() {
            return None;
        }
        if !self.has_place(lane, now) {
            self.sweep(now);
            if !self.has_place(lane, now) {
                return None;
            }
        }
        Some(self.record(lane, now))
    }

    /// Takes a permit even if none is free, for a call that is sent in any case.
    pub(super) fn record(&mut self, lane: LaneIndex, now: Duration) -> Ticket {
        let ticket = self.ticket();
        self.take(lane, ticket, now, true);
        ticket
    }

    /// Checks whether it is a caller's turn and otherwise queues it in its lane. The callers whose wakers are
    /// added must check again.
    pub(super) fn look(
        &mut self,
        lane: LaneIndex,
        ticket: Ticket,
        waker: &Waker,
        now: Duration,
        wakers: &mut Wakers,
    ) -> Turn {
        if self.pick_up(ticket, now) {
            return Turn::Mine;
        }
        let blocked = self.blocked(lane, now);
        let Some(own) = self.lanes.get_mut(lane) else { return Turn::Mine };
        wakers.discard(own.queue.insert(ticket, waker.clone()));
        self.waiting.insert(lane);
        if let Some(until) = blocked {
            return Turn::Blocked(until);
        }
        self.sweep(now);
        self.serve(now, wakers);
        if self.pick_up(ticket, now) {
            return Turn::Mine;
        }
        let first = self.lanes.get(lane).and_then(|own| own.queue.keys().next()) == Some(&ticket);
        Turn::NotBefore { at: self.free_at(lane, now), first }
    }

    /// Returns the earliest time at which a permit of this lane may be free.
    pub(super) fn free_at(&mut self, lane: LaneIndex, now: Duration) -> Duration {
        let Some(own) = self.lanes.get(lane) else { return now };
        let mut at = own.blocked.max(self.everything.blocked()).max(now);
        for index in &own.windows {
            if let Some(window) = self.windows.get_mut(*index) {
                at = at.max(window.free_at(now));
            }
        }
        at
    }

    /// Returns the time until which the vendor blocks the operation, if it does.
    pub(super) fn blocked(&self, lane: LaneIndex, now: Duration) -> Option<Duration> {
        let own = self.lanes.get(lane).map_or(Duration::ZERO, |lane| lane.blocked);
        Some(own.max(self.everything.blocked())).filter(|until| *until > now)
    }

    /// Blocks the operation until the given time, because the vendor does not answer it. All callers that
    /// wait for it must check again.
    pub(super) fn block(&mut self, lane: LaneIndex, until: Duration, wakers: &mut Wakers) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.blocked = lane.blocked.max(until);
            lane.queue.values().for_each(|waker| wakers.wake(Some(waker.clone())));
        }
    }

    /// Wakes all waiting callers, so they check again.
    pub(super) fn wake_all(&self, wakers: &mut Wakers) {
        self.lanes.iter().flat_map(|lane| lane.queue.values()).for_each(|waker| wakers.wake(Some(waker.clone())));
    }

    /// Removes a caller that stops waiting. If it was given a permit, the next caller gets it.
    pub(super) fn leave(&mut self, lane: LaneIndex, ticket: Ticket, now: Duration, wakers: &mut Wakers) {
        if self.release(ticket) {
            self.serve(now, wakers);
            return;
        }
        let Some(own) = self.lanes.get_mut(lane) else { return };
        let was_first = own.queue.keys().next() == Some(&ticket);
        wakers.discard(own.queue.remove(&ticket));
        match own.queue.values().next() {
            Some(next) if was_first => wakers.wake(Some(next.clone())),
            Some(_) => {}
            None => {
                self.waiting.remove(&lane);
            }
        }
    }

    /// Records that a call was answered, or never will be.
    pub(super) fn settle(&mut self, ticket: Ticket, now: Duration) {
        let Some(held) = self.held.remove(&ticket) else { return };
        self.each_window(held.lane, |window| window.settle(now));
    }

    /// Records that a call was never sent: its permit is free at once.
    pub(super) fn not_sent(&mut self, ticket: Ticket, now: Duration, wakers: &mut Wakers) {
        if self.release(ticket) {
            self.serve(now, wakers);
        }
    }

    /// Returns whether nothing is counted and nobody waits, so the ledger can be dropped.
    pub(super) fn is_idle(&mut self, now: Duration) -> bool {
        self.held.is_empty()
            && self.waiting.is_empty()
            && self.lanes.iter().all(|lane| lane.blocked <= now)
            && self.windows.iter_mut().all(|window| window.is_idle(now))
    }

    fn release(&mut self, ticket: Ticket) -> bool {
        let Some(held) = self.held.remove(&ticket) else { return false };
        self.each_window(held.lane, Window::release);
        true
    }

    fn pick_up(&mut self, ticket: Ticket, now: Duration) -> bool {
        let Some(held) = self.held.get_mut(&ticket) else { return false };
        (held.picked_up, held.since) = (true, now);
        true
    }

    fn take(&mut self, lane: LaneIndex, ticket: Ticket, now: Duration, picked_up: bool) {
        self.each_window(lane, Window::take);
        self.held.insert(ticket, Held { lane, since: now, picked_up });
    }

    fn each_window(&mut self, lane: LaneIndex, mut change: impl FnMut(&mut Window)) {
        let Some(lane) = self.lanes.get(lane) else { return };
        for index in &lane.windows {
            if let Some(window) = self.windows.get_mut(*index) {
                change(window);
            }
        }
    }

    fn has_place(&mut self, lane: LaneIndex, now: Duration) -> bool {
        let mut free = true;
        self.each_window(lane, |window| free &= window.has_place(now));
        free && self.blocked(lane, now).is_none()
    }

    /// Gives the free permits to the waiting callers in order of arrival.
    fn serve(&mut self, now: Duration, wakers: &mut Wakers) {
        let mut served = BTreeSet::new();
        loop {
            let mut first: Option<(Ticket, LaneIndex)> = None;
            let waiting: Vec<LaneIndex> = self.waiting.iter().copied().collect();
            for lane in waiting {
                let head = self.lanes.get(lane).and_then(|lane| lane.queue.keys().next().copied());
                let Some(ticket) = head else { continue };
                if first.is_none_or(|(earliest, _)| ticket < earliest) && self.has_place(lane, now) {
                    first = Some((ticket, lane));
                }
            }
            let Some((ticket, lane)) = first else { break };
            self.take(lane, ticket, now, false);
            served.insert(lane);
            let Some(own) = self.lanes.get_mut(lane) else { break };
            wakers.wake(own.queue.remove(&ticket));
            if own.queue.is_empty() {
                self.waiting.remove(&lane);
            }
        }
        // The caller that is now first in its lane must set its timer.
        for lane in served {
            wakers.wake(self.lanes.get(lane).and_then(|lane| lane.queue.values().next()).cloned());
        }
    }

    /// Takes permits back from stalled callers. It does so only once in a while, and only if somebody waits.
    fn sweep(&mut self, now: Duration) {
        if now.saturating_sub(self.swept) < PICK_UP {
            return;
        }
        self.swept = now;
        let age = |held: &Held| now.saturating_sub(held.since);
        let forgotten: Vec<Ticket> =
            self.held.iter().filter(|(_, held)| !held.picked_up && age(held) >= PICK_UP).map(|(key, _)| *key).collect();
        let overdue: Vec<Ticket> = self
            .held
            .iter()
            .filter(|(_, held)| held.picked_up && age(held) >= self.longest)
            .map(|(key, _)| *key)
            .collect();
        forgotten.into_iter().for_each(|ticket| {
            self.release(ticket);
        });
        overdue.into_iter().for_each(|ticket| self.settle(ticket, now));
    }
}
