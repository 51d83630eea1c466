//! Clients at full load against a vendor that counts.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::Mutex;

use futures_util::future::join_all;

use super::*;

/// A vendor that counts calls in a sliding window of some seconds, and in fixed windows of a second, minute
/// or hour.
#[derive(Default)]
struct Vendor {
    sliding: HashMap<(&'static str, u32), VecDeque<Duration>>,
    fixed: HashMap<(&'static str, u32, u64), u32>,
    rejected: usize,
}

impl Vendor {
    fn count(&mut self, operation: &'static Operation, now: Duration) {
        // Fixed windows that start at an arbitrary time.
        let shifted = now + Duration::from_millis(617_300);
        let mut within = true;
        for limit in operation.limits {
            let name = if limit.shared { "" } else { operation.id };
            let length = Duration::from_secs(u64::from(limit.per_seconds));
            let sliding = self.sliding.entry((name, limit.per_seconds)).or_default();
            while sliding.front().is_some_and(|first| now - *first >= length) {
                sliding.pop_front();
            }
            sliding.push_back(now);
            let window = (name, limit.per_seconds, shifted.as_secs() / u64::from(limit.per_seconds));
            let fixed = self.fixed.entry(window).or_default();
            *fixed += 1;
            within &= sliding.len() <= limit.requests as usize && *fixed <= limit.requests;
        }
        self.rejected += usize::from(!within);
    }
}

/// Sends as fast as possible with `callers` callers for `lasts`. Returns how many calls were sent and how
/// many were rejected. A call takes 5 to 200 ms, and the vendor counts it at any time in between.
async fn push(operations: &[&'static Operation], callers: usize, lasts: Duration) -> (usize, usize) {
    let (quotas, clock) = quotas(QuotaPolicy::wait());
    let vendor = Mutex::new(Vendor::default());
    let sent = Mutex::new(0_usize);
    let caller = |number: usize| {
        let (quotas, clock, vendor, sent) = (&quotas, &clock, &vendor, &sent);
        async move {
            let mut random = fastrand::Rng::with_seed(number as u64);
            for operation in operations.iter().cycle().skip(number) {
                let permit = quotas.enter(operation, None).await.unwrap();
                if clock.monotonic() >= lasts {
                    return;
                }
                *sent.lock().unwrap() += 1;
                let (takes, share) = (random.u64(5_000..=200_000), random.f64());
                let there = Duration::from_micros(takes).mul_f64(share);
                tokio::time::sleep(there).await;
                vendor.lock().unwrap().count(operation, clock.monotonic());
                if random.u8(..) == 0 {
                    // This caller gives up.
                    continue;
                }
                tokio::time::sleep(Duration::from_micros(takes) - there).await;
                permit.settle();
            }
        }
    };
    join_all((0..callers).map(caller)).await;
    let (sent, rejected) = (*sent.lock().unwrap(), vendor.lock().unwrap().rejected);
    (sent, rejected)
}

#[tokio::test(start_paused = true)]
async fn no_window_sees_more_than_its_limit_and_the_limit_is_used() {
    for (operations, callers, lasts, allowed, least) in [
        (&[&FEISHU][..], 100, MINUTE, 1000, 98),
        (&[&FEISHU], 100, 10 * MINUTE, 10_000, 98),
        (&[&DINGTALK], 60, MINUTE, 1200, 85),
        (&[&TENCENT], 50, MINUTE, 300, 98),
        (&[&TENCENT, &TENCENT_OTHER, &TENCENT_CORP], 600, 10 * MINUTE, 3000, 98),
        (&[&WECOM], 200, MINUTE, 10_000, 98),
        (&[&WECOM], 200, HOUR, 150_000, 98),
    ] {
        let (sent, rejected) = push(operations, callers, lasts).await;

        let percent = 100 * sent / allowed;
        println!("{:12} {sent} of {allowed} in {lasts:?}, {rejected} rejected", operations[0].id);
        assert_eq!(rejected, 0, "{}", operations[0].id);
        assert!(percent >= least, "{}: {sent} of {allowed} in {lasts:?}", operations[0].id);
    }
}
