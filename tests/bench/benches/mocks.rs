//! What a test pays for its fake: the CPU time to start one and to make a client of it. The first of a vendor in a
//! process also reads the vendor's document.

#![allow(missing_docs, reason = "a benchmark has no users")]
#![allow(clippy::unwrap_used, reason = "a benchmark may stop at the first surprise")]

use std::hint::black_box;

use huiyi_bench::cpu;

/// How many are started after the first.
const STARTS: u32 = 500;

/// Prints the CPU time of the first start, and the mean of those after it.
macro_rules! measure {
    ($runtime:expr, $($mock:ident),+) => {$(
        let start = || {
            $runtime.block_on(async {
                let mock = huiyi_mock::$mock::start().await;
                black_box(mock.client());
            });
        };
        let begin = cpu::microseconds();
        start();
        let first = cpu::microseconds();
        (0..STARTS).for_each(|_| start());
        let all = cpu::microseconds();
        println!("{:13} first {:6.0} µs, then {:4.0} µs", stringify!($mock), first - begin, (all - first) / f64::from(STARTS));
    )+};
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    println!("CPU time to start a fake and make a client, {STARTS} times after the first");
    measure!(runtime, FeishuMock, WeComMock, DingTalkMock, TencentMock);
}
