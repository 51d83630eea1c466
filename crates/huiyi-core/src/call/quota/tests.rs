#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod blocks;
mod callers;
mod hiccups;
mod load;
mod permits;
mod shared;
mod store;

use std::sync::Arc;
use std::time::Duration;

use super::{Permit, QuotaPolicy, Quotas, Refused};
use crate::clock::paused::Paused;
use crate::clock::{BoxFuture, Clock};
use crate::operation::{Limit, Operation};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

fn quotas(policy: QuotaPolicy) -> (Arc<Quotas>, Arc<Paused>) {
    let clock = Arc::new(Paused::default());
    (Arc::new(Quotas::new(policy, clock.clone(), MINUTE)), clock)
}

/// Quotas of one process, without and with a shared store.
fn alone_and_shared(policy: QuotaPolicy) -> [(Arc<Quotas>, Arc<Paused>); 2] {
    let store = store::Store::new();
    [quotas(policy), (Arc::new(store.process(policy)), store.clock.clone())]
}

/// Takes `number` permits, which must be free.
async fn take(quotas: &Quotas, operation: &'static Operation, number: usize) -> Vec<Permit> {
    let mut permits = Vec::new();
    for _ in 0..number {
        permits.push(quotas.enter(operation, None).await.unwrap());
    }
    permits
}

fn wait(result: Result<Permit, Refused>) -> Duration {
    result.unwrap_err().wait
}

const fn operation(id: &'static str, limits: &'static [Limit]) -> Operation {
    Operation { id, path: "/", idempotent: true, limits, ..Operation::NONE }
}

const fn own(requests: u32, per_seconds: u32) -> Limit {
    Limit { requests, per_seconds, shared: false }
}

const fn common(requests: u32, per_seconds: u32) -> Limit {
    Limit { requests, per_seconds, shared: true }
}

static FEISHU: Operation = operation("feishu", &[own(50, 1), own(1000, 60)]);
static WECOM: Operation = operation("wecom", &[own(10_000, 60), own(150_000, 3600)]);
static DINGTALK: Operation = operation("dingtalk", &[own(20, 1)]);
static TENCENT: Operation = operation("tencent", &[common(300, 60), common(200_000, 86_400)]);
static TENCENT_OTHER: Operation = operation("tencent_other", &[common(300, 60), common(200_000, 86_400)]);
static TENCENT_CORP: Operation = operation("tencent_corp", &[own(100, 60), common(300, 60), common(200_000, 86_400)]);
static UNLIMITED: Operation = operation("unlimited", &[]);
static ONE_AN_HOUR: Operation = operation("one_an_hour", &[own(1, 3600)]);
