//! The signature of internal apps with the vectors of `data`, and the STS token that goes with it.

#[path = "../src/sign.rs"]
#[allow(dead_code, reason = "tested in part")]
mod sign;
#[path = "../src/sts.rs"]
#[allow(dead_code, unreachable_pub, reason = "tested in part, apart from its crate")]
mod sts;

use std::time::Duration;

use huiyi_tencent::core::identity::{Signer, Stamp};
use huiyi_tencent::core::reqwest::{Client, Method, Request, Url};
use huiyi_tencent::core::secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use sign::{Keys, Signed, uri};
use sts::StsToken;

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    uri: String,
    body: String,
    secret_id: String,
    secret_key: String,
    nonce: String,
    timestamp: String,
    string_to_sign: Option<String>,
    hmac_hex: Option<String>,
    signature: String,
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("data/signatures.json")).unwrap()
}

#[test]
fn every_vector_gives_each_intermediate_text_and_the_signature() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 10);
    for vector in vectors {
        let signed = Signed {
            method: &vector.method,
            secret_id: &vector.secret_id,
            nonce: &vector.nonce,
            timestamp: &vector.timestamp,
            uri: &vector.uri,
            body: vector.body.as_bytes(),
        };

        if let Some(expected) = &vector.string_to_sign {
            assert_eq!(&format!("{}{}", signed.head(), vector.body), expected, "{}", vector.name);
        }
        if let Some(expected) = &vector.hmac_hex {
            assert_eq!(&signed.digest(&vector.secret_key), expected, "{}", vector.name);
        }
        assert_eq!(signed.signature(&vector.secret_key), vector.signature, "{}", vector.name);
    }
}

/// Builds the request of a test vector for this URL and signs it.
fn signed(vector: &Vector, base_url: &str, base_path: &str) -> Request {
    let keys = Keys {
        app_id: "1".to_owned(),
        sdk_id: None,
        secret_id: vector.secret_id.clone(),
        secret_key: SecretString::from(vector.secret_key.clone()),
        base_path: base_path.into(),
        sts_token: None,
    };
    let url = Url::parse(&format!("{base_url}{}", vector.uri)).unwrap();
    let method = Method::from_bytes(vector.method.as_bytes()).unwrap();
    let mut request = Client::new().request(method, url).body(vector.body.clone()).build().unwrap();
    let nonce: u64 = vector.nonce.parse().unwrap();
    let stamp = Stamp { unix_time: Duration::from_secs(vector.timestamp.parse().unwrap()), nonce: nonce << 1 };
    keys.sign(&mut request, stamp).unwrap();
    request
}

#[test]
fn a_request_is_signed_over_the_bytes_that_are_sent() {
    for vector in vectors() {
        let request = signed(&vector, "https://api.meeting.qq.com", "");

        assert_eq!(request.headers().get("x-tc-signature").unwrap(), vector.signature.as_str(), "{}", vector.name);
        assert!(!format!("{request:?}").contains(&vector.signature));
        assert!(request.headers().get("sdkid").is_none());
    }
}

#[test]
fn the_sts_token_is_sent_until_it_expires_and_is_not_signed() {
    let sts_token = StsToken::default();
    sts_token.set("s3cretStsToken", Duration::from_secs(100));
    let vector = vectors().remove(0);
    let keys = Keys {
        app_id: "1".to_owned(),
        sdk_id: None,
        secret_id: vector.secret_id.clone(),
        secret_key: SecretString::from(vector.secret_key.clone()),
        base_path: "".into(),
        sts_token: Some(sts_token),
    };
    let headers = |seconds| {
        let mut request = Client::new().get("https://api.meeting.qq.com/v1/records").build().unwrap();
        keys.sign(&mut request, Stamp { unix_time: Duration::from_secs(seconds), nonce: 2 }).unwrap();
        assert!(!format!("{request:?}").contains("s3cret"));
        request.headers().get("sts-token").map(|value| value.to_str().unwrap().to_owned())
    };

    assert_eq!(headers(99).as_deref(), Some("s3cretStsToken"));
    assert_eq!(headers(100), None);
}

#[test]
fn the_path_of_a_proxy_is_not_signed() {
    for vector in vectors() {
        let request = signed(&vector, "https://proxy.example/tencent/v1", "/tencent/v1");

        assert_eq!(request.headers().get("x-tc-signature").unwrap(), vector.signature.as_str(), "{}", vector.name);
    }
}

#[test]
fn only_whole_segments_are_the_path_of_a_proxy() {
    for (base_path, path) in [("", "/v1/meetings"), ("/v", "/v1/meetings"), ("/v1", "/meetings")] {
        let request = Client::new().get("https://proxy.example/v1/meetings?a=b").build().unwrap();

        assert_eq!(uri(&request, base_path), format!("{path}?a=b"));
    }
}

#[test]
fn the_token_that_lasts_longest_is_used_until_its_end() {
    let seconds = Duration::from_secs;
    let sts = StsToken::default();
    let at = |now| sts.at(seconds(now)).map(|token| token.expose_secret().to_owned());
    assert_eq!((at(0), sts.expires()), (None, None));

    sts.clone().set("first", seconds(100));
    sts.set("longest", seconds(300));
    sts.set("late delivery", seconds(200));

    assert_eq!(at(299).as_deref(), Some("longest"));
    assert_eq!((at(300), sts.expires()), (None, Some(seconds(300))));
    assert_eq!(format!("{sts:?}"), "StsToken(***)");
}
