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

use super::sts::StsToken;

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
pub(crate) fn uri(request: &Request, base_path: &str) -> String {
    let sent = request.url().path();
    let path = sent.strip_prefix(base_path).filter(|path| path.starts_with('/')).unwrap_or(sent);
    match request.url().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

/// What is signed.
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a str,
    pub(crate) secret_id: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) timestamp: &'a str,
    pub(crate) uri: &'a str,
    pub(crate) body: &'a [u8],
}

impl Signed<'_> {
    /// Returns the signed text before the body: method, the three headers in order, path and query.
    pub(crate) fn head(&self) -> String {
        let Self { method, secret_id, nonce, timestamp, uri, .. } = self;
        format!("{method}\nX-TC-Key={secret_id}&X-TC-Nonce={nonce}&X-TC-Timestamp={timestamp}\n{uri}\n")
    }

    /// Returns the HMAC-SHA256 of head and body in lower-case hexadecimal digits.
    pub(crate) fn digest(&self, secret_key: &str) -> String {
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
    pub(crate) fn signature(&self, secret_key: &str) -> String {
        STANDARD.encode(self.digest(secret_key))
    }
}
