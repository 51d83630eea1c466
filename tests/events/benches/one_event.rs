//! One event from request to value: signature, decryption and parsing. The deliveries are those of `data/`, so other
//! libraries can be measured with the same ones.
#![allow(missing_docs, reason = "criterion's macros")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]

use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use http::Request;
use huiyi_event_tests::clock::Still;
use huiyi_event_tests::receivers::{AnyReceiver, any};
use serde_json::Value;

/// Returns the delivery with this id.
fn delivery(file: &str, id: &str) -> Value {
    let deliveries: Vec<Value> = serde_json::from_str(file).unwrap();
    deliveries.into_iter().find(|delivery| delivery["id"] == id).unwrap()
}

fn request(delivery: &Value) -> Request<Vec<u8>> {
    let mut request = Request::builder().method("POST").uri(delivery["path_query"].as_str().unwrap());
    for (name, value) in delivery["headers"].as_object().unwrap() {
        request = request.header(name, value.as_str().unwrap());
    }
    request.body(delivery["body"].as_str().unwrap().as_bytes().to_vec()).unwrap()
}

fn receiver(delivery: &Value) -> AnyReceiver {
    let clock = Arc::new(Still::at_millis(delivery["now_unix_ms"].as_u64().unwrap()));
    let of = |name: &str| delivery["credentials"][name].as_str().unwrap();
    match delivery["id"].as_str().unwrap().split('-').next().unwrap() {
        "feishu" => {
            let builder = huiyi_feishu::events::EventReceiver::builder().encrypt_key(of("encrypt_key"));
            any(builder.verification_token(of("verification_token")).clock(clock).build().unwrap())
        }
        "wecom" => {
            let builder = huiyi_wecom::events::EventReceiver::builder().receive_id(of("receive_id"));
            any(builder.keys(of("token"), of("encoding_aes_key")).clock(clock).build().unwrap())
        }
        "dingtalk" => {
            let builder = huiyi_dingtalk::events::EventReceiver::builder().client_id(of("key"));
            any(builder.keys(of("token"), of("encoding_aes_key")).clock(clock).build().unwrap())
        }
        _ => {
            let builder = huiyi_tencent::events::EventReceiver::builder();
            any(builder.keys(of("token"), of("encoding_aes_key")).clock(clock).build().unwrap())
        }
    }
}

fn one_event(criterion: &mut Criterion) {
    let deliveries = [
        delivery(include_str!("../data/feishu.json"), "feishu-event-encrypted"),
        delivery(include_str!("../data/wecom.json"), "wecom-event"),
        delivery(include_str!("../data/dingtalk.json"), "dingtalk-event-app-key"),
        delivery(include_str!("../data/tencent.json"), "tencent-event-aes"),
    ];
    for delivery in deliveries {
        let (request, receiver) = (request(&delivery), receiver(&delivery));
        assert!(receiver(&request).is_ok());
        let name = delivery["id"].as_str().unwrap();
        criterion.bench_function(name, |bencher| bencher.iter(|| receiver(&request)));
    }
}

criterion_group!(benches, one_event);
criterion_main!(benches);
