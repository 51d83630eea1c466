//! Enforces the documented quotas in the client, so the vendor does not have to refuse calls.
//!
//! A call takes a `Permit` just before it is sent and returns it after the answer. `window` counts one limit,
//! `ledger` decides who gets a free permit, and `block` handles what a vendor blocks beyond its documented
//! limits.

mod block;
mod ledger;
mod permit;
mod policy;
mod queue;
mod reports;
mod shared;
mod tenant;
mod window;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub(crate) use block::Blocks;
pub(crate) use permit::Permit;
pub use policy::QuotaPolicy;
pub use shared::{Ended, Reserved, SharedQuota, SharedQuotaError, SharedWindow};

use block::Everything;
use ledger::Ledger;
use policy::Mode;
use queue::Waiting;
use shared::{Caller, Shared};
use tenant::Tenant;

use crate::clock::Clock;
use crate::operation::{Limit, Operation};

/// With more tenants than this, tenants with nothing counted are removed.
const TENANTS: usize = 64;

/// The quotas of a client and its clones.
pub(crate) struct Quotas {
    policy: QuotaPolicy,
    clock: Arc<dyn Clock>,
    /// How long an attempt may take.
    time_limit: Duration,
    /// The part of the policy's quota that this client may use, from 0 to 1.
    share: f64,
    everything: Arc<Everything>,
    tenants: Mutex<Tenants>,
    shared: Option<Box<Shared>>,
}

#[derive(Default)]
struct Tenants {
    unnamed: Option<Arc<Tenant>>,
    named: HashMap<Arc<str>, Arc<Tenant>>,
    /// Number of tenants at which idle tenants are removed next.
    next_look: usize,
}

/// Why a call must not be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Minimum time until it may be sent.
    pub(crate) wait: Duration,
    /// Whether the vendor blocks such calls for a while; otherwise the client's own quota is used up.
    pub(crate) by_vendor: bool,
}

impl Refused {
    /// Returns the reason as text.
    pub(crate) fn reason(self) -> &'static str {
        if self.by_vendor {
            "the vendor blocks such calls for now, so the call was not sent"
        } else {
            "the client's own quota for this operation is used up for the moment"
        }
    }
}

impl Quotas {
    /// Creates quotas. `time_limit` is the time limit of one attempt.
    pub(crate) fn new(policy: QuotaPolicy, clock: Arc<dyn Clock>, time_limit: Duration) -> Self {
        Self {
            policy,
            clock,
            time_limit,
            share: 1.0,
            everything: Arc::default(),
            tenants: Mutex::default(),
            shared: None,
        }
    }

    /// Shares these quotas with other processes. `scope` names vendor, host and app.
    pub(crate) fn shared(self, store: Arc<dyn SharedQuota>, scope: String) -> Self {
        if self.policy.mode == Mode::Off {
            return self;
        }
        let mut alone = self.for_other_identity();
        alone.share = 1.0 / f64::from(store.processes().max(1));
        Self { shared: Some(Box::new(Shared::new(store, scope, alone))), ..self }
    }

    /// Returns quotas with the same policy and nothing counted. A block of everything stays in effect. If
    /// quotas are shared, the result is this process's share, because other processes do not know this
    /// identity.
    pub(crate) fn for_other_identity(&self) -> Self {
        let mut for_other_identity = Self::new(self.policy, Arc::clone(&self.clock), self.time_limit);
        for_other_identity.everything = Arc::clone(&self.everything);
        for_other_identity.share = self.shared.as_ref().map_or(self.share, |shared| shared.alone().share);
        for_other_identity
    }

    /// Takes a permit for a call: at once if one is free, otherwise as the policy says.
    ///
    /// # Errors
    ///
    /// How long to wait, and the reason.
    pub(crate) async fn enter(
        &self,
        operation: &'static Operation,
        tenant: Option<&Arc<str>>,
    ) -> Result<Permit, Refused> {
        loop {
            let permit = self.enter_alone(operation, tenant).await?;
            let Some(shared) = &self.shared else { return Ok(permit) };
            let caller = Caller { quotas: self, operation, tenant };
            if let Some(permit) = Box::pin(shared.enter(caller, permit.unsent())).await? {
                return Ok(permit);
            }
        }
    }

    /// Takes a permit without asking other processes.
    async fn enter_alone(&self, operation: &'static Operation, tenant: Option<&Arc<str>>) -> Result<Permit, Refused> {
        if self.policy.mode == Mode::Off {
            return Ok(Permit::uncounted());
        }
        let tenant = self.tenant(tenant);
        let entered = tenant.change(|ledger, now, _| {
            let lane = ledger.lane(operation);
            match ledger.try_enter(lane, now) {
                Some(ticket) => Ok(ticket),
                None => Err((lane, ledger.free_at(lane, now).saturating_sub(now), ledger.blocked(lane, now).is_some())),
            }
        });
        match entered {
            Ok(ticket) => Ok(Permit::new(tenant, ticket)),
            Err((_, wait, by_vendor)) if self.policy.mode == Mode::Refuse => Err(Refused { wait, by_vendor }),
            Err((lane, ..)) => Waiting::new(tenant, lane, self.time_limit).await,
        }
    }

    /// Counts a call that the shared store has permitted.
    fn record(&self, operation: &'static Operation, tenant: Option<&Arc<str>>) -> Permit {
        let tenant = self.tenant(tenant);
        let ticket = tenant.change(|ledger, now, _| {
            let lane = ledger.lane(operation);
            ledger.record(lane, now)
        });
        Permit::new(tenant, ticket)
    }

    /// Returns whether the vendor blocks the operation.
    fn is_blocked(&self, operation: &'static Operation, tenant: Option<&Arc<str>>) -> bool {
        self.tenant(tenant).change(|ledger, now, _| {
            let lane = ledger.lane(operation);
            ledger.blocked(lane, now).is_some()
        })
    }

    /// Returns how long a permit may be held; after that it counts as settled.
    fn longest(&self) -> Duration {
        self.time_limit.saturating_mul(2)
    }

    /// Returns the number of calls and the window that all processes together may use of a limit.
    fn whole(&self, limit: &Limit) -> (u32, Duration) {
        window::scaled(limit, self.policy.scale)
    }

    /// Holds calls back for `wait`, because the vendor has said that it will not answer them.
    pub(crate) fn block(
        &self,
        operation: &'static Operation,
        tenant: Option<&Arc<str>>,
        wait: Duration,
        blocks: Blocks,
    ) {
        if self.policy.mode == Mode::Off {
            return;
        }
        if let Some(shared) = &self.shared {
            shared.alone().block(operation, tenant, wait, blocks);
        }
        let until = self.clock.monotonic().saturating_add(wait.min(block::LONGEST));
        if blocks == Blocks::Everything {
            self.everything.block(until);
            for tenant in self.all() {
                tenant.change(|ledger, _, wakers| ledger.wake_all(wakers));
            }
        } else {
            self.tenant(tenant).change(|ledger, _, wakers| {
                let lane = ledger.lane(operation);
                ledger.block(lane, until, wakers);
            });
        }
    }

    fn tenant(&self, name: Option<&Arc<str>>) -> Arc<Tenant> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(name) = name else {
            return Arc::clone(tenants.unnamed.get_or_insert_with(|| self.new_tenant()));
        };
        if let Some(known) = tenants.named.get(name) {
            return Arc::clone(known);
        }
        if tenants.named.len() >= tenants.next_look.max(TENANTS) {
            // While the list is locked, no other caller can get a tenant.
            let is_used = |tenant: &Arc<Tenant>| {
                Arc::strong_count(tenant) > 1 || !tenant.change(|ledger, now, _| ledger.is_idle(now))
            };
            tenants.named.retain(|_, tenant| is_used(tenant));
            tenants.next_look = 2 * tenants.named.len();
        }
        let tenant = self.new_tenant();
        tenants.named.insert(Arc::clone(name), Arc::clone(&tenant));
        tenant
    }

    fn new_tenant(&self) -> Arc<Tenant> {
        let ledger = Ledger::new(self.policy.scale * self.share, self.longest(), Arc::clone(&self.everything));
        Arc::new(Tenant::new(Arc::clone(&self.clock), ledger))
    }

    fn all(&self) -> Vec<Arc<Tenant>> {
        let tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        tenants.unnamed.iter().chain(tenants.named.values()).cloned().collect()
    }
}

impl std::fmt::Debug for Quotas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Quotas").field("policy", &self.policy).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
