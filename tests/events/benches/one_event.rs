//! One event from request to value: signature, decryption and parsing.
#![allow(missing_docs, reason = "criterion's macros")]

use criterion::{Criterion, criterion_group, criterion_main};
use huiyi_event_tests::Vendor;
use huiyi_event_tests::receivers::of;
use huiyi_event_tests::sender::Sender;

fn one_event(criterion: &mut Criterion) {
    for vendor in Vendor::ALL {
        let sender = Sender::new(vendor);
        let (request, receiver) = (sender.delivery(sender.message("1")).request(), of(vendor));
        criterion.bench_function(&format!("one event of {vendor:?}"), |bencher| bencher.iter(|| receiver(&request)));
    }
}

criterion_group!(benches, one_event);
criterion_main!(benches);
