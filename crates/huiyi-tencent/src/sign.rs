//! The AK/SK signature of internal apps.
//!
//! Page: <https://cloud.tencent.com/document/product/1095/42413>. The signature covers the method, three headers,
//! path and query exactly as sent, and the exact bytes of the body.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use huiyi_core::identity::{Signer, Stamp, secret_header};
use huiyi_core::reqwest::Request;
use huiyi_core::reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::sts::StsToken;

/// The keys of an internal app.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) app_id: String,
    pub(crate) sdk_id: Option<String>,
    pub(crate) secret_id: String,
    pub(crate) secret_key: SecretString,
    /// The path prefix of a proxy that removes it: the signature covers the path that the vendor receives.
    pub(crate) base_path: Arc<str>,
    pub(crate) sts_token: Option<StsToken>,
}

impl Signer for Keys {
    fn sign(&self, request: &mut Request, stamp: Stamp) -> Result<(), String> {
        let timestamp = stamp.unix_time.as_secs().to_string();
        let nonce = positive(stamp.nonce).to_string();
        let body = if is_form(request) { None } else { request.body().and_then(|body| body.as_bytes()) };
        let signed = Signed {
            method: request.method().as_str(),
            secret_id: &self.secret_id,
            nonce: &nonce,
            timestamp: &timestamp,
            uri: &uri(request, &self.base_path),
            body: body.unwrap_or_default(),
        };
        let signature = signed.signature(self.secret_key.expose_secret());
        secret_header(request, "x-tc-key", &self.secret_id)?;
        secret_header(request, "x-tc-signature", &signature)?;
        plain_header(request, "x-tc-timestamp", &timestamp)?;
        plain_header(request, "x-tc-nonce", &nonce)?;
        plain_header(request, "x-tc-registered", "1")?;
        plain_header(request, "appid", &self.app_id)?;
        if let Some(sdk_id) = &self.sdk_id {
            plain_header(request, "sdkid", sdk_id)?;
        }
        if let Some(token) = self.sts_token.as_ref().and_then(|token| token.at(stamp.unix_time)) {
            secret_header(request, "sts-token", token.expose_secret())?;
        }
        Ok(())
    }
}

/// Returns a positive number that fits into a signed 64-bit integer.
pub(crate) fn positive(random: u64) -> u64 {
    (random >> 1).max(1)
}

pub(crate) fn plain_header(request: &mut Request, name: &'static str, value: &str) -> Result<(), String> {
    let value = HeaderValue::from_str(value)
        .map_err(|_| format!("the value for the header {name} holds characters that headers cannot carry"))?;
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name} is no header name"))?;
    request.headers_mut().insert(name, value);
    Ok(())
}

/// Returns whether the body is a multipart form; the vendor signs such a body as an empty text.
fn is_form(request: &Request) -> bool {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("multipart/form-data"))
}

/// Returns path and query as the vendor receives them: as sent, but without the path prefix of a proxy.
fn uri(request: &Request, base_path: &str) -> String {
    let sent = request.url().path();
    let path = sent.strip_prefix(base_path).filter(|path| path.starts_with('/')).unwrap_or(sent);
    match request.url().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

struct Signed<'a> {
    method: &'a str,
    secret_id: &'a str,
    nonce: &'a str,
    timestamp: &'a str,
    uri: &'a str,
    body: &'a [u8],
}

impl Signed<'_> {
    /// Returns the signed text before the body: method, the three headers in order, path and query.
    fn head(&self) -> String {
        let Self { method, secret_id, nonce, timestamp, uri, .. } = self;
        format!("{method}\nX-TC-Key={secret_id}&X-TC-Nonce={nonce}&X-TC-Timestamp={timestamp}\n{uri}\n")
    }

    /// Returns the HMAC-SHA256 of head and body in lower-case hexadecimal digits.
    fn digest(&self, secret_key: &str) -> String {
        // HMAC accepts keys of any length, so this cannot fail; the vendor would reject an empty result.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()) else {
            return String::new();
        };
        mac.update(self.head().as_bytes());
        mac.update(self.body);
        let mut digits = String::with_capacity(64);
        for byte in mac.finalize().into_bytes() {
            digits.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
            digits.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        }
        digits
    }

    /// Returns the Base64 of the hexadecimal digits, not of the digest itself.
    fn signature(&self, secret_key: &str) -> String {
        STANDARD.encode(self.digest(secret_key))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::time::Duration;

    use huiyi_core::identity::{Signer, Stamp};
    use huiyi_core::reqwest::{Client, Method, Request, Url};
    use huiyi_core::secrecy::SecretString;
    use serde::Deserialize;

    use super::{Keys, Signed, uri};
    use crate::sts::StsToken;

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
        serde_json::from_str(include_str!("../tests/data/signatures.json")).unwrap()
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
}
