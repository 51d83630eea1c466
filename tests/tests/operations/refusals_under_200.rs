//! A failure under HTTP 200 is an error with the vendor's code and words, for every operation and in every form.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use huiyi_mock::{Fault, Loopback, Target, Vendor};
use huiyi_tests::Failure;
use huiyi_tests::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use huiyi_tests::subject::with_user;
use serde_json::{Value, json};

/// Uploads are not called with JSON; they have a test of their own.
const UPLOADS: [&str; 2] = ["upload_record_file", "upload_record_part"];

const WORDS: &str = "the vendor refuses this";

/// Returns a code, and the answers that have it, one for each form that a vendor uses.
fn spellings(vendor: Vendor) -> Vec<(&'static str, Value)> {
    let long = "x".repeat(2000);
    match vendor {
        Vendor::Feishu => vec![
            ("987654", json!({"code": 987_654, "msg": WORDS})),
            ("987654", json!({"code": "987654", "msg": WORDS})),
            ("987654", json!({"code": 987_654, "msg": WORDS, "data": {}})),
            ("987654", json!({"data": {"text": long}, "msg": WORDS, "code": 987_654})),
        ],
        Vendor::WeCom => vec![
            ("987654", json!({"errcode": 987_654, "errmsg": WORDS})),
            ("987654", json!({"errcode": "987654", "errmsg": WORDS})),
            ("987654", json!({"text": long, "errmsg": WORDS, "errcode": 987_654})),
            ("987654", json!({"error": {"code": 987_654, "message": WORDS}})),
            ("987654", json!({"code": 987_654, "message": WORDS})),
            ("", json!({"errcode": null, "errmsg": WORDS})),
            ("", json!({"errmsg": WORDS})),
        ],
        Vendor::DingTalk => vec![
            ("987654", json!({"errcode": 987_654, "errmsg": WORDS})),
            ("unheardOf", json!({"success": false, "errorCode": "unheardOf", "errorMsg": WORDS})),
            ("unheardOf", json!({"success": false, "code": "unheardOf", "message": WORDS})),
            ("unheardOf", json!({"code": "unheardOf", "message": WORDS})),
            ("unheardOf", json!({"text": long, "success": false, "errorCode": "unheardOf", "errorMsg": WORDS})),
        ],
        Vendor::Tencent => vec![
            ("987654", json!({"error_info": {"error_code": 987_654, "message": WORDS}})),
            ("987654", json!({"error_info": {"error_code": 987_654, "new_error_code": 9, "message": WORDS}})),
            ("987654", json!({"error_info": {"new_error_code": 987_654, "message": WORDS}})),
            ("987654", json!({"error_code": 987_654, "error_msg": WORDS})),
            ("987654", json!({"code": 987_654, "message": WORDS})),
            ("987654", json!({"error_info": {"error_code": "987654", "message": WORDS}})),
            ("987654", json!({"text": long, "error_info": {"error_code": 987_654, "message": WORDS}})),
        ],
    }
}

async fn every_spelling_is_an_error(family: Family) {
    let server = Loopback::start(family.vendor).await.unwrap();
    let client = with_user(family.vendor, &server.base_url()).await;
    let (mut operations, mut tried, mut wrong) = (BTreeSet::new(), 0, Vec::new());
    for example in family.spec().examples() {
        if UPLOADS.contains(&&*example.operation) || !operations.insert(example.operation.clone()) {
            continue;
        }
        for (code, body) in spellings(family.vendor) {
            tried += 1;
            let fault = Fault::Status { status: 200, headers: Vec::new(), body: body.to_string() };
            server.fault(Target::Operation(example.operation.clone()), fault);
            let result = client.call(&example.operation, &example.arguments).await;
            let is_right = match &result {
                Err(Failure::Call(error)) => {
                    error.code().unwrap_or_default() == code && error.to_string().contains(WORDS)
                }
                _ => false,
            };
            if !is_right {
                wrong.push(format!("{} {body:.80}: {result:?}", example.operation));
            }
        }
    }
    println!("{}: {} operations, {tried} refusals, {} wrong", family.name, operations.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let left_out: Vec<_> = family.operations.iter().filter(|name| !operations.contains(**name)).collect();
    assert!(left_out.is_empty(), "without an example: {left_out:?}");
}

#[tokio::test]
async fn feishu_refusals_under_200_are_errors() {
    every_spelling_is_an_error(FEISHU).await;
}

#[tokio::test]
async fn wecom_refusals_under_200_are_errors() {
    every_spelling_is_an_error(WECOM).await;
}

#[tokio::test]
async fn dingtalk_refusals_under_200_are_errors() {
    every_spelling_is_an_error(DINGTALK).await;
}

#[tokio::test]
async fn tencent_refusals_under_200_are_errors() {
    every_spelling_is_an_error(TENCENT).await;
}
