//! Handles a call with the memory: reads it, changes it, and builds the answer in the vendor's format.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use serde_json::Value;

use crate::dialect::{Call, Refusal, text};
use crate::sandbox::dingtalk::DingTalkDesk;
use crate::sandbox::feishu::FeishuDesk;
use crate::sandbox::meeting::{Change, Meeting, Memory};
use crate::sandbox::tencent::TencentDesk;
use crate::sandbox::wecom::WeComDesk;
use crate::server::Vendor;
use crate::spec::Operation;
use crate::state::{Shared, State};
use crate::stub::{Code, failure};

/// A vendor's handling of meetings.
pub(crate) trait Desk: Debug + Sync {
    /// Carries out a call about meetings; returns `None` for all others. The value goes into the vendor's envelope.
    fn perform(&self, case: &mut Case<'_>) -> Option<Result<Value, Refusal>>;

    /// Builds the event for a change of a meeting; returns `None` if the vendor has no such event. `number` orders
    /// the events.
    fn event(&self, meeting: &Meeting, change: &Change, unix_millis: i64, number: usize) -> Option<Told>;
}

/// An event without its envelope.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) event_type: &'static str,
    pub(crate) content: Value,
    pub(crate) actor: String,
}

/// A call, with everything that is needed to carry it out.
pub(crate) struct Case<'a> {
    pub(crate) call: &'a Call<'a>,
    pub(crate) body: &'a Value,
    pub(crate) memory: &'a mut Memory,
    now: i64,
    shared: &'a Shared,
    operation: &'static Operation,
}

impl Case<'_> {
    /// Returns the meetings' time in seconds since the Unix epoch.
    pub(crate) fn now(&self) -> i64 {
        self.now
    }

    /// Returns a parameter of the path, or an empty text.
    pub(crate) fn path(&self, name: &str) -> &str {
        let mut parameters = self.call.request.path_parameters.iter();
        parameters.find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Returns a parameter of the query.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        self.call.request.query_value(name)
    }

    /// Returns a number of the query or the body.
    fn number(&self, name: &str) -> Option<i64> {
        match self.query(name) {
            Some(text) => text.parse().ok(),
            None => number(&self.body[name]),
        }
    }

    /// Reads a span of time from the query or the body; a missing side is open. Returns `None` if the span ends before
    /// it begins, or is longer than this many days.
    pub(crate) fn span(&self, [from, until]: [&str; 2], days: i64) -> Option<RangeInclusive<i64>> {
        match (self.number(from), self.number(until)) {
            (Some(from), Some(until)) => {
                let seconds = until.saturating_sub(from);
                (0..=days * 86_400).contains(&seconds).then_some(from..=until)
            }
            (from, until) => Some(from.unwrap_or(i64::MIN)..=until.unwrap_or(i64::MAX)),
        }
    }

    /// Returns a number that the paging of the operation names, such as the size of the page.
    pub(crate) fn asked(&self, role: &str) -> Option<usize> {
        let name = self.operation.paging.as_ref()?["request"][role].as_str()?;
        usize::try_from(self.number(name)?).ok()
    }

    /// Returns the largest page of the operation, as its document says.
    pub(crate) fn largest_page(&self) -> usize {
        let most = self.operation.paging.as_ref().and_then(|paging| paging["max_size"].as_u64());
        most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX)
    }

    /// Cuts out the page that the call asks for. `usual` is the size if the call names none; where the vendor does not
    /// say it, it is the largest page. A larger size counts as the largest.
    pub(crate) fn page<T>(&self, items: Vec<T>, usual: Option<usize>) -> Page<T> {
        let most = self.largest_page();
        let size = self.asked("size").or(usual).unwrap_or(most).clamp(1, most);
        let number = self.asked("page").unwrap_or(1).max(1);
        let from = self.asked("cursor").unwrap_or((number - 1).saturating_mul(size));
        let total = items.len();
        let (items, next) = page(items, from, size);
        Page { items, next, number, size, total }
    }

    /// Returns a text of the body, or an empty one.
    pub(crate) fn text(&self, name: &str) -> &str {
        text(self.body, name)
    }

    /// Returns a meeting.
    pub(crate) fn meeting(&self, index: usize) -> &Meeting {
        &self.memory.meetings[index]
    }

    /// Builds a refusal with a code of the vendor.
    pub(crate) fn refuse(&self, code: impl Into<Code>) -> Refusal {
        failure(self.shared, self.operation, &code.into())
    }
}

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The start of the next page, if there is one.
    pub(crate) next: Option<usize>,
    pub(crate) number: usize,
    pub(crate) size: usize,
    /// The number of items on all pages.
    pub(crate) total: usize,
}

/// Returns the desk of a vendor.
pub(super) fn of(vendor: Vendor) -> &'static dyn Desk {
    match vendor {
        Vendor::Feishu => &FeishuDesk,
        Vendor::WeCom => &WeComDesk,
        Vendor::DingTalk => &DingTalkDesk,
        Vendor::Tencent => &TencentDesk,
    }
}

/// Carries out a call and pushes the changes; returns `None` if there is no sandbox, or the desk does not handle
/// the call.
pub(crate) fn perform(
    shared: &Shared,
    call: &Call<'_>,
    operation: &'static Operation,
    state: &mut State,
) -> Option<Result<Value, Refusal>> {
    let clock = state.clock;
    let world = state.world.as_mut()?;
    if let Err(seconds) = world.count(&shared.spec.limits(operation), &operation.id, call.now) {
        return Some(Err(Refusal::RateLimited(seconds)));
    }
    let body = call.request.json().unwrap_or_default();
    let (desk, now) = (world.desk, world.now(clock));
    let performed = desk.perform(&mut Case { call, body: &body, memory: &mut world.memory, now, shared, operation });
    world.publish(clock);
    performed
}

/// Cuts a page out of a list; returns its items, and the start of the next page if there is one.
pub(crate) fn page<T>(items: Vec<T>, from: usize, size: usize) -> (Vec<T>, Option<usize>) {
    let next = from.saturating_add(size);
    let has_more = items.len() > next;
    (items.into_iter().skip(from).take(size).collect(), has_more.then_some(next))
}

/// Reads a number, which the vendors send as a number or as a text.
pub(crate) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// Overwrites the members of one object with those of another.
pub(crate) fn merge(into: &mut Value, changes: &Value) {
    match (into.as_object_mut(), changes.as_object()) {
        (Some(into), Some(changes)) => into.extend(changes.clone()),
        _ if changes.is_object() => *into = changes.clone(),
        _ => {}
    }
}
