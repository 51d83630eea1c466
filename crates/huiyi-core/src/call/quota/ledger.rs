//! The permits of one tenant: who has one, who waits for one, and whose turn it is.
//!
//! Callers of one operation stand in one lane. A permit is one in every window that the operation is counted in:
//! all are taken together or none. Of the lanes in which a permit is free the caller that came first goes first,
//! so a call that waits for its own operation's quota does not hold up the others.
//!
//! No caller depends on another one being polled. Each has a timer of its own, and what a caller that stands
//! still has been given is taken back.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use super::block::Everything;
use super::tenant::Wakers;
use super::window::Window;
use crate::operation::Operation;

/// A permit that nobody has picked up after so long goes to somebody else.
pub(super) const PICK_UP: Duration = Duration::from_secs(1);

/// The number of a caller, in the order of arrival; also that of its permit.
pub(super) type Ticket = u64;

/// A position in the list of lanes.
pub(super) type LaneIndex = usize;

#[derive(Debug)]
pub(super) struct Ledger {
    /// The fraction of each limit that is used.
    scale: f64,
    /// After so long a permit that is still held counts as answered.
    longest: Duration,
    everything: Arc<Everything>,
    windows: Vec<Window>,
    /// Windows by operation (or all of them together), requests and seconds.
    known: HashMap<(Option<&'static str>, u32, u32), usize>,
    lanes: Vec<Lane>,
    by_operation: HashMap<&'static str, LaneIndex>,
    /// The lanes in which somebody waits.
    waiting: BTreeSet<LaneIndex>,
    held: HashMap<Ticket, Held>,
    next: Ticket,
    swept: Duration,
}

/// The callers of one operation.
#[derive(Debug)]
struct Lane {
    windows: Box<[usize]>,
    queue: BTreeMap<Ticket, Waker>,
    /// Until then the vendor answers no call of this operation.
    blocked: Duration,
}

/// A permit that is taken.
#[derive(Debug)]
struct Held {
    lane: LaneIndex,
    since: Duration,
    picked_up: bool,
}

/// What a caller that waits finds.
pub(super) enum Turn {
    /// It is its turn; the permit is taken.
    Mine,
    /// It is not before this time. `first` is whether nobody is before it in its lane.
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

    /// A number for a caller that has just come.
    pub(super) fn ticket(&mut self) -> Ticket {
        self.next += 1;
        self.next
    }

    /// Takes a permit at once, if one is free and nobody is before the caller.
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

    /// Takes a permit even where none is free, for a call that is sent in any case.
    pub(super) fn record(&mut self, lane: LaneIndex, now: Duration) -> Ticket {
        let ticket = self.ticket();
        self.take(lane, ticket, now, true);
        ticket
    }

    /// Looks whether it is the turn of a caller, and puts it into its lane if it is not. The callers whose wakers
    /// are added have to look again.
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

    /// When a permit of this lane may be free at the earliest.
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

    /// Until when the vendor blocks the operation, if it does.
    pub(super) fn blocked(&self, lane: LaneIndex, now: Duration) -> Option<Duration> {
        let own = self.lanes.get(lane).map_or(Duration::ZERO, |lane| lane.blocked);
        Some(own.max(self.everything.blocked())).filter(|until| *until > now)
    }

    /// The vendor answers no call of this operation until then. All who wait for it have to look again.
    pub(super) fn block(&mut self, lane: LaneIndex, until: Duration, wakers: &mut Wakers) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.blocked = lane.blocked.max(until);
            lane.queue.values().for_each(|waker| wakers.wake(Some(waker.clone())));
        }
    }

    /// All who wait have to look again.
    pub(super) fn wake_all(&self, wakers: &mut Wakers) {
        self.lanes.iter().flat_map(|lane| lane.queue.values()).for_each(|waker| wakers.wake(Some(waker.clone())));
    }

    /// A caller stops waiting. A permit that it was given goes to the next.
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

    /// The answer to a call came, or will never come.
    pub(super) fn settle(&mut self, ticket: Ticket, now: Duration) {
        let Some(held) = self.held.remove(&ticket) else { return };
        self.each_window(held.lane, |window| window.settle(now));
    }

    /// A call was never sent: its permit is free at once.
    pub(super) fn not_sent(&mut self, ticket: Ticket, now: Duration, wakers: &mut Wakers) {
        if self.release(ticket) {
            self.serve(now, wakers);
        }
    }

    /// Returns whether nothing is counted and nobody waits, so that the ledger can be forgotten.
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

    /// Gives the free permits to those who wait, in the order in which they came.
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
        // Whoever is first now has to set its timer.
        for lane in served {
            wakers.wake(self.lanes.get(lane).and_then(|lane| lane.queue.values().next()).cloned());
        }
    }

    /// Takes back what callers hold that stand still: at most once in a while, and only if somebody waits for it.
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
