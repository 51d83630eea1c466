//! What a test pays for its fake: the CPU time to start one and to make a client of it. The first of a vendor in a
//! process also reads the vendor's document.

#![allow(missing_docs, reason = "a benchmark has no users")]
#![allow(clippy::unwrap_used, reason = "a benchmark may stop at the first surprise")]

use std::hint::black_box;

use huiyi_bench::cpu;

/// How many are started after the first.
const STARTS: usize = 500;

/// Prints the CPU time of the first start and the median of those after it.
macro_rules! measure {
    ($runtime:expr, $($mock:ident),+) => {$(
        let start = || {
            let before = cpu::microseconds();
            $runtime.block_on(async {
                let mock = huiyi_mock::$mock::start().await;
                black_box(mock.client());
            });
            cpu::microseconds() - before
        };
        let first = start();
        let mut others: Vec<f64> = (0..STARTS).map(|_| start()).collect();
        others.sort_by(f64::total_cmp);
        println!("{:13} first {first:6.0} µs, then {:4.0} µs", stringify!($mock), others[STARTS / 2]);
    )+};
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    println!("CPU time to start a fake and make a client, {STARTS} times after the first");
    measure!(runtime, FeishuMock, WeComMock, DingTalkMock, TencentMock);
}
